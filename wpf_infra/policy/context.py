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
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine
from wpf_infra.network.resolve import resolve_end
from wpf_infra.policy.conversation import AllowanceEnd, Conversations


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

    def is_doubtful(self, path: str) -> bool:
        """Is the path, or anything around or in it, among what could not be read?"""
        return self.catalogue.is_unjudged(path) or any(
            unread.startswith(f"{path}.") for unread in self.catalogue.unjudged
        )

    @cached_property
    def addresses(self) -> Mapping[str, tuple[int, ...]]:
        """Those of each owner's servers, sorted."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for server in self.servers:
            found[server.owner].append(int(server.vm.address))
        return {owner: tuple(sorted(addresses)) for owner, addresses in found.items()}

    @cached_property
    def allowance_pairs(self) -> tuple[tuple[AllowanceEnd, AllowanceEnd], ...]:
        """Source and destination of each allowance, the platform's first, by declaring owner and name."""
        return tuple(self._allowance_pairs())

    @property
    def allowance_ends(self) -> Iterator[AllowanceEnd]:
        return (end for pair in self.allowance_pairs for end in pair)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.catalogue, self.allowance_pairs)

    def _allowance_pairs(self) -> Iterator[tuple[AllowanceEnd, AllowanceEnd]]:
        for declaring, owner in self.owners:
            for name, allowance in sorted(owner.allowances.items()):
                source, destination = (
                    AllowanceEnd(declaring, name, side, end, allowance, resolve_end(self.catalogue, end, declaring))
                    for side, end in (("from", allowance.source), ("to", allowance.destination))
                )
                yield source, destination
