"""What the engine manages: one closed model for each kind, the inputs of its resource.

Here: the five kinds, lowered from the catalogue and complete in themselves, so that one can be diffed, stored and
imported alone. Not here: the lowering (`wpf_infra.declare`), wire forms (`wpf_infra.provider`), backends.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.agreement import Consent, Retirement
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.ports import PortRange
from wpf_infra.model.scalar import Address, Count, Id, Network, OwnerId, Sentence, VmId
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


class VmResource(Value):
    """A server. `consent` and every `retire` are agreements: recorded in the state, not on the backend."""

    kind: ClassVar[Kind] = Kind.VM
    type_name: ClassVar[str] = "wpf:compute:VirtualMachine"
    tenant: OwnerId
    owner: Annotated[OwnerKind, Faq(14)]
    name: VmId
    cluster: Id
    os: Annotated[Id, Faq(20)]
    cpu: Annotated[Count, Faq(16)]
    memory_gib: Annotated[Count, Faq(16)]
    address: Address
    restart_priority: Annotated[RestartPriority, Faq(12)] = RestartPriority.MEDIUM
    anti_affinity: Annotated[Id | None, Faq(12)] = None
    disks: Annotated[dict[Id, Disk], Faq(15), Field(min_length=1)]
    consent: Annotated[Consent | None, Faq(15)] = None
    retire: Annotated[Retirement | None, Faq(13)] = None

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)


class Direction(StrEnum):
    """Seen from the tenant whose policy it is: does its side open the conversation, or answer it?"""

    OUT = "out"
    IN = "in"


class ResolvedAllowance(Value):
    """An allowance with its ends turned into networks, seen from one tenant (FAQ 22)."""

    direction: Direction
    peer: OwnerId | None = None
    """The tenant, or the platform, whose own policy allows the same; None where the platform's service reaches every
    tenant through a whole address space, so that nobody else's policy follows this one.
    """
    source: Network
    destination: Network
    ports: Annotated[tuple[PortRange, ...], Field(min_length=1)]
    """Sorted, each once."""
    reason: Sentence


class FirewallResource(Value):
    """What may pass the ports of an owner's servers. A tenant's lines count as inside the tenant (FAQ 35)."""

    kind: ClassVar[Kind] = Kind.FIREWALL
    type_name: ClassVar[str] = "wpf:network:FirewallPolicy"
    tenant: OwnerId
    network: Annotated[Network, Faq(22)]
    """The network of the owner's servers, inside which traffic is free."""
    lines: Annotated[dict[Id, Network], Faq(35)] = {}
    """The owner's lines by name, with which its servers speak freely too."""
    allowances: Annotated[dict[str, ResolvedAllowance], Faq(22)] = {}
    """By `declaring-owner/allowance`; a service's by `platform.SERVICE/SERVER` for a tenant, and for the platform by
    `SPACE.SERVICE/SERVER`.
    """

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.tenant)


Resource = StorageClassResource | ClusterResource | TenantResource | VmResource | FirewallResource

# The engine's names of the kinds stand in every state file: they are never changed.
RESOURCES: dict[Kind, type[Resource]] = {
    Kind.STORAGE_CLASS: StorageClassResource,
    Kind.CLUSTER: ClusterResource,
    Kind.TENANT: TenantResource,
    Kind.VM: VmResource,
    Kind.FIREWALL: FirewallResource,
}


def owner_kind(kind: TenantKind | None) -> OwnerKind:
    """The owner's kind of a tenant's kind; None is the platform itself."""
    return OwnerKind.PLATFORM if kind is None else OwnerKind(kind.value)


JUDGE = "wpf:plan:judge"
"""The engine's name of the provider's function that a stack's program calls before it declares anything."""
