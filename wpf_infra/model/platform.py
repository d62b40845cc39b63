"""The platform: what the operator owns and offers to every tenant.

Here: clusters, storage classes, address space, the platform's own servers and what they do. Not here: any tenant.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wpf_infra.model.allowance import Allowance, Endpoint
from wpf_infra.model.authority import CertificateAuthority
from wpf_infra.model.closing import ClosingDays
from wpf_infra.model.function import Function
from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
from wpf_infra.model.maintenance import Maintenance
from wpf_infra.model.menu import Menu
from wpf_infra.model.ports import PortRange
from wpf_infra.model.scalar import WHOLE, Count, Id, Network, PrefixLength, Sentence, VlanId, VmId
from wpf_infra.model.tenancy import BilingualName, Quota, TenantKind, TenantNetwork
from wpf_infra.model.value import SORTED, Faq, Value
from wpf_infra.model.vm import VirtualMachine


class HaCluster(Value):
    hosts: Annotated[dict[Id, Host], Faq(12), Field(min_length=2)]
    """Its physical hosts, by name."""
    admission_control: Annotated[AdmissionControl, Faq(12)]
    """What is kept free for a host that fails."""


class StorageClass(Value):
    raid: Annotated[Literal[6], WHOLE, Faq(12)] = 6
    """RAID6: two disks of a group may fail at once."""
    groups: Annotated[dict[Id, RaidGroup], Faq(12), Field(min_length=1)]
    """Its RAID groups, by name."""


class Space(Value):
    """Where tenants of a kind get their networks and VLANs; first and last VLAN inclusive."""

    cidr: Network
    """The IPv4 network that theirs lie in."""
    vlan_first: VlanId
    """The lowest VLAN of theirs."""
    vlan_last: VlanId
    """The highest VLAN of theirs."""


class AddressSpace(Value):
    utilities: Space
    """Where utilities' networks and VLANs lie."""
    vendors: Space
    """Where vendors' networks and VLANs lie."""
    fixed_lines: Network
    """The IPv4 network that fixed lines' lie in."""
    mobile_lines: Network
    """The IPv4 network that mobile lines' lie in."""
    tenant_prefix: PrefixLength = 24
    """Length of the prefix of a tenant's network, for onboarding."""
    line_prefix: PrefixLength = 28
    """The same of a line's."""
    first_server: Count = 11
    """The first server's place in a tenant's network; those below are left to network devices."""

    def of(self, kind: TenantKind) -> Space:
        return self.utilities if kind is TenantKind.UTILITY else self.vendors


class Platform(Value):
    name: BilingualName
    """What the platform is called, in both languages."""
    cluster: Id
    """The cluster that carries the platform's own servers."""
    network: TenantNetwork
    """The network of the platform's own servers, outside the spaces."""
    quota: Quota
    """What the platform's own servers may take altogether."""
    clusters: Annotated[dict[Id, HaCluster], Faq(12), Field(min_length=1)]
    """Clusters of hosts, by name."""
    storage_classes: Annotated[dict[Id, StorageClass], Faq(12), Field(min_length=1)]
    """Storage classes, by name."""
    menu: Menu
    """What may be ordered."""
    space: AddressSpace
    """Where networks and VLANs of tenants and lines lie."""
    vms: dict[VmId, VirtualMachine] = {}
    """The platform's own servers, by name."""
    services: dict[Function, tuple[VmId, ...]] = {}
    """Which servers carry which platform function."""
    service_ports: Annotated[dict[Function, Annotated[tuple[PortRange, ...], Field(min_length=1)]], Faq(22)] = {}
    """What a function's servers answer tenants on, where it is not the usual."""
    endpoints: Annotated[dict[Id, Endpoint], Faq(22)] = {}
    """Networks beside the tenants' that its servers speak with, such as the hosts' management, by name."""
    allowances: Annotated[dict[Id, Allowance], Faq(22)] = {}
    """What may pass between its servers and those networks, or tenants, beyond the services; by name."""
    mail_whitelist: Annotated[frozenset[Sentence], SORTED, Faq(6)] = frozenset()
    """Domains that mail may leave to."""
    certificate_authority: Annotated[CertificateAuthority | None, Faq(3)] = None
    """The platform's own certificate authority."""
    closing_days: Annotated[ClosingDays, Faq(13)] = Field(default_factory=ClosingDays)
    """When the operator is closed, beside weekends and holidays."""
    maintenance: Annotated[dict[Id, Maintenance], Faq(2)] = {}
    """Announced work on the platform, by name."""
