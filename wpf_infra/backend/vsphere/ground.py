"""What stands on the vCenter apart from servers, as frozen values, and the model's resources that it amounts to.

Here: values and pure look-ups among them. Not here: reading them (`survey`), changing anything (`cluster`,
`storage_class`, `room`, `firewall`), servers (`machine`).
`Any` stands for pyVmomi's managed object references: hashable, compared by id, and never asked for a property.
Names and numbers are whatever people made of them, so what stands becomes a resource without being held against the
model's grammar: it has to be seen, and to differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from wpf_infra.backend.vsphere.filter import policy
from wpf_infra.backend.vsphere.inscription import RoomTerms, vlan_of_name
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
)
from wpf_infra.model.tenancy import TenantNetwork

ROOT_FOLDER = "wpf"
"""The folder of all tenants, below the datacenter's folder of servers."""


@dataclass(frozen=True, slots=True)
class HostSeen:
    """claim: the cluster's identity that its mark names; declared: the carrying capacity written on it."""

    ref: Any
    name: str
    connected: bool
    in_maintenance: bool
    claim: Identity | None = None
    declared: Host | None = None

    @property
    def usable(self) -> bool:
        return self.connected and not self.in_maintenance


@dataclass(frozen=True, slots=True)
class DrsRule:
    """A VM-VM rule of a cluster. active: switched on, anti-affinity and mandatory."""

    key: int
    name: str
    servers: frozenset[Any]
    active: bool


@dataclass(frozen=True, slots=True)
class ClusterSeen:
    """hosts: all that stand in it, ours or not. ready: HA, host monitoring and DRS are on.

    admission_control: None when nothing that we could have asked for is kept free.
    restart_priorities: of servers with an override of their own; the cluster's default is medium.
    """

    ref: Any
    name: str
    root_pool: Any
    hosts: Mapping[str, HostSeen]
    claim: Identity | None
    ready: bool
    admission_control: AdmissionControl | None
    restart_priorities: Mapping[Any, RestartPriority] = field(default_factory=dict)
    rules: tuple[DrsRule, ...] = ()

    @property
    def host_refs(self) -> frozenset[Any]:
        return frozenset(host.ref for host in self.hosts.values())

    @property
    def claimed_hosts(self) -> Mapping[str, HostSeen]:
        """Ours: marked with this cluster's identity, and with a size."""
        own = Identity(PLATFORM, Kind.CLUSTER, self.name)
        return {name: host for name, host in self.hosts.items() if host.claim == own and host.declared is not None}


@dataclass(frozen=True, slots=True)
class DatastoreSeen:
    """Sizes in GB of 2**30 bytes. mounts: hosts that reach it; group: what is written on it, as one RAID group; built:
    the storage class of which it bears witness that it was once claimed whole, its own or one that let go of it.
    """

    ref: Any
    name: str
    capacity_gb: int
    free_gb: int
    mounts: frozenset[Any]
    claim: Identity | None = None
    group: RaidGroup | None = None
    built: Identity | None = None

    @property
    def complete(self) -> bool:
        return self.claim is not None and self.built == self.claim


@dataclass(frozen=True, slots=True)
class SwitchSeen:
    """hosts: its members; claim: a cluster's identity, where people marked one of several switches of a cluster."""

    ref: Any
    name: str
    uuid: str
    hosts: frozenset[Any]
    claim: Identity | None = None


@dataclass(frozen=True, slots=True)
class FolderSeen:
    """attributes: what is written on it, by attribute (`inscription`)."""

    ref: Any
    name: str
    parent: Any
    children: tuple[Any, ...]
    claim: Identity | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PoolSeen:
    ref: Any
    name: str
    parent: Any
    contents: tuple[Any, ...]
    """Servers and further pools."""
    claim: Identity | None = None


@dataclass(frozen=True, slots=True)
class PortgroupSeen:
    """port_config: vim's `defaultPortConfig` as it was read, None where this survey did not read it.

    vlan: None when it has none of its own (a trunk) or was not read.
    """

    ref: Any
    name: str
    key: str
    switch: Any
    config_version: str
    description: str
    claim: Identity | None = None
    vlan: int | None = None
    port_config: Any = None


