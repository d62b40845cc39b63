"""Building a server, in the stages of a vCenter: placed and off, availability, further disks, started, built.

Here: `create` of a server. Not here: its later life (`steps`) and its end (`removal`).
"""

from __future__ import annotations

from functools import partial
from sqlite3 import Connection

from wpf_infra.backend.ledger import capacity, image, room, server, strangers
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.ledger.placement import Demand
from wpf_infra.backend.ledger.server import Server
from wpf_infra.backend.ledger.stage import Advance, Unfinished
from wpf_infra.backend.ledger.steps import add_disk, place_apart, reconfigure, start, tell
from wpf_infra.errors import Conflict
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import VmResource
from wpf_infra.plan.step import Reconfigure, SetAvailability


def build(resource: VmResource, guest: GuestConfig | None = None) -> Advance[None]:
    """Raises NotFound without its tenant or image, Conflict for a different server of that name or for want of room,
    Refused by admission control. guest: what it is told at its first boot.
    """
    return partial(_advance, resource, guest)


def _advance(resource: VmResource, guest: GuestConfig | None, connection: Connection) -> Unfinished | None:
    identity = resource.identity
    found = server.find(connection, identity)
    if found is None:
        _place(connection, resource)
        return Unfinished("placed")
    if differences := _differences(connection, found, resource):
        if not _refit(connection, found, resource, differences):
            raise _different(identity, differences)
        return Unfinished("refitted")
    if found.built:
        return None
    if guest is not None and guest != found.guest and not found.running:
        tell(connection, found, guest)
        return Unfinished("told")
    if not found.configured:
        place_apart(connection, found, SetAvailability(resource.restart_priority, resource.anti_affinity))
        connection.execute("UPDATE vm SET configured = 1 WHERE tenant = ? AND name = ?", found.key)
        return Unfinished("configured")
    standing = {disk.name for disk in server.disks(connection, found)}
    for name, disk in sorted(resource.disks.items()):
        if name not in standing:
            add_disk(connection, found, name, disk)
            return Unfinished("disk")
    if not found.running:
        start(connection, found, Actor.LIBRARY)
        return Unfinished("started")
    connection.execute("UPDATE vm SET built = 1 WHERE tenant = ? AND name = ?", found.key)
    return None


def _place(connection: Connection, resource: VmResource) -> None:
    """The clone: CPU, memory, address and the first disk; off."""
    identity = resource.identity
    _check_room(connection, resource)
    strangers.check_name(connection, identity)
    image.check_source(connection, resource)
    server.check_address(connection, identity, int(resource.address))
    group = (resource.tenant, resource.anti_affinity) if resource.anti_affinity else None
    demand = Demand(resource.cpu, resource.memory_gib, group)
    host = capacity.find_host(connection, identity, resource.cluster, demand, None)
    capacity.admit(connection, identity, resource.cluster, demand, with_unbuilt=True)
    connection.execute(
        "INSERT INTO vm (tenant, name, cluster, os, cpu, memory_gib, address, host, from_image) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            resource.tenant,
            resource.name,
            resource.cluster,
            resource.os,
            resource.cpu,
            resource.memory_gib,
            int(resource.address),
            host,
            resource.from_image,
        ),
    )
    record(connection, Actor.LIBRARY, identity, Event.CREATED, host=host)
    name, disk = min(resource.disks.items())
    add_disk(connection, server.get(connection, identity), name, disk)


def place_again(connection: Connection, resource: VmResource, host: str) -> str:
    """The host of a server that was placed and is not entered here, among those who are: its own while that is right.
    Raises Conflict and Refused where they leave it no room.
    """
    group = (resource.tenant, resource.anti_affinity) if resource.anti_affinity else None
    demand = Demand(resource.cpu, resource.memory_gib, group)
    chosen = capacity.find_host(connection, resource.identity, resource.cluster, demand, None, stay=host)
    capacity.admit(connection, resource.identity, resource.cluster, demand, with_unbuilt=True)
    return chosen


def _check_room(connection: Connection, resource: VmResource) -> None:
    """The tenant's folder, pool and portgroup stand, in the server's cluster."""
    cluster = room.cluster_of(connection, resource.identity)
    if cluster != resource.cluster:
        raise Conflict(
            Text(
                en=f"tenant {resource.tenant} stands in cluster {cluster}, not {resource.cluster}",
                ja=f"テナント {resource.tenant} のクラスタは {cluster} です（{resource.cluster} ではありません）",
            ),
            where=str(resource.identity),
            remedy=Text(en="declare its tenant's cluster", ja="テナントと同じクラスタを宣言してください"),
        )


def _differences(connection: Connection, found: Server, resource: VmResource) -> tuple[str, ...]:
    """The properties in which what stands is not what is wanted; what a build has still to add is none."""
    names = [name for name in _COMPARED if getattr(found, name) != getattr(resource, name)]
    if found.address != int(resource.address):
        names.append("address")
    if found.configured and found.restart_priority != resource.restart_priority:
        names.append("restart_priority")
    if found.configured and found.anti_affinity != resource.anti_affinity:
        names.append("anti_affinity")
    standing = {
        disk.name: (disk.size_gb, disk.storage_class) for disk in server.disks(connection, found) if not disk.is_foreign
    }
    wanted = {name: (disk.size_gb, disk.storage_class) for name, disk in resource.disks.items()}
    names += [f"disks.{name}" for name in standing if standing[name] != wanted.get(name)]
    if found.built:
        names += [f"disks.{name}" for name in wanted if name not in standing]
    return tuple(names)


_COMPARED = ("cluster", "os", "cpu", "memory_gib", "from_image")
_MENDABLE = frozenset({"cpu", "memory_gib", "address", "restart_priority", "anti_affinity"})


def _refit(connection: Connection, found: Server, resource: VmResource, differences: tuple[str, ...]) -> bool:
    """Give an unfinished server that is off the settings now wanted. False: it takes more than that."""
    if found.built or found.running or not _MENDABLE.issuperset(differences):
        return False
    reconfigure(
        connection, found, Reconfigure(cpu=resource.cpu, memory_gib=resource.memory_gib, address=resource.address)
    )
    if found.configured:
        place_apart(
            connection,
            server.get(connection, resource.identity),
            SetAvailability(resource.restart_priority, resource.anti_affinity),
        )
    return True


def _different(identity: Identity, differences: tuple[str, ...]) -> Conflict:
    listed = ", ".join(differences)
    return Conflict(
        Text(
            en=f"a different server of that name stands there already ({listed})",
            ja=f"同名で内容の異なるサーバが既にあります（{listed}）",
        ),
        where=str(identity),
        remedy=Text(
            en="declare it as it stands and import it (`pulumi import`), then change it",
            ja="現状どおりに宣言して取り込み（`pulumi import`）、その後に変更してください",
        ),
    )
