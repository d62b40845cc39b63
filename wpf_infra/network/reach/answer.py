"""The answer to a question: what of it is meant, what passes all the same, what is dropped, and why.

Here: the answer as a value. Not here: how it is said (`wpf_infra.cli`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from wpf_infra.network.flow.flow_set import Flow, FlowSet
from wpf_infra.network.reach.cause import apart
from wpf_infra.network.reach.question import Question
from wpf_infra.network.reach.world import Cause, World


class Verdict(StrEnum):
    INTENDED = "intended"
    RESIDUAL = "residual"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what was asked, with one verdict for one reason.

    witness: one of its flows; cause: the declaration that means it, or leaves it; unfiltered: it passes because no
    filter sees it; dropped_by: whose filter drops it first; answers: it is residual because a filter has to let
    answers pass, and all of it looks like one to what is meant, sent from the port that is answered on.
    """

    verdict: Verdict
    flows: FlowSet
    witness: Flow
    cause: Cause | None
    unfiltered: bool
    dropped_by: str | None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    question: Question
    parts: tuple[Part, ...]

    @property
    def verdict(self) -> Verdict:
        """Blocked if any part is, else residual if any part is. No part at all, as of IPv6, is blocked."""
        found = {part.verdict for part in self.parts} or {Verdict.BLOCKED}
        return max(found, key=list(Verdict).index)


def ask(world: World, question: Question) -> Answer:
    """Parts by verdict: what is meant by declaration, then what is left by declaration, then what is dropped by filter.

    The sender may choose the port it sends from. So what is asked is meant where it is meant and passes from every
    port, and passes where it does from some: of that, the part holds the flows that pass. What is meant and passes
    from some ports only is left like the rest: the filters do not let it pass as it is meant, but as something else.
    """
    unseen = world.unfiltered(question.flows)
    seen = question.flows - unseen
    permitted, free = world.permitted(seen), world.intended(unseen)
    unmeant = (seen - (world.intended(seen) & permitted)).from_any_port()
    return Answer(
        question,
        (
            *_meant(world, (seen - unmeant) | free),
            *_unseen(world, unseen - free),
            *_left(world, permitted & unmeant),
            *_dropped(world, seen),
        ),
    )


def _meant(world: World, flows: FlowSet) -> Iterator[Part]:
    for cause, part in apart(world.intents(flows)):
        yield Part(Verdict.INTENDED, part, world.witness(part), cause, False, None)


def _unseen(world: World, flows: FlowSet) -> Iterator[Part]:
    """Apart from all else: it is as many pairs as there are lines and terminals."""
    if flows:
        yield Part(Verdict.RESIDUAL, flows, world.witness(flows), None, True, None)


def _left(world: World, flows: FlowSet) -> Iterator[Part]:
    answers = world.answers(flows)
    for cause, part in apart(world.left_by(flows)):
        yield Part(Verdict.RESIDUAL, part, world.witness(part), cause, False, None, part.is_subset(answers))


def _dropped(world: World, flows: FlowSet) -> Iterator[Part]:
    for owner, part in world.blocked(flows):
        yield Part(Verdict.BLOCKED, part, world.witness(part), None, False, owner)
