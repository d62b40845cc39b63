"""The algebra of flow sets, against brute force over a universe that is small enough to be walked through."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from operator import and_, or_, sub

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPNetwork

from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import EVERYTHING, NOTHING, NUMBERS, Box, Flow, FlowSet, between, box, flows, only

_SIDES = (range(4), range(4), range(3), range(3), range(3))
UNIVERSE = frozenset(Flow(*header) for header in product(*_SIDES))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    bounds: list[int] = []
    for side in _SIDES:
        bounds += sorted(draw(st.tuples(*[st.sampled_from(side)] * 2)))
    return Box(*bounds)


box_lists = st.lists(boxes(), max_size=4)
sets = box_lists.map(FlowSet)


def members(part: Box) -> frozenset[Flow]:
    bounds = zip(part[::2], part[1::2], strict=True)
    return frozenset(Flow(*header) for header in product(*(range(first, last + 1) for first, last in bounds)))


def flows_in(found: FlowSet) -> frozenset[Flow]:
    """The set one by one; its boxes must not overlap."""
    parts = [members(each) for each in found.boxes]
    everything = frozenset[Flow]().union(*parts)
    assert sum(map(len, parts)) == len(everything)
    return everything


@given(box_lists)
def test_a_set_is_the_union_of_its_boxes(parts: list[Box]) -> None:
    expected = frozenset[Flow]().union(*map(members, parts))
    found = FlowSet(parts)
    assert flows_in(found) == expected
    assert frozenset(flow for flow in UNIVERSE if flow in found) == expected
    assert found.size() == len(expected)
    assert bool(found) is bool(expected)
    assert {each for first, last in found.sources for each in range(first, last + 1)} == {
        flow.source for flow in expected
    }
    assert {each for first, last in found.destinations for each in range(first, last + 1)} == {
        flow.destination for flow in expected
    }


@pytest.mark.parametrize("operation", [or_, and_, sub], ids=["union", "intersection", "difference"])
@given(one=sets, other=sets)
def test_operations_are_those_of_sets(
    operation: Callable[[object, object], object], one: FlowSet, other: FlowSet
) -> None:
    found = operation(one, other)
    assert isinstance(found, FlowSet)
    assert flows_in(found) == operation(flows_in(one), flows_in(other))


@st.composite
def long_sets(draw: st.DrawFn, most: int) -> FlowSet:
    """Of single senders, two of whom may have the same to say."""
    rests = ((0, 1, 0, 0), (1, 1, 0, 0), (0, 0, 0, 1))
    senders = draw(st.sets(st.integers(0, 39), max_size=most))
    return FlowSet(
        Box(each, each, *draw(st.sampled_from(rests)), 0, 0, *draw(st.sampled_from(((0, 0), (0, 1)))))
        for each in sorted(senders)
    )


@pytest.mark.parametrize("operation", [or_, and_, sub], ids=["union", "intersection", "difference"])
@given(one=long_sets(40), other=long_sets(4), turned=st.booleans())
def test_operations_on_a_long_set_and_a_short_one(
    operation: Callable[[object, object], object], one: FlowSet, other: FlowSet, *, turned: bool
) -> None:
    """A long run is not walked through for a few of its intervals, and comes out the same, down to the object."""
    pair = (other, one) if turned else (one, other)
    found, ours, theirs = operation(*pair), *map(flows_in, pair)
    assert isinstance(found, FlowSet)
    expected = operation(ours, theirs)
    assert flows_in(found) == expected
    assert isinstance(expected, frozenset)
    assert found == FlowSet(Box(*(bound for value in flow for bound in (value, value))) for flow in expected)


def test_what_is_left_and_what_was_taken_are_the_whole_again() -> None:
    """However it is put together, everything is recognised as everything."""
    every_other = between([(2 * each, 2 * each) for each in range(40)])
    rest = EVERYTHING - every_other
    for one, other in ((rest, every_other), (every_other, rest)):
        assert one | other == EVERYTHING
        assert not EVERYTHING - (one | other)


@given(one=long_sets(40), pairs=st.lists(st.tuples(*[st.integers(0, 39)] * 2, *[st.integers(0, 1)] * 2), max_size=6))
def test_things_among_flows_are_those_that_some_flow_goes_between(
    one: FlowSet, pairs: list[tuple[int, int, int, int]]
) -> None:
    things: dict[tuple[int, int], list[tuple[tuple[int, int], int]]] = {}
    expected = set()
    for number, (first, last, to_first, to_last) in enumerate(pairs):
        source, destination = (min(first, last), max(first, last)), (min(to_first, to_last), max(to_first, to_last))
        things.setdefault(source, []).append((destination, number))
        if one & between([source], [destination]):
            expected.add(number)
        assert one.meets(source, destination) is (number in expected)
    assert set(one.among(things)) == expected


@given(sets, sets)
def test_comparisons_are_those_of_sets(one: FlowSet, other: FlowSet) -> None:
    ours, theirs = flows_in(one), flows_in(other)
    assert (one == other) is (ours == theirs)
    assert one.is_subset(other) is (ours <= theirs)
    assert one.is_subset(one | other)


@given(st.lists(sets, max_size=4))
def test_a_set_is_the_same_however_it_came_about(parts: list[FlowSet]) -> None:
    one = FlowSet.union(parts)
    other = NOTHING
    for each in reversed(parts):
        other |= each
    assert one == other == FlowSet(part for each in parts for part in each.boxes)
    assert hash(one) == hash(other)
    assert one.boxes == other.boxes


@given(sets, sets, sets)
def test_laws(one: FlowSet, other: FlowSet, third: FlowSet) -> None:
    assert one & (other | third) == (one & other) | (one & third)
    assert one - (other | third) == (one - other) - third
    assert (one - other) | (one & other) == one
    assert EVERYTHING - (EVERYTHING - one) == one
    assert EVERYTHING - (one & other) == (EVERYTHING - one) | (EVERYTHING - other)
    assert one | EVERYTHING == EVERYTHING
    assert one & EVERYTHING == one | NOTHING == one
    assert (EVERYTHING - one).size() == EVERYTHING.size() - one.size()


@given(sets)
def test_an_example_is_one_of_them(found: FlowSet) -> None:
    if found:
        assert found.example() in found
        assert only(found.example()).is_subset(found)
    else:
        with pytest.raises(ValueError, match="empty"):
            found.example()


@given(sets)
def test_turning_exchanges_the_ends(found: FlowSet) -> None:
    assert flows_in(found.turned()) == {
        Flow(flow.destination, flow.source, flow.protocol, flow.destination_port, flow.source_port)
        for flow in flows_in(found)
    }
    assert found.turned().turned() == found


@given(sets)
def test_from_any_port_means_whatever_port_it_is_sent_from(found: FlowSet) -> None:
    freed = found.from_any_port()
    assert frozenset(flow for flow in UNIVERSE if flow in freed) == {
        flow._replace(source_port=port) for flow in flows_in(found) for port in _SIDES[3]
    }
    assert {(each.source_port_first, each.source_port_last) for each in freed.boxes} <= {(0, 65535)}


class TestEdges:
    HOST, NET = IPNetwork("10.64.1.11/32"), IPNetwork("10.96.1.0/24")

    def test_everything_is_the_whole_header_space(self) -> None:
        assert EVERYTHING.size() == 2**32 * 2**32 * 2**8 * 2**16 * 2**16
        assert EVERYTHING.boxes == (Box(0, 2**32 - 1, 0, 2**32 - 1, 0, 255, 0, 65535, 0, 65535),)
        assert flows(IPNetwork("0.0.0.0/0"), IPNetwork("0.0.0.0/0")) == EVERYTHING == between()

    def test_the_last_address_and_port_are_addresses_and_ports(self) -> None:
        last = Flow(2**32 - 1, 2**32 - 1, 255, 65535, 65535)
        assert last in EVERYTHING
        assert last not in EVERYTHING - only(last)
        assert (EVERYTHING - only(last)) | only(last) == EVERYTHING

    def test_ports_side_by_side_are_one_box(self) -> None:
        single = (flows(self.HOST, self.NET, Protocol.TCP, None, (port, port)) for port in range(8000, 8064))
        assert FlowSet.union(single).boxes == (
            box((0x0A40010B,) * 2, (0x0A600100, 0x0A6001FF), Protocol.TCP, None, (8000, 8063)),
        )

    def test_a_protocol_has_its_number(self) -> None:
        found = flows(self.HOST, self.NET, Protocol.UDP)
        assert {each.protocol_first for each in found.boxes} == {NUMBERS[Protocol.UDP]} == {17}

    @pytest.mark.parametrize(("source", "destination"), [("::/0", "10.0.0.0/8"), ("10.0.0.0/8", "2001:db8::1/128")])
    def test_nothing_goes_from_ipv6_or_to_it(self, source: str, destination: str) -> None:
        assert flows(IPNetwork(source), IPNetwork(destination)) == NOTHING

    def test_crossed_bounds_hold_nothing(self) -> None:
        assert FlowSet([Box(5, 4, 0, 9, 0, 255, 0, 65535, 0, 65535)]) == NOTHING

    def test_between_spans(self) -> None:
        found = between([(1, 2), (5, 5)], [(7, 9)])
        assert (found.sources, found.destinations) == (((1, 2), (5, 5)), ((7, 9),))
        assert between([], None) == between(None, []) == NOTHING
        assert (
            between([(1, 2)])
            | between(
                [
                    (3, 2**32 - 1),
                ]
            )
            | between([(0, 0)])
            == EVERYTHING
        )
