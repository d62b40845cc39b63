"""The platform: what the operator owns and offers to every tenant.

Here: clusters, storage classes, menus, address space, the platform's own servers. Not here: any tenant.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
from wpf_infra.model.scalar import WHOLE, Count, Id, Network, Sentence, VlanId, VmId
from wpf_infra.model.tenancy import BilingualName, Quota, TenantKind, TenantNetwork
from wpf_infra.model.value import SORTED, Faq, Value
from wpf_infra.model.vm import VirtualMachine


class HaCluster(Value):
    hosts: Annotated[dict[Id, Host], Faq(12), Field(min_length=2)]
    admission_control: Annotated[AdmissionControl, Faq(12)]


class StorageClass(Value):
    raid: Annotated[Literal[6], WHOLE, Faq(12)] = 6
    """RAID6: two disks of a group may fail at once."""
    groups: Annotated[dict[Id, RaidGroup], Faq(12), Field(min_length=1)]


class Menu(Value):
    """What may be ordered (FAQ 15, 16, 20, 23)."""

    disk_gb: Annotated[frozenset[Count], SORTED, Faq(15)]
    cpu: Annotated[frozenset[Count], SORTED, Faq(16)]
    memory_gib: Annotated[frozenset[Count], SORTED, Faq(16)]
    os: Annotated[frozenset[Id], SORTED, Faq(20)]
    software: Annotated[frozenset[Id], SORTED, Faq(23)]


class Space(Value):
    """Where tenants of a kind get their networks and VLANs; first and last VLAN inclusive."""

    cidr: Network
    vlan_first: VlanId
    vlan_last: VlanId


class AddressSpace(Value):
    utilities: Space
    vendors: Space
    fixed_lines: Network
    mobile_lines: Network

    def of(self, kind: TenantKind) -> Space:
        return self.utilities if kind is TenantKind.UTILITY else self.vendors


class Function(StrEnum):
    """What the platform's own servers do for tenants."""

    NTP = "ntp"
    ANTIVIRUS = "antivirus"
    SMTP = "smtp"
    DNS = "dns"
    ZABBIX = "zabbix"
    PORTAL = "portal"
    AUTHENTICATION = "authentication"
    INTERFACE = "interface"


class Platform(Value):
    name: BilingualName
    cluster: Id
    """The cluster that carries the platform's own servers."""
    network: TenantNetwork
    quota: Quota
    clusters: Annotated[dict[Id, HaCluster], Faq(12), Field(min_length=1)]
    storage_classes: Annotated[dict[Id, StorageClass], Faq(12), Field(min_length=1)]
    menu: Menu
    space: AddressSpace
    vms: dict[VmId, VirtualMachine] = {}
    services: dict[Function, tuple[VmId, ...]] = {}
    """Which servers carry which platform function."""
    mail_whitelist: Annotated[frozenset[Sentence], SORTED, Faq(6)] = frozenset()
    """Domains that mail may leave to."""
