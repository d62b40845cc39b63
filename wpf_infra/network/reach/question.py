"""A question: may this end open a conversation with that one, on these ports?

Here: the value, and reading it. Not here: answering it (`answer`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.network.flow.flow_set import FlowSet, flows
from wpf_infra.network.reach.place import Place, find_place


@dataclass(frozen=True, slots=True)
class Question:
    """port: what is to be answered on; None for whatever there is."""

    source: Place
    destination: Place
    port: Port | None = None

    @property
    def flows(self) -> FlowSet:
        """All flows that are asked about, from whatever port they are sent."""
        protocol, ports = None, None
        if self.port is not None:
            protocol = self.port.protocol
            ports = None if protocol is Protocol.ICMP else (self.port.first, self.port.last)
        return FlowSet.union(
            flows(source, destination, protocol, destination_ports=ports)
            for source in self.source.networks
            for destination in self.destination.networks
        )


def read_question(catalogue: Catalogue, source: str, destination: str) -> Question:
    """The destination may end in `:tcp/443`, `:udp/5000-5010` or `:icmp`. Raises Unreadable for ends that name nothing
    and ports that are none.
    """
    place, port = _split(destination)
    return Question(find_place(catalogue, source), find_place(catalogue, place), port)


def _split(destination: str) -> tuple[str, Port | None]:
    """Colons stand in IPv6 addresses too, so it is the protocol that tells a port."""
    place, colon, written = destination.rpartition(":")
    if colon and _LIKE_A_PORT.match(written):
        return place, _port(written)
    if destination.count(":") == 1:
        raise _no_port(written)
    return destination, None


_LIKE_A_PORT = re.compile(r"(tcp|udp|icmp)\b", re.IGNORECASE)
_PORT = re.compile(r"icmp|(?P<protocol>tcp|udp)/(?P<first>[0-9]{1,5})(-(?P<last>[0-9]{1,5}))?")


def _port(written: str) -> Port:
    """As in an allowance, but a range may be of any length: a question comes to no rules."""
    match = _PORT.fullmatch(written)
    if match is None:
        raise _no_port(written)
    if match["protocol"] is None:
        return Port(Protocol.ICMP)
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if not 1 <= first <= last <= 65535:
        raise _no_port(written)
    return Port(Protocol(match["protocol"]), first, last)


def _no_port(written: str) -> Unreadable:
    return Unreadable(
        Text(en=f"`{visible(written)}` is no port", ja=f"`{visible(written)}` はポートとして読めません"),
        remedy=Text(
            en="write tcp/443, udp/5000-5010 (1 to 65535, the lower one first) or icmp",
            ja="tcp/443、udp/5000-5010（1〜65535、小さい方が先）、icmp のように書いてください",
        ),
    )
