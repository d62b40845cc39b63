"""What people do to the world behind the library's back, and what bad luck does: drift, failures, injected faults.

Here: the door for `wpf simulator` and for tests, as another process has it. Not here: what follows from any of it.
"""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection

from wpf_infra.backend.ledger import capacity, firewall, hardware, journal, removal, server, steps, strangers
from wpf_infra.backend.ledger.availability import Restarts
from wpf_infra.backend.ledger.inventory import evacuate
from wpf_infra.backend.ledger.journal import Actor, Entry, Event, record
from wpf_infra.backend.ledger.storage import GroupLoad
from wpf_infra.backend.ledger.strangers import Stranger
from wpf_infra.backend.simulator import faults
from wpf_infra.backend.simulator.faults import Fault
from wpf_infra.backend.simulator.file import WorldFile
from wpf_infra.errors import Conflict, NotFound
from wpf_infra.language import Text
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.observation import Copy
from wpf_infra.model.resource import ResolvedAllowance


class World:
    """One world's file, touched by hand. Every call raises NotFound without a world or the thing that is named.

    host: a host's name, or `cluster/host` where two clusters have one of that name; group likewise `class/group`.
    """

    def __init__(self, path: Path) -> None:
        self._file = WorldFile(path)

    def close(self) -> None:
        self._file.close()

    def journal(self, after: int = 0) -> tuple[Entry, ...]:
        """What happened behind sequence number `after`; nothing while there is no world."""
        with self._file.read() as connection:
            return journal.read(connection, after) if connection is not None else ()

    def power_on(self, identity: Identity) -> None:
        """As a vendor does in its console. Raises Refused by admission control, Conflict for want of a host."""
        with self._file.write() as connection:
            found = server.get(connection, identity)
            if not found.running:
                steps.start(connection, found, Actor.HAND)

    def power_off(self, identity: Identity) -> None:
        """The plug is pulled; nothing is owed afterwards."""
        with self._file.write() as connection:
            found = server.get(connection, identity)
            if found.running:
                connection.execute("UPDATE vm SET power = 'off' WHERE tenant = ? AND name = ?", found.key)
                record(connection, Actor.HAND, identity, Event.POWERED_OFF)

    def resize(self, identity: Identity, *, cpu: int | None = None, memory_gib: int | None = None) -> None:
        """CPU and memory in GiB, as if somebody stopped it, changed it and started it again. Raises Conflict."""
        with self._file.write() as connection:
            found = server.get(connection, identity)
            steps.resize(connection, found, cpu or found.cpu, memory_gib or found.memory_gib, Actor.HAND)

    def grow_disk(self, identity: Identity, disk: str, size_gb: int) -> None:
        """Raises Conflict for want of room."""
        with self._file.write() as connection:
            found = server.get(connection, identity)
            if disk not in {held.name for held in server.disks(connection, found)}:
                raise _unknown("disk", "ディスク", f"{identity}/{disk}")
            steps.grow_disk(connection, found, disk, size_gb, Actor.HAND)

    def add_disk(self, identity: Identity, name: str, disk: Disk) -> None:
        """A disk that is not ours. Raises Conflict for want of room."""
        with self._file.write() as connection:
            found = server.get(connection, identity)
            if name in {held.name for held in server.disks(connection, found)}:
                raise Conflict(
                    Text(en=f"it has a disk {name} already", ja=f"ディスク {name} は既にあります"),
                    where=str(identity),
                    remedy=Text(en="name another", ja="別の名前を指定してください"),
                )
            steps.add_disk(connection, found, name, disk, Actor.HAND, is_foreign=True)

    def remove(self, identity: Identity) -> None:
        """A server is deleted in the vSphere client, running or not; nothing is overwritten."""
        with self._file.write() as connection:
            removal.take_away(connection, server.get(connection, identity), Actor.HAND)

    def copy(self, identity: Identity, name: str) -> None:
        """A server is cloned in the vSphere client, into the same folder and left off: mark and all, and not ours.
        Raises Conflict for a name that is taken, and for want of room.
        """
        with self._file.write() as connection:
            found = server.get(connection, identity)
            copied = Identity(identity.tenant, Kind.VM, name)
            if server.find(connection, copied):
                raise Conflict(
                    Text(en="there is such a server already", ja="同名のサーバが既にあります"),
                    where=str(copied),
                    remedy=Text(en="name another", ja="別の名前を指定してください"),
                )
            strangers.check_name(connection, copied)
            disks = server.disks(connection, found)
            size_gb = sum(disk.size_gb for disk in disks)
            storage_class = disks[0].storage_class
            group = capacity.find_group(connection, copied, found.cluster, storage_class, size_gb)
            copy = Stranger(
                name,
                identity.tenant,
                copy_of=str(identity),
                cluster=found.cluster,
                host=found.host,
                cpu=found.cpu,
                memory_gib=found.memory_gib,
                storage_class=storage_class,
                raid_group=group,
                size_gb=size_gb,
            )
            strangers.add(connection, [copy])

    def copies(self) -> tuple[Copy, ...]:
        """All that stand, of every tenant."""
        with self._file.read() as connection:
            if connection is None:
                return ()
            tenants = [name for (name,) in connection.execute("SELECT name FROM tenant ORDER BY name")]
            return tuple(copy for tenant in tenants for copy in strangers.copies(connection, tenant))

    def put_allowance(self, tenant: str, name: str, allowance: ResolvedAllowance) -> None:
        """Alter one of a tenant's allowances, or add one."""
        with self._file.write() as connection:
            self._policy(connection, tenant)
            firewall.put(connection, tenant, name, allowance)
            record(connection, Actor.HAND, Identity(tenant, Kind.FIREWALL, tenant), Event.SETTLED, allowance=name)

    def remove_allowance(self, tenant: str, name: str) -> None:
        with self._file.write() as connection:
            self._policy(connection, tenant)
            firewall.drop(connection, tenant, name)
            record(connection, Actor.HAND, Identity(tenant, Kind.FIREWALL, tenant), Event.SETTLED, allowance=name)

    def remove_line(self, tenant: str, name: str) -> None:
        """A tenant's line is shut out from its servers."""
        with self._file.write() as connection:
            self._policy(connection, tenant)
            firewall.drop_line(connection, tenant, name)
            record(connection, Actor.HAND, Identity(tenant, Kind.FIREWALL, tenant), Event.SETTLED, line=name)

    def fail_host(self, host: str) -> Restarts:
        with self._file.write() as connection:
            return hardware.fail_host(connection, *_host(connection, host))

    def fail_power_supply(self, host: str) -> Restarts:
        """One of two; the second takes the host with it."""
        with self._file.write() as connection:
            return hardware.fail_part(connection, *_host(connection, host), hardware.Part.POWER_SUPPLY)

    def fail_uplink(self, host: str) -> Restarts:
        """One of two; without any the host is isolated, and HA restarts its servers elsewhere."""
        with self._file.write() as connection:
            return hardware.fail_part(connection, *_host(connection, host), hardware.Part.UPLINK)

    def repair_host(self, host: str) -> Restarts:
        """Also the end of a maintenance."""
        with self._file.write() as connection:
            return hardware.repair_host(connection, *_host(connection, host))

    def enter_maintenance(self, host: str) -> None:
        """Every server moves off, without a stop. Raises Conflict when one has nowhere to go."""
        with self._file.write() as connection:
            cluster, name = _host(connection, host)
            connection.execute(
                "UPDATE host SET state = 'maintenance' WHERE cluster = ? AND name = ? AND state = 'connected'",
                (cluster, name),
            )
            evacuate(connection, cluster, name, Actor.HAND)
            identity = Identity(PLATFORM, Kind.CLUSTER, cluster)
            record(connection, Actor.HAND, identity, Event.HOST_IN_MAINTENANCE, host=name)

    def fail_disk(self, group: str, count: int = 1) -> tuple[Identity, ...]:
        """The servers whose data was lost: none up to two missing disks, all of the group at the third."""
        lost: tuple[Identity, ...] = ()
        with self._file.write() as connection:
            for _ in range(count):
                lost += hardware.fail_disk(connection, _group(connection, group))
        return lost

    def replace_disk(self, group: str, count: int = 1) -> None:
        """The rebuild begins; `finish_rebuild` ends it. Raises Conflict when fewer have failed."""
        with self._file.write() as connection:
            for _ in range(count):
                hardware.replace_disk(connection, _group(connection, group))

    def finish_rebuild(self, group: str) -> None:
        with self._file.write() as connection:
            hardware.finish_rebuild(connection, _group(connection, group))

    def inject(self, fault: Fault) -> None:
        """From now on, for every process. Makes the world's file when there is none: its first call may fail too."""
        with self._file.write(create=True) as connection:
            faults.inject(connection, fault)

    def faults(self) -> tuple[Fault, ...]:
        """Those still to come."""
        with self._file.read() as connection:
            return tuple(fault for _, fault in faults.read(connection)) if connection is not None else ()

    def clear_faults(self) -> None:
        with self._file.write() as connection:
            connection.execute("DELETE FROM fault")

    def _policy(self, connection: Connection, tenant: str) -> None:
        if connection.execute("SELECT 1 FROM firewall WHERE tenant = ?", (tenant,)).fetchone() is None:
            raise _unknown("firewall policy", "ファイアウォールポリシー", f"{tenant}/firewall/{tenant}")


