"""The catalogue: the platform and every tenant, as one pure value.

Here: the value and look-ups in it. Not here: reading it from files (`wpf_infra.loading`) and judging it (`policy`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.finding import Position
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.tenancy import TenantNetwork
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine


@dataclass(frozen=True)
class Catalogue:
    """tenants: by id; positions: where a dotted path (`higashi-suido.vms.app-1.cpu`) stands in which file;
    unjudged: paths of what was declared and could not be read, so that a reference to it is not called dangling;
    otherwise: tenants in part unread, with other values in place of that: only what is wrong either way is;
    anchors: the file of each `TENANT.trust.NAME`, where files were read at all.
    """

    platform: Platform
    tenants: Mapping[str, Tenant]
    positions: Mapping[str, Position] = field(default_factory=dict)
    unjudged: frozenset[str] = frozenset()
    otherwise: Mapping[str, Tenant] = field(default_factory=dict)
    anchors: Mapping[str, AnchorFile] = field(default_factory=dict)

    def position(self, path: str) -> Position | None:
        """Where the path, or the nearest thing around it, stands."""
        while path:
            if path in self.positions:
                return self.positions[path]
            path = path.rpartition(".")[0]
        return None

    def is_unjudged(self, path: str) -> bool:
        """Is the path, or anything around it, among what could not be read?"""
        while path and path not in self.unjudged:
            path = path.rpartition(".")[0]
        return bool(path)

    def owner(self, name: str) -> Tenant | Platform | None:
        return self.platform if name == PLATFORM else self.tenants.get(name)

    def networks(self) -> Iterator[tuple[str, TenantNetwork]]:
        """Owner and network, the platform's first, tenants by id."""
        yield PLATFORM, self.platform.network
        for name, tenant in sorted(self.tenants.items()):
            yield name, tenant.network

    def vms(self) -> Iterator[tuple[str, str, str, VirtualMachine]]:
        """Owner, cluster, name and declaration of every server, the platform's first, then by id."""
        for name, vm in sorted(self.platform.vms.items()):
            yield PLATFORM, self.platform.cluster, name, vm
        for owner, tenant in sorted(self.tenants.items()):
            for name, vm in sorted(tenant.vms.items()):
                yield owner, tenant.cluster, name, vm
