"""Hosts and disks that fail and come back, and what HA and RAID6 make of it (FAQ 12).

Here: the writing of failures and repairs. Not here: who restarts where (`availability`), who may call (`hand`).
A server that was left off by a failure starts when a host comes back or a new one comes; none moves back
(docs/decisions/0023).
"""

from __future__ import annotations

from enum import StrEnum
from sqlite3 import Connection

from wpf_infra.backend.ledger import availability, capacity, server
from wpf_infra.backend.ledger.availability import Candidate, Restarts
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.ledger.server import Server
from wpf_infra.backend.ledger.storage import GroupLoad
from wpf_infra.errors import Conflict
from wpf_infra.language import Text
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.identity import PLATFORM, Identity, Kind


class Part(StrEnum):
    """What a host has two of."""

    POWER_SUPPLY = "power supply"
    UPLINK = "uplink"


_TAKE = {
    Part.POWER_SUPPLY: "UPDATE host SET power_supplies = power_supplies - 1 "
    "WHERE cluster = ? AND name = ? AND power_supplies > 0",
    Part.UPLINK: "UPDATE host SET uplinks = uplinks - 1 WHERE cluster = ? AND name = ? AND uplinks > 0",
}


def fail_host(connection: Connection, cluster: str, host: str) -> Restarts:
    """Every server that ran there stops; HA restarts them elsewhere. A host that has failed already fails no more."""
    failed = connection.execute(
        "UPDATE host SET state = 'failed' WHERE cluster = ? AND name = ? AND state != 'failed'", (cluster, host)
    )
    if failed.rowcount == 0:
        return Restarts()
    record(connection, Actor.FATE, Identity(PLATFORM, Kind.CLUSTER, cluster), Event.HOST_FAILED, host=host)
    stopped = [resident for resident in server.on_host(connection, cluster, host) if resident.running]
    for resident in stopped:
        _stop(connection, resident)
    return _restart(connection, cluster, stopped)


def fail_part(connection: Connection, cluster: str, host: str, part: Part) -> Restarts:
    """One of two power supplies or uplinks; the second takes the host with it."""
    if connection.execute(_TAKE[part], (cluster, host)).rowcount == 0:
        return Restarts()
    record(connection, Actor.FATE, Identity(PLATFORM, Kind.CLUSTER, cluster), Event.PART_FAILED, host=host, part=part)
    (left,) = connection.execute(
        "SELECT min(power_supplies, uplinks) FROM host WHERE cluster = ? AND name = ?", (cluster, host)
    ).fetchone()
    return fail_host(connection, cluster, host) if left == 0 else Restarts()


def repair_host(connection: Connection, cluster: str, host: str) -> Restarts:
    """Whole again, connected again, and those who were left off start where there is room."""
    connection.execute(
        "UPDATE host SET state = 'connected', power_supplies = 2, uplinks = 2 WHERE cluster = ? AND name = ?",
        (cluster, host),
    )
    record(connection, Actor.HAND, Identity(PLATFORM, Kind.CLUSTER, cluster), Event.HOST_REPAIRED, host=host)
    return start_left_off(connection, cluster)


def start_left_off(connection: Connection, cluster: str) -> Restarts:
    return _restart(connection, cluster, [one for one in server.left_off(connection, cluster) if not one.running])


def _restart(connection: Connection, cluster: str, stopped: list[Server]) -> Restarts:
    candidates = {
        one.identity: Candidate(one.identity, RestartPriority(one.restart_priority), one.demand, one.host)
        for one in stopped
        if not any(disk.lost for disk in server.disks(connection, one))
    }
    restarts = availability.restart(capacity.hosts(connection, cluster), candidates.values())
    for restart in restarts.placed:
        connection.execute(
            "UPDATE vm SET power = 'on', host = ?, left_off = 0 WHERE tenant = ? AND name = ?",
            (restart.destination, restart.identity.tenant, restart.identity.name),
        )
        record(
            connection,
            Actor.HA,
            restart.identity,
            Event.RESTARTED,
            source=restart.source,
            destination=restart.destination,
        )
    for identity in restarts.left_off:
        marked = connection.execute(
            "UPDATE vm SET left_off = 1 WHERE tenant = ? AND name = ? AND left_off = 0",
            (identity.tenant, identity.name),
        )
        if marked.rowcount:
            record(connection, Actor.HA, identity, Event.LEFT_OFF, host=candidates[identity].host)
    return restarts


