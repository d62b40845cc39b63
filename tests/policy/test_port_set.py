"""Ports and conversations as sets: the arithmetic of rules, against single ports and addresses counted one by one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.model.ports import Port, Protocol
from wpf_infra.policy.conversation import Cell, Span, left_of
from wpf_infra.policy.port_set import common, merged, without

numbers = st.tuples(st.integers(1, 9), st.integers(1, 9)).map(sorted)
ports = st.lists(
    st.just(Port(Protocol.ICMP))
    | st.builds(lambda protocol, pair: Port(protocol, *pair), st.sampled_from([Protocol.TCP, Protocol.UDP]), numbers),
    max_size=4,
)
spans = numbers.map(lambda pair: Span(*pair))
cells = st.builds(Cell, spans, spans, ports.filter(bool).map(merged))


def each_of(ports: Iterable[Port]) -> set[tuple[Protocol, int]]:
    return {(port.protocol, number) for port in ports for number in range(port.first, port.last + 1)}


def points(cell: Cell) -> set[object]:
    source, destination = (range(span.first, span.last + 1) for span in (cell.source, cell.destination))
    return set(product(source, destination, each_of(cell.ports)))


@given(one=ports, other=ports)
def test_ports_are_added_and_taken_away(one: list[Port], other: list[Port]) -> None:
    assert each_of(merged([*one, *other])) == each_of(one) | each_of(other)
    assert each_of(without(one, other)) == each_of(one) - each_of(other)
    assert each_of(common(one, other)) == each_of(one) & each_of(other)


@given(one=ports, other=ports)
def test_equal_sets_are_written_alike(one: list[Port], other: list[Port]) -> None:
    for made in (merged(one), without(one, other), common(one, other)):
        assert merged(made) == made
    assert (merged(one) == merged(other)) is (each_of(one) == each_of(other))


@given(cell=cells, taken=st.lists(cells, max_size=4))
def test_what_is_left_of_a_conversation_without_others(cell: Cell, taken: list[Cell]) -> None:
    left = [points(each) for each in left_of(cell, taken)]
    assert sum(map(len, left)) == len(set().union(*left)), "parts overlap"
    assert set().union(*left) == points(cell) - set().union(*map(points, taken))


@given(one=cells, other=cells)
def test_one_holds_another(one: Cell, other: Cell) -> None:
    assert one.holds(other) is (points(other) <= points(one))
