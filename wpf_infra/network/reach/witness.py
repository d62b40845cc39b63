"""One flow that speaks for a set: between servers rather than empty addresses, from a port that senders use.

Here: the choice. Not here: its words (`wpf_infra.cli`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import NUMBERS, Box, Flow, FlowSet, span
from wpf_infra.network.resolve import all_ends

_LIKED = tuple(NUMBERS[protocol] for protocol in (Protocol.TCP, Protocol.UDP, Protocol.ICMP))
_PORTS = _LIKED[:2]
_SMALL = 3
_SENDERS_PORT = 49152
"""The first of the dynamic ports (RFC 6335)."""
_LOOKED_AT = 200
"""Boxes, of which the best is taken."""


def stations(catalogue: Catalogue) -> tuple[int, ...]:
    """Addresses that speak for something with a name, sorted: of servers and gateways, and the first that a terminal
    has, or a router on a line.
    """
    return tuple(sorted({_first_host(*span(end.network)) for end in all_ends(catalogue)}))


def witness(flows: FlowSet, known: Sequence[int]) -> Flow:
    """known: addresses that are somebody's, sorted. Raises ValueError for the empty set."""
    return max((_flow(box, known) for box in islice(flows.walk(), _LOOKED_AT)), key=lambda flow: _worth(flow, known))


def _flow(box: Box, known: Sequence[int]) -> Flow:
    source = _address(box.source_first, box.source_last, known)
    destination = _address(box.destination_first, box.destination_last, known, source)
    numbers = (each for each in _LIKED if box.protocol_first <= each <= box.protocol_last)
    protocol = next(numbers, box.protocol_first)
    if protocol not in _PORTS:
        return Flow(source, destination, protocol, box.source_port_first, box.destination_port_first)
    return Flow(
        source,
        destination,
        protocol,
        min(max(_SENDERS_PORT, box.source_port_first), box.source_port_last),
        min(max(1, box.destination_port_first), box.destination_port_last),
    )


def _address(first: int, last: int, known: Sequence[int], other: int | None = None) -> int:
    """One that is somebody's and not the other end's, where there is one."""
    begin = bisect_left(known, first)
    within = (address for address in known[begin : begin + 2] if address <= last and address != other)
    return next(within, _first_host(first, last))


def _first_host(first: int, last: int) -> int:
    """The first address of a network is no host's, where there are enough."""
    return first if last - first < _SMALL else first + 1


def _worth(flow: Flow, known: Sequence[int]) -> tuple[bool, int]:
    return flow.source != flow.destination, sum(_holds(known, end) for end in (flow.source, flow.destination))


def _holds(known: Sequence[int], address: int) -> bool:
    place = bisect_left(known, address)
    return place < len(known) and known[place] == address
