"""Who is affected by a maintenance: what is worked on → servers → tenants, and the vendors that serve them (FAQ 2).

Here: the pure question. Not here: telling them (`wpf_infra.backend.registry`).
"""

from __future__ import annotations

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.function import Function
from wpf_infra.model.maintenance import MaintenanceTargets
from wpf_infra.model.resource import Affected
from wpf_infra.model.tenant import Option, Tenant

_ORDERED_WITH = {
    Function.SMTP: Option.SMTP,
    Function.ANTIVIRUS: Option.ANTIVIRUS,
    Function.BACKUP: Option.BACKUP,
    Function.ZABBIX: Option.MONITORING,
}
"""Functions that only some tenants have; the others are everybody's."""


def affected_by(catalogue: Catalogue, targets: MaintenanceTargets) -> dict[str, Affected]:
    """By tenant id, sorted. Work on a host touches its whole cluster: nobody knows today where a server will run."""
    clusters = _clusters(catalogue, targets)
    met = {
        name
        for name, tenant in catalogue.tenants.items()
        if (tenant.cluster in clusters and tenant.vms) or any(_has(tenant, each) for each in targets.functions)
    }
    vendors = {catalogue.tenants[name].vendor for name in met} & catalogue.tenants.keys()
    return {
        name: Affected(name=catalogue.tenants[name].name, notify=catalogue.tenants[name].notify)
        for name in sorted({*met, *(vendor for vendor in vendors if vendor is not None)})
    }


def _clusters(catalogue: Catalogue, targets: MaintenanceTargets) -> frozenset[str]:
    platform = catalogue.platform
    of_hosts = {name for name, cluster in platform.clusters.items() if targets.hosts & cluster.hosts.keys()}
    of_groups = {
        group.cluster
        for storage_class in platform.storage_classes.values()
        for name, group in storage_class.groups.items()
        if name in targets.raid_groups
    }
    return frozenset({*targets.clusters, *of_hosts, *of_groups})


def _has(tenant: Tenant, function: Function) -> bool:
    option = _ORDERED_WITH.get(function)
    return option is None or option in tenant.options