def _stop(connection: Connection, found: Server) -> None:
    connection.execute("UPDATE vm SET power = 'off' WHERE tenant = ? AND name = ?", found.key)
    record(connection, Actor.FATE, found.identity, Event.STOPPED_BY_FAILURE, host=found.host)


def fail_disk(connection: Connection, group: GroupLoad) -> tuple[Identity, ...]:
    """One more of a group's disks. The servers whose data was lost with it: none up to two, all at the third."""
    if group.failed + group.rebuilding == group.disks:
        return ()
    connection.execute(
        "UPDATE raid_group SET failed = failed + 1 WHERE class = ? AND name = ?", (group.storage_class, group.name)
    )
    record(connection, Actor.FATE, _class(group), Event.PART_FAILED, group=group.name, part="disk")
    return _lose(connection, group) if group.survives == 0 and not group.lost else ()


def _lose(connection: Connection, group: GroupLoad) -> tuple[Identity, ...]:
    """The group's data is gone: its servers stop, and what stood there stays lost whatever is replaced later."""
    key = (group.storage_class, group.name)
    connection.execute(
        "UPDATE raid_group SET lost = 1, failed = failed + rebuilding, rebuilding = 0 WHERE class = ? AND name = ?", key
    )
    connection.execute("UPDATE disk SET lost = 1 WHERE class = ? AND raid_group = ?", key)
    victims = [
        Identity(tenant, Kind.VM, name)
        for tenant, name in connection.execute(
            "SELECT DISTINCT tenant, vm FROM disk WHERE class = ? AND raid_group = ? ORDER BY tenant, vm", key
        ).fetchall()
    ]
    for identity in victims:
        found = server.get(connection, identity)
        if found.running:
            _stop(connection, found)
        record(connection, Actor.FATE, identity, Event.DATA_LOST, group=group.name)
    return tuple(victims)


def replace_disk(connection: Connection, group: GroupLoad) -> None:
    """A new disk in a failed one's place, protected once it is rebuilt. Raises Conflict when none has failed.

    A group that lost its data is usable again, empty, when its last failed disk is replaced.
    """
    if group.failed == 0:
        raise Conflict(
            Text(
                en=f"no disk of group {group.name} has failed",
                ja=f"グループ {group.name} に故障したディスクはありません",
            ),
            where=f"{group.storage_class}/{group.name}",
            remedy=Text(en="nothing is to be replaced", ja="交換は不要です"),
        )
    connection.execute(
        "UPDATE raid_group SET failed = failed - 1, rebuilding = rebuilding + (lost = 0), "
        "lost = lost AND failed > 1 WHERE class = ? AND name = ?",
        (group.storage_class, group.name),
    )
    record(connection, Actor.HAND, _class(group), Event.PART_REPLACED, group=group.name, part="disk")


def finish_rebuild(connection: Connection, group: GroupLoad) -> None:
    """Every replaced disk is filled: the group survives as many failures again."""
    if group.rebuilding == 0:
        return
    connection.execute(
        "UPDATE raid_group SET rebuilding = 0 WHERE class = ? AND name = ?", (group.storage_class, group.name)
    )
    record(connection, Actor.FATE, _class(group), Event.REBUILT, group=group.name)


def _class(group: GroupLoad) -> Identity:
    return Identity(PLATFORM, Kind.STORAGE_CLASS, group.storage_class)
