"""What a call has to know of the vCenter before it decides: the ground, the servers in play, what all others take.

Here: which reads that takes, and tenants' servers told apart from strangers. Not here: deciding (`mirror`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.ledger.strangers import Stranger
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import ClusterSeen, FolderSeen, Ground, Room
from wpf_infra.backend.vsphere.machine import MachineSeen, Surroundings
from wpf_infra.backend.vsphere.machines import Memory, read_machines
from wpf_infra.backend.vsphere.survey import read_ground
from wpf_infra.errors import Conflict
from wpf_infra.language import Text
from wpf_infra.model.availability import Power
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Copy, Observation, Observed, ObservedTenant

_LOAD = (
    "name",
    "parent",
    "summary.config.numCpu",
    "summary.config.memorySizeMB",
    "config.template",
    "config.managedBy",
    "config.createDate",
    "runtime.host",
    "runtime.powerState",
)
_MIB_A_GIB = 2**10
_BUILDING = timedelta(minutes=15)
"""So long after its clone a server of ours that is off may still be on its way up."""


@dataclass(frozen=True, slots=True)
class Picture:
    """machines: what stands in the rooms of the tenants in play, by tenant, ours or not; strangers: what all others
    take of hosts, with the VM that each is; created: when VMs were made, by the vCenter's clock.
    """

    ground: Ground
    machines: Mapping[str, tuple[MachineSeen, ...]]
    strangers: tuple[tuple[Any, Stranger], ...] = ()
    created: Mapping[Any, datetime] = field(default_factory=dict)

    def observation(self, tenant: str) -> Observation:
        """Everything of ours that belongs to a tenant in play, or to `platform`. Raises Conflict where servers stand in
        a room that is not whole: of what it lacks nobody could tell what they are.
        """
        machines = self.machines.get(tenant, ())
        seen: dict[Identity, Observed] = {}
        for identity, observed in self.ground.resources(tenant).items():
            seen[identity] = observed_room(self.ground, tenant, machines) if identity.kind is Kind.TENANT else observed
        for machine in machines:
            if not machine.is_ours or machine.identity is None or machine.identity.tenant != tenant:
                continue
            if machine.observed is None:
                raise broken_room(self.ground, machine.identity)
            seen[machine.identity] = machine.observed
        return seen


def observed_room(ground: Ground, tenant: str, machines: Collection[MachineSeen]) -> ObservedTenant:
    """A tenant's room that stands whole, and the copies in it."""
    room = ground.tenant(tenant)
    assert room is not None, "asked for a room that does not stand"
    copies = sorted(
        (Copy(machine.name, machine.identity) for machine in machines if machine.is_copy and machine.identity),
        key=lambda copy: copy.name,
    )
    return ObservedTenant(room, tuple(copies))


def broken_room(ground: Ground, identity: Identity) -> Conflict:
    """For a server that stands while its tenant's room cannot be read."""
    room = ground.room(identity.tenant)
    parts = {"folder": room.folder, "pool": room.pool, "portgroup": room.portgroup}
    missing = ", ".join(name for name, part in parts.items() if part is None)
    what = (
        Text(en=f"has lost its {missing} or the mark on it", ja=f"の {missing}（またはその印）が失われています")
        if missing
        else Text(
            en="cannot be read from the custom attributes wpf.* of its folder",
            ja="をフォルダのカスタム属性 wpf.* から読み取れません",
        )
    )
    return Conflict(
        Text(
            en=f"the server stands, and the room of tenant {identity.tenant} {what.en}",
            ja=f"サーバはありますが、テナント {identity.tenant} の部屋{what.ja}",
        ),
        where=str(identity),
        row=22,
        remedy=Text(
            en="somebody changed it in the vSphere Client: put it back as it was, then run again",
            ja="vSphere Clientで変更されています。元に戻してから再実行してください",
        ),
    )


def take(connection: Connection, tenants: Collection[str] | None, memory: Memory, *, loads: bool) -> Picture:
    """tenants: those in play, None for all; loads: what everybody else takes of the hosts is read too."""
    ground = read_ground(connection, policies_of=tenants)
    in_play = [tenant for tenant in (ground.rooms if tenants is None else tenants) if ground.room(tenant).folder]
    machines = _machines(connection, ground, in_play, memory)
    if not loads or ground.server_folder is None:
        return Picture(ground, machines)
    taken = connection.read(vim.VirtualMachine, _LOAD, within=ground.server_folder.ref)
    created = {ref: load["config.createDate"] for ref, load in taken.items() if "config.createDate" in load}
    return Picture(ground, machines, _strangers(ground, machines, taken, connection.time()), created)


