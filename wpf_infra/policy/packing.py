"""Whether things of given sizes fit into bins, some of them never together.

Here: a heuristic that is sound in one direction: where it finds a placement there is one; where it finds none there may
still be one, which a real scheduler would hardly find either. Not here: what the things and bins are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Size = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """group: items of one group never share a bin; None for those that may."""

    name: str
    size: Size
    group: tuple[str, str] | None = None


def unplaced(items: Sequence[Item], bins: Sequence[Size]) -> Item | None:
    """None when a placement was found; else an item that found no room in the last attempt.

    First fit into the bins, largest first, over a few orders of the items. Nearly linear for few different sizes.
    """
    left = None
    for order in _orders(items, bins):
        left = _first_fit(sorted(items, key=order), sorted(bins, reverse=True))
        if left is None:
            return None
    return left


def _orders(items: Sequence[Item], bins: Sequence[Size]) -> tuple[Callable[[Item], tuple[object, ...]], ...]:
    totals = [max(1, sum(size[axis] for size in bins)) for axis in range(len(bins[0]) if bins else 0)]
    members: defaultdict[tuple[str, str], int] = defaultdict(int)
    for item in items:
        if item.group is not None:
            members[item.group] += 1

    def share(item: Item) -> float:
        return max((part / total for part, total in zip(item.size, totals, strict=True)), default=0.0)

    return (
        lambda item: (-share(item), item.name),
        lambda item: (-(members[item.group] if item.group else 0), -share(item), item.name),
        lambda item: (-sum(part / total for part, total in zip(item.size, totals, strict=True)), item.name),
    )


def _first_fit(items: Sequence[Item], bins: Sequence[Size]) -> Item | None:
    free = [list(size) for size in bins]
    start: dict[Size, int] = {}  # bins before it have no room for that size, and never will again
    used: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for item in items:
        place = start.get(item.size, 0)
        while place < len(free) and not _fits(item.size, free[place]):
            place += 1
        start[item.size] = place
        if item.group is not None:
            taken = used[item.group]
            while place < len(free) and (place in taken or not _fits(item.size, free[place])):
                place += 1
            taken.add(place)
        if place == len(free):
            return item
        for axis, part in enumerate(item.size):
            free[place][axis] -= part
    return None


def _fits(size: Size, free: Sequence[int]) -> bool:
    return all(part <= room for part, room in zip(size, free, strict=True))
