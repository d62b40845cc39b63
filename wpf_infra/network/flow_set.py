"""Sets of flows, exact over the whole header space.

Here: the algebra, small and ours. Not here: which flows are meant, or pass (`world`).
A set is a tree of intervals: source address, destination address, protocol, source port, destination port. Neighbours
that lead to the same rest are one interval, so that equal sets are equal trees, however they came about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from netaddr import IPNetwork

from wpf_infra.model.ports import Protocol


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


NUMBERS = {Protocol.ICMP: 1, Protocol.TCP: 6, Protocol.UDP: 17}
"""The protocols' numbers, as the Internet's registry has them."""

_Tree: TypeAlias = "tuple[tuple[int, int, _Tree], ...]"
"""First and last value of an interval, and the tree of what comes after it; sorted, apart, none of them empty."""

_HIGHEST = (2**32 - 1, 2**32 - 1, 255, 65535, 65535)
_SOURCE_PORT, _END = 3, len(_HIGHEST)
_NONE: _Tree = ()


def _wholes() -> Iterator[_Tree]:
    """The tree of everything, for the leaf and for each level above it."""
    tree: _Tree = ((0, 0, _NONE),)
    yield tree
    for highest in reversed(_HIGHEST):
        tree = ((0, highest, tree),)
        yield tree


_WHOLE = tuple(_wholes())[::-1]
"""By level. Everything is always this very object, so that it is recognised at a glance."""


class FlowSet:
    """An immutable set of flows."""

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self._tree = _all([_chain(box) for box in boxes if all(map(int.__le__, box[::2], box[1::2]))])

    @classmethod
    def union(cls, sets: Iterable[FlowSet]) -> FlowSet:
        return _set(_all([each._tree for each in sets]))

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The same set as boxes that do not overlap, in order."""
        return tuple(Box(*bounds) for bounds in _bounds(self._tree, 0))

    @cached_property
    def sources(self) -> tuple[tuple[int, int], ...]:
        """Who sends at all: first and last address of each stretch, in order."""
        return tuple((first, last) for first, last, _ in _outline(self._tree, 0))

    @cached_property
    def destinations(self) -> tuple[tuple[int, int], ...]:
        """Who is sent to at all, likewise."""
        return tuple((first, last) for first, last, _ in _all([_outline(rest, 1) for *_, rest in self._tree], 1))

    def __or__(self, other: FlowSet) -> FlowSet:
        return _set(_union(self._tree, other._tree, 0))

    def __and__(self, other: FlowSet) -> FlowSet:
        return _set(_intersection(self._tree, other._tree, 0))

    def __sub__(self, other: FlowSet) -> FlowSet:
        return _set(_difference(self._tree, other._tree, 0))

    def __bool__(self) -> bool:
        return bool(self._tree)

    def __contains__(self, flow: Flow) -> bool:
        tree = self._tree
        for value in flow:
            for first, last, rest in tree:
                if first <= value <= last:
                    tree = rest
                    break
            else:
                return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FlowSet) and self._tree == other._tree

    def __hash__(self) -> int:
        return hash(self._tree)

    def __repr__(self) -> str:
        return f"FlowSet({list(self.boxes)})"

    def is_subset(self, other: FlowSet) -> bool:
        return not _difference(self._tree, other._tree, 0)

    def size(self) -> int:
        """How many headers; of a protocol without ports, every pair of ports counts."""
        return _size(self._tree, 0)

    def example(self) -> Flow:
        """The lowest flow. Raises ValueError where there is none."""
        if not self:
            raise ValueError("no flow is in the empty set")
        return Flow(*next(_bounds(self._tree, 0))[::2])

    def whatever_source_port(self) -> FlowSet:
        """All flows that differ from one of these in nothing but the port they are sent from."""
        return _set(_freed(self._tree, 0))

    def turned(self) -> FlowSet:
        """The same with both ends exchanged: what answers looks like that."""
        return FlowSet(Box(*box[2:4], *box[0:2], *box[4:6], *box[8:10], *box[6:8]) for box in self.boxes)


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
    numbers = (0, 255) if protocol is None else (NUMBERS[protocol],) * 2
    ends = (source.first, source.last, destination.first, destination.last)
    return FlowSet([Box(*ends, *numbers, *(source_ports or (0, 65535)), *(destination_ports or (0, 65535)))])


def _set(tree: _Tree) -> FlowSet:
    made = FlowSet.__new__(FlowSet)
    made._tree = tree
    return made


