"""What hosts and RAID groups have free, from rows; a place found in it, or a Conflict that names what is missing.

Here: rows to the values that `placement`, `availability` and `storage` decide on. Not here: the deciding.
"""

from __future__ import annotations

from collections import defaultdict
from sqlite3 import Connection

from wpf_infra.backend.ledger import availability, placement, storage
from wpf_infra.backend.ledger.availability import Reserve
from wpf_infra.backend.ledger.placement import Demand, Group, HostLoad
from wpf_infra.backend.ledger.server import Server
from wpf_infra.backend.ledger.storage import GroupLoad
from wpf_infra.errors import Conflict, Refused
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity


def hosts(connection: Connection, cluster: str, *, without: Server | None = None) -> tuple[HostLoad, ...]:
    """The cluster's hosts by name, with what stands on them; `without`: a server that is left out of the count."""
    used = {
        host: (cpu, memory_gib)
        for host, cpu, memory_gib in connection.execute(
            "SELECT host, sum(cpu), sum(memory_gib) FROM ("
            "SELECT host, cpu, memory_gib FROM vm WHERE cluster = :cluster UNION ALL "
            "SELECT host, cpu, memory_gib FROM stranger WHERE cluster = :cluster) GROUP BY host",
            {"cluster": cluster},
        )
    }
    if without is not None:
        cpu, memory_gib = used[without.host]
        used[without.host] = (cpu - without.cpu, memory_gib - without.memory_gib)
    groups: defaultdict[str, set[Group]] = defaultdict(set)
    for tenant, name, group, host in connection.execute(
        "SELECT tenant, name, anti_affinity, host FROM vm WHERE cluster = ? AND anti_affinity IS NOT NULL", (cluster,)
    ):
        if without is None or (tenant, name) != without.key:
            groups[host].add((tenant, group))
    return tuple(
        HostLoad(name, cpu, memory_gib, *used.get(name, (0, 0)), frozenset(groups.get(name, ())), state == "connected")
        for name, cpu, memory_gib, state in connection.execute(
            "SELECT name, cpu, memory_gib, state FROM host WHERE cluster = ? ORDER BY name", (cluster,)
        )
    )


def find_host(
    connection: Connection,
    identity: Identity,
    cluster: str,
    demand: Demand,
    server: Server | None,
    *,
    stay: str | None = None,
) -> str:
    """A host for a new server (None), or for one that stands, where it is if it may stay. stay: where a new one would
    rather be. Raises Conflict.
    """
    loads = hosts(connection, cluster, without=server)
    chosen = placement.choose(loads, demand, stay=server.host if server else stay)
    if chosen is None:
        raise Conflict(
            placement.shortage(loads, demand),
            where=str(identity),
            row=12,
            remedy=Text(
                en="declare a further host, repair a failed one, or ask for less",
                ja="ホストを追加するか、故障したホストを修理するか、要求を小さくしてください",
            ),
        )
    return chosen


def admit(connection: Connection, identity: Identity, cluster: str, more: Demand, *, with_unbuilt: bool) -> None:
    """Admission control on a start. with_unbuilt: servers that are still being built count as running. Refused."""
    cpu, memory_gib = connection.execute(
        "SELECT coalesce(sum(cpu), 0), coalesce(sum(memory_gib), 0) FROM ("
        "SELECT cpu, memory_gib FROM vm "
        "WHERE cluster = ? AND (power = 'on' OR (? AND built = 0)) AND NOT (tenant = ? AND name = ?) UNION ALL "
        "SELECT cpu, memory_gib FROM stranger WHERE cluster = ? AND power = 'on')",
        (cluster, with_unbuilt, identity.tenant, identity.name, cluster),
    ).fetchone()
    reserve = Reserve(
        *connection.execute(
            "SELECT failover_hosts, reserved_percent FROM cluster WHERE name = ?", (cluster,)
        ).fetchone()
    )
    connected = connection.execute(
        "SELECT cpu, memory_gib FROM host WHERE cluster = ? AND state = 'connected'", (cluster,)
    ).fetchall()
    missing = availability.admit(connected, reserve, Demand(cpu, memory_gib), more)
    if missing is not None:
        raise Refused(
            missing,
            where=str(identity),
            row=12,
            remedy=Text(
                en="declare a further host, repair a failed one, or stop another server",
                ja="ホストを追加するか、故障したホストを修理するか、他のサーバを停止してください",
            ),
        )


def groups(connection: Connection, storage_class: str, cluster: str | None = None) -> tuple[GroupLoad, ...]:
    """The class's RAID groups by name, of one cluster or of all."""
    rows = connection.execute(
        "SELECT class, name, disks, disk_gb, "
        "(SELECT coalesce(sum(size_gb), 0) FROM disk WHERE disk.class = g.class AND disk.raid_group = g.name) + "
        "(SELECT coalesce(sum(size_gb), 0) FROM image_disk AS i WHERE i.class = g.class AND i.raid_group = g.name) + "
        "(SELECT coalesce(sum(size_gb), 0) FROM stranger AS s WHERE s.class = g.class AND s.raid_group = g.name), "
        "failed, rebuilding, lost FROM raid_group AS g WHERE class = ? AND (? IS NULL OR cluster = ?) ORDER BY name",
        (storage_class, cluster, cluster),
    )
    return tuple(GroupLoad(*row) for row in rows)


def find_group(connection: Connection, identity: Identity, cluster: str, storage_class: str, size_gb: int) -> str:
    """The RAID group for a new disk. Raises Conflict."""
    loads = groups(connection, storage_class, cluster)
    chosen = storage.choose(loads, size_gb)
    if chosen is None:
        missing = storage.shortage(loads, size_gb)
        raise no_storage(identity, storage_class, missing)
    return chosen


def no_storage(identity: Identity, storage_class: str, missing: Text) -> Conflict:
    return Conflict(
        Text(
            en=f"storage class {storage_class} has no room: {missing.en}",
            ja=f"ストレージクラス {storage_class} に空きがありません: {missing.ja}",
        ),
        where=str(identity),
        row=12,
        remedy=Text(
            en="declare a further RAID group beside the cluster, or take a disk away",
            ja="クラスタにRAIDグループを追加するか、不要なディスクを削除してください",
        ),
    )
