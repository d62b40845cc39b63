"""Rows to model: everything of a tenant in a handful of queries, whatever it holds.

Here: reading. Not here: writing, deciding. What the tables hold was validated when it was declared, so the models are
built without validating again: that is most of an observation's time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from sqlite3 import Connection

from netaddr import IPAddress, IPNetwork

from wpf_infra.backend.ledger import image, strangers
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.observation import Observation, Observed, ObservedTenant, ObservedVm
from wpf_infra.model.ports import Port, parse_port
from wpf_infra.model.resource import (
    ClusterResource,
    Direction,
    FirewallResource,
    OwnerKind,
    ResolvedAllowance,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.model.tenancy import BilingualName, Quota, TenantNetwork

_PRIORITIES = {str(priority): priority for priority in RestartPriority}
_POWERS = {str(power): power for power in Power}


def observe(connection: Connection, tenant: str) -> Observation:
    """Everything of ours that belongs to the tenant, or to `platform`."""
    seen: dict[Identity, Observed] = {}
    if tenant == PLATFORM:
        seen |= {held.identity: Observed(held) for held in _storage_classes(connection)}
        seen |= {held.identity: Observed(held) for held in _clusters(connection)}
    room = _room(connection, tenant)
    if room is not None:
        seen[room.identity] = ObservedTenant(room, strangers.copies(connection, tenant))
        for vm in _vms(connection, tenant, room.owner):
            seen[vm.resource.identity] = vm
        seen |= {held.identity: Observed(held) for held in image.images(connection, tenant)}
    firewall = _firewall(connection, tenant)
    if firewall is not None:
        seen[firewall.identity] = Observed(firewall)
    return seen


def find(connection: Connection, identity: Identity) -> Observed | None:
    """One object. A tenant's servers are read one by one here, not all."""
    if identity.kind is Kind.VM:
        room = _room(connection, identity.tenant)
        return next(_vms(connection, identity.tenant, room.owner, identity.name), None) if room else None
    if identity.kind is Kind.TENANT:
        room = _room(connection, identity.tenant) if identity.name == identity.tenant else None
        return ObservedTenant(room, strangers.copies(connection, identity.tenant)) if room else None
    if identity.kind is Kind.IMAGE:
        captured = image.images(connection, identity.tenant)
        return next((Observed(each) for each in captured if each.name == identity.name), None)
    if identity.kind is Kind.FIREWALL:
        firewall = _firewall(connection, identity.tenant) if identity.name == identity.tenant else None
        return Observed(firewall) if firewall else None
    if identity.tenant != PLATFORM or identity.kind not in (Kind.CLUSTER, Kind.STORAGE_CLASS):
        return None
    resources = _clusters(connection) if identity.kind is Kind.CLUSTER else _storage_classes(connection)
    return next((Observed(resource) for resource in resources if resource.name == identity.name), None)


def _storage_classes(connection: Connection) -> list[StorageClassResource]:
    groups: defaultdict[str, dict[str, RaidGroup]] = defaultdict(dict)
    for storage_class, name, cluster, disks, disk_gb in connection.execute(
        "SELECT class, name, cluster, disks, disk_gb FROM raid_group ORDER BY class, name"
    ):
        groups[storage_class][name] = RaidGroup.model_construct(cluster=cluster, disks=disks, disk_gb=disk_gb)
    return [StorageClassResource.model_construct(name=name, groups=held) for name, held in groups.items()]


def _clusters(connection: Connection) -> list[ClusterResource]:
    hosts: defaultdict[str, dict[str, Host]] = defaultdict(dict)
    for cluster, name, cpu, memory_gib in connection.execute(
        "SELECT cluster, name, cpu, memory_gib FROM host ORDER BY cluster, name"
    ):
        hosts[cluster][name] = Host.model_construct(cpu=cpu, memory_gib=memory_gib)
    return [
        ClusterResource.model_construct(
            name=name,
            hosts=hosts[name],
            admission_control=AdmissionControl.model_construct(
                failover_hosts=failover_hosts, reserved_percent=reserved_percent
            ),
        )
        for name, failover_hosts, reserved_percent in connection.execute(
            "SELECT name, failover_hosts, reserved_percent FROM cluster ORDER BY name"
        )
    ]


