"""An owner's whole firewall policy: its networks, its allowances, and the services it has.

Here: what the engine manages and backends write, out of the catalogue, pure. Not here: the rules that a policy comes to
(`rules`).
"""

from __future__ import annotations

from collections.abc import Mapping

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.resolve import all_allowances, allowances_of
from wpf_infra.network.service import platform_services, tenant_services


def policy_of(catalogue: Catalogue, owner: str) -> FirewallResource:
    """The policy of a tenant, or of `platform`. Raises KeyError for who is not declared."""
    return _policy(catalogue, owner, allowances_of(catalogue, owner))


def all_policies(catalogue: Catalogue) -> dict[str, FirewallResource]:
    """What `policy_of` says for every owner, in one pass; the platform first, tenants by id."""
    declared = all_allowances(catalogue)
    return {owner: _policy(catalogue, owner, declared.get(owner, {})) for owner, _ in catalogue.networks()}


def _policy(catalogue: Catalogue, owner: str, declared: Mapping[str, ResolvedAllowance]) -> FirewallResource:
    platform = catalogue.platform
    if owner == PLATFORM:
        return FirewallResource(
            tenant=owner,
            network=platform.network.cidr,
            allowances=dict(sorted({**declared, **platform_services(platform)}.items())),
        )
    tenant: Tenant = catalogue.tenants[owner]
    return FirewallResource(
        tenant=owner,
        network=tenant.network.cidr,
        lines={name: line.cidr for name, line in sorted(tenant.lines.items())},
        allowances=dict(sorted({**declared, **tenant_services(platform, tenant)}.items())),
    )
