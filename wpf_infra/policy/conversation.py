"""Conversations: what sound allowances and services let one owner open to another, found again by who takes part.

Here: ends as spans of addresses, what is left of a conversation without others, and an index by pairs of owners, so
that no rule compares everything with everything. Not here: any judgement, and what passes without being allowed
(`wpf_infra.network`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from netaddr import IPNetwork

from wpf_infra.model.allowance import Allowance
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.ports import Port
from wpf_infra.model.resource import Direction
from wpf_infra.network.resolve import ResolvedEnd, stays_inside
from wpf_infra.network.service import flows_of
from wpf_infra.policy.port_set import common, merged, without


@dataclass(frozen=True, slots=True)
class AllowanceEnd:
    """One end of an allowance. side: `from` or `to`; written: as declared; named: what it resolves to."""

    declaring: str
    name: str
    side: str
    written: str
    allowance: Allowance
    named: tuple[ResolvedEnd, ...]

    @property
    def path(self) -> str:
        return f"{self.declaring}.allowances.{self.name}.{self.side}"


class Span(NamedTuple):
    """IPv4 addresses, first and last inclusive."""

    first: int
    last: int

    def holds(self, other: Span) -> bool:
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: Span) -> bool:
        return self.first <= other.last and other.first <= self.last

    @classmethod
    def of(cls, network: IPNetwork) -> Span:
        return cls(network.first, network.last)


class Cell(NamedTuple):
    """Everyone of the source to everyone of the destination, on all of the ports, which are merged."""

    source: Span
    destination: Span
    ports: tuple[Port, ...]

    def holds(self, other: Cell) -> bool:
        return (
            self.source.holds(other.source)
            and self.destination.holds(other.destination)
            and not without(other.ports, self.ports)
        )


def left_of(cell: Cell, taken: Iterable[Cell]) -> tuple[Cell, ...]:
    """What of the cell is in none of the others, as cells that do not overlap."""
    left = [cell]
    for other in taken:
        left = [part for each in left for part in _less(each, other)]
    return tuple(left)


def _less(cell: Cell, other: Cell) -> Iterator[Cell]:
    source, destination = cell.source, cell.destination
    if not (source.meets(other.source) and destination.meets(other.destination) and common(cell.ports, other.ports)):
        yield cell
        return
    for beside in _beside(source, other.source):
        yield Cell(beside, destination, cell.ports)
    shared = Span(max(source.first, other.source.first), min(source.last, other.source.last))
    for beside in _beside(destination, other.destination):
        yield Cell(shared, beside, cell.ports)
    if ports := without(cell.ports, other.ports):
        both = Span(max(destination.first, other.destination.first), min(destination.last, other.destination.last))
        yield Cell(shared, both, ports)


def _beside(span: Span, other: Span) -> Iterator[Span]:
    """The parts of the span below and above the other, which meets it."""
    if span.first < other.first:
        yield Span(span.first, other.first - 1)
    if other.last < span.last:
        yield Span(other.last + 1, span.last)


@dataclass(frozen=True, slots=True)
class Conversation:
    """path: where it is declared, an allowance or a platform function of `services`."""

    path: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Stated(Conversation):
    """An allowance that opens something: both ends sound, one of them the declaring owner's, not inside an owner."""

    allowance: Allowance
    source: ResolvedEnd
    destination: ResolvedEnd


@dataclass(slots=True)
class _Answered:
    """Conversations by who answers: single addresses apart from ranges, which are few."""

    single: dict[int, list[Conversation]] = field(default_factory=dict)
    ranges: list[Conversation] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    """The single addresses, sorted; made when it is first needed."""

    def add(self, conversation: Conversation) -> None:
        span = conversation.cell.destination
        if span.first == span.last:
            self.single.setdefault(span.first, []).append(conversation)
        else:
            self.ranges.append(conversation)

    def meeting(self, span: Span) -> Iterator[Conversation]:
        if span.first == span.last:
            yield from self.single.get(span.first, ())
        else:
            if len(self.order) != len(self.single):
                self.order = sorted(self.single)
            for address in self.order[bisect_left(self.order, span.first) : bisect_right(self.order, span.last)]:
                yield from self.single[address]
        yield from (each for each in self.ranges if each.cell.destination.meets(span))


class Conversations:
    """stated: every sound allowance, by declaring owner and name."""

    def __init__(self, catalogue: Catalogue, pairs: Iterable[tuple[AllowanceEnd, AllowanceEnd]]) -> None:
        self._catalogue = catalogue
        self._pairs: dict[tuple[str, str], _Answered] = {}
        self._owners: dict[str, _Answered] = {}
        self._served: dict[str, dict[Direction, tuple[Conversation, ...]]] = {}
        self.stated = tuple(each for pair in pairs if (each := _stated(*pair)) is not None)
        for each in self.stated:
            source, destination = each.source.owner, each.destination.owner
            self._pairs.setdefault((source, destination), _Answered()).add(each)
            self._owners.setdefault(destination, _Answered()).add(each)

    def beside(self, source: str, destination: str, cell: Cell) -> Iterator[Conversation]:
        """Everything between these owners, services too, that has addresses in common with the cell at both ends."""
        answered = self._pairs.get((source, destination))
        found: Iterable[Conversation] = answered.meeting(cell.destination) if answered is not None else ()
        for each in (*found, *self._services(source, destination)):
            if each.cell.source.meets(cell.source) and each.cell.destination.meets(cell.destination):
                yield each

    def answered_at(self, owner: str, span: Span) -> Iterator[Conversation]:
        """The allowances, whoever opens them, that somebody of the span answers; no services."""
        answered = self._owners.get(owner)
        return answered.meeting(span) if answered is not None else iter(())

    def _services(self, source: str, destination: str) -> tuple[Conversation, ...]:
        """By the platform or by a tenant, whichever opens them; there are none between tenants."""
        if (source == PLATFORM) == (destination == PLATFORM):
            return ()
        tenant, direction = (destination, Direction.IN) if source == PLATFORM else (source, Direction.OUT)
        if tenant not in self._served:
            self._served[tenant] = _services(self._catalogue, tenant)
        return self._served[tenant][direction]


def _services(catalogue: Catalogue, tenant: str) -> dict[Direction, tuple[Conversation, ...]]:
    flows = [(flow.service.opens, flow) for flow in flows_of(catalogue.platform, catalogue.tenants[tenant])]
    return {
        direction: tuple(
            Conversation(
                f"{PLATFORM}.services.{flow.service.function}",
                Cell(Span.of(flow.source), Span.of(flow.destination), merged(flow.ports)),
            )
            for opens, flow in flows
            if opens is direction
        )
        for direction in Direction
    }


def _stated(source: AllowanceEnd, destination: AllowanceEnd) -> Stated | None:
    if len(source.named) != 1 or len(destination.named) != 1:
        return None
    opens, answers = source.named[0], destination.named[0]
    if source.declaring not in (opens.owner, answers.owner) or stays_inside(opens, answers):
        return None
    return Stated(
        path=source.path.removesuffix(".from"),
        cell=Cell(Span.of(opens.network), Span.of(answers.network), merged(source.allowance.ports)),
        allowance=source.allowance,
        source=opens,
        destination=answers,
    )