def _room(connection: Connection, tenant: str) -> TenantResource | None:
    row = connection.execute(
        "SELECT owner, name_ja, name_en, cluster, cidr, vlan, cpu, memory_gib, storage_gb FROM tenant WHERE name = ?",
        (tenant,),
    ).fetchone()
    if row is None:
        return None
    owner, ja, en, cluster, cidr, vlan, cpu, memory_gib, storage_gb = row
    return TenantResource.model_construct(
        tenant=tenant,
        owner=OwnerKind(owner),
        name=BilingualName.model_construct(ja=ja, en=en),
        cluster=cluster,
        network=TenantNetwork.model_construct(cidr=_network(cidr), vlan=vlan),
        quota=Quota.model_construct(cpu=cpu, memory_gib=memory_gib, storage_gb=storage_gb),
    )


_VMS = (
    "SELECT name, cluster, os, cpu, memory_gib, address, restart_priority, anti_affinity, host, power, built, "
    "restart_owed, from_image FROM vm WHERE tenant = ? ORDER BY name"
)
_VM = _VMS.replace("ORDER BY", "AND name = ? ORDER BY")
_DISKS = "SELECT vm, name, size_gb, class, is_foreign FROM disk WHERE tenant = ? ORDER BY vm, name"
_DISKS_OF = _DISKS.replace("ORDER BY", "AND vm = ? ORDER BY")


def _vms(connection: Connection, tenant: str, owner: OwnerKind, name: str | None = None) -> Iterator[ObservedVm]:
    key = (tenant,) if name is None else (tenant, name)
    disks: defaultdict[str, dict[str, Disk]] = defaultdict(dict)
    foreign: defaultdict[str, list[str]] = defaultdict(list)
    for vm, disk, size_gb, storage_class, is_foreign in connection.execute(_DISKS if name is None else _DISKS_OF, key):
        if is_foreign:
            foreign[vm].append(disk)
            continue
        disks[vm][disk] = Disk.model_construct(size_gb=size_gb, storage_class=storage_class, retire=None)
    for row in connection.execute(_VMS if name is None else _VM, key):
        yield ObservedVm(
            resource=VmResource.model_construct(
                tenant=tenant,
                owner=owner,
                name=row[0],
                cluster=row[1],
                os=row[2],
                cpu=row[3],
                memory_gib=row[4],
                address=IPAddress(row[5], 4),
                restart_priority=_PRIORITIES[row[6]],
                anti_affinity=row[7],
                from_image=row[12],
                disks=disks[row[0]],
            ),
            power=_POWERS[row[9]],
            host=row[8],
            built=bool(row[10]),
            restart_owed=bool(row[11]),
            foreign_disks=tuple(foreign[row[0]]),
        )


def _firewall(connection: Connection, tenant: str) -> FirewallResource | None:
    row = connection.execute("SELECT network FROM firewall WHERE tenant = ?", (tenant,)).fetchone()
    if row is None:
        return None
    lines = connection.execute("SELECT name, network FROM line WHERE tenant = ? ORDER BY name", (tenant,))
    allowances = connection.execute(
        "SELECT name, direction, peer, source, destination, ports, reason FROM allowance "
        "WHERE tenant = ? ORDER BY name",
        (tenant,),
    )
    return FirewallResource.model_construct(
        tenant=tenant,
        network=_network(row[0]),
        lines={name: _network(network) for name, network in lines},
        allowances={
            name: ResolvedAllowance.model_construct(
                direction=Direction(direction),
                peer=peer,
                source=_network(source),
                destination=_network(destination),
                ports=tuple(_port(port) for port in ports.split(",")),
                reason=reason,
            )
            for name, direction, peer, source, destination, ports, reason in allowances
        },
    )


@lru_cache(maxsize=4096)
def _network(text: str) -> IPNetwork:
    return IPNetwork(text)


@lru_cache(maxsize=4096)
def _port(text: str) -> Port:
    return parse_port(text)
