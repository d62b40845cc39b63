"""Sets of headers as trees of intervals: the algebra, exact and canonical.

Here: what can be done with a tree, on plain numbers. Not here: what the five levels stand for (`flow_set`).
A level is a run of intervals, sorted and apart, each with the tree of what follows it, never empty. Neighbours that
lead to the same are one interval, so that equal sets are equal trees, however they came about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

Tree: TypeAlias = "tuple[tuple[int, int, Tree], ...]"
"""First and last value, inclusive, and what follows."""
_Thing = TypeVar("_Thing")
Operation: TypeAlias = Callable[[Tree, Tree, int], Tree]

HIGHEST = (2**32 - 1, 2**32 - 1, 255, 65535, 65535)
"""The highest value of each level; the lowest is 0."""
EMPTY: Tree = ()
_END = len(HIGHEST)
_END_OF_VALUES = 2**32
_BEYOND = (_END_OF_VALUES, _END_OF_VALUES, EMPTY)
"""After the last interval of any level."""
_MANY = 4
"""With so many times the intervals of the other, a run is looked into where the other is, not walked through."""


def _wholes() -> Iterator[Tree]:
    tree: Tree = ((0, 0, EMPTY),)
    yield tree
    for highest in reversed(HIGHEST):
        tree = ((0, highest, tree),)
        yield tree


WHOLE = tuple(_wholes())[::-1]
"""Everything, by level, the leaf last. It is always this very object, so that it is recognised at a glance."""


def built(boxes: Collection[Sequence[int]], level: int = 0) -> Tree:
    """The union of boxes, each the first and last value of every level in turn."""
    if len(boxes) == 1 or level == _END:
        return _chain(next(iter(boxes)), level) if boxes else EMPTY
    alike: dict[tuple[int, int], list[Sequence[int]]] = {}
    for each in boxes:
        alike.setdefault((each[2 * level], each[2 * level + 1]), []).append(each)
    parts = [(first, last, built(alike[first, last], level + 1)) for first, last in sorted(alike)]
    if any(one[1] >= other[0] for one, other in pairwise(parts)):
        return union_of([_closed([part], level) for part in parts], level)
    made: list[tuple[int, int, Tree]] = []
    for part in parts:
        _append(made, *part)
    return _closed(made, level)


def _chain(box: Sequence[int], level: int) -> Tree:
    """One box, from a level on."""
    tree = WHOLE[_END]
    for each in range(_END - 1, level - 1, -1):
        tree = _closed([(box[2 * each], box[2 * each + 1], tree)], each)
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
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    made: list[tuple[int, int, Tree]] = []
    met: Tree | None = None
    other_met: Tree | None = None
    following = EMPTY
    for first, last, rest in few:
        for other_first, other_last, other_rest in _about(many, first, last):
            if rest is not met or other_rest is not other_met:  # one object under many intervals is met once
                met, other_met, following = rest, other_rest, intersection(rest, other_rest, level + 1)
            if following:
                _append(made, max(first, other_first), min(last, other_last), following)
    return _closed(made, level)


def difference(one: Tree, other: Tree, level: int = 0) -> Tree:
    if not one or not other:
        return one
    if other is WHOLE[level] or one is other:
        return EMPTY
    there = _about(other, one[0][0], one[-1][1])
    if len(there) <= _MANY * len(one):
        return _spliced(one, there, level, difference) if there else one
    made: list[tuple[int, int, Tree]] = []
    for each in one:
        for left in _merged((each,), _about(there, each[0], each[1]), level, difference):
            _append(made, *left)
    return _closed(made, level)


def freed(tree: Tree, freed_level: int, level: int = 0) -> Tree:
    """The same whatever the value of one level is, where any value would do."""
    if level == freed_level:
        return _closed([(0, HIGHEST[level], union_of([rest for *_, rest in tree], level + 1))], level)
    made: list[tuple[int, int, Tree]] = []
    met: Tree | None = None
    below = EMPTY
    for first, last, rest in tree:
        if rest is not met:
            met, below = rest, freed(rest, freed_level, level + 1)
        _append(made, first, last, below)
    return _closed(made, level)


def holds(tree: Tree, values: Iterable[int]) -> bool:
    """Is this one header in it? One value a level."""
    for value in values:
        begin, end = _bounds(tree, value, value)
        if begin == end:
            return False
        tree = tree[begin][2]
    return True


def meets(tree: Tree, source: tuple[int, int], destination: tuple[int, int]) -> bool:
    """Has it anything within these spans of the first two levels?"""
    begin, end = _bounds(tree, *source)
    return _any_within(tree[begin:end], *destination)


def among(tree: Tree, things: Mapping[tuple[int, int], Iterable[tuple[tuple[int, int], _Thing]]]) -> Iterator[_Thing]:
    """Things by spans of the first two levels: those within whose spans it has anything."""
    for source, others in things.items():
        begin, end = _bounds(tree, *source)
        if begin < end:
            under = tree[begin:end]
            for destination, thing in others:
                if _any_within(under, *destination):
                    yield thing


def _any_within(under: Tree, first: int, last: int) -> bool:
    """Do any of these intervals lead to something within the span?"""
    for _, _, rest in under:
        begin, end = _bounds(rest, first, last)
        if begin < end:
            return True
    return False


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
    """Where the other has nothing, nor anything next to it, the one stays as it is, a slice at a time."""
    if len(one) <= _MANY * len(other):
        return _merged(one, other, level, operation)
    made: list[tuple[int, int, Tree]] = []
    done = 0
    for begin, end, theirs in _meetings(one, other):
        if end - begin == len(one):
            return _merged(one, other, level, operation)
        made += one[done:begin]
        made += _merged(one[begin:end], theirs, level, operation)
        done = end
    made += one[done:]
    return tuple(made)


def _meetings(one: Tree, other: Tree) -> Iterator[tuple[int, int, Tree]]:
    """From where to where the one has anything that overlaps or adjoins some of the other, and that part of it."""
    place = 0
    while place < len(other):
        start = place
        begin, end = _bounds(one, other[place][0] - 1, other[place][1] + 1)
        place += 1
        while place < len(other) and (
            other[place][0] <= other[place - 1][1] + 1 or (begin < end and other[place][0] <= one[end - 1][1] + 1)
        ):
            end = _bounds(one, other[place][0] - 1, other[place][1] + 1)[1]
            place += 1
        yield begin, end, other[start:place]


def _merged(one: Tree, other: Tree, level: int, operation: Operation) -> Tree:
    """Both cut at the same values, and the operation done on each pair of what follows."""
    made: list[tuple[int, int, Tree]] = []
    ours, theirs = iter(one), iter(other)
    first, last, rest = next(ours, _BEYOND)
    other_first, other_last, other_rest = next(theirs, _BEYOND)
    met: Tree | None = None
    other_met: Tree | None = None
    both = EMPTY
    at = min(first, other_first)
    while at < _END_OF_VALUES:
        if first > at:  # the other alone
            end = min(other_last, first - 1)
            following = operation(EMPTY, other_rest, level + 1)
        elif other_first > at:
            end = min(last, other_first - 1)
            following = operation(rest, EMPTY, level + 1)
        else:
            end = min(last, other_last)
            if rest is not met or other_rest is not other_met:  # one object under many intervals is met once
                met, other_met, both = rest, other_rest, operation(rest, other_rest, level + 1)
            following = both
        if following:
            _append(made, at, end, following)
        if last == end:
            first, last, rest = next(ours, _BEYOND)
        if other_last == end:
            other_first, other_last, other_rest = next(theirs, _BEYOND)
        at = max(end + 1, min(first, other_first))
    return _closed(made, level)


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
    begin = bisect_left(tree, (first,))
    if begin and tree[begin - 1][1] >= first:
        begin -= 1
    return begin, bisect_left(tree, (last + 1,), begin)
