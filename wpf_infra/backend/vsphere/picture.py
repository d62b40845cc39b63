"""What a call has to know of the vCenter before it decides: the ground, the servers in play, what all others take.

Here: which reads that takes, and tenants' servers told apart from strangers. Not here: deciding (`mirror`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.ledger.strangers import Stranger
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import ClusterSeen, Ground
from wpf_infra.backend.vsphere.machine import MachineSeen, Surroundings
from wpf_infra.backend.vsphere.machines import Memory, read_machines
from wpf_infra.backend.vsphere.survey import read_ground
from wpf_infra.model.availability import Power
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Copy, Observation, Observed, ObservedTenant

_LOAD = (
    "name",
    "summary.config.numCpu",
    "summary.config.memorySizeMB",
    "config.template",
    "runtime.host",
    "runtime.powerState",
)
_MIB_A_GIB = 2**10


@dataclass(frozen=True, slots=True)
class Picture:
    """machines: what stands in the rooms of the tenants in play, by tenant, ours or not; strangers: what all others
    take of hosts.
    """

    ground: Ground
    machines: Mapping[str, tuple[MachineSeen, ...]]
    strangers: tuple[Stranger, ...] = ()

    def observation(self, tenant: str) -> Observation:
        """Everything of ours that belongs to a tenant in play, or to `platform`."""
        machines = self.machines.get(tenant, ())
        seen: dict[Identity, Observed] = {}
        for identity, observed in self.ground.resources(tenant).items():
            seen[identity] = observed_room(self.ground, tenant, machines) if identity.kind is Kind.TENANT else observed
        for machine in machines:
            if machine.observed is not None and machine.observed.resource.tenant == tenant:
                seen[machine.observed.resource.identity] = machine.observed
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


def take(connection: Connection, tenants: Collection[str] | None, memory: Memory, *, loads: bool) -> Picture:
    """tenants: those in play, None for all; loads: what everybody else takes of the hosts is read too."""
    ground = read_ground(connection, policies_of=tenants)
    in_play = ground.rooms if tenants is None else [tenant for tenant in tenants if tenant in ground.rooms]
    machines = {tenant: machines_of(connection, ground, tenant, memory) for tenant in in_play}
    return Picture(ground, machines, _strangers(connection, ground, machines) if loads else ())


def machines_of(connection: Connection, ground: Ground, tenant: str, memory: Memory) -> tuple[MachineSeen, ...]:
    """Every VM in a tenant's folder, ours or not, and its servers in its pool that somebody moved to another folder."""
    room, around = ground.room(tenant), surroundings(ground, tenant)
    if room.folder is None:
        return ()
    in_pool = [ref for ref in room.pool.contents if isinstance(ref, vim.VirtualMachine)] if room.pool else ()
    machines = read_machines(connection, room.folder.ref, {tenant: around} if around else {}, memory, elsewhere=in_pool)
    return tuple(one for one in machines if one.observed is not None or one.parent == room.folder.ref)


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
    connection: Connection, ground: Ground, machines: Mapping[str, tuple[MachineSeen, ...]]
) -> tuple[Stranger, ...]:
    """All VMs but templates and the servers of ours that are in play."""
    folder = ground.server_folder
    if folder is None:
        return ()
    places = {
        host.ref: (cluster.name, host.name) for cluster in ground.clusters.values() for host in cluster.hosts.values()
    }
    ours: set[Any] = {one.ref for each in machines.values() for one in each if one.observed is not None}
    rooms = {one.ref: (tenant, one) for tenant, each in machines.items() for one in each}
    found: list[Stranger] = []
    for ref, load in connection.read(vim.VirtualMachine, _LOAD, within=folder.ref).items():
        if ref in ours or load.get("config.template"):
            continue
        cluster, host = places.get(load.get("runtime.host"), (None, None))
        tenant, machine = rooms.get(ref, (None, None))
        found.append(
            Stranger(
                load.get("name", ""),
                tenant,
                copy_of=str(machine.identity) if machine and machine.is_copy else None,
                cluster=cluster,
                host=host,
                cpu=load.get("summary.config.numCpu", 0),
                memory_gib=-(-load.get("summary.config.memorySizeMB", 0) // _MIB_A_GIB),
                power=Power.OFF if load.get("runtime.powerState") == "poweredOff" else Power.ON,
            )
        )
    return tuple(found)
