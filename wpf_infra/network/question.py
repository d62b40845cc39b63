"""A question: may this end open a conversation with that one, on these ports?

Here: the value, and reading it. Not here: answering it (`answer`).
"""

from __future__ import annotations

from dataclasses import dataclass

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.network.flow_set import FlowSet, flows
from wpf_infra.network.place import Place


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
    raise NotImplementedError
