"""Sets of headers as trees of intervals: the algebra, exact and canonical.

Here: what can be done with a tree, on plain numbers. Not here: what the five levels stand for (`flow_set`).
A level is a run of intervals, sorted and apart, each with the tree of what follows it, never empty. Neighbours that
lead to the same are one interval, so that equal sets are equal trees, however they came about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

Tree: TypeAlias = "tuple[tuple[int, int, Tree], ...]"
"""First and last value, inclusive, and what follows."""
Operation: TypeAlias = Callable[[Tree, Tree, int], Tree]

HIGHEST = (2**32 - 1, 2**32 - 1, 255, 65535, 65535)
"""The highest value of each level; the lowest is 0."""
EMPTY: Tree = ()
_END = len(HIGHEST)
_BEYOND = (2**32, 2**32, EMPTY)
"""After the last interval of any level."""


def _wholes() -> Iterator[Tree]:
    tree: Tree = ((0, 0, EMPTY),)
    yield tree
    for highest in reversed(HIGHEST):
        tree = ((0, highest, tree),)
        yield tree


WHOLE = tuple(_wholes())[::-1]
"""Everything, by level, the leaf last. It is always this very object, so that it is recognised at a glance."""


def chain(bounds: Sequence[int]) -> Tree:
    """One box: first and last of each level in turn."""
    tree = WHOLE[_END]
    for level in reversed(range(_END)):
        tree = _closed([(bounds[2 * level], bounds[2 * level + 1], tree)], level)
    return tree


def spread(spans: Iterable[tuple[int, int]], level: int, rest: Tree | None = None) -> Tree:
    """The same under each of these spans, which are sorted and apart. rest: what follows, else everything."""
    made: list[tuple[int, int, Tree]] = []
    for first, last in spans:
        _append(made, first, last, WHOLE[level + 1] if rest is None else rest)
    return _closed(made, level)


def outline(tree: Tree, level: int) -> Tree:
    """Where the tree has anything at all on this level."""
    return spread(((first, last) for first, last, _ in tree), level)


def union_of(trees: Sequence[Tree], level: int = 0) -> Tree:
    """By halves: what is alike meets while it is small."""
    if len(trees) < 2:
        return trees[0] if trees else EMPTY
    half = len(trees) // 2
    return union(union_of(trees[:half], level), union_of(trees[half:], level), level)


def union(one: Tree, other: Tree, level: int = 0) -> Tree:
    whole = WHOLE[level]
    if not one or other is whole or one is other:
        return other
    if not other or one is whole:
        return one
    return _spliced(one, other, level, union) if len(one) >= len(other) else _spliced(other, one, level, union)


def intersection(one: Tree, other: Tree, level: int = 0) -> Tree:
    whole = WHOLE[level]
    if not one or other is whole or one is other:
        return one
    if not other or one is whole:
        return other
    first, last = max(one[0][0], other[0][0]), min(one[-1][1], other[-1][1])
    return _merged(_about(one, first, last), _about(other, first, last), level, intersection)


def difference(one: Tree, other: Tree, level: int = 0) -> Tree:
    if not one or not other:
        return one
    if other is WHOLE[level] or one is other:
        return EMPTY
    there = _about(other, one[0][0], one[-1][1])
    return _spliced(one, there, level, difference) if there else one


def freed(tree: Tree, freed_level: int, level: int = 0) -> Tree:
    """The same whatever the value of one level is, where any value would do."""
    if level == freed_level:
        return _closed([(0, HIGHEST[level], union_of([rest for *_, rest in tree], level + 1))], level)
    made: list[tuple[int, int, Tree]] = []
    for first, last, rest in tree:
        _append(made, first, last, freed(rest, freed_level, level + 1))
    return _closed(made, level)


def boxes(tree: Tree, level: int = 0) -> Iterator[tuple[int, ...]]:
    """First and last of each level, of boxes that do not overlap."""
    if level == _END:
        yield ()
        return
    for first, last, rest in tree:
        for further in boxes(rest, level + 1):
            yield (first, last, *further)


def size(tree: Tree, level: int = 0) -> int:
    if level == _END:
        return 1
    return sum((last - first + 1) * size(rest, level + 1) for first, last, rest in tree)


def _spliced(one: Tree, other: Tree, level: int, operation: Operation) -> Tree:
    """Where the other has nothing, nor anything next to it, the one stays as it is."""
    begin, end = _bounds(one, other[0][0] - 1, other[-1][1] + 1)
    if end - begin == len(one):
        return _merged(one, other, level, operation)
    return one[:begin] + _merged(one[begin:end], other, level, operation) + one[end:]


def _merged(one: Tree, other: Tree, level: int, operation: Operation) -> Tree:
    """Both cut at the same values, and the operation done on each pair of what follows."""
    made: list[tuple[int, int, Tree]] = []
    for first, last, rest, other_rest in _aligned(one, other):
        if following := operation(rest, other_rest, level + 1):
            _append(made, first, last, following)
    return _closed(made, level)


def _aligned(one: Tree, other: Tree) -> Iterator[tuple[int, int, Tree, Tree]]:
    """The stretches over which neither tree changes, without those where both are empty."""
    ours, theirs = iter(one), iter(other)
    first, last, rest = next(ours, _BEYOND)
    other_first, other_last, other_rest = next(theirs, _BEYOND)
    at = 0
    while True:
        at = max(at, min(first, other_first))
        if at == _BEYOND[0]:
            return
        in_one, in_other = first <= at, other_first <= at
        end = min(last if in_one else first - 1, other_last if in_other else other_first - 1)
        yield at, end, rest if in_one else EMPTY, other_rest if in_other else EMPTY
        if last == end:
            first, last, rest = next(ours, _BEYOND)
        if other_last == end:
            other_first, other_last, other_rest = next(theirs, _BEYOND)
        at = end + 1


def _append(made: list[tuple[int, int, Tree]], first: int, last: int, rest: Tree) -> None:
    if made and made[-1][1] + 1 == first and made[-1][2] == rest:
        made[-1] = (made[-1][0], last, rest)
    else:
        made.append((first, last, rest))


def _closed(made: list[tuple[int, int, Tree]], level: int) -> Tree:
    whole = WHOLE[level]
    if len(made) == 1 and made[0][2] is whole[0][2] and made[0][1] - made[0][0] == HIGHEST[level]:
        return whole
    return tuple(made)


def _about(tree: Tree, first: int, last: int) -> Tree:
    """The intervals that have any value from first to last, whole; a long run is not walked through for a few."""
    begin, end = _bounds(tree, first, last)
    return tree[begin:end]


def _bounds(tree: Tree, first: int, last: int) -> tuple[int, int]:
    return bisect_right(tree, first, key=_after), bisect_right(tree, last, key=_begins)


def _begins(interval: tuple[int, int, Tree]) -> int:
    return interval[0]


def _after(interval: tuple[int, int, Tree]) -> int:
    return interval[1] + 1
