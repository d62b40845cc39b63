"""What stands in a range of addresses: the servers, terminals, lines and gateways of a flow, by name.

Here: from addresses to names, for whole sets of flows. Not here: what people name in a question (`place`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netaddr import IPAddress, IPNetwork

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.network.flow.flow_set import span
from wpf_infra.network.reach.place import KIND_OF, Place, PlaceKind
from wpf_infra.network.resolve import EndKind, all_ends


@dataclass(frozen=True, slots=True)
class End:
    """owner: a tenant's id, `platform`, None for what is nobody's. name: the name it has there; of a TENANT its own,
    of an ADDRESS a network or a range.
    """

    owner: str | None
    kind: PlaceKind
    name: str

    @property
    def rank(self) -> tuple[bool, str, PlaceKind, str]:
        """Sorts ends; what is nobody's comes last."""
        return self.owner is None, self.owner or "", self.kind, self.name

    def __str__(self) -> str:
        if self.owner is None or self.kind is PlaceKind.TENANT:
            return self.name
        return f"{self.owner} ({self.name})" if self.kind is PlaceKind.ADDRESS else f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class _Block:
    """A network or line of an owner, or a network of terminals beside it; those of two owners share no address."""

    first: int
    last: int
    owner: str


class Directory:
    """The catalogue's names by address. asked: places of a question, which are named as it names them."""

    def __init__(self, catalogue: Catalogue, asked: Iterable[Place] = ()) -> None:
        self._exactly: dict[tuple[int, int], End] = {}
        self._single: list[int] = []
        self._wholes: dict[str, frozenset[End]] = {}
        self._asked = [
            (span(network), End(place.owner, place.kind, place.written))
            for place in asked
            if place.kind in (PlaceKind.ADDRESS, PlaceKind.ANY)
            for network in place.networks
            if network.version == 4
        ]
        self._exactly.update(reversed(self._asked))
        blocks: list[_Block] = []
        for end in all_ends(catalogue):
            self._name(end.network, End(end.owner, KIND_OF[end.kind], end.name))
            if end.kind is EndKind.LINE or (end.kind is EndKind.ENDPOINT and end.owner == PLATFORM):
                blocks.append(_Block(*span(end.network), end.owner))
        for owner, room in catalogue.networks():
            self._name(room.cidr, whole := End(owner, PlaceKind.ADDRESS, str(room.cidr)))
            blocks.append(_Block(*span(room.cidr), owner))
            lines = tenant.lines if (tenant := catalogue.tenants.get(owner)) is not None else ()
            self._wholes[owner] = frozenset({whole, *(End(owner, PlaceKind.LINE, name) for name in lines)})
        self._blocks = sorted(blocks, key=lambda block: block.first)
        self._firsts = [block.first for block in self._blocks]
        self._single.sort()

    def ends(self, first: int, last: int) -> Iterator[End]:
        """All that stands from the first address to the last, in that order; parts of networks as ranges."""
        if (exact := self._exactly.get((first, last))) is not None:
            yield exact
            return
        rest = first
        for number in range(max(bisect_right(self._firsts, first) - 1, 0), bisect_right(self._firsts, last)):
            block = self._blocks[number]
            begin, end = max(block.first, rest), min(block.last, last)
            if begin > end:
                continue
            if rest < begin:
                yield self._elsewhere(rest, begin - 1)
            yield from self._inside(block, begin, end)
            rest = end + 1
        if rest <= last:
            yield self._elsewhere(rest, last)

    def gathered(self, ends: Iterable[End]) -> tuple[End, ...]:
        """The ends, sorted; an owner's network and all of its lines together are the owner."""
        found = set(ends)
        for owner in {end.owner for end in found if end.owner is not None}:
            whole = self._wholes.get(owner, frozenset())
            if whole and whole <= found:
                found = found - whole | {End(owner, PlaceKind.TENANT, owner)}
        return tuple(sorted(found, key=lambda end: end.rank))

    def _elsewhere(self, first: int, last: int) -> End:
        """Nobody's addresses: the place that was asked about, as far as they lie in it."""
        asked = (end for (begin, end_), end in self._asked if begin <= first and last <= end_)
        return next(asked, End(None, PlaceKind.ADDRESS, _range(first, last)))

    def _name(self, network: IPNetwork, end: End) -> None:
        first, last = span(network)
        self._exactly.setdefault((first, last), end)
        if first == last:
            self._single.append(first)

    def _inside(self, block: _Block, first: int, last: int) -> Iterator[End]:
        if (exact := self._exactly.get((first, last))) is not None:
            yield exact
            return
        singles = self._single[bisect_right(self._single, first - 1) : bisect_right(self._single, last)]
        if len(set(singles)) == last - first + 1:
            yield from (self._exactly[number, number] for number in dict.fromkeys(singles))
        else:
            yield End(block.owner, PlaceKind.ADDRESS, _range(first, last))


def _range(first: int, last: int) -> str:
    begin, end = IPAddress(first, 4), IPAddress(last, 4)
    return str(begin) if first == last else f"{begin}-{end}"