@dataclass(frozen=True, slots=True)
class Room:
    """What stands of a tenant's room: its marked folder, pool and portgroup."""

    tenant: str
    folder: FolderSeen | None = None
    pool: PoolSeen | None = None
    portgroup: PortgroupSeen | None = None

    @property
    def whole(self) -> bool:
        return self.folder is not None and self.pool is not None and self.portgroup is not None


@dataclass(frozen=True)
class Ground:
    """One survey. fields: keys of our custom attributes, as far as they are defined."""

    datacenter: Any
    fields: Mapping[str, int]
    clusters: Mapping[str, ClusterSeen] = field(default_factory=dict)
    datastores: Mapping[str, DatastoreSeen] = field(default_factory=dict)
    switches: tuple[SwitchSeen, ...] = ()
    folders: tuple[FolderSeen, ...] = ()
    pools: tuple[PoolSeen, ...] = ()
    portgroups: tuple[PortgroupSeen, ...] = ()

    @cached_property
    def rooms(self) -> Mapping[str, Room]:
        """By tenant; of some nothing may stand but a part."""
        folders, pools, portgroups = _by_tenant(self.folders), _by_tenant(self.pools), _by_tenant(self.portgroups)
        return {
            tenant: Room(tenant, folders.get(tenant), pools.get(tenant), portgroups.get(tenant))
            for tenant in sorted({*folders, *pools, *portgroups})
        }

    def room(self, tenant: str) -> Room:
        return self.rooms.get(tenant, Room(tenant))

    @cached_property
    def server_folder(self) -> FolderSeen | None:
        """The datacenter's own folder of servers."""
        return next((one for one in self.folders if one.parent == self.datacenter and one.name == "vm"), None)

    @cached_property
    def root_folder(self) -> FolderSeen | None:
        """The folder of all tenants."""
        above = self.server_folder
        return self.folder_in(above.ref, ROOT_FOLDER) if above else None

    def folder_in(self, parent: Any, name: str) -> FolderSeen | None:
        return next((one for one in self.folders if one.parent == parent and one.name == name), None)

    def pool_in(self, parent: Any, name: str) -> PoolSeen | None:
        return next((one for one in self.pools if one.parent == parent and one.name == name), None)

    def cluster_of_pool(self, pool: PoolSeen) -> ClusterSeen | None:
        """The cluster under whose root pool it stands."""
        return next((one for one in self.clusters.values() if one.root_pool == pool.parent), None)

    def switch_of_portgroup(self, portgroup: PortgroupSeen) -> SwitchSeen | None:
        return next((one for one in self.switches if one.ref == portgroup.switch), None)

    def switches_of(self, cluster: ClusterSeen) -> tuple[SwitchSeen, ...]:
        """The switches that tenants of the cluster may stand on: those of which every host of it is a member; one alone
        where people marked it, or where rooms stand on it already.
        """
        whole = tuple(one for one in self.switches if cluster.host_refs <= one.hosts)
        own = Identity(PLATFORM, Kind.CLUSTER, cluster.name)
        if marked := tuple(one for one in whole if one.claim == own):
            return marked
        taken = {one.switch for one in self.portgroups if one.claim is not None}
        return tuple(one for one in whole if one.ref in taken) or whole

    def resource(self, identity: Identity) -> Resource | None:
        """The object as it stands, in the model's terms; None for what is absent or unfinished, and for servers."""
        if identity.kind is Kind.TENANT:
            return self.tenant(identity.tenant) if identity.name == identity.tenant else None
        if identity.kind is Kind.FIREWALL:
            return self.firewall(identity.tenant) if identity.name == identity.tenant else None
        if identity.tenant != PLATFORM:
            return None
        if identity.kind is Kind.CLUSTER:
            return self.cluster(identity.name)
        if identity.kind is Kind.STORAGE_CLASS:
            return self.storage_class(identity.name)
        return None

    def resources(self, tenant: str) -> Observation:
        """Everything but servers that belongs to the tenant, or to `platform`."""
        return {resource.identity: Observed(resource) for resource in self._resources(tenant)}

    def _resources(self, tenant: str) -> Iterator[Resource]:
        found: list[Resource | None] = []
        if tenant == PLATFORM:
            found += [self.storage_class(name) for name in self._storage_classes]
            found += [self.cluster(name) for name in self.clusters]
        yield from (one for one in (*found, self.tenant(tenant), self.firewall(tenant)) if one is not None)

    def cluster(self, name: str) -> ClusterResource | None:
        """A claimed cluster. One that keeps nothing free, or whose HA or DRS is off, has `failover_hosts` 0, which
        nobody can declare.
        """
        seen = self.clusters.get(name)
        if seen is None or seen.claim != Identity(PLATFORM, Kind.CLUSTER, name):
            return None
        kept = seen.admission_control if seen.ready else None
        kept = kept or AdmissionControl.model_construct(failover_hosts=0)
        hosts = {host.name: host.declared for _, host in sorted(seen.claimed_hosts.items()) if host.declared}
        return ClusterResource.model_construct(name=name, hosts=hosts, admission_control=kept)

    @cached_property
    def _storage_classes(self) -> Mapping[str, Mapping[str, DatastoreSeen]]:
        classes: dict[str, dict[str, DatastoreSeen]] = {}
        for name, datastore in sorted(self.datastores.items()):
            claim = datastore.claim
            if claim is None or (claim.tenant, claim.kind) != (PLATFORM, Kind.STORAGE_CLASS):
                continue
            if datastore.group is not None:
                classes.setdefault(claim.name, {})[name] = datastore
        return dict(sorted(classes.items()))

    def storage_class(self, name: str) -> StorageClassResource | None:
        """A storage class that was once claimed whole; a group counts while a host of its cluster reaches it."""
        marked = self._storage_classes.get(name, {})
        if not any(datastore.complete for datastore in marked.values()):
            return None
        groups = {
            datastore.name: group
            for datastore in marked.values()
            if (group := datastore.group)
            and (cluster := self.clusters.get(group.cluster))
            and cluster.host_refs & datastore.mounts
        }
        return StorageClassResource.model_construct(name=name, groups=groups) if groups else None

    def tenant(self, tenant: str) -> TenantResource | None:
        """A room that is whole, and says whose it is. A portgroup without one VLAN of its own has VLAN 0, which nobody
        can declare; the VLAN in its name counts where its settings were not read.
        """
        room = self.room(tenant)
        if room.folder is None or room.pool is None or room.portgroup is None:
            return None
        cluster = self.cluster_of_pool(room.pool)
        terms = RoomTerms.read(room.folder.attributes)
        if cluster is None or terms is None:
            return None
        portgroup = room.portgroup
        vlan = vlan_of_name(portgroup.name) if portgroup.port_config is None else portgroup.vlan
        return TenantResource.model_construct(
            tenant=tenant,
            owner=terms.owner,
            name=terms.name,
            cluster=cluster.name,
            network=TenantNetwork.model_construct(cidr=terms.cidr, vlan=vlan or 0),
            quota=terms.quota,
        )

    def firewall(self, tenant: str) -> FirewallResource | None:
        """A policy whose own rules stand, with the allowances of which every rule does; the survey has read it."""
        room = self.room(tenant)
        if room.folder is None or room.portgroup is None or room.portgroup.port_config is None:
            return None
        return policy(room.portgroup.port_config, tenant)


_Part = TypeVar("_Part", FolderSeen, PoolSeen, PortgroupSeen)


def _by_tenant(parts: Iterable[_Part]) -> dict[str, _Part]:
    """The parts that bear a tenant's mark; of two that do, the first by name."""
    return {
        part.claim.tenant: part
        for part in sorted(parts, key=lambda part: part.name, reverse=True)
        if part.claim is not None and part.claim.kind is Kind.TENANT and part.claim.name == part.claim.tenant
    }
