"""What the platform is made of: clusters with their hosts, storage classes with their RAID groups.

Here: building, settling and taking away. Not here: their failures (`hardware`), and the room of tenants (`room`).
"""

from __future__ import annotations

from sqlite3 import Connection

from wpf_infra.backend.ledger import capacity, server, strangers
from wpf_infra.backend.ledger.hardware import start_left_off
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.ledger.steps import move
from wpf_infra.errors import Conflict, Refused
from wpf_infra.language import Text
from wpf_infra.model.hardware import Host, RaidGroup
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import ClusterResource, StorageClassResource


def build_cluster(connection: Connection, resource: ClusterResource) -> None:
    admission = resource.admission_control
    connection.execute(
        "INSERT INTO cluster (name, failover_hosts, reserved_percent) VALUES (?, ?, ?)",
        (resource.name, admission.failover_hosts, admission.reserved_percent),
    )
    for name, host in resource.hosts.items():
        _add_host(connection, resource.name, name, host)
    record(connection, Actor.LIBRARY, resource.identity, Event.CREATED)


def settle_cluster(connection: Connection, standing: ClusterResource, wanted: ClusterResource) -> None:
    """Raises Conflict when servers do not fit on what is wanted. A host that goes is emptied first."""
    admission = wanted.admission_control
    connection.execute(
        "UPDATE cluster SET failover_hosts = ?, reserved_percent = ? WHERE name = ?",
        (admission.failover_hosts, admission.reserved_percent, wanted.name),
    )
    for name, host in wanted.hosts.items():
        if name not in standing.hosts:
            _add_host(connection, wanted.name, name, host)
    for name, host in wanted.hosts.items():
        if name in standing.hosts and host != standing.hosts[name]:
            _resize_host(connection, wanted, name, host)
    gone = sorted(standing.hosts.keys() - wanted.hosts.keys())
    for name in gone:
        connection.execute(
            "UPDATE host SET state = 'maintenance' WHERE cluster = ? AND name = ? AND state = 'connected'",
            (wanted.name, name),
        )
    for name in gone:
        strangers.check_host(connection, wanted.identity, name)
        evacuate(connection, wanted.name, name, Actor.LIBRARY)
        connection.execute("DELETE FROM host WHERE cluster = ? AND name = ?", (wanted.name, name))
    start_left_off(connection, wanted.name)
    record(connection, Actor.LIBRARY, wanted.identity, Event.SETTLED)


def evacuate(connection: Connection, cluster: str, host: str, actor: Actor) -> None:
    """Move every server off a host that is no longer to be placed on. Raises Conflict for the first without a place."""
    for resident in server.on_host(connection, cluster, host):
        destination = capacity.find_host(connection, resident.identity, cluster, resident.demand, resident)
        move(connection, resident, destination, actor)


def remove_cluster(connection: Connection, identity: Identity) -> None:
    """Raises Refused while tenants or servers stand in it."""
    rows = connection.execute(
        "SELECT name FROM tenant WHERE cluster = :name UNION SELECT tenant FROM vm WHERE cluster = :name ORDER BY 1",
        {"name": identity.name},
    ).fetchall()
    if rows:
        raise in_the_way(identity, [name for (name,) in rows])
    connection.execute("DELETE FROM host WHERE cluster = ?", (identity.name,))
    connection.execute("DELETE FROM cluster WHERE name = ?", (identity.name,))
    record(connection, Actor.LIBRARY, identity, Event.DELETED)


def build_storage_class(connection: Connection, resource: StorageClassResource) -> None:
    connection.execute("INSERT INTO storage_class (name) VALUES (?)", (resource.name,))
    for name, group in resource.groups.items():
        _add_group(connection, resource.name, name, group)
    record(connection, Actor.LIBRARY, resource.identity, Event.CREATED)


