"""What people declare and what backends observe, as frozen values.

Here: pure types, with the FAQ rows their refusals rest on. Not here: files, clocks, rules, engines.
Stack authors write `from wpf_infra.model import Platform, Tenant, VirtualMachine`. A name is imported when it is asked
for: the provider, which starts with every run, needs a third of the model.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wpf_infra.model.agreement import Agreed, Consent, Retirement
    from wpf_infra.model.allowance import Allowance, Endpoint
    from wpf_infra.model.catalogue import Catalogue
    from wpf_infra.model.disk import Disk
    from wpf_infra.model.hardware import AdmissionControl, Host, RaidGroup
    from wpf_infra.model.menu import Menu, Product
    from wpf_infra.model.platform import AddressSpace, HaCluster, Platform, Space, StorageClass
    from wpf_infra.model.tenancy import BilingualName, Quota, TenantNetwork
    from wpf_infra.model.tenant import Tenant
    from wpf_infra.model.vm import VirtualMachine

_MODULES = {
    "AddressSpace": "platform",
    "AdmissionControl": "hardware",
    "Agreed": "agreement",
    "Allowance": "allowance",
    "BilingualName": "tenancy",
    "Catalogue": "catalogue",
    "Consent": "agreement",
    "Disk": "disk",
    "Endpoint": "allowance",
    "HaCluster": "platform",
    "Host": "hardware",
    "Menu": "menu",
    "Platform": "platform",
    "Product": "menu",
    "Quota": "tenancy",
    "RaidGroup": "hardware",
    "Retirement": "agreement",
    "Space": "platform",
    "StorageClass": "platform",
    "Tenant": "tenant",
    "TenantNetwork": "tenancy",
    "VirtualMachine": "vm",
}

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
    "Product",
    "Quota",
    "RaidGroup",
    "Retirement",
    "Space",
    "StorageClass",
    "Tenant",
    "TenantNetwork",
    "VirtualMachine",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