def _machines(
    connection: Connection, ground: Ground, tenants: Collection[str], memory: Memory
) -> dict[str, tuple[MachineSeen, ...]]:
    """Every VM in these tenants' folders, ours or not, and servers in their pools that somebody moved elsewhere."""
    root = ground.root_folder
    rooms = [ground.room(tenant) for tenant in tenants]
    if not rooms or root is None:
        return {}
    around = {tenant: found for tenant in tenants if (found := surroundings(ground, tenant)) is not None}
    within = rooms[0].folder.ref if len(rooms) == 1 and rooms[0].folder else root.ref
    in_pools = [ref for room in rooms for ref in _servers_of(room)]
    homes = _homes(ground, rooms)
    machines: defaultdict[str, list[MachineSeen]] = defaultdict(list, {tenant: [] for tenant in tenants})
    for machine in read_machines(connection, within, around, memory, elsewhere=in_pools):
        home = homes.get(machine.parent)
        own = machine.identity.tenant if machine.is_ours and machine.identity else None
        for tenant in {home, own if own in machines else None} - {None}:
            assert tenant is not None
            machines[tenant].append(machine)
    return {tenant: tuple(found) for tenant, found in machines.items()}


def _servers_of(room: Room) -> Iterable[Any]:
    return (ref for ref in room.pool.contents if isinstance(ref, vim.VirtualMachine)) if room.pool else ()


def _homes(ground: Ground, rooms: Collection[Room]) -> dict[Any, str]:
    """Each folder in a room, at any depth, to the tenant whose room that is."""
    children: defaultdict[Any, list[FolderSeen]] = defaultdict(list)
    for folder in ground.folders:
        children[folder.parent].append(folder)
    homes: dict[Any, str] = {}
    for room in rooms:
        waiting = [room.folder] if room.folder else []
        while waiting:
            folder = waiting.pop()
            homes[folder.ref] = room.tenant
            waiting += children[folder.ref]
    return homes


def surroundings(ground: Ground, tenant: str, cluster: ClusterSeen | None = None) -> Surroundings | None:
    """What a tenant's servers stand in; None while its room does not stand whole. cluster: as it was seen last."""
    room = ground.tenant(tenant)
    if room is None:
        return None
    cluster = cluster or ground.clusters[room.cluster]
    return Surroundings(
        owner=room.owner,
        cluster=room.cluster,
        hosts={host.ref: host.name for one in ground.clusters.values() for host in one.hosts.values()},
        priorities=cluster.restart_priorities,
        rules={rule.name: rule.servers for rule in cluster.rules if rule.active},
    )


def _strangers(
    ground: Ground,
    machines: Mapping[str, tuple[MachineSeen, ...]],
    taken: Mapping[Any, Mapping[str, Any]],
    now: datetime,
) -> tuple[tuple[Any, Stranger], ...]:
    """All VMs but templates, the platform's own agents and the servers of ours that are in play."""
    places = {
        host.ref: (cluster.name, host.name) for cluster in ground.clusters.values() for host in cluster.hosts.values()
    }
    ours: set[Any] = {one.ref for each in machines.values() for one in each if one.observed is not None}
    rooms = {one.ref: (tenant, one) for tenant, each in machines.items() for one in each}
    homes = _homes(ground, tuple(ground.rooms.values()))
    found: list[tuple[Any, Stranger]] = []
    for ref, load in taken.items():
        if ref in ours or load.get("config.template") or load.get("config.managedBy"):
            continue
        cluster, host = places.get(load.get("runtime.host"), (None, None))
        tenant, machine = rooms.get(ref, (None, None))
        made = load.get("config.createDate")
        on_its_way = load.get("parent") in homes and made is not None and now - made < _BUILDING
        stands_off = load.get("runtime.powerState") == "poweredOff" and not on_its_way
        stranger = Stranger(
            load.get("name", ""),
            tenant,
            copy_of=str(machine.identity) if machine and machine.is_copy else None,
            cluster=cluster,
            host=host,
            cpu=load.get("summary.config.numCpu", 0),
            memory_gib=-(-load.get("summary.config.memorySizeMB", 0) // _MIB_A_GIB),
            power=Power.OFF if stands_off else Power.ON,
        )
        found.append((ref, stranger))
    return tuple(found)
