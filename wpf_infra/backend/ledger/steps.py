"""The later life of a server: shut down, reconfigured, kept apart, started.

Here: the steps of a plan as a vCenter carries them out, and as it refuses them. Not here: building (`build`), taking
away (`removal`). What was done already is done already: every step may be repeated.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from sqlite3 import Connection

from wpf_infra.backend.ledger import capacity, server
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.ledger.server import DiskRow, Server
from wpf_infra.backend.ledger.stage import Advance, Unfinished
from wpf_infra.errors import Conflict, Refused
from wpf_infra.language import Text
from wpf_infra.model.disk import Disk
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity
from wpf_infra.plan.step import PowerOn, Reconfigure, SetAvailability, ShutDownGuest, Step, TellGuest


def step(identity: Identity, wanted: Step) -> Advance[None] | None:
    """What carries the step out; None for a step that is not one of these."""
    match wanted:
        case ShutDownGuest(owe_restart):
            return partial(_shut_down, identity, owe_restart)
        case TellGuest(_, guest):
            return partial(_tell_guest, identity, guest)
        case Reconfigure():
            return lambda connection: reconfigure(connection, server.get(connection, identity), wanted)
        case SetAvailability():
            return lambda connection: place_apart(connection, server.get(connection, identity), wanted)
        case PowerOn():
            return lambda connection: start(connection, server.get(connection, identity), Actor.LIBRARY)
    return None


def _shut_down(identity: Identity, owe_restart: bool, connection: Connection) -> Unfinished | None:
    """First the mark, in a commit of its own: a run that is cut off here still knows that the server ran, or that it is
    to stay off.
    """
    found = server.get(connection, identity)
    if found.restart_owed is not owe_restart and (found.running or not owe_restart):
        connection.execute("UPDATE vm SET restart_owed = ? WHERE tenant = ? AND name = ?", (owe_restart, *found.key))
        return Unfinished("owed" if owe_restart else "not-owed")
    if not found.running:
        return None
    connection.execute("UPDATE vm SET power = 'off' WHERE tenant = ? AND name = ?", found.key)
    record(connection, Actor.LIBRARY, identity, Event.GUEST_SHUT_DOWN)
    return None


def _tell_guest(identity: Identity, guest: GuestConfig | None, connection: Connection) -> None:
    """Raises Refused for a running server."""
    found = server.get(connection, identity)
    if guest is None or guest == found.guest:
        return
    if found.running:
        raise running(identity)
    tell(connection, found, guest)
    if found.built:
        record(connection, Actor.LIBRARY, identity, Event.GUEST_TOLD)


def tell(connection: Connection, found: Server, guest: GuestConfig) -> None:
    connection.execute(
        "UPDATE vm SET guest_meta = ?, guest_user = ? WHERE tenant = ? AND name = ?",
        (guest.meta_data, guest.user_data, *found.key),
    )


def start(connection: Connection, found: Server, actor: Actor) -> None:
    """Power on, elsewhere if its host is gone. A start that is owed gives back what ran: admission control lets it."""
    if found.running:
        connection.execute("UPDATE vm SET restart_owed = 0 WHERE tenant = ? AND name = ?", found.key)
        return
    _check_disks(found.identity, server.disks(connection, found))
    host = found.host
    if not usable(connection, found.cluster, host):
        host = capacity.find_host(connection, found.identity, found.cluster, found.demand, found)
    if not found.restart_owed:
        capacity.admit(connection, found.identity, found.cluster, found.demand, with_unbuilt=False)
    connection.execute(
        "UPDATE vm SET power = 'on', host = ?, restart_owed = 0, left_off = 0 WHERE tenant = ? AND name = ?",
        (host, *found.key),
    )
    record(connection, actor, found.identity, Event.POWERED_ON, host=host)


def usable(connection: Connection, cluster: str, host: str) -> bool:
    row = connection.execute("SELECT state FROM host WHERE cluster = ? AND name = ?", (cluster, host)).fetchone()
    return row is not None and row[0] == "connected"


def _check_disks(identity: Identity, disks: tuple[DiskRow, ...]) -> None:
    for disk in disks:
        if disk.lost:
            raise Refused(
                Text(
                    en=f"the data of disk {disk.name} was lost with RAID group {disk.raid_group}: it cannot start",
                    ja=f"ディスク {disk.name} のデータはRAIDグループ {disk.raid_group} とともに失われ、起動できません",
                ),
                where=str(identity),
                row=12,
                remedy=Text(
                    en="take the server away (`wpf simulator remove`), build it again with `up`, restore its backup",
                    ja="サーバを削除（`wpf simulator remove`）し、`up` で作り直してバックアップを復元してください",
                ),
            )
        if disk.erased:
            raise Refused(
                Text(
                    en=f"disk {disk.name} was overwritten by a removal that was cut off: it cannot start",
                    ja=f"中断された削除によりディスク {disk.name} は上書き済みのため、起動できません",
                ),
                where=str(identity),
                row=13,
                remedy=Text(en="let the removal come to its end: run again", ja="再実行して削除を完了してください"),
            )


def place_apart(connection: Connection, found: Server, wanted: SetAvailability) -> None:
    """Restart priority and anti-affinity; a server beside one of its group moves, running or not. Raises Conflict."""
    if found.configured and (found.restart_priority, found.anti_affinity) == (
        wanted.restart_priority,
        wanted.anti_affinity,
    ):
        return
    connection.execute(
        "UPDATE vm SET restart_priority = ?, anti_affinity = ? WHERE tenant = ? AND name = ?",
        (wanted.restart_priority, wanted.anti_affinity, *found.key),
    )
    if found.built:
        record(
            connection,
            Actor.LIBRARY,
            found.identity,
            Event.AVAILABILITY_SET,
            restart_priority=wanted.restart_priority,
            anti_affinity=wanted.anti_affinity,
        )
    if wanted.anti_affinity is None:
        return
    beside = connection.execute(
        "SELECT 1 FROM vm WHERE cluster = ? AND tenant = ? AND anti_affinity = ? AND host = ? AND name != ?",
        (found.cluster, found.tenant, wanted.anti_affinity, found.host, found.name),
    ).fetchone()
    if beside:
        demand = replace(found.demand, group=(found.tenant, wanted.anti_affinity))
        host = capacity.find_host(connection, found.identity, found.cluster, demand, found)
        move(connection, found, host, Actor.LIBRARY)


def move(connection: Connection, found: Server, host: str, actor: Actor) -> None:
    """To another host: a running server without a stop, one that is off by registering it there."""
    connection.execute("UPDATE vm SET host = ? WHERE tenant = ? AND name = ?", (host, *found.key))
    if found.built:
        record(
            connection, actor, found.identity, Event.MOVED, source=found.host, destination=host, running=found.running
        )


def reconfigure(connection: Connection, found: Server, wanted: Reconfigure) -> None:
    """All in one task. Raises Refused for a running server, a shrink, an unknown disk; Conflict for want of room."""
    todo = _outstanding(found, server.disks(connection, found), wanted)
    if found.running:
        if todo == Reconfigure():
            return
        raise running(found.identity)
    if todo.cpu is not None or todo.memory_gib is not None:
        resize(connection, found, todo.cpu or found.cpu, todo.memory_gib or found.memory_gib, Actor.LIBRARY)
    if todo.address is not None:
        server.check_address(connection, found.identity, int(todo.address))
        connection.execute("UPDATE vm SET address = ? WHERE tenant = ? AND name = ?", (int(todo.address), *found.key))
        if found.built:
            record(connection, Actor.LIBRARY, found.identity, Event.READDRESSED, address=str(todo.address))
    for name, size_gb in sorted(todo.grow.items()):
        grow_disk(connection, found, name, size_gb, Actor.LIBRARY)
    for name, disk in sorted(todo.add.items()):
        add_disk(connection, found, name, disk)
    if wanted.owe_restart:
        connection.execute("UPDATE vm SET restart_owed = 1 WHERE tenant = ? AND name = ?", found.key)


def running(identity: Identity) -> Refused:
    return Refused(
        Text(en="the server runs, and this needs it off", ja="サーバが稼働中です。この変更には停止が必要です"),
        where=str(identity),
        row=16,
        remedy=Text(en="shut it down first", ja="先にシャットダウンしてください"),
    )


def _outstanding(found: Server, disks: tuple[DiskRow, ...], wanted: Reconfigure) -> Reconfigure:
    """What of the step is not done yet. Raises Refused and Conflict for what could never be done."""
    standing = {disk.name: disk for disk in disks}
    return Reconfigure(
        cpu=wanted.cpu if wanted.cpu != found.cpu else None,
        memory_gib=wanted.memory_gib if wanted.memory_gib != found.memory_gib else None,
        address=wanted.address if wanted.address is not None and int(wanted.address) != found.address else None,
        grow={name: size for name, size in wanted.grow.items() if _grows(found, standing.get(name), name, size)},
        add={name: disk for name, disk in wanted.add.items() if _is_new(found, standing.get(name), name, disk)},
    )


def _grows(found: Server, disk: DiskRow | None, name: str, size_gb: int) -> bool:
    """False when it has that size already. Raises Refused for a shrink and for a disk that is not ours."""
    if disk is None or disk.is_foreign:
        raise Refused(
            Text(en=f"it has no disk {name} of ours to grow", ja=f"拡張対象のディスク {name} がありません"),
            where=str(found.identity),
            row=15,
            remedy=Text(en="add the disk instead", ja="ディスクを追加してください"),
        )
    if size_gb < disk.size_gb:
        raise Refused(
            Text(
                en=f"disk {name} has {disk.size_gb} GB and cannot shrink to {size_gb} GB",
                ja=f"ディスク {name} は {disk.size_gb} GB で、{size_gb} GB には縮小できません",
            ),
            where=str(found.identity),
            row=15,
            remedy=Text(
                en="add a smaller disk, let the vendor move the data, then retire this one",
                ja="小さいディスクを追加し、ベンダーによるデータ移行後に、このディスクを廃止してください",
            ),
        )
    return size_gb > disk.size_gb


def _is_new(found: Server, disk: DiskRow | None, name: str, wanted: Disk) -> bool:
    """False when it hangs there already. Raises Conflict for a different one of that name."""
    if disk is None:
        return True
    if disk.is_foreign or (disk.size_gb, disk.storage_class) != (wanted.size_gb, wanted.storage_class):
        raise Conflict(
            Text(
                en=f"a different disk {name} hangs there already ({disk.size_gb} GB, {disk.storage_class})",
                ja=f"別のディスク {name} が既にあります（{disk.size_gb} GB、{disk.storage_class}）",
            ),
            where=str(found.identity),
            row=15,
            remedy=Text(en="give the new disk another name", ja="新しいディスクに別の名前を付けてください"),
        )
    return False


def resize(connection: Connection, found: Server, cpu: int, memory_gib: int, actor: Actor) -> None:
    """On its own host if that has room, else on another. Raises Conflict."""
    demand = replace(found.demand, cpu=cpu, memory_gib=memory_gib)
    if cpu > found.cpu or memory_gib > found.memory_gib:
        host = capacity.find_host(connection, found.identity, found.cluster, demand, found)
        if host != found.host:
            move(connection, found, host, actor)
    connection.execute(
        "UPDATE vm SET cpu = ?, memory_gib = ? WHERE tenant = ? AND name = ?", (cpu, memory_gib, *found.key)
    )
    if found.built:
        record(connection, actor, found.identity, Event.RESIZED, cpu=cpu, memory_gib=memory_gib)


def grow_disk(connection: Connection, found: Server, name: str, size_gb: int, actor: Actor) -> None:
    """Within its RAID group. Raises Conflict."""
    disk = next(disk for disk in server.disks(connection, found) if disk.name == name)
    groups = capacity.groups(connection, disk.storage_class)
    group = next((group for group in groups if group.name == disk.raid_group), None)
    if group is None:
        outside = Text(
            en=f"disk {name} stands on {disk.raid_group}, which is none of its groups",
            ja=f"ディスク {name} は、このクラスのグループではない {disk.raid_group} にあります",
        )
        raise capacity.no_storage(found.identity, disk.storage_class, outside)
    if not group.holds(size_gb - disk.size_gb):
        missing = Text(
            en=f"disk {name} wants {size_gb - disk.size_gb} GB more, its group {group.name} has {group.free_gb} GB",
            ja=f"ディスク {name} の追加分 {size_gb - disk.size_gb} GB に対し、"
            f"グループ {group.name} の空きは {group.free_gb} GB です",
        )
        raise capacity.no_storage(found.identity, disk.storage_class, missing)
    connection.execute(
        "UPDATE disk SET size_gb = ? WHERE tenant = ? AND vm = ? AND name = ?", (size_gb, *found.key, name)
    )
    record(connection, actor, found.identity, Event.DISK_GROWN, disk=name, size_gb=size_gb)


def add_disk(
    connection: Connection,
    found: Server,
    name: str,
    disk: Disk,
    actor: Actor = Actor.LIBRARY,
    *,
    is_foreign: bool = False,
) -> None:
    """Raises Conflict for want of room."""
    group = capacity.find_group(connection, found.identity, found.cluster, disk.storage_class, disk.size_gb)
    connection.execute(
        "INSERT INTO disk (tenant, vm, name, size_gb, class, raid_group, is_foreign) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*found.key, name, disk.size_gb, disk.storage_class, group, is_foreign),
    )
    if found.built:
        record(connection, actor, found.identity, Event.DISK_ADDED, disk=name, size_gb=disk.size_gb)
