"""The lowest that is free, against looking at every address one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from netaddr import IPNetwork

from tests.samples import catalogue
from wpf_infra.onboarding.held import Held, held_in, lowest_address

BASE = int(IPNetwork("10.64.0.0/24").first)
SPACE = IPNetwork("10.64.0.0/24")
ranges = st.lists(
    st.tuples(st.integers(-20, 300), st.integers(0, 40)).map(lambda pair: (BASE + pair[0], BASE + pair[0] + pair[1])),
    max_size=8,
).map(tuple)


def touched(held: tuple[tuple[int, int], ...], address: int) -> bool:
    return any(first <= address <= last for first, last in held)


@given(ranges, st.integers(22, 30))
@settings(max_examples=300)
def test_the_lowest_network_is_what_a_look_at_every_address_finds(
    held: tuple[tuple[int, int], ...], prefix: int
) -> None:
    size = 1 << (32 - prefix)
    expected = next(
        (
            IPNetwork((start, prefix))
            for start in range(SPACE.first, SPACE.last + 1, size)
            if start + size - 1 <= SPACE.last
            and not any(touched(held, address) for address in range(start, start + size))
        ),
        None,
    )
    assert Held(held).lowest_network(SPACE, prefix) == expected


@given(ranges, st.integers(0, 20), st.integers(24, 32), st.sets(st.integers(BASE, BASE + 40)))
@settings(max_examples=300)
def test_the_lowest_address_is_what_a_look_at_every_address_finds(
    held: tuple[tuple[int, int], ...], place: int, prefix: int, taken: set[int]
) -> None:
    network = IPNetwork((BASE, prefix))
    free = [
        address
        for address in range(network.first + place, network.last + 1)
        if not touched(held, address) and address not in taken and (network.size <= 2 or address != network.last)
    ]
    assert lowest_address(network, place, taken, held) == min(free, default=None)


@given(ranges, st.integers(BASE - 40, BASE + 300), st.integers(0, 40))
def test_a_conflict_is_told_whenever_an_address_is_shared(
    held: tuple[tuple[int, int], ...], first: int, size: int
) -> None:
    shared = any(touched(held, address) for address in range(first, first + size + 1))
    assert (Held(held).conflict(first, first + size) is not None) == shared


@given(ranges, ranges)
def test_what_is_held_also_is_held(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> None:
    both = Held(one, frozenset({1})).also(other, [2])
    assert both.vlans == {1, 2}
    assert all(both.conflict(*each) is not None for each in (*one, *other))


def test_the_lowest_vlan_is_in_its_range_and_nobodys() -> None:
    held = Held(vlans=frozenset({100, 101, 103}))
    assert held.lowest_vlan(100, 110) == 102
    assert held.lowest_vlan(100, 101) is None


def test_everything_in_a_catalogue_is_held_also_what_stands_astray() -> None:
    held = held_in(
        catalogue({"minami-suido.vms.app-2.address": "10.65.0.7", "minami-suido.lines.north.cidr": "10.66.0.0/28"})
    )
    for cidr in ("10.32.0.0/24", "10.64.1.0/24", "10.96.1.0/24", "10.65.0.7/32", "10.66.0.0/28", "10.176.1.0/28"):
        network = IPNetwork(cidr)
        assert held.conflict(network.first, network.last) is not None, cidr
    assert held.vlans == {10, 101, 3001}
