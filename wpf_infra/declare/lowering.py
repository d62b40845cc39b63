"""From the catalogue to the resources of one stack.

Here: pure lowering, kind by kind. Not here: the engine (`program`), the order in which they are made (`order`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netaddr import IPAddress

from wpf_infra.declare.affected import affected_by
from wpf_infra.declare.guest import authority_domain, guest_services
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.line import FixedLine
from wpf_infra.model.monitoring import Monitor, Ping, Severity
from wpf_infra.model.platform import Platform
from wpf_infra.model.resource import (
    AnchorResource,
    AuthorityResource,
    CertificateResource,
    ClusterResource,
    ImageResource,
    LineKind,
    LineResource,
    MaintenanceResource,
    MonitoringResource,
    OwnerKind,
    Resource,
    StorageClassResource,
    TargetKind,
    TenantResource,
    Usage,
    UserResource,
    UserRollResource,
    VmResource,
)
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine
from wpf_infra.network.filter import policy_of

_AUTHORITY = "ca"
_WITH_CERTIFICATE = (Function.AUTHENTICATION, Function.INTERFACE, Function.PORTAL)
"""The functions that people and machines of tenants speak to over TLS (FAQ 3)."""
_ROUTER_PING: Mapping[str, Monitor] = {"router": Ping(kind="ping", severity=Severity.MAJOR)}
"""Included in the fee of a fixed line, mail on failure (FAQ 28)."""


def resources_of(catalogue: Catalogue, stack: str) -> Iterator[Resource]:
    """The stack's resources. Raises KeyError for a stack that is not declared."""
    if stack == PLATFORM:
        yield from _platform(catalogue)
        return
    tenant = catalogue.tenants[stack]
    yield from _room(catalogue, stack, OwnerKind(tenant.kind), tenant)
    for name, image in sorted(tenant.images.items()):
        if image.of in tenant.vms:
            yield ImageResource(tenant=stack, name=name, of=image.of, os=tenant.vms[image.of].os)
    yield from _certificates(catalogue, stack, tenant)
    for name, line in sorted(tenant.lines.items()):
        inputs = line.data()
        yield LineResource.model_validate(
            {"tenant": stack, "name": name, "line_kind": LineKind(inputs.pop("kind")), **inputs}
        )
    for name, user in sorted(tenant.users.items()):
        yield UserResource(
            tenant=stack,
            name=name,
            full_name=user.name,
            email=user.email,
            phone=user.phone,
            role=user.role,
            otp=user.otp,
        )
    yield UserRollResource(tenant=stack, count=len(tenant.users))
    yield from _monitoring(catalogue, stack, tenant)


def _platform(catalogue: Catalogue) -> Iterator[Resource]:
    platform = catalogue.platform
    for name, storage_class in sorted(platform.storage_classes.items()):
        yield StorageClassResource(name=name, raid=storage_class.raid, groups=storage_class.groups)
    for name, cluster in sorted(platform.clusters.items()):
        yield ClusterResource(name=name, hosts=cluster.hosts, admission_control=cluster.admission_control)
    if (authority := platform.certificate_authority) is not None:
        yield AuthorityResource(
            name=_AUTHORITY,
            domains=authority.domains,
            root_days=authority.root_days,
            issuing_days=authority.issuing_days,
            crl_days=authority.crl_days,
            renew_before_days=authority.leaf_days + authority.renew_before_days,
        )
        yield from _function_certificates(catalogue)
    yield from _room(catalogue, PLATFORM, OwnerKind.PLATFORM, platform)
    for name, work in sorted(platform.maintenance.items()):
        yield MaintenanceResource(
            name=name,
            title=work.title,
            announced=work.announced,
            starts=work.starts,
            ends=work.ends,
            targets=work.targets,
            emergency=work.emergency,
            agreed=work.agreed,
            affected=affected_by(catalogue, work.targets),
        )


def _room(catalogue: Catalogue, owner: str, kind: OwnerKind, declared: Tenant | Platform) -> Iterator[Resource]:
    yield TenantResource(
        tenant=owner,
        owner=kind,
        name=declared.name,
        cluster=declared.cluster,
        network=declared.network,
        quota=declared.quota,
    )
    for name, vm in sorted(declared.vms.items()):
        yield _server(catalogue, owner, kind, name, vm)
    yield policy_of(catalogue, owner)


