"""What is tried in a small world: for every pair of machines, flows of every kind that the declarations tell apart.

Here: the choice of flows. Not here: what becomes of them.
Of each conversation that could concern a pair, either way round: its ports, those beside them, the answer to it, the
answering side speaking first to somewhere else, and from beside the answering port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from tests.reachability.declared import Conversation
from tests.reachability.scene import Machine
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.network.flow.flow_set import NUMBERS, Flow

EPHEMERAL = 50_000
_ELSEWHERE = 47_000
"""A port that nobody has declared."""
_ICMP, _TCP, _UDP = (NUMBERS[each] for each in (Protocol.ICMP, Protocol.TCP, Protocol.UDP))


def probes(machines: Iterable[Machine], conversations: Iterable[Conversation]) -> tuple[Flow, ...]:
    held = tuple(conversations)
    found: dict[Flow, None] = {}
    for one, other in permutations((int(machine.address) for machine in machines), 2):
        found |= dict.fromkeys(_between(one, other, held))
    return tuple(found)


def _between(source: int, destination: int, conversations: Iterable[Conversation]) -> Iterator[Flow]:
    yield Flow(source, destination, _ICMP, 0, 0)
    for protocol in (_TCP, _UDP):
        yield Flow(source, destination, protocol, EPHEMERAL, _ELSEWHERE)
    for port in sorted({each.port for each in conversations if _concerns(each, source, destination)}):
        yield from _about(source, destination, port)


def _concerns(conversation: Conversation, source: int, destination: int) -> bool:
    protocol, first = NUMBERS[conversation.port.protocol], conversation.port.first
    asked = Flow(source, destination, protocol, EPHEMERAL, first), Flow(destination, source, protocol, EPHEMERAL, first)
    return protocol != _ICMP and any(map(conversation.opens, asked))


def _about(source: int, destination: int, port: Port) -> Iterator[Flow]:
    protocol = NUMBERS[port.protocol]
    for number in (port.first - 1, port.first, port.last, port.last + 1):
        yield Flow(source, destination, protocol, EPHEMERAL, number)
        yield Flow(source, destination, protocol, number, EPHEMERAL)
    yield Flow(source, destination, protocol, port.first, port.last)
    yield Flow(source, destination, protocol, port.last, _ELSEWHERE)
