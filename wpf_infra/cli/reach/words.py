"""Flows and what lets them pass, in words: names and addresses, ports, the declaration with file and line.

Here: the parts that answers and differences are told in, for people and for programs. Not here: whole answers
(`answer`), names of addresses (`wpf_infra.network.picture.end`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from netaddr import IPAddress

from wpf_infra.language import Text, same, spoken, visible
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.network.flow.flow_set import NUMBERS, Box, Flow, FlowSet
from wpf_infra.network.picture.end import Directory, End
from wpf_infra.network.picture.passage import passages
from wpf_infra.network.picture.port_words import port_words
from wpf_infra.network.reach.names import Names
from wpf_infra.network.reach.place import Place
from wpf_infra.network.reach.world import Cause, CauseKind

MOST = 12
"""How much of one sort people are shown at once; programs read all."""
_FEW = 3
UNFILTERED = Text(
    en="no filter sees it: neither end is at a port of ours",
    ja="どちらの端も仮想マシンのポートではないため、フィルタを通りません",
)
_PROTOCOLS = {number: protocol.value for protocol, number in NUMBERS.items()}
_WITH_PORTS = ("tcp", "udp")
_EVERY_PORT = (0, 65535)


class Words:
    """Of one catalogue. asked: places of a question, which keep the names it gave them."""

    def __init__(self, catalogue: Catalogue, asked: Iterable[Place] = ()) -> None:
        self._catalogue = catalogue
        self._directory = Directory(catalogue, asked)
        self._names = Names(catalogue)

    def flow(self, flow: Flow) -> str:
        """`tcp higashi-suido/app-1 (10.64.8.11):49152 → aqua-systems/collector (10.96.4.10):443`; `ip/47 …`"""
        protocol = _PROTOCOLS.get(flow.protocol, f"ip/{flow.protocol}")
        with_ports = protocol in _WITH_PORTS
        ends = (
            f"{self._named(address)}:{port}" if with_ports else self._named(address)
            for address, port in ((flow.source, flow.source_port), (flow.destination, flow.destination_port))
        )
        return f"{protocol} {' → '.join(ends)}"

    def pairs(self, flow_set: FlowSet, *, residual: bool, most: int | None = None) -> Iterator[str]:
        """`higashi-suido/app-1 → aqua-systems/collector: tcp/443`, a pair of ends at a time; of a residue the port it
        comes from, where it has to come from one: to which it goes was asked. most: then how many more there are.
        """
        found = list(passages([(None, flow_set)], self._directory, residual=residual))
        for passage in found[:most]:
            boxes = map(_to_any_port, passage.boxes) if residual else passage.boxes
            yield f"{passage.source} → {passage.destination}: {', '.join(port_words(boxes))}"
        if most is not None and len(found) > most:
            yield more(len(found) - most)

    def between(self, flow_set: FlowSet) -> str:
        """All senders and all who are sent to, though not each of them to each."""
        return " → ".join(
            _first_few(dict.fromkeys(map(str, self._ends(stretches))))
            for stretches in (flow_set.sources, flow_set.destinations)
        )

    def cause(self, cause: Cause) -> Text:
        """Where it is declared, and why."""
        position = self._catalogue.position(cause.path)
        place = f"{position}: {cause.path}" if position else cause.path
        reason = visible(cause.reason)
        match cause.kind:
            case CauseKind.INSIDE:
                why = Text(en="inside one owner traffic is free", ja="同じ所有者の中の通信は自由です")
            case CauseKind.SERVICE:
                why = Text(en=f"the service {reason}", ja=f"サービス {reason}")
            case CauseKind.ALLOWANCE:
                why = same(reason)
        return Text(en=f"{place} ({why.en}, FAQ-{cause.row})", ja=f"{place}（{why.ja}、FAQ-{cause.row}）")

    def cause_data(self, cause: Cause | None) -> dict[str, Any] | None:
        if cause is None:
            return None
        position = self._catalogue.position(cause.path)
        return {
            "kind": cause.kind.value,
            "path": cause.path,
            "key": cause.key,
            "row": cause.row,
            "reason": cause.reason,
            "file": position.file if position else None,
            "line": position.line if position else None,
            "column": position.column if position else None,
        }

    def flow_data(self, flow: Flow) -> dict[str, Any]:
        with_ports = protocol_name(flow.protocol) in _WITH_PORTS
        return {
            "from": {"name": self._names.of(flow.source), "address": _address(flow.source)},
            "to": {"name": self._names.of(flow.destination), "address": _address(flow.destination)},
            "protocol": protocol_name(flow.protocol),
            "from_port": flow.source_port if with_ports else None,
            "to_port": flow.destination_port if with_ports else None,
        }

    def _named(self, address: int) -> str:
        name, written = self._names.of(address), _address(address)
        return name if written in name else f"{name} ({written})"

    def _ends(self, stretches: Sequence[tuple[int, int]]) -> Iterator[End]:
        for first, last in stretches:
            yield from self._directory.ends(first, last)


def flow_set_data(flow_set: FlowSet) -> list[dict[str, str]]:
    """Every box, its bounds as they are written: exactly the set, for programs."""
    return [
        {
            "from": _stretch(_address(box.source_first), _address(box.source_last)),
            "to": _stretch(_address(box.destination_first), _address(box.destination_last)),
            "protocol": _stretch(protocol_name(box.protocol_first), protocol_name(box.protocol_last)),
            "from_ports": _stretch(str(box.source_port_first), str(box.source_port_last)),
            "to_ports": _stretch(str(box.destination_port_first), str(box.destination_port_last)),
        }
        for box in flow_set.boxes
    ]


def more(count: int) -> str:
    return Text(en=f"and {count} more", ja=f"ほか {count} 件").in_(spoken())


def _first_few(texts: Iterable[str]) -> str:
    every = list(texts)
    few = every[:_FEW]
    return ", ".join([*few, more(len(every) - _FEW)] if len(every) > _FEW else few)


def _to_any_port(box: Box) -> Box:
    if (box.source_port_first, box.source_port_last) == _EVERY_PORT:
        return box
    return box._replace(destination_port_first=_EVERY_PORT[0], destination_port_last=_EVERY_PORT[1])


def protocol_name(number: int) -> str:
    """`tcp`; of a protocol that no declaration can name its number."""
    return _PROTOCOLS.get(number, str(number))


def _address(number: int) -> str:
    return str(IPAddress(number, 4))


def _stretch(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"
