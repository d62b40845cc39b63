"""Whose an address is, and whose filter stands before it.

Here: both as tables of address ranges, and the refusal of worlds where that has no one answer. Not here: what the
filters let pass (`world`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from netaddr import IPNetwork

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.flow.flow_set import NOTHING, FlowSet, Span, between, span

_Claim: TypeAlias = tuple[int, int, str]
"""First and last address, and its owner."""
_HIGHEST = 2**32 - 1
_BEYOND = (_HIGHEST + 1, _HIGHEST + 1, None)
"""After the last claim."""


class Unsound(Unreadable):
    """Whose filter a packet passes has no one answer, so nothing can be said of it."""


class Zones:
    """Who has which addresses; no address has two owners."""

    def __init__(self, claims: Iterable[_Claim]) -> None:
        self._claims = sorted(claims)
        self._firsts = [first for first, _, _ in self._claims]

    def at(self, address: int) -> str | None:
        place = bisect_right(self._firsts, address) - 1
        if place < 0 or self._claims[place][1] < address:
            return None
        return self._claims[place][2]

    def split(self, spans: Iterable[Span]) -> dict[str | None, list[Span]]:
        """The spans by owner, sorted as they came; None: nobody's."""
        found: defaultdict[str | None, list[Span]] = defaultdict(list)
        for first, last in spans:
            place = max(bisect_right(self._firsts, first) - 1, 0)
            while first <= last:
                claim_first, claim_last, owner = self._claims[place] if place < len(self._claims) else _BEYOND
                if first < claim_first:
                    found[None].append((first, min(last, claim_first - 1)))
                if first <= claim_last and claim_first <= last:
                    found[owner].append((max(first, claim_first), min(last, claim_last)))
                first = max(first, claim_last + 1)
                place += 1
        return dict(found)

    def changed(self, other: Zones) -> Iterator[Span]:
        """Where the two tables name different owners."""
        if self._claims == other._claims:
            return
        for owner, spans in self.split([(0, _HIGHEST)]).items():
            for theirs, parts in other.split(spans).items():
                if theirs != owner:
                    yield from parts


def networks_inside(owner: Platform | Tenant) -> tuple[IPNetwork, ...]:
    """All that is inside an owner: its network, and a tenant's lines (FAQ 22, 35)."""
    lines = sorted(owner.lines.items()) if isinstance(owner, Tenant) else ()
    return (owner.network.cidr, *(line.cidr for _, line in lines))


def filter_zones(catalogue: Catalogue) -> Zones:
    """Whose rules stand at an address's port. A network is behind its owner's filter, but for terminals: they have no
    port of ours. Lines, and what stands beside the platform, are before every filter.
    """
    return Zones(
        (first, last, owner)
        for owner, network in catalogue.networks()
        for first, last in (between([span(network.cidr)]) - _terminals(catalogue.tenants.get(owner))).sources
    )


def owner_zones(catalogue: Catalogue) -> Zones:
    """Whose an address is at all. Raises Unsound where it is two owners', or a thing lies outside its owner's."""
    _refuse_astray(catalogue)
    return Zones(_apart(catalogue))


def _apart(catalogue: Catalogue) -> Iterator[_Claim]:
    """Every owner's ranges, sorted. Networks nest or lie apart: what overlaps lies inside the widest before it."""
    widest: _Named | None = None
    for each in sorted(_named(catalogue), key=lambda each: (each.first, -each.last)):
        if widest is None or each.first > widest.last:
            widest = each
            yield each.first, each.last, each.owner
        elif each.owner != widest.owner:
            raise Unsound(
                Text(
                    en=f"this overlaps {widest.path}, so whose filter its packets pass cannot be told",
                    ja=f"{widest.path} と重なり、どちらのフィルタを通るか決まりません",
                ),
                where=each.path,
                row=22,
                remedy=_CHECK,
            )


class _Named(NamedTuple):
    first: int
    last: int
    owner: str
    path: str


def _named(catalogue: Catalogue) -> Iterator[_Named]:
    """Every range that is somebody's, with the path it is declared at."""
    for owner, network in catalogue.networks():
        yield _Named(*span(network.cidr), owner, f"{owner}.network.cidr")
    for name, endpoint in sorted(catalogue.platform.endpoints.items()):
        yield _Named(*span(endpoint.cidr), PLATFORM, f"{PLATFORM}.endpoints.{name}.cidr")
    for owner, tenant in sorted(catalogue.tenants.items()):
        for name, line in sorted(tenant.lines.items()):
            yield _Named(*span(line.cidr), owner, f"{owner}.lines.{name}.cidr")


def _refuse_astray(catalogue: Catalogue) -> None:
    """Servers and terminals stand in their owner's network, gateways on their line: filters are written that way."""
    rooms = {owner: span(network.cidr) for owner, network in catalogue.networks()}
    for owner, _, name, vm in catalogue.vms():
        _refuse_outside(f"{owner}.vms.{name}.address", (int(vm.address),) * 2, rooms[owner])
    for owner, tenant in sorted(catalogue.tenants.items()):
        for name, endpoint in sorted(tenant.endpoints.items()):
            _refuse_outside(f"{owner}.endpoints.{name}.cidr", span(endpoint.cidr), rooms[owner])
        for name, gateway in sorted(tenant.gateways.items()):
            line = tenant.lines.get(gateway.line)
            room = span(line.cidr) if line is not None else None
            _refuse_outside(f"{owner}.gateways.{name}.address", (int(gateway.address),) * 2, room)


def _refuse_outside(path: str, inner: Span, room: Span | None) -> None:
    if room is None or inner[0] < room[0] or inner[1] > room[1]:
        raise Unsound(
            Text(
                en="this lies outside its owner's network or line, so whose filter it is behind cannot be told",
                ja="所有者のネットワークまたは回線の外にあり、どのフィルタの内側か決まりません",
            ),
            where=path,
            row=22,
            remedy=_CHECK,
        )


def _terminals(tenant: Tenant | None) -> FlowSet:
    """What a tenant's terminals send: its ranges of them, without the servers that stand in these."""
    if tenant is None or not tenant.endpoints:
        return NOTHING
    servers = [(address, address) for address in sorted({int(vm.address) for vm in tenant.vms.values()})]
    return FlowSet.union(between([span(each.cidr)]) for each in tenant.endpoints.values()) - between(servers)


_CHECK = Text(en="run `wpf check` and mend what it finds first", ja="先に `wpf check` の指摘を直してください")