def settle_storage_class(connection: Connection, standing: StorageClassResource, wanted: StorageClassResource) -> None:
    """Raises Conflict when a group would no longer hold what stands on it."""
    used = {group.name: group.used_gb for group in capacity.groups(connection, wanted.name)}
    for name, group in standing.groups.items():
        new = wanted.groups.get(name)
        if new == group:
            continue
        moved = new is not None and new.cluster != group.cluster
        if used[name] > (0 if new is None or moved else new.usable_gb):
            raise _too_full(wanted.identity, name, used[name])
        if new is None:
            connection.execute("DELETE FROM raid_group WHERE class = ? AND name = ?", (wanted.name, name))
        else:
            connection.execute(
                "UPDATE raid_group SET cluster = ?, disks = ?, disk_gb = ? WHERE class = ? AND name = ?",
                (new.cluster, new.disks, new.disk_gb, wanted.name, name),
            )
    for name, group in wanted.groups.items():
        if name not in standing.groups:
            _add_group(connection, wanted.name, name, group)
    record(connection, Actor.LIBRARY, wanted.identity, Event.SETTLED)


def remove_storage_class(connection: Connection, identity: Identity) -> None:
    """Raises Refused while disks stand on it."""
    rows = connection.execute(
        "SELECT DISTINCT tenant || '/' || vm FROM disk WHERE class = ? ORDER BY 1", (identity.name,)
    ).fetchall()
    if rows:
        raise in_the_way(identity, [name for (name,) in rows])
    connection.execute("DELETE FROM raid_group WHERE class = ?", (identity.name,))
    connection.execute("DELETE FROM storage_class WHERE name = ?", (identity.name,))
    record(connection, Actor.LIBRARY, identity, Event.DELETED)


_SHOWN = 5


def in_the_way(identity: Identity, names: list[str]) -> Refused:
    """Something still stands in what is to be taken away."""
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return Refused(
        Text(en=f"it is still in use by {shown}", ja=f"まだ使用されています: {shown}"),
        where=str(identity),
        remedy=Text(en="take these away first", ja="先にこれらを削除してください"),
    )


def _add_host(connection: Connection, cluster: str, name: str, host: Host) -> None:
    connection.execute(
        "INSERT INTO host (cluster, name, cpu, memory_gib) VALUES (?, ?, ?, ?)",
        (cluster, name, host.cpu, host.memory_gib),
    )


def _resize_host(connection: Connection, cluster: ClusterResource, name: str, host: Host) -> None:
    load = next(load for load in capacity.hosts(connection, cluster.name) if load.name == name)
    if load.cpu_used > host.cpu or load.memory_used_gib > host.memory_gib:
        raise Conflict(
            Text(
                en=f"host {name} carries {load.cpu_used} CPU and {load.memory_used_gib} GiB, "
                f"more than the {host.cpu} CPU and {host.memory_gib} GiB wanted",
                ja=f"ホスト {name} には {load.cpu_used} CPU・{load.memory_used_gib} GiB のサーバがあり、"
                f"{host.cpu} CPU・{host.memory_gib} GiB を超えています",
            ),
            where=str(cluster.identity),
            row=12,
            remedy=Text(
                en="declare the smaller host under a new name, so that servers move to it",
                ja="小さいホストを新しい名前で宣言し、サーバを移動させてください",
            ),
        )
    connection.execute(
        "UPDATE host SET cpu = ?, memory_gib = ? WHERE cluster = ? AND name = ?",
        (host.cpu, host.memory_gib, cluster.name, name),
    )


def _add_group(connection: Connection, storage_class: str, name: str, group: RaidGroup) -> None:
    connection.execute(
        "INSERT INTO raid_group (class, name, cluster, disks, disk_gb) VALUES (?, ?, ?, ?, ?)",
        (storage_class, name, group.cluster, group.disks, group.disk_gb),
    )


def _too_full(identity: Identity, name: str, used_gb: int) -> Conflict:
    return Conflict(
        Text(
            en=f"RAID group {name} holds {used_gb} GB of servers' disks, more than it would have room for",
            ja=f"RAIDグループ {name} にはサーバのディスクが {used_gb} GB あり、変更後の容量に収まりません",
        ),
        where=str(identity),
        row=12,
        remedy=Text(
            en="leave the group as it is and declare a further one",
            ja="このグループは変更せず、別のグループを追加してください",
        ),
    )
