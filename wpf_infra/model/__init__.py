"""What people declare and what backends observe, as frozen values.

Here: pure types, with the FAQ rows their refusals rest on. Not here: files, clocks, rules, engines.
Stack authors write `from wpf_infra.model import Platform, Tenant, VirtualMachine`.
"""

from wpf_infra.model.agreement import Agreed, Consent, Retirement
from wpf_infra.model.allowance import Allowance, Endpoint
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.disk import Disk
from wpf_infra.model.platform import (
    AddressSpace,
    AdmissionControl,
    HaCluster,
    Host,
    Menu,
    Platform,
    RaidGroup,
    Space,
    StorageClass,
)
from wpf_infra.model.tenant import BilingualName, Quota, Tenant, TenantNetwork
from wpf_infra.model.vm import VirtualMachine

__all__ = [
    "AddressSpace",
    "AdmissionControl",
    "Agreed",
    "Allowance",
    "BilingualName",
    "Catalogue",
    "Consent",
    "Disk",
    "Endpoint",
    "HaCluster",
    "Host",
    "Menu",
    "Platform",
    "Quota",
    "RaidGroup",
    "Retirement",
    "Space",
    "StorageClass",
    "Tenant",
    "TenantNetwork",
    "VirtualMachine",
]
