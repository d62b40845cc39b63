"""What the engine manages: one closed model for each kind, the inputs of its resource.

Here: every kind, lowered from the catalogue and complete in itself, so that one can be diffed, stored and imported
alone; and what is issued for it, which is never an input. Not here: the lowering (`wpf_infra.declare`), wire forms
(`wpf_infra.provider`), backends.
"""

from __future__ import annotations

from wpf_infra.model.identity import Kind
from wpf_infra.model.resource.certificate import (
    AnchorIssued,
    AnchorResource,
    AuthorityIssued,
    AuthorityResource,
    CertificateIssued,
    CertificateResource,
    Usage,
)
from wpf_infra.model.resource.firewall import Direction, FirewallResource, ResolvedAllowance
from wpf_infra.model.resource.ground import (
    ClusterResource,
    OwnerKind,
    StorageClassResource,
    TenantResource,
    owner_kind,
)
from wpf_infra.model.resource.monitoring import MonitoringResource, TargetKind
from wpf_infra.model.resource.party import (
    Affected,
    LineIssued,
    LineKind,
    LineResource,
    MaintenanceResource,
    UserIssued,
    UserResource,
    UserRollResource,
)
from wpf_infra.model.resource.server import GuestServices, ImageResource, VmResource

Resource = (
    StorageClassResource
    | ClusterResource
    | TenantResource
    | AuthorityResource
    | FirewallResource
    | VmResource
    | ImageResource
    | CertificateResource
    | AnchorResource
    | LineResource
    | MonitoringResource
    | UserResource
    | UserRollResource
    | MaintenanceResource
)
Issued = AuthorityIssued | CertificateIssued | AnchorIssued | UserIssued | LineIssued
"""What a backend gives to an object of some kinds; the resource's outputs beside its inputs."""

# The engine's names of the kinds stand in every state file: they are never changed.
RESOURCES: dict[Kind, type[Resource]] = {
    Kind.STORAGE_CLASS: StorageClassResource,
    Kind.CLUSTER: ClusterResource,
    Kind.TENANT: TenantResource,
    Kind.AUTHORITY: AuthorityResource,
    Kind.FIREWALL: FirewallResource,
    Kind.VM: VmResource,
    Kind.IMAGE: ImageResource,
    Kind.CERTIFICATE: CertificateResource,
    Kind.ANCHOR: AnchorResource,
    Kind.LINE: LineResource,
    Kind.MONITORING: MonitoringResource,
    Kind.USER: UserResource,
    Kind.USER_ROLL: UserRollResource,
    Kind.MAINTENANCE: MaintenanceResource,
}

ISSUED: dict[Kind, type[Issued]] = {
    Kind.AUTHORITY: AuthorityIssued,
    Kind.CERTIFICATE: CertificateIssued,
    Kind.ANCHOR: AnchorIssued,
    Kind.USER: UserIssued,
    Kind.LINE: LineIssued,
}
SECRET_OUTPUTS: dict[Kind, frozenset[str]] = {Kind.CERTIFICATE: frozenset({"private_key"})}
"""Of what is issued, what is stored encrypted and never shown."""

JUDGE = "wpf:plan:judge"
"""The engine's name of the provider's function that a stack's program calls before it declares anything."""

__all__ = [
    "ISSUED",
    "JUDGE",
    "RESOURCES",
    "SECRET_OUTPUTS",
    "Affected",
    "AnchorIssued",
    "AnchorResource",
    "AuthorityIssued",
    "AuthorityResource",
    "CertificateIssued",
    "CertificateResource",
    "ClusterResource",
    "Direction",
    "FirewallResource",
    "GuestServices",
    "ImageResource",
    "Issued",
    "LineIssued",
    "LineKind",
    "LineResource",
    "MaintenanceResource",
    "MonitoringResource",
    "OwnerKind",
    "ResolvedAllowance",
    "Resource",
    "StorageClassResource",
    "TargetKind",
    "TenantResource",
    "Usage",
    "UserIssued",
    "UserResource",
    "UserRollResource",
    "VmResource",
    "owner_kind",
]