def _host(connection: Connection, text: str) -> tuple[str, str]:
    """Cluster and host."""
    cluster, _, name = text.rpartition("/")
    rows = connection.execute(
        "SELECT cluster, name FROM host WHERE name = ? AND (? = '' OR cluster = ?)", (name, cluster, cluster)
    ).fetchall()
    found: tuple[str, str] = _only(rows, "host", "ホスト", text)
    return found


def _group(connection: Connection, text: str) -> GroupLoad:
    storage_class, _, name = text.rpartition("/")
    rows = connection.execute(
        "SELECT class, name FROM raid_group WHERE name = ? AND (? = '' OR class = ?)",
        (name, storage_class, storage_class),
    ).fetchall()
    found = _only(rows, "RAID group", "RAIDグループ", text)
    return next(group for group in capacity.groups(connection, found[0]) if group.name == name)


def _only(rows: list[tuple[str, str]], en: str, ja: str, text: str) -> tuple[str, str]:
    """Raises NotFound for none, Conflict for several."""
    if not rows:
        raise _unknown(en, ja, text)
    if len(rows) > 1:
        full = ", ".join("/".join(row) for row in rows)
        raise Conflict(
            Text(en=f"{text} is more than one {en}: {full}", ja=f"{text} に当たる{ja}が複数あります: {full}"),
            remedy=Text(en="name it in full", ja="完全な名前を指定してください"),
        )
    return rows[0]


def _unknown(en: str, ja: str, text: str) -> NotFound:
    return NotFound(
        Text(en=f"there is no such {en}", ja=f"その{ja}はありません"),
        where=text,
        remedy=Text(en="see `wpf simulator status`", ja="`wpf simulator status` で確認してください"),
    )
