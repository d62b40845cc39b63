"""Ports of an allowance: `tcp/443`, `udp/123`, `tcp/8883-8884`, `icmp`.

Here: the grammar and its one parsed form. Not here: flows and rules (`wpf_infra.network`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from wpf_infra.language import Text
from wpf_infra.model.value import refusal

LONGEST_RANGE = 64
_GRAMMAR = re.compile(r"(?P<protocol>tcp|udp)/(?P<first>[0-9]{1,5})(-(?P<last>[0-9]{1,5}))?")


class Protocol(StrEnum):
    ICMP = "icmp"
    TCP = "tcp"
    UDP = "udp"


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """A protocol and an inclusive range of ports; ICMP has none (0–0)."""

    protocol: Protocol
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        if self.protocol is Protocol.ICMP:
            return "icmp"
        return f"{self.protocol}/{self.first}" + (f"-{self.last}" if self.last != self.first else "")


def parse_port(value: object) -> Port:
    """One entry of `ports`. Raises the schema's refusal for anything outside the grammar."""
    if isinstance(value, Port):
        return value
    if value == "icmp":
        return Port(Protocol.ICMP)
    match = _GRAMMAR.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise refusal(
            Text(
                en="ports are written tcp/443, udp/123, tcp/8883-8884 or icmp",
                ja="ポートは tcp/443、udp/123、tcp/8883-8884、icmp のように書きます",
            )
        )
    first = int(match["first"])
    last = int(match["last"] or first)
    if not 1 <= first <= last <= 65535:
        raise refusal(
            Text(
                en="ports run from 1 to 65535, the lower one first", ja="ポートは1から65535まで、小さい方を先に書きます"
            )
        )
    if last - first >= LONGEST_RANGE:
        raise refusal(
            Text(
                en=f"a range holds at most {LONGEST_RANGE} ports, not {last - first + 1}: each becomes a filter rule",
                ja=f"範囲は{LONGEST_RANGE}ポートまでです（{last - first + 1}あります）。各ポートが1規則になります",
            ),
            Text(en="allow only the ports that are needed", ja="必要なポートだけを許可してください"),
        )
    return Port(Protocol(match["protocol"]), first, last)


PortRange = Annotated[
    Port,
    PlainValidator(parse_port),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^(icmp|(tcp|udp)/[0-9]{1,5}(-[0-9]{1,5})?)$"}),
]
