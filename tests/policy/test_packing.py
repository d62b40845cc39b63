"""The packing heuristic: where it finds a placement there is one, and it is seldom beaten."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.policy.packing import Item, Size, unplaced


def really_fits(items: list[Item], bins: list[Size]) -> bool:
    """Every assignment tried."""
    for places in product(range(len(bins)), repeat=len(items)):
        free = [list(size) for size in bins]
        groups: set[tuple[int, tuple[str, str]]] = set()
        for item, place in zip(items, places, strict=True):
            for axis, part in enumerate(item.size):
                free[place][axis] -= part
            if item.group is not None:
                if (place, item.group) in groups:
                    break
                groups.add((place, item.group))
        else:
            if all(room >= 0 for size in free for room in size):
                return True
    return False


sizes = st.tuples(st.integers(1, 8), st.integers(1, 8))
groups = st.sampled_from([None, None, ("t", "a"), ("t", "b")])
loads = st.lists(st.tuples(sizes, groups), max_size=5).map(
    lambda pairs: [Item(f"i{number}", size, group) for number, (size, group) in enumerate(pairs)]
)


@given(loads, st.lists(sizes, min_size=1, max_size=3))
def test_a_placement_that_is_found_exists(items: list[Item], bins: list[Size]) -> None:
    if unplaced(items, bins) is None:
        assert really_fits(items, bins)


@given(loads, st.lists(sizes, min_size=1, max_size=3))
def test_what_is_said_to_find_no_room_is_one_of_the_items(items: list[Item], bins: list[Size]) -> None:
    left = unplaced(items, bins)
    assert left is None or left in items


def test_a_pair_needs_two_bins_whatever_their_size() -> None:
    pair = [Item("a", (1, 1), ("t", "g")), Item("b", (1, 1), ("t", "g"))]
    assert unplaced(pair, [(100, 100)]) is not None
    assert unplaced(pair, [(1, 1), (1, 1)]) is None


def test_large_groups_are_placed_before_they_are_blocked() -> None:
    """A big single server first would take the host that the third of the group needs."""
    items = [Item("big", (6, 1)), *(Item(f"g{number}", (3, 1), ("t", "g")) for number in range(3))]
    assert unplaced(items, [(3, 9), (3, 9), (9, 9)]) is None