def _chain(box: Box) -> _Tree:
    tree = _WHOLE[_END]
    for level in range(_END - 1, -1, -1):
        tree = _closed([(box[2 * level], box[2 * level + 1], tree)], level)
    return tree


def _all(trees: Sequence[_Tree], level: int = 0) -> _Tree:
    """The union, by halves: what is alike meets while it is small."""
    if len(trees) < 2:
        return trees[0] if trees else _NONE
    half = len(trees) // 2
    return _union(_all(trees[:half], level), _all(trees[half:], level), level)


def _union(one: _Tree, other: _Tree, level: int) -> _Tree:
    whole = _WHOLE[level]
    if not one or other is whole or one is other:
        return other
    if not other or one is whole:
        return one
    return _merged(one, other, level, _union)


def _intersection(one: _Tree, other: _Tree, level: int) -> _Tree:
    whole = _WHOLE[level]
    if not one or other is whole or one is other:
        return one
    if not other or one is whole:
        return other
    return _merged(one, other, level, _intersection)


def _difference(one: _Tree, other: _Tree, level: int) -> _Tree:
    if not one or not other:
        return one
    if other is _WHOLE[level] or one is other:
        return _NONE
    return _merged(one, other, level, _difference)


def _merged(one: _Tree, other: _Tree, level: int, operation: Callable[[_Tree, _Tree, int], _Tree]) -> _Tree:
    """Both trees cut at the same values, and the operation done on each pair of rests."""
    made: list[tuple[int, int, _Tree]] = []
    for first, last, rest, another in _aligned(one, other):
        if below := operation(rest, another, level + 1):
            _append(made, first, last, below)
    return _closed(made, level)


def _aligned(one: _Tree, other: _Tree) -> Iterator[tuple[int, int, _Tree, _Tree]]:
    """The stretches over which neither tree changes, from the lowest value that either has to the highest."""
    ours, theirs = iter(one), iter(other)
    first, last, rest = next(ours, _BEYOND)
    another_first, another_last, another = next(theirs, _BEYOND)
    at = 0
    while True:
        at = max(at, min(first, another_first))
        if at == _BEYOND[0]:
            return
        in_one, in_other = first <= at, another_first <= at
        end = min(last if in_one else first - 1, another_last if in_other else another_first - 1)
        yield at, end, rest if in_one else _NONE, another if in_other else _NONE
        if last == end:
            first, last, rest = next(ours, _BEYOND)
        if another_last == end:
            another_first, another_last, another = next(theirs, _BEYOND)
        at = end + 1


_BEYOND = (2**32, 2**32, _NONE)
"""After the last interval of any level."""


def _append(made: list[tuple[int, int, _Tree]], first: int, last: int, rest: _Tree) -> None:
    if made and made[-1][1] + 1 == first and made[-1][2] == rest:
        made[-1] = (made[-1][0], last, rest)
    else:
        made.append((first, last, rest))


def _closed(made: list[tuple[int, int, _Tree]], level: int) -> _Tree:
    whole = _WHOLE[level]
    if len(made) == 1 and made[0][2] is whole[0][2] and made[0][:2] == whole[0][:2]:
        return whole
    return tuple(made)


def _outline(tree: _Tree, level: int) -> _Tree:
    """Where the tree has anything at all on this level."""
    made: list[tuple[int, int, _Tree]] = []
    for first, last, _ in tree:
        _append(made, first, last, _WHOLE[level + 1])
    return _closed(made, level)


def _freed(tree: _Tree, level: int) -> _Tree:
    if level == _SOURCE_PORT:
        rest = _all([rest for *_, rest in tree], level + 1)
        return _closed([(0, _HIGHEST[level], rest)], level)
    made: list[tuple[int, int, _Tree]] = []
    for first, last, rest in tree:
        _append(made, first, last, _freed(rest, level + 1))
    return _closed(made, level)


def _bounds(tree: _Tree, level: int) -> Iterator[tuple[int, ...]]:
    if level == _END:
        yield ()
        return
    for first, last, rest in tree:
        for further in _bounds(rest, level + 1):
            yield (first, last, *further)


def _size(tree: _Tree, level: int) -> int:
    if level == _END:
        return 1
    return sum((last - first + 1) * _size(rest, level + 1) for first, last, rest in tree)


NOTHING = FlowSet()
EVERYTHING = _set(_WHOLE[0])
