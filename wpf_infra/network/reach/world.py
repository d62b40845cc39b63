"""A catalogue as sets of flows: what is meant, what passes, and what passes though nobody meant it.

Here: the sets, exact, of as much as one asks about. Not here: questions (`answer`) and differences (`difference`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TypeAlias

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.filter import all_policies
from wpf_infra.network.flow.flow_set import NOTHING, Box, Flow, FlowSet, between, only
from wpf_infra.network.reach.acceptance import Acceptance, Ends
from wpf_infra.network.reach.cause import Cause, CauseKind
from wpf_infra.network.reach.intent import Intent, Intents, spaces_opened
from wpf_infra.network.reach.witness import stations, witness
from wpf_infra.network.reach.zones import Zones, filter_zones, owner_zones

__all__ = ["Cause", "CauseKind", "World"]

_Told: TypeAlias = tuple[Cause, tuple[Box, ...]]
_Passage: TypeAlias = tuple[str | None, FlowSet, FlowSet]
"""The owner of a filter, None where there is none, what arrived there, and what of it passed."""


class World:
    """policies: every owner's, as backends get them, and their ends by address; owners: whose an address is; filters:
    whose rules stand where. What is asked of a world is computed when it is asked, and no more of it.
    """

    def __init__(
        self, catalogue: Catalogue, owners: Zones, filters: Zones, policies: Mapping[str, FirewallResource]
    ) -> None:
        self.catalogue, self.filters, self.policies = catalogue, filters, policies
        self.ends = cache(lambda owner: Ends(self.policies[owner]))
        self._meant = Intents(catalogue, self.ends, owners)
        self._acceptance = cache(lambda owner: Acceptance(self.ends(owner)))

    @classmethod
    def of(cls, catalogue: Catalogue) -> World:
        """Raises Unsound where addresses have no one owner."""
        return cls(catalogue, owner_zones(catalogue), filter_zones(catalogue), all_policies(catalogue))

    def intents(self, within: FlowSet) -> Iterator[tuple[Cause, FlowSet]]:
        """Every declaration that means some of these flows, with what it means of them. Several may mean the same."""
        return _by_cause(((each.cause, each.boxes) for each in self._meant.touching(within)), within)

    def intended(self, within: FlowSet) -> FlowSet:
        """What is meant, whether or not a filter lets it pass: where `wpf check` finds no error, every filter does."""
        return FlowSet(part for each in self._meant.touching(within) for part in each.boxes) & within

    def answers(self, within: FlowSet) -> FlowSet:
        """What looks like an answer to something meant: from the port that is answered on, to whatever port."""
        return _all(self._answers(within)) & within

    def permitted(self, within: FlowSet) -> FlowSet:
        """What passes the filters of both ends."""
        return FlowSet.union(passing for _, _, passing in self._received(self._sent(within)))

    def residual(self, within: FlowSet) -> FlowSet:
        """What passes and is not meant."""
        return self.permitted(within) - self.intended(within)

    def unfiltered(self, within: FlowSet) -> FlowSet:
        """What no filter sees: neither end is at a port of ours."""
        return within & between(
            self.filters.split(within.sources).get(None, ()), self.filters.split(within.destinations).get(None, ())
        )

    def residues(self, within: FlowSet) -> Iterator[tuple[Cause | None, FlowSet]]:
        """What passes though nobody meant it, by the declaration that leaves it; None: no filter sees it.

        A declaration leaves what looks like an answer to it; a service, besides, what the platform opens to whole
        address spaces. Several may leave the same.
        """
        unseen = self.unfiltered(within)
        seen = within - unseen
        left = _all((*self._answers(seen), *self._opened)) & seen
        yield from self.left_by((unseen - self.intended(unseen)) | self.residual(left))

    def left_by(self, residual: FlowSet) -> Iterator[tuple[Cause | None, FlowSet]]:
        """As `residues`, of what is known to pass, and not because it is meant."""
        if unseen := self.unfiltered(residual):
            yield None, unseen
        seen = residual - unseen
        answers = self._answers(seen)
        left = dict(_by_cause(answers, seen))
        for cause, opened in _by_cause(self._opened, seen - _all(answers)):
            left[cause] = left.get(cause, NOTHING) | opened
        yield from left.items()

    def _answers(self, within: FlowSet) -> list[_Told]:
        """What looks like an answer to a declaration, of all that may touch these flows."""
        return [(each.cause, each.answers) for each in self._meant.touching(within, answers=True)]

    @cached_property
    def _opened(self) -> list[_Told]:
        """What the platform opens to whole address spaces, both ways."""
        return [(each.cause, (*each.boxes, *each.answers)) for each in spaces_opened(self.policies[PLATFORM])]

    def services(self, tenant: str) -> tuple[Intent, ...]:
        """What the tenant has of the platform's services, its lines' among it; nothing for who is not declared."""
        return self._meant.services(tenant) if tenant in self.catalogue.tenants else ()

    def filter_owner(self, address: int) -> str | None:
        """Whose rules stand at the address's port; None where it has no port of ours."""
        return self.filters.at(address)

    def drops(self, within: FlowSet) -> Iterator[tuple[str, FlowSet]]:
        """What is dropped, by whose filter drops it first: the sender's, then the receiver's."""
        sent = tuple(self._sent(within))
        passages = (*sent, *self._received(sent))
        return _by_owner((owner, arrived - passing) for owner, arrived, passing in passages)

    def blocked(self, within: FlowSet) -> Iterator[tuple[str, FlowSet]]:
        """As `drops`, but only what passes from no port that the sender may choose. within: from every port."""
        sent = tuple(self._sent(within))
        received = tuple(self._received(sent))
        permitted = FlowSet.union(passing for _, _, passing in received)
        by_sender = (
            (owner, arrived - passed - (permitted & between(arrived.sources)).from_any_port())
            for owner, arrived, passed in sent
        )
        by_receiver = ((owner, arrived - passing.from_any_port()) for owner, arrived, passing in received)
        return _by_owner((*by_sender, *by_receiver))

    def dropped_by(self, flow: Flow) -> str | None:
        """Whose filter drops the flow first; None where it passes."""
        return next((owner for owner, _ in self.drops(only(flow))), None)

    def witness(self, flows: FlowSet) -> Flow:
        """One of the flows, between things with names where there are any. Raises ValueError for the empty set."""
        return witness(flows, self._stations)

    @cached_property
    def _stations(self) -> tuple[int, ...]:
        return stations(self.catalogue)

    def _sent(self, within: FlowSet) -> Iterator[_Passage]:
        """By the filter of the sender's port."""
        for owner, spans in self.filters.split(within.sources).items():
            arrived = within & between(spans)
            yield owner, arrived, self._passing(owner, arrived)

    def _received(self, sent: Iterable[_Passage]) -> Iterator[_Passage]:
        """What was sent, by the filter of the receiver's port; inside an owner it is the same filter again."""
        arrived: dict[str | None, list[FlowSet]] = {}
        for _, _, passed in sent:
            for owner, spans in self.filters.split(passed.destinations).items():
                arrived.setdefault(owner, []).append(passed & between(None, spans))
        for owner, parts in arrived.items():
            whole = FlowSet.union(parts)
            yield owner, whole, self._passing(owner, whole)

    def _passing(self, owner: str | None, arrived: FlowSet) -> FlowSet:
        return arrived if owner is None else self._acceptance(owner).of(arrived)


def _all(told: Iterable[_Told]) -> FlowSet:
    return FlowSet(box for _, boxes in told for box in boxes)


def _by_owner(dropped: Iterable[tuple[str | None, FlowSet]]) -> Iterator[tuple[str, FlowSet]]:
    found: dict[str, list[FlowSet]] = {}
    for owner, flows in dropped:
        if owner is not None and flows:
            found.setdefault(owner, []).append(flows)
    for owner in sorted(found):
        yield owner, FlowSet.union(found[owner])


def _by_cause(told: Iterable[_Told], within: FlowSet) -> Iterator[tuple[Cause, FlowSet]]:
    found: dict[Cause, list[Box]] = {}
    for cause, boxes in told:
        found.setdefault(cause, []).extend(boxes)
    for cause, theirs in found.items():
        if flows := FlowSet(theirs) & within:
            yield cause, flows
