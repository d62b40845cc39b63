"""The arrows of a drawing: what passes, bundled until it can be looked at.

Here: from passages and answers to arrows, pure. Not here: what else a drawing shows (`picture`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from wpf_infra.language import Text, same
from wpf_infra.model.identity import PLATFORM
from wpf_infra.network.flow.flow_set import Box
from wpf_infra.network.picture.end import Directory, End
from wpf_infra.network.picture.passage import FUNCTIONS, Passage, passages, service_end
from wpf_infra.network.picture.port_words import Words, answering, port_words
from wpf_infra.network.reach.answer import Verdict, ask
from wpf_infra.network.reach.cause import Cause, CauseKind
from wpf_infra.network.reach.place import Place, PlaceKind
from wpf_infra.network.reach.question import Question
from wpf_infra.network.reach.world import World


@dataclass(frozen=True, slots=True)
class Arrow:
    """From each of `sources` to each of `destinations`. words: ports (`port_words`), none: whatever else is blocked, or
    what of it no filter sees.
    answers: who answers may speak first, from the ports it answers on. told: the declarations, for who asks closer.
    """

    sources: tuple[End, ...]
    destinations: tuple[End, ...]
    words: Words
    verdict: Verdict
    answers: bool = False
    told: tuple[Text, ...] = ()


def is_platforms(end: End) -> bool:
    """Does it stand in the platform's column, rather than in a frame?"""
    return end.owner == PLATFORM and end.kind is not PlaceKind.ENDPOINT


def end_of(place: Place) -> End:
    """The place as an end, named as it was asked for where it is nothing that has a name."""
    if place.kind is PlaceKind.TENANT and place.owner is not None:
        return End(place.owner, place.kind, place.owner)
    return End(place.owner, place.kind, place.name or place.written)


@dataclass
class _Bundle:
    """All that passes from one end to another, whoever declared it."""

    intended: list[Box] = field(default_factory=list)
    residual: list[Box] = field(default_factory=list)
    causes: dict[Cause, None] = field(default_factory=dict)


def _bundles(passing: Iterable[Passage]) -> Mapping[tuple[End, End], _Bundle]:
    """A service is an end by its function, on however many servers it runs."""
    bundles: dict[tuple[End, End], _Bundle] = {}
    for passage in passing:
        ends = (service_end(passage.source, passage.cause), service_end(passage.destination, passage.cause))
        bundle = bundles.setdefault(ends, _Bundle())
        (bundle.residual if passage.residual else bundle.intended).extend(passage.boxes)
        assert passage.cause is not None
        bundle.causes[passage.cause] = None
    return bundles


def arrows_of(passing: Iterable[Passage]) -> Iterator[Arrow]:
    """One a pair of ends. What passes the other way because it looks like an answer is part of the arrow that it would
    answer; any other residue is an arrow of its own.
    """
    bundles = _bundles(passing)
    none = _Bundle()
    for (source, destination), bundle in bundles.items():
        back = bundles.get((destination, source), none)
        told = tuple(_told(cause) for cause in bundle.causes)
        meant, left = port_words(bundle.intended), port_words(bundle.residual)
        meant_back, left_back = port_words(back.intended), port_words(back.residual)
        if meant:
            yield Arrow((source,), (destination,), meant, Verdict.INTENDED, left_back == answering(meant), told)
        if left and not _is_answer(left, meant_back, left_back, first=source.rank < destination.rank):
            yield Arrow((source,), (destination,), left, Verdict.RESIDUAL, left_back == answering(left), told)


def _is_answer(left: Words, meant_back: Words, left_back: Words, *, first: bool) -> bool:
    """Is what is left just what answers look like? first: of two that may be each other's answers, this one asks."""
    if meant_back:
        return left == answering(meant_back)
    return left == answering(left_back) and not (first and left_back == answering(left))


def _told(cause: Cause) -> Text:
    if cause.kind is CauseKind.SERVICE:
        return same(f"{cause.reason} (FAQ-{cause.row})")
    return same(f"{cause.key}: {cause.reason}")


