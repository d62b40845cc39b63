"""What a change of declarations changes: flows gained, lost, and what passes besides; and the proof that it does what
it says.

Here: two worlds compared, exactly. Not here: where they come from (`wpf_infra.loading`), how it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from wpf_infra.network.flow.flow_set import Flow, FlowSet
from wpf_infra.network.reach.cause import apart
from wpf_infra.network.reach.changed import changed
from wpf_infra.network.reach.question import Question
from wpf_infra.network.reach.world import Cause, World


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
    """Exact over the whole header space: where nothing that speaks of a flow has changed, nothing has."""
    concerned = changed(before, after)
    old, new = (_judged(world, concerned) for world in (before, after))
    return Difference(
        gained=tuple(_changes(after.intents(new.meant - old.meant), after)),
        lost=tuple(_changes(before.intents(old.meant - new.meant), before)),
        residual_gained=tuple(_changes(after.left_by(new.left - old.left), after)),
        residual_lost=tuple(_changes(before.left_by(old.left - new.left), before)),
    )


class _Judged(NamedTuple):
    """meant: and passing."""

    meant: FlowSet
    left: FlowSet


def _judged(world: World, flows: FlowSet) -> _Judged:
    permitted, intended = world.permitted(flows), world.intended(flows)
    return _Judged(permitted & intended, permitted - intended)


def _changes(told: Iterable[tuple[Cause | None, FlowSet]], world: World) -> Iterator[Change]:
    """Each flow once, with the first cause that has it."""
    for cause, flows in apart(told):
        yield Change(flows, world.witness(flows), cause)


def prove(before: World, after: World, question: Question) -> Proof:
    """That a change opens what is asked, which was shut, and nothing beside it.

    What looks like its answers will pass too: that much filters that remember nothing must leave. So residue is
    expected from the addresses asked as destination to those asked as source, from the ports asked about, whoever
    leaves it; any other speaks against the change. With an IPv6 end nothing is proven: no flow goes there.
    """
    asked = question.flows
    difference = compare(before, after)
    lacking = tuple(_lacking(after, asked - (after.intended(asked) & after.permitted(asked))))
    return Proof(
        not_before=_step(*_passing(before, asked)),
        now=Step(
            bool(asked) and not lacking, lacking
        ),  # to an IPv6 address nothing is possible, and no flow is lacking
        nothing_else=_step(
            *_beyond(difference.gained, asked, after),
            *difference.lost,
            *_beyond(difference.residual_gained, asked.turned(), after),
            *_beyond(difference.residual_lost, asked, before),
        ),
    )


def _step(*against: Change) -> Step:
    return Step(not against, against)


def _passing(world: World, asked: FlowSet) -> Iterator[Change]:
    passing = _judged(world, asked)
    yield from _changes(world.intents(passing.meant), world)
    yield from _changes(world.left_by(passing.left), world)


def _lacking(world: World, missing: FlowSet) -> Iterator[Change]:
    """What is not meant, if it passes all the same by whom, and what is dropped."""
    passing = world.permitted(missing)
    yield from _changes(world.left_by(passing), world)
    if dropped := missing - passing:
        yield Change(dropped, world.witness(dropped), None)


def _beyond(changes: Iterable[Change], expected: FlowSet, world: World) -> Iterator[Change]:
    for change in changes:
        if rest := change.flows - expected:
            yield Change(rest, world.witness(rest), change.cause)
