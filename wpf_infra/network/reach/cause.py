"""What lets a conversation begin: a declaration, by the path it stands at.

Here: the value. Not here: which flows it means (`intent`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from wpf_infra.network.flow.flow_set import NOTHING, FlowSet


class CauseKind(StrEnum):
    INSIDE = "inside"
    ALLOWANCE = "allowance"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Cause:
    """path: where it is declared, dotted from the owner: `higashi-suido.network`,
    `higashi-suido.allowances.telemetry`, `higashi-suido.options` for a service of an option, `platform.services.ntp`
    for everybody's; key: of the rules it comes to, None inside an owner; row: the FAQ row it rests on; reason: as
    people gave it for an allowance, the name of a service, nothing inside an owner.
    """

    kind: CauseKind
    path: str
    key: str | None
    row: int
    reason: str


_Told = TypeVar("_Told", Cause, Cause | None)


def apart(told: Iterable[tuple[_Told, FlowSet]]) -> Iterator[tuple[_Told, FlowSet]]:
    """Each flow once, with the first cause that has it."""
    before = NOTHING
    for cause, flows in told:
        if rest := flows - before:
            yield cause, rest
        before |= flows