def arrows_of_question(world: World, asked: Question, directory: Directory) -> Iterator[Arrow]:
    """What is blocked, free inside an owner, or seen by no filter."""
    parts = ask(world, asked).parts
    source, destination = (end_of(asked.source),), (end_of(asked.destination),)
    if asked.source.owner is not None and asked.source.owner == asked.destination.owner:
        inside = [part for part in parts if part.cause is not None and part.cause.kind is CauseKind.INSIDE]
        if words := port_words(box for part in inside for box in part.flows.boxes):
            yield Arrow(source, destination, words, Verdict.INTENDED, told=(_INSIDE,))
    unseen = list(passages(((None, part.flows) for part in parts if part.unfiltered), directory, residual=True))
    if len(unseen) > _MOST_UNSEEN:
        yield Arrow(source, destination, (), Verdict.RESIDUAL, told=(_UNFILTERED,))
    else:
        for each in unseen:
            yield Arrow(
                (each.source,), (each.destination,), port_words(each.boxes), Verdict.RESIDUAL, told=(_UNFILTERED,)
            )
    blocked = [part for part in parts if part.verdict is Verdict.BLOCKED]
    if blocked or not parts:
        owners = sorted({part.dropped_by for part in blocked if part.dropped_by is not None})
        told = tuple(Text(en=f"dropped by the filter of {owner}", ja=f"{owner} のフィルタが破棄") for owner in owners)
        port = (str(asked.port),) if asked.port is not None else ()
        yield Arrow(source, destination, port, Verdict.BLOCKED, told=told)


_MOST_UNSEEN = 12
"""So many pairs of ends that no filter stands between are told apart."""
_INSIDE = Text(en="inside an owner everything passes (FAQ-22)", ja="同じ所有者の中は自由に通信できる（FAQ-22）")
_UNFILTERED = Text(en="no filter of ours sees this", ja="この通信を見るフィルタはない")


def is_lane(arrow: Arrow) -> bool:
    """Is exactly one side in the platform's column?"""
    return is_platforms(arrow.sources[0]) != is_platforms(arrow.destinations[0])


def lanes_of(arrows: Iterable[Arrow], directory: Directory) -> Iterator[Arrow]:
    """Ends of one owner that have the same with a service share an arrow; then services share it that the same ends
    have.
    """
    by_service = _fused(arrows, lambda arrow: (inner(arrow), outer(arrow)[0].owner))
    by_ends = _fused((_gathered(arrow, directory) for arrow in by_service), outer)
    yield from sorted(by_ends, key=_order_of_lanes)


def _fused(arrows: Iterable[Arrow], by: Callable[[Arrow], Hashable]) -> Iterator[Arrow]:
    """Arrows that are alike by that key, and in all that is not their ends, as one."""
    alike: dict[Hashable, list[Arrow]] = {}
    for arrow in arrows:
        key = (by(arrow), is_platforms(arrow.destinations[0]), arrow.words, arrow.verdict, arrow.answers)
        alike.setdefault(key, []).append(arrow)
    for group in alike.values():
        yield replace(
            group[0],
            sources=tuple(dict.fromkeys(end for arrow in group for end in arrow.sources)),
            destinations=tuple(dict.fromkeys(end for arrow in group for end in arrow.destinations)),
            told=tuple(dict.fromkeys(text for arrow in group for text in arrow.told)),
        )


def _gathered(arrow: Arrow, directory: Directory) -> Arrow:
    if is_platforms(arrow.destinations[0]):
        return replace(arrow, sources=directory.gathered(arrow.sources))
    return replace(arrow, destinations=directory.gathered(arrow.destinations))


def outer(arrow: Arrow) -> tuple[End, ...]:
    """A lane's ends in a frame."""
    return arrow.sources if is_platforms(arrow.destinations[0]) else arrow.destinations


def inner(arrow: Arrow) -> tuple[End, ...]:
    """A lane's ends in the platform's column."""
    return arrow.destinations if is_platforms(arrow.destinations[0]) else arrow.sources


_VERDICTS = list(Verdict)
_SERVICE_ORDER = list(dict.fromkeys(FUNCTIONS.values()))


def _order_of_lanes(arrow: Arrow) -> tuple[object, ...]:
    ours = inner(arrow)[0]
    service = _SERVICE_ORDER.index(ours.name) if ours.name in _SERVICE_ORDER else len(_SERVICE_ORDER)
    theirs = [end.rank for end in outer(arrow)]
    return _VERDICTS.index(arrow.verdict), is_platforms(arrow.sources[0]), service, ours.rank, theirs, arrow.words


def order_of_links(arrow: Arrow) -> tuple[object, ...]:
    return arrow.sources[0].rank, arrow.destinations[0].rank, _VERDICTS.index(arrow.verdict), arrow.words
