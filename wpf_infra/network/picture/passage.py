"""What a world lets pass, told between named ends: one passage a declaration, pair of ends and verdict.

Here: sets of flows turned into names, for tables and drawings. Not here: verdicts on a question (`answer`), ports in
words (`port_words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wpf_infra.model.identity import PLATFORM
from wpf_infra.network.flow.flow_set import Box, FlowSet, flows
from wpf_infra.network.picture.end import Directory, End
from wpf_infra.network.reach.cause import Cause, CauseKind
from wpf_infra.network.reach.place import PlaceKind
from wpf_infra.network.reach.world import World
from wpf_infra.network.rules import EVERY_IPV4
from wpf_infra.network.service import SERVICES

FUNCTIONS = {service.name: service.function.value for service in SERVICES}
"""What the platform's function is called that a service is of."""


@dataclass(frozen=True, slots=True)
class Passage:
    """cause: the declaration that lets it pass, or leaves it open where it is a residue; None where no filter stands.
    boxes: its flows; beyond these ends they may name others.
    """

    cause: Cause | None
    source: End
    destination: End
    boxes: tuple[Box, ...]
    residual: bool = False


def intended_passages(world: World, within: FlowSet, directory: Directory) -> Iterator[Passage]:
    return passages(world.intents(within), directory, residual=False)


def residual_passages(world: World, within: FlowSet, directory: Directory) -> Iterator[Passage]:
    """What declarations leave. What no filter sees is not among it: that is between every two lines there are."""
    left = world.residues(within & _looks_declared(world, within))
    return passages(((cause, flow_set) for cause, flow_set in left if cause is not None), directory, residual=True)


def _looks_declared(world: World, within: FlowSet) -> FlowSet:
    """All that can be left of declarations: what looks like an answer, and what the platform opens to whole spaces."""
    asking = world.intents(within.turned())
    answers = FlowSet.union(flow_set for cause, flow_set in asking if cause.kind is not CauseKind.INSIDE).turned()
    platform = world.catalogue.platform.network.cidr
    return FlowSet.union([answers, flows(platform, EVERY_IPV4), flows(EVERY_IPV4, platform)])


def passages(
    told: Iterable[tuple[Cause | None, FlowSet]], directory: Directory, *, residual: bool
) -> Iterator[Passage]:
    """Between each pair of ends that the sets name, what passes by which cause."""
    for cause, flow_set in told:
        between: dict[tuple[End, End], list[Box]] = {}
        for box in flow_set.boxes:
            destinations = tuple(directory.ends(box.destination_first, box.destination_last))
            for source in directory.ends(box.source_first, box.source_last):
                for destination in destinations:
                    between.setdefault((source, destination), []).append(box)
        for (source, destination), boxes in between.items():
            yield Passage(cause, source, destination, tuple(boxes), residual)


def service_end(end: End, cause: Cause | None) -> End:
    """A server of the platform by the function that it serves with here; any other end as it is."""
    if cause is None or cause.kind is not CauseKind.SERVICE or end.owner != PLATFORM:
        return end
    return End(PLATFORM, PlaceKind.SERVICE, FUNCTIONS.get(cause.reason, cause.reason))
