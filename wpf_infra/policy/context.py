"""What rules look at: the catalogue, the instant, and look-ups made once for all of them.

Here: indexes that several rules share. Not here: any judgement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from wpf_infra.calendar import TOKYO, BusinessCalendar
from wpf_infra.model.allowance import Allowance
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine
from wpf_infra.network.resolve import ResolvedEnd, resolve_end


@dataclass(frozen=True, slots=True)
class Server:
    """A VM with what it stands in. cluster: its owner's."""

    owner: str
    cluster: str
    name: str
    vm: VirtualMachine

    @property
    def path(self) -> str:
        return f"{self.owner}.vms.{self.name}"


@dataclass(frozen=True, slots=True)
class AllowanceEnd:
    """One end of an allowance. side: `from` or `to`; written: as declared; named: what it resolves to."""

    declaring: str
    name: str
    side: str
    written: str
    allowance: Allowance
    named: tuple[ResolvedEnd, ...]

    @property
    def path(self) -> str:
        return f"{self.declaring}.allowances.{self.name}.{self.side}"


@dataclass(frozen=True)
class Context:
    """now: an aware instant; a date of the platform is meant in Japan."""

    catalogue: Catalogue
    now: datetime

    @property
    def platform(self) -> Platform:
        return self.catalogue.platform

    @property
    def tenants(self) -> Mapping[str, Tenant]:
        return self.catalogue.tenants

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(TOKYO).date()

    @cached_property
    def calendar(self) -> BusinessCalendar:
        """Japan's business days, less the days on which the operator is closed."""
        closing = self.platform.closing_days
        return BusinessCalendar.declared(closing.days, closing.year_end_first, closing.year_end_last)

    @cached_property
    def owners(self) -> tuple[tuple[str, Platform | Tenant], ...]:
        """The platform first, tenants by id."""
        return ((PLATFORM, self.platform), *sorted(self.tenants.items()))

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        return tuple(Server(*each) for each in self.catalogue.vms())

    @cached_property
    def servers_by_cluster(self) -> Mapping[str, tuple[Server, ...]]:
        found: defaultdict[str, list[Server]] = defaultdict(list)
        for server in self.servers:
            found[server.cluster].append(server)
        return {cluster: tuple(servers) for cluster, servers in found.items()}

    @cached_property
    def group_sizes(self) -> Mapping[tuple[str, str], int]:
        """How many servers each anti-affinity group has, by owner and group."""
        return Counter((each.owner, each.vm.anti_affinity) for each in self.servers if each.vm.anti_affinity)

    @cached_property
    def allowance_ends(self) -> tuple[AllowanceEnd, ...]:
        return tuple(self._allowance_ends())

    def _allowance_ends(self) -> Iterator[AllowanceEnd]:
        for declaring, tenant in sorted(self.tenants.items()):
            for name, allowance in sorted(tenant.allowances.items()):
                for side, end in (("from", allowance.source), ("to", allowance.destination)):
                    named = resolve_end(self.catalogue, end, declaring)
                    yield AllowanceEnd(declaring, name, side, end, allowance, named)
