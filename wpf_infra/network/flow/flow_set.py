"""Sets of flows, exact over the whole header space.

Here: flows, and the sets of them. Not here: how sets are computed (`interval_tree`), which flows are meant (`world`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from operator import le
from typing import NamedTuple, TypeAlias, TypeVar

from netaddr import IPNetwork

from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow import interval_tree
from wpf_infra.network.flow.interval_tree import HIGHEST, Tree


class Flow(NamedTuple):
    """The header of a packet that opens a conversation. Of a protocol without ports all ports are the same."""

    source: int
    destination: int
    protocol: int
    source_port: int
    destination_port: int


class Box(NamedTuple):
    """The flows between inclusive bounds."""

    source_first: int
    source_last: int
    destination_first: int
    destination_last: int
    protocol_first: int
    protocol_last: int
    source_port_first: int
    source_port_last: int
    destination_port_first: int
    destination_port_last: int


Span: TypeAlias = tuple[int, int]
"""First and last address."""
_Thing = TypeVar("_Thing")

NUMBERS = {Protocol.ICMP: 1, Protocol.TCP: 6, Protocol.UDP: 17}
"""The protocols' numbers in an IPv4 header (RFC 790)."""
_SOURCE_PORT = 3


class FlowSet:
    """An immutable set of flows. Its levels are those of a flow, in their order."""

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        """The union of the boxes; a box whose bounds are crossed is empty."""
        self._tree = interval_tree.built([each for each in boxes if all(map(le, each[::2], each[1::2]))])

    @classmethod
    def union(cls, sets: Iterable[FlowSet]) -> FlowSet:
        return _of(interval_tree.union_of([each._tree for each in sets]))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The same set as boxes that do not overlap, in order."""
        return tuple(self.walk())

    def walk(self) -> Iterator[Box]:
        """The boxes one by one: there may be as many as pairs of ends, and a caller may want few of them."""
        return (Box(*bounds) for bounds in interval_tree.boxes(self._tree))

    @cached_property
    def sources(self) -> tuple[Span, ...]:
        """Who sends at all, sorted and apart."""
        return tuple((first, last) for first, last, _ in interval_tree.outline(self._tree, 0))

    @cached_property
    def destinations(self) -> tuple[Span, ...]:
        """Who is sent to at all, likewise."""
        found = dict.fromkeys(interval_tree.outline(rest, 1) for *_, rest in self._tree)
        return tuple((first, last) for first, last, _ in interval_tree.union_of(list(found), 1))

    def __or__(self, other: FlowSet) -> FlowSet:
        return _of(interval_tree.union(self._tree, other._tree))

    def __and__(self, other: FlowSet) -> FlowSet:
        return _of(interval_tree.intersection(self._tree, other._tree))

    def __sub__(self, other: FlowSet) -> FlowSet:
        return _of(interval_tree.difference(self._tree, other._tree))

    def __bool__(self) -> bool:
        return bool(self._tree)

    def __contains__(self, flow: Flow) -> bool:
        return interval_tree.holds(self._tree, flow)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FlowSet) and self._tree == other._tree

    def __hash__(self) -> int:
        return hash(self._tree)

    def __repr__(self) -> str:
        return f"FlowSet({list(self.boxes)})"

    def is_subset(self, other: FlowSet) -> bool:
        return not interval_tree.difference(self._tree, other._tree)

    def meets(self, source: Span, destination: Span) -> bool:
        """Does any of them go from these addresses to those?"""
        return interval_tree.meets(self._tree, source, destination)

    def among(self, things: Mapping[Span, Iterable[tuple[Span, _Thing]]]) -> Iterator[_Thing]:
        """Of things that stand under a source and a destination, those that any of the flows goes between."""
        return interval_tree.among(self._tree, things)

    def size(self) -> int:
        """How many headers; of a protocol without ports, every pair of ports counts."""
        return interval_tree.size(self._tree)

    def example(self) -> Flow:
        """The lowest flow. Raises ValueError where there is none."""
        lowest = next(self.walk(), None)
        if lowest is None:
            raise ValueError("no flow is in the empty set")
        return Flow(*lowest[::2])

    def from_any_port(self) -> FlowSet:
        """All flows that differ from one of these in nothing but the port they are sent from."""
        return _of(interval_tree.freed(self._tree, _SOURCE_PORT))

    def turned(self) -> FlowSet:
        """The same with both ends exchanged: what answers looks like that."""
        return FlowSet(Box(*each[2:4], *each[:2], *each[4:6], *each[8:], *each[6:8]) for each in self.walk())


def _of(tree: Tree) -> FlowSet:
    made = FlowSet.__new__(FlowSet)
    made._tree = tree
    return made


NOTHING = FlowSet()
EVERYTHING = _of(interval_tree.WHOLE[0])


def flows(
    source: IPNetwork,
    destination: IPNetwork,
    protocol: Protocol | None = None,
    source_ports: tuple[int, int] | None = None,
    destination_ports: tuple[int, int] | None = None,
) -> FlowSet:
    """What goes from one network to another. None: whatever; ports: first and last, of TCP or UDP only. IPv6 is dropped
    everywhere, so nothing goes from it or to it.
    """
    if source.version != 4 or destination.version != 4:
        return NOTHING
    return FlowSet([box(span(source), span(destination), protocol, source_ports, destination_ports)])


def span(network: IPNetwork) -> Span:
    """First and last address."""
    first = int(network.first)
    return first, first + (1 << ((32 if network.version == 4 else 128) - network.prefixlen)) - 1


def only(flow: Flow) -> FlowSet:
    """The set of this one flow."""
    return FlowSet([Box(*(bound for value in flow for bound in (value, value)))])


def box(
    source: Span,
    destination: Span,
    protocol: Protocol | None = None,
    source_ports: tuple[int, int] | None = None,
    destination_ports: tuple[int, int] | None = None,
) -> Box:
    """What goes from these addresses to those, the rest as of `flows`."""
    numbers = (0, 255) if protocol is None else (NUMBERS[protocol],) * 2
    return Box(*source, *destination, *numbers, *(source_ports or (0, 65535)), *(destination_ports or (0, 65535)))


def between(sources: Iterable[Span] | None = None, destinations: Iterable[Span] | None = None) -> FlowSet:
    """Whatever goes from these addresses to those, each sorted and apart. None: all addresses."""
    rest = interval_tree.spread([(0, HIGHEST[1])] if destinations is None else destinations, 1)
    return _of(interval_tree.spread([(0, HIGHEST[0])] if sources is None else sources, 0, rest) if rest else ())
