"""The whole world at one instant, for people to look at.

Here: the picture. Not here: how it is printed (`wpf_infra.cli.simulator`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from wpf_infra.backend.ledger import capacity
from wpf_infra.backend.ledger.storage import GroupLoad
from wpf_infra.backend.simulator.damage import nothing_built
from wpf_infra.backend.simulator.file import WorldFile
from wpf_infra.model.identity import Identity, Kind


@dataclass(frozen=True, slots=True)
class HostStatus:
    """running: how many servers run there; standing: how many stand there, running or not."""

    cluster: str
    name: str
    state: str
    cpu: int
    cpu_used: int
    memory_gib: int
    memory_used_gib: int
    power_supplies: int
    uplinks: int
    running: int
    standing: int


@dataclass(frozen=True, slots=True)
class GroupStatus:
    cluster: str
    load: GroupLoad


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """foreign: disks that were hung on by hand; lost: disks whose data is gone."""

    identity: Identity
    cluster: str
    host: str
    power: str
    cpu: int
    memory_gib: int
    built: bool
    restart_owed: bool
    left_off: bool
    foreign: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    identity: str
    hosts: tuple[HostStatus, ...]
    groups: tuple[GroupStatus, ...]
    servers: tuple[ServerStatus, ...]


def status(path: Path) -> Status:
    """Raises NotFound while there is no world."""
    file = WorldFile(path)
    try:
        with file.read() as connection:
            if connection is None:
                raise nothing_built(path)
            (identity,) = connection.execute("SELECT identity FROM world").fetchone()
            servers = _servers(connection)
            return Status(f"simulator:{identity}", _hosts(connection, servers), _groups(connection), servers)
    finally:
        file.close()


def _hosts(connection: Connection, servers: tuple[ServerStatus, ...]) -> tuple[HostStatus, ...]:
    standing = Counter((server.cluster, server.host) for server in servers)
    running = Counter((server.cluster, server.host) for server in servers if server.power == "on")
    hosts: list[HostStatus] = []
    for (cluster,) in connection.execute("SELECT name FROM cluster ORDER BY name").fetchall():
        loads = {load.name: load for load in capacity.hosts(connection, cluster)}
        for name, state, power_supplies, uplinks in connection.execute(
            "SELECT name, state, power_supplies, uplinks FROM host WHERE cluster = ? ORDER BY name", (cluster,)
        ):
            load = loads[name]
            hosts.append(
                HostStatus(
                    cluster=cluster,
                    name=name,
                    state=state,
                    cpu=load.cpu,
                    cpu_used=load.cpu_used,
                    memory_gib=load.memory_gib,
                    memory_used_gib=load.memory_used_gib,
                    power_supplies=power_supplies,
                    uplinks=uplinks,
                    running=running[cluster, name],
                    standing=standing[cluster, name],
                )
            )
    return tuple(hosts)


def _groups(connection: Connection) -> tuple[GroupStatus, ...]:
    clusters = {
        (storage_class, name): cluster
        for storage_class, name, cluster in connection.execute("SELECT class, name, cluster FROM raid_group")
    }
    classes = connection.execute("SELECT name FROM storage_class ORDER BY name").fetchall()
    return tuple(
        GroupStatus(clusters[load.storage_class, load.name], load)
        for (storage_class,) in classes
        for load in capacity.groups(connection, storage_class)
    )


def _servers(connection: Connection) -> tuple[ServerStatus, ...]:
    foreign: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    lost: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for tenant, vm, disk, is_foreign, is_lost in connection.execute(
        "SELECT tenant, vm, name, is_foreign, lost FROM disk WHERE is_foreign OR lost ORDER BY name"
    ):
        if is_foreign:
            foreign[tenant, vm].append(disk)
        if is_lost:
            lost[tenant, vm].append(disk)
    return tuple(
        ServerStatus(
            identity=Identity(tenant, Kind.VM, name),
            cluster=cluster,
            host=host,
            power=power,
            cpu=cpu,
            memory_gib=memory_gib,
            built=bool(built),
            restart_owed=bool(restart_owed),
            left_off=bool(left_off),
            foreign=tuple(foreign[tenant, name]),
            lost=tuple(lost[tenant, name]),
        )
        for tenant, name, cluster, host, power, cpu, memory_gib, built, restart_owed, left_off in connection.execute(
            "SELECT tenant, name, cluster, host, power, cpu, memory_gib, built, restart_owed, left_off FROM vm "
            "ORDER BY tenant, name"
        )
    )
