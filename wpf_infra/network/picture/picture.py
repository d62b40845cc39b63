"""What a drawing of who may talk to whom shows, pruned to what was asked: frames of owners, and arrows between ends.

Here: choosing and bundling, pure. Not here: where it stands on the paper (`drawing`), its SVG (`templates/report`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wpf_infra.language import Text
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.flow.flow_set import EVERYTHING, FlowSet, flows
from wpf_infra.network.picture.arrow import (
    Arrow,
    arrows_of,
    arrows_of_question,
    end_of,
    inner,
    is_lane,
    is_platforms,
    lanes_of,
    order_of_links,
    outer,
)
from wpf_infra.network.picture.end import Directory, End
from wpf_infra.network.picture.passage import Passage, intended_passages, residual_passages
from wpf_infra.network.reach.cause import CauseKind
from wpf_infra.network.reach.place import Place, PlaceKind
from wpf_infra.network.reach.question import Question
from wpf_infra.network.reach.world import World
from wpf_infra.network.rules import EVERY_IPV4


class FrameKind(StrEnum):
    UTILITY = "utility"
    VENDOR = "vendor"
    PLATFORM = "operator"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Row:
    """One end in its frame, with its address or network; on_line: it stands in the column of lines and gateways."""

    end: End
    detail: str = ""
    on_line: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """An owner's ends. network: of its servers; also: names of servers that no arrow touches."""

    owner: str | None
    kind: FrameKind
    name: Text
    detail: str
    network: str
    rows: tuple[Row, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """services: what the platform offers here, by function, and the servers that carry it. lanes: arrows between the
    platform's column and a frame; links: arrows between frames, or inside one.
    """

    title: Text
    platform: Text
    platform_detail: str
    services: Mapping[str, tuple[str, ...]]
    frames: tuple[Frame, ...]
    lanes: tuple[Arrow, ...]
    links: tuple[Arrow, ...]


def picture_of(world: World, asked: Question | Place | None = None) -> Picture:
    """The whole world, all that one place takes part in, or just what was asked."""
    places = _places(asked)
    directory = Directory(world.catalogue, places)
    arrows = list(arrows_of(_shown(world, _within(asked), directory, places)))
    if isinstance(asked, Question):
        arrows += arrows_of_question(world, asked, directory)
    lanes = tuple(lanes_of((arrow for arrow in arrows if is_lane(arrow)), directory))
    links = tuple(sorted((arrow for arrow in arrows if not is_lane(arrow)), key=order_of_links))
    platform = world.catalogue.platform
    return Picture(
        title=_title(asked),
        platform=Text(en=platform.name.en, ja=platform.name.ja),
        platform_detail=str(platform.network.cidr),
        services=_services(world.catalogue, lanes, whole=asked is None),
        frames=tuple(_frames(world.catalogue, lanes, links, places)),
        lanes=lanes,
        links=links,
    )


def _places(asked: Question | Place | None) -> tuple[Place, ...]:
    if isinstance(asked, Question):
        return (asked.source, asked.destination)
    return () if asked is None else (asked,)


def _within(asked: Question | Place | None) -> FlowSet:
    if isinstance(asked, Question):
        return asked.flows
    if asked is None:
        return EVERYTHING
    return FlowSet.union(
        each for network in asked.networks for each in (flows(network, EVERY_IPV4), flows(EVERY_IPV4, network))
    )


def _shown(world: World, within: FlowSet, directory: Directory, places: Sequence[Place]) -> Iterator[Passage]:
    """What an arrow is drawn for: inside an owner everything passes, and addresses that are nobody's are left out
    unless they were asked about.
    """
    asked = {end_of(place) for place in places}
    for passage in (*intended_passages(world, within, directory), *residual_passages(world, within, directory)):
        if passage.cause is None or passage.cause.kind is CauseKind.INSIDE:
            continue
        if all(end.owner is not None or end in asked for end in (passage.source, passage.destination)):
            yield passage


def _services(catalogue: Catalogue, lanes: Iterable[Arrow], *, whole: bool) -> dict[str, tuple[str, ...]]:
    """Every function of the platform, or those that arrows touch, with its servers."""
    touched = {end.name for lane in lanes for end in inner(lane)}
    services = catalogue.platform.services
    return {
        function.value: tuple(sorted(services[function]))
        for function in Function
        if services.get(function) and (whole or function.value in touched)
    }


def _frames(
    catalogue: Catalogue, lanes: Iterable[Arrow], links: Iterable[Arrow], places: Sequence[Place]
) -> Iterator[Frame]:
    """In an order that keeps a vendor and whom it serves together; what is nobody's comes last."""
    rows = {end for link in links for end in (*link.sources, *link.destinations)}
    rows |= {end for place in places if not is_platforms(end := end_of(place)) and end.kind is not PlaceKind.TENANT}
    owners = {end.owner for end in rows} | {end.owner for lane in lanes for end in outer(lane)}
    owners |= {place.owner for place in places if not is_platforms(end_of(place))}
    if not places:
        rows |= set(_all_but_servers(catalogue))
        owners |= {*catalogue.tenants, *(end.owner for end in rows)}
    for owner in _neighbours(catalogue):
        if owner in owners:
            theirs = [end for end in rows if end.owner == owner]
            yield _frame(catalogue, owner, theirs, whole=not places)
    if None in owners:
        outside = tuple(Row(end) for end in sorted((end for end in rows if end.owner is None), key=_rank))
        yield Frame(None, FrameKind.OUTSIDE, _OUTSIDE, "", "", outside)


_OUTSIDE = Text(en="Elsewhere", ja="その他のアドレス")


def _rank(end: End) -> tuple[object, ...]:
    return end.rank


def _neighbours(catalogue: Catalogue) -> list[str]:
    """Every owner: each vendor and then the tenants it serves; the platform last."""
    tenants = catalogue.tenants

    def place(name: str) -> tuple[str, bool, str]:
        vendor = tenants[name].vendor
        return (vendor, True, name) if vendor is not None and vendor in tenants else (name, False, name)

    return [*sorted(tenants, key=place), PLATFORM]


def _frame(catalogue: Catalogue, owner: str, ends: Sequence[End], *, whole: bool) -> Frame:
    who = catalogue.owner(owner)
    assert who is not None
    rows = tuple(sorted((_row(who, end) for end in ends), key=lambda row: _order_of_rows(who, row)))
    others = sorted(set(who.vms) - {end.name for end in ends if end.kind is PlaceKind.VM})
    shows_others = whole and isinstance(who, Tenant)  # the platform's stand in its column
    return Frame(
        owner,
        FrameKind(who.kind.value) if isinstance(who, Tenant) else FrameKind.PLATFORM,
        Text(en=who.name.en, ja=who.name.ja),
        f"{owner} · {who.network.cidr}",
        str(who.network.cidr),
        rows,
        tuple(others) if shows_others else (),
    )


_ON_LINES = (PlaceKind.LINE, PlaceKind.GATEWAY)


def _row(who: Tenant | Platform, end: End) -> Row:
    return Row(end, _detail(who, end), end.kind in _ON_LINES)


def _detail(who: Tenant | Platform, end: End) -> str:
    match end.kind:
        case PlaceKind.VM:
            return str(who.vms[end.name].address)
        case PlaceKind.ENDPOINT:
            return str(who.endpoints[end.name].cidr)
    if isinstance(who, Tenant):
        if end.kind is PlaceKind.LINE:
            return str(who.lines[end.name].cidr)
        if end.kind is PlaceKind.GATEWAY:
            return str(who.gateways[end.name].address)
    return ""


def _order_of_rows(who: Tenant | Platform, row: Row) -> tuple[object, ...]:
    """Servers before terminals before lines, a gateway behind its line."""
    kind, name = row.end.kind, row.end.name
    if isinstance(who, Tenant) and row.on_line:
        line = who.gateways[name].line if kind is PlaceKind.GATEWAY else name
        return True, line, kind is PlaceKind.GATEWAY, name
    return False, "", _KINDS.index(kind), name


_KINDS = (PlaceKind.TENANT, PlaceKind.ANY, PlaceKind.ADDRESS, *PlaceKind)


def _all_but_servers(catalogue: Catalogue) -> Iterator[End]:
    """What has a row even where no arrow touches it."""
    yield from (End(PLATFORM, PlaceKind.ENDPOINT, name) for name in catalogue.platform.endpoints)
    for owner, tenant in catalogue.tenants.items():
        yield from (End(owner, PlaceKind.ENDPOINT, name) for name in tenant.endpoints)
        yield from (End(owner, PlaceKind.LINE, name) for name in tenant.lines)
        yield from (End(owner, PlaceKind.GATEWAY, name) for name in tenant.gateways)


def _title(asked: Question | Place | None) -> Text:
    if asked is None:
        return Text(en="Who may talk to whom", ja="通信できる相手の全体図")
    if isinstance(asked, Place):
        return Text(en=f"Whom {asked.written} talks to", ja=f"{asked.written} の通信相手")
    port = f":{asked.port}" if asked.port is not None else ""
    ends = f"{asked.source.written} → {asked.destination.written}{port}"
    return Text(en=f"May they talk? {ends}", ja=f"通信の可否: {ends}")
