"""Where a drawing's parts stand: nothing is written over anything, whatever is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples import catalogue
from tests.tenant_strategies import ids, sentences
from wpf_infra.language import Language, Text
from wpf_infra.model.function import Function
from wpf_infra.network.picture.arrow import Arrow
from wpf_infra.network.picture.drawing import Area, Drawing, Stroke
from wpf_infra.network.picture.end import End
from wpf_infra.network.picture.layout import lay_out
from wpf_infra.network.picture.lettering import cut, width_of
from wpf_infra.network.picture.picture import Frame, FrameKind, Picture, Row, picture_of
from wpf_infra.network.picture.track import tracks
from wpf_infra.network.reach.answer import Verdict
from wpf_infra.network.reach.place import PlaceKind
from wpf_infra.network.reach.world import World

FRAMES = {kind.value for kind in FrameKind}
names = ids | st.text("amw-", min_size=30, max_size=63)
texts = st.builds(Text, en=sentences, ja=sentences)
port_words = st.lists(st.sampled_from(["icmp", "tcp/443", "← tcp/443", "udp/5000-5063", "any"]), max_size=12).map(tuple)
verdicts = st.sampled_from(Verdict)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Any number of owners, ends and arrows, with any names."""
    owners = draw(st.lists(names, max_size=4, unique=True))
    frames = tuple(draw(_frame(owner)) for owner in owners)
    rows = [row.end for frame in frames for row in frame.rows]
    services = draw(
        st.dictionaries(st.sampled_from([each.value for each in Function]), st.lists(ids, min_size=1), max_size=9)
    )
    return Picture(
        title=draw(texts),
        platform=draw(texts),
        platform_detail="10.32.0.0/24",
        services={name: tuple(servers) for name, servers in services.items()},
        frames=frames,
        lanes=tuple(draw(st.lists(_lane(owners), max_size=8))) if owners else (),
        links=tuple(draw(st.lists(_link(rows), max_size=8))) if rows else (),
    )


@st.composite
def _frame(draw: st.DrawFn, owner: str) -> Frame:
    ends = draw(st.lists(names, max_size=5, unique=True))
    rows = sorted(
        (Row(End(owner, PlaceKind.VM, name), "10.64.100.100/28", draw(st.booleans())) for name in ends),
        key=lambda row: row.on_line,
    )
    also = draw(st.lists(names, max_size=12))
    return Frame(owner, draw(st.sampled_from(FrameKind)), draw(texts), owner, "10.64.1.0/24", tuple(rows), tuple(also))


@st.composite
def _lane(draw: st.DrawFn, owners: Sequence[str]) -> Arrow:
    owner = draw(st.sampled_from(owners))
    theirs = tuple(End(owner, PlaceKind.VM, name) for name in draw(st.lists(names, min_size=1, max_size=4)))
    ours = tuple(End("platform", PlaceKind.SERVICE, name) for name in draw(st.lists(names, min_size=1, max_size=4)))
    sides = (theirs, ours) if draw(st.booleans()) else (ours, theirs)
    return Arrow(*sides, draw(port_words), draw(verdicts), draw(st.booleans()), (draw(texts),))


@st.composite
def _link(draw: st.DrawFn, ends: Sequence[End]) -> Arrow:
    sides = ((draw(st.sampled_from(ends)),), (draw(st.sampled_from(ends)),))
    return Arrow(*sides, draw(port_words), draw(verdicts), draw(st.booleans()), (draw(texts),))


def apart(one: Area, other: Area) -> bool:
    return one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


def holds(outer: Area, one: Area) -> bool:
    return outer.x <= one.x and outer.y <= one.y and one.right <= outer.right and one.bottom <= outer.bottom


def overlapping(areas: Iterable[Area]) -> list[tuple[Area, Area]]:
    return [(one, other) for one, other in combinations(areas, 2) if not apart(one, other)]


def stretches(stroke: Stroke) -> Iterator[Area]:
    """The straight parts of a stroke, as areas without any breadth."""
    for one, other in pairwise(stroke.points):
        x, y = min(one.x, other.x), min(one.y, other.y)
        yield Area(x, y, abs(one.x - other.x), abs(one.y - other.y))


