"""From the catalogue to the resources of one stack.

Here: pure lowering, and the list of what is declared but has no resource yet. Not here: the engine (`program`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.resource import (
    ClusterResource,
    OwnerKind,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine
from wpf_infra.network.filter import policy_of


def resources_of(catalogue: Catalogue, stack: str) -> Iterator[Resource]:
    """The stack's resources, what others stand on first. Raises KeyError for a stack that is not declared."""
    if stack == PLATFORM:
        platform = catalogue.platform
        for name, storage_class in sorted(platform.storage_classes.items()):
            yield StorageClassResource(name=name, raid=storage_class.raid, groups=storage_class.groups)
        for name, cluster in sorted(platform.clusters.items()):
            yield ClusterResource(name=name, hosts=cluster.hosts, admission_control=cluster.admission_control)
        yield from _room(PLATFORM, OwnerKind.PLATFORM, platform)
        yield policy_of(catalogue, PLATFORM)
        return
    tenant = catalogue.tenants[stack]
    yield from _room(stack, OwnerKind(tenant.kind), tenant)
    yield policy_of(catalogue, stack)


def _room(owner: str, kind: OwnerKind, declared: Tenant | Platform) -> Iterator[Resource]:
    yield TenantResource(
        tenant=owner,
        owner=kind,
        name=declared.name,
        cluster=declared.cluster,
        network=declared.network,
        quota=declared.quota,
    )
    for name, vm in sorted(declared.vms.items()):
        yield _server(owner, kind, declared.cluster, name, vm)


def _server(owner: str, kind: OwnerKind, cluster: str, name: str, vm: VirtualMachine) -> VmResource:
    return VmResource(
        tenant=owner,
        owner=kind,
        name=name,
        cluster=cluster,
        os=vm.os,
        cpu=vm.cpu,
        memory_gib=vm.memory_gib,
        address=vm.address,
        restart_priority=vm.restart_priority,
        anti_affinity=vm.anti_affinity,
        disks=vm.disks,
        consent=vm.consent,
        retire=vm.retire,
    )


_NO_RESOURCE_YET = {
    "tenant": ("options", "images", "lines", "gateways", "certificates", "trust", "users"),
    "platform": ("services", "mail_whitelist", "certificate_authority", "maintenance"),
    "vm": ("software", "monitoring", "antivirus", "backup", "from_image", "power"),
}


def not_applied(catalogue: Catalogue, stack: str) -> tuple[str, ...]:
    """What the stack declares and no resource carries out yet, as dotted paths."""
    owner = catalogue.platform if stack == PLATFORM else catalogue.tenants[stack]
    own = _NO_RESOURCE_YET["platform" if stack == PLATFORM else "tenant"]
    return (
        *(name for name in own if getattr(owner, name)),
        *(
            f"vms.{vm}.{name}"
            for vm, declared in sorted(owner.vms.items())
            for name in _NO_RESOURCE_YET["vm"]
            if getattr(declared, name)
        ),
    )