def _server(catalogue: Catalogue, owner: str, kind: OwnerKind, name: str, vm: VirtualMachine) -> VmResource:
    declared = catalogue.owner(owner)
    assert declared is not None
    return VmResource(
        tenant=owner,
        owner=kind,
        name=name,
        cluster=declared.cluster,
        os=vm.os,
        cpu=vm.cpu,
        memory_gib=vm.memory_gib,
        address=vm.address,
        restart_priority=vm.restart_priority,
        anti_affinity=vm.anti_affinity,
        from_image=vm.from_image,
        disks=vm.disks,
        software=vm.software,
        guest=guest_services(catalogue, owner, name, vm),
        power=vm.power,
        power_reason=vm.power_reason,
        closing_days=catalogue.platform.closing_days if vm.power is not None else None,
        consent=vm.consent,
        retire=vm.retire,
    )


def _function_certificates(catalogue: Catalogue) -> Iterator[CertificateResource]:
    """One for each function that is carried, good for its own name and those of its servers."""
    domain = authority_domain(catalogue)
    for function in _WITH_CERTIFICATE:
        servers = catalogue.platform.services.get(function, ())
        if servers:
            names = {f"{each}.{PLATFORM}.{domain}" for each in (function.value, *servers)}
            yield _certificate(
                catalogue,
                PLATFORM,
                function.value,
                usage=Usage.SERVER,
                common_name=f"{function}.{PLATFORM}.{domain}",
                dns_names=tuple(sorted(names)),
            )


def _certificate(catalogue: Catalogue, owner: str, name: str, **more: object) -> CertificateResource:
    authority = catalogue.platform.certificate_authority
    assert authority is not None
    return CertificateResource.model_validate(
        {
            "tenant": owner,
            "name": name,
            "days": authority.leaf_days,
            "renew_before_days": authority.renew_before_days,
            **more,
        }
    )


def _certificates(catalogue: Catalogue, owner: str, tenant: Tenant) -> Iterator[Resource]:
    """Client certificates of the platform's CA, and what the vendor brings for others to trust."""
    if catalogue.platform.certificate_authority is not None:
        for name, wanted in sorted(tenant.certificates.items()):
            yield _certificate(
                catalogue,
                owner,
                name,
                path=wanted.path,
                usage=Usage.CLIENT,
                common_name=wanted.common_name,
                dns_names=(wanted.common_name,),
            )
    for name, anchor in sorted(tenant.trust.items()):
        file = catalogue.anchors.get(f"{owner}.trust.{name}")
        if file is not None and file.content is not None:
            yield AnchorResource(tenant=owner, name=name, path=anchor.path, pem=file.content.decode("ascii", "replace"))


def _monitoring(catalogue: Catalogue, owner: str, tenant: Tenant) -> Iterator[MonitoringResource]:
    for name, vm in sorted(tenant.vms.items()):
        if vm.monitoring:
            yield _watched(catalogue, owner, TargetKind.VM, name, vm.address, vm.monitoring, agent=True)
    for name, gateway in sorted(tenant.gateways.items()):
        if gateway.monitoring:
            agent = bool(gateway.agent)
            yield _watched(catalogue, owner, TargetKind.GATEWAY, name, gateway.address, gateway.monitoring, agent=agent)
    for name, line in sorted(tenant.lines.items()):
        if isinstance(line, FixedLine):
            router = IPAddress(line.cidr.first + 1)
            yield _watched(catalogue, owner, TargetKind.LINE, name, router, _ROUTER_PING, agent=False)


def _watched(
    catalogue: Catalogue,
    owner: str,
    target: TargetKind,
    name: str,
    address: IPAddress,
    monitors: Mapping[str, Monitor],
    *,
    agent: bool,
) -> MonitoringResource:
    """Who is told: the vendor that serves the tenant, or the vendor itself, and the tenant (FAQ 4)."""
    tenant = catalogue.tenants[owner]
    vendor = catalogue.tenants.get(tenant.vendor or owner)
    return MonitoringResource(
        tenant=owner,
        target=target,
        name=name,
        address=address,
        agent=agent,
        monitors=dict(monitors),
        vendor_mail=vendor.notify if vendor else None,
        owner_mail=tenant.notify,
    )
