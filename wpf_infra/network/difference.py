"""What a change of declarations changes: flows gained, lost, and what passes besides; and the proof that it does what
it says.

Here: two worlds compared, exactly. Not here: where they come from (`wpf_infra.loading`), how it is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from wpf_infra.network.flow_set import Flow, FlowSet
from wpf_infra.network.question import Question
from wpf_infra.network.world import Cause, World


@dataclass(frozen=True, slots=True)
class Change:
    """cause: the declaration that means the flows, or leaves them; where they are lost, the one that did."""

    flows: FlowSet
    witness: Flow
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Difference:
    """gained, lost: what is meant, and passes, now and not before, and the other way round; residual_gained,
    residual_lost: the same of what passes though nobody means it.
    """

    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    residual_gained: tuple[Change, ...]
    residual_lost: tuple[Change, ...]

    def __bool__(self) -> bool:
        return any((self.gained, self.lost, self.residual_gained, self.residual_lost))


@dataclass(frozen=True, slots=True)
class Step:
    """changes: what speaks against it."""

    holds: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """Not possible before, possible now, and nothing else has changed."""

    not_before: Step
    now: Step
    nothing_else: Step

    @property
    def holds(self) -> bool:
        return self.not_before.holds and self.now.holds and self.nothing_else.holds


def compare(before: World, after: World) -> Difference:
    raise NotImplementedError


def prove(before: World, after: World, question: Question) -> Proof:
    raise NotImplementedError
