"""Ports of flows in words: what is declared comes back as it was declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPNetwork

from tests.tenant_strategies import port
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.network.flow.flow_set import EVERYTHING, FlowSet, flows
from wpf_infra.network.picture.port_words import answering, port_words

HERE, THERE = IPNetwork("10.0.0.1/32"), IPNetwork("10.0.0.2/32")


def asked(*ports: Port) -> FlowSet:
    return FlowSet.union(
        flows(HERE, THERE, each.protocol, None, None if each.protocol is Protocol.ICMP else (each.first, each.last))
        for each in ports
    )


@given(port())
def test_one_port_is_said_as_it_is_declared(declared: Port) -> None:
    assert port_words(asked(declared).boxes) == (str(declared),)


@given(st.lists(port(), min_size=1, max_size=5))
def test_an_answer_is_said_by_the_port_it_comes_from(declared: list[Port]) -> None:
    request = asked(*declared)
    assert port_words(request.turned().boxes) == answering(port_words(request.boxes))


@given(st.lists(port(), max_size=4))
def test_what_is_left_of_an_answer_is_still_said_by_its_port(declared: list[Port]) -> None:
    reply = flows(HERE, THERE, Protocol.TCP, source_ports=(443, 443))
    tcp = [each for each in declared if each.protocol is Protocol.TCP]
    assert port_words((reply - asked(*tcp)).boxes) == ("← tcp/443",)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (FlowSet(), ()),
        (EVERYTHING, ("any",)),
        (flows(HERE, THERE, Protocol.UDP), ("udp",)),
        (EVERYTHING - flows(HERE, THERE, Protocol.TCP), ("any",)),
        (flows(HERE, THERE) - flows(HERE, THERE, Protocol.TCP), ("icmp", "udp", "ip")),
        (asked(Port(Protocol.TCP, 80, 80), Port(Protocol.TCP, 81, 90)), ("tcp/80-90",)),
    ],
    ids=["nothing", "everything", "a protocol", "everything somewhere", "all but a protocol", "neighbours"],
)
def test_words(found: FlowSet, words: tuple[str, ...]) -> None:
    assert port_words(found.boxes) == words