def assert_legible(drawing: Drawing) -> None:
    labels = [label.area for label in drawing.labels]
    assert not overlapping(labels)
    assert not overlapping(box.area for box in drawing.boxes if box.look in FRAMES)
    assert not overlapping(box.area for box in drawing.boxes if box.look not in {*FRAMES, "platform"})
    paper = Area(0, 0, drawing.width, drawing.height)
    assert all(holds(paper, area) for area in (*labels, *(box.area for box in drawing.boxes)))
    assert all(holds(paper, Area(*point, 0, 0)) for stroke in drawing.strokes for point in stroke.points)
    for box in drawing.boxes:
        if box.look in {"row", "line", "chip", "sample"}:
            assert all(apart(box.area, area) or holds(box.area, area) for area in labels)
        else:
            assert all(apart(box.area, area) or holds(box.area, area) for area in labels if area.y > box.area.y)
    for stroke in drawing.strokes:
        for part in stretches(stroke):
            assert all(apart(part, area) for area in labels)


def assert_tracks_are_apart(drawing: Drawing) -> None:
    """No two strokes run along the same line."""
    parts = [part for stroke in drawing.strokes for part in stretches(stroke) if part.width or part.height]
    upright = [part for part in parts if not part.width]
    level = [part for part in parts if not part.height]
    assert not [pair for pair in combinations(upright, 2) if pair[0].x == pair[1].x and _beside(*pair, 1)]
    assert not [pair for pair in combinations(level, 2) if pair[0].y == pair[1].y and _beside(*pair, 0)]


def _beside(one: Area, other: Area, axis: int) -> bool:
    return one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2]


@settings(max_examples=40)
@given(pictures(), st.sampled_from(Language))
def test_nothing_is_written_over_anything(picture: Picture, language: Language) -> None:
    drawing = lay_out(picture, language)
    assert_legible(drawing)
    assert_tracks_are_apart(drawing)


@given(pictures(), st.sampled_from(Language))
@settings(max_examples=15)
def test_the_same_picture_is_the_same_drawing(picture: Picture, language: Language) -> None:
    assert lay_out(picture, language) == lay_out(picture, language)


@pytest.mark.parametrize("language", Language)
def test_a_world_is_legible(language: Language) -> None:
    drawing = lay_out(picture_of(World.of(catalogue())), language)
    assert_legible(drawing)
    assert {box.look for box in drawing.boxes} == {"platform", "vendor", "utility", "row", "line", "chip", "sample"}


def test_an_arrow_ends_where_it_points() -> None:
    """The last point of a stroke lies on the box of the end that is spoken to."""
    source, destination = (End("hill", PlaceKind.VM, name) for name in ("from", "to"))
    frame = Frame(
        "hill", FrameKind.UTILITY, Text(en="Hill", ja="丘"), "hill", "10.64.1.0/24", (Row(source), Row(destination))
    )
    link = Arrow((source,), (destination,), ("tcp/22",), Verdict.BLOCKED)
    drawing = lay_out(Picture(Text(en="", ja=""), Text(en="", ja=""), "", {}, (frame,), (), (link,)), Language.ENGLISH)
    first, second = (box.area for box in drawing.boxes if box.look == "row")
    stroke = next(stroke for stroke in drawing.strokes if stroke.told)
    assert stroke.points[0].x == first.right and first.y < stroke.points[0].y < first.bottom
    assert stroke.points[-1].x == second.right and second.y < stroke.points[-1].y < second.bottom
    assert stroke.cross is not None and first.right < stroke.cross.x


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=30), st.integers(0, 12))
def test_on_a_track_everything_is_apart(spans: list[tuple[int, int]], gap: int) -> None:
    chosen = tracks(spans, gap)
    for (one, track), (other, another) in combinations(zip(map(sorted, spans), chosen, strict=True), 2):
        if track == another:
            assert one[1] + gap < other[0] or other[1] + gap < one[0]


@given(sentences, st.integers(20, 400), st.sampled_from([10, 12, 13, 18]))
def test_a_cut_text_fits(text: str, width: int, size: int) -> None:
    shown = cut(text, width, size)
    assert width_of(shown, size) <= width
    assert shown == text or shown.endswith("…")


@pytest.mark.parametrize("wider", ["水道事業団", "MMMMM", "水道abc"])
def test_wide_letters_take_more_room(wider: str) -> None:
    assert width_of("iiiii", 12) < width_of(wider, 12)
