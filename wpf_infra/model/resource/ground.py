"""What servers stand on: storage classes, clusters, and a tenant's room on the backend.

Here: the inputs of their resources. Not here: servers (`server`), what may pass between them (`firewall`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.scalar import Id, OwnerId
from wpf_infra.model.tenancy import BilingualName, Quota, TenantKind, TenantNetwork
from wpf_infra.model.value import Faq, Value


class StorageClassResource(Value):
    kind: ClassVar[Kind] = Kind.STORAGE_CLASS
    type_name: ClassVar[str] = "wpf:platform:StorageClass"
    name: Id
    raid: Annotated[int, Faq(12), Field(ge=6, le=6)] = 6
    groups: Annotated[dict[Id, RaidGroup], Faq(12), Field(min_length=1)]

    @property
    def identity(self) -> Identity:
        return Identity(PLATFORM, self.kind, self.name)


class ClusterResource(Value):
    kind: ClassVar[Kind] = Kind.CLUSTER
    type_name: ClassVar[str] = "wpf:platform:HaCluster"
    name: Id
    hosts: Annotated[dict[Id, Host], Faq(12), Field(min_length=2)]
    admission_control: Annotated[AdmissionControl, Faq(12)]

    @property
    def identity(self) -> Identity:
        return Identity(PLATFORM, self.kind, self.name)


class OwnerKind(StrEnum):
    """Who stops and starts a server: the platform in its own and in utility tenants, else the vendor (FAQ 14-16)."""

    PLATFORM = "platform"
    UTILITY = "utility"
    VENDOR = "vendor"


class TenantResource(Value):
    """The tenant's room on the backend: folder, pool, portgroup. The platform's own servers have one too."""

    kind: ClassVar[Kind] = Kind.TENANT
    type_name: ClassVar[str] = "wpf:tenancy:Tenant"
    tenant: OwnerId
    owner: Annotated[OwnerKind, Faq(14)]
    name: BilingualName
    cluster: Annotated[Id, Faq(12)]
    network: TenantNetwork
    quota: Quota

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.tenant)


def owner_kind(kind: TenantKind | None) -> OwnerKind:
    """The owner's kind of a tenant's kind; None is the platform itself."""
    return OwnerKind.PLATFORM if kind is None else OwnerKind(kind.value)
