"""Where everything of a picture stands on the paper.

Here: geometry, pure; the same picture is the same drawing. Not here: what is drawn (`picture`), and its words
(`drawing_words`).
From left to right: the platform with a chip for each service that somebody has, lanes to the owners' frames, the
frames, labels of arrows between frames, and a channel in which each of those arrows has a track of its own. Every lane,
every row and every end of an arrow has a height of its own, so nothing is written over anything, however many there
are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from wpf_infra.language import Language, visible
from wpf_infra.network.picture.arrow import Arrow, is_platforms, outer
from wpf_infra.network.picture.drawing import Area, Box, Drawing, Label, Point, Stroke
from wpf_infra.network.picture.drawing_words import (
    INSIDE,
    LINES,
    NO_CONVERSATION,
    SERVERS,
    VERDICTS,
    chip_text,
    description,
    end_text,
    pin_text,
    ports_text,
    told_text,
    who_text,
)
from wpf_infra.network.picture.end import End
from wpf_infra.network.picture.lettering import certain, cut, width_of, wrapped
from wpf_infra.network.picture.picture import Frame, Picture, Row
from wpf_infra.network.picture.track import tracks
from wpf_infra.network.reach.answer import Verdict

SMALL, NORMAL, LARGE, HUGE = 10, 12, 13, 18
"""Sizes of letters."""
MARGIN, PADDING, GAP = 24, 12, 16
PITCH = 24
"""From one lane, or one end of an arrow, to the next: a label above the line, a residue's line beside it."""
ROW, LINE, CHIP = 26, 16, 18
"""Heights of a row that no arrow touches, of a line of text, of a chip."""
HEAD = 44
"""What an owner's name takes."""
TRACK = 12
"""From one track of the channel to the next."""
BESIDE, ABOVE = 4, 8
"""How far beside its arrow a residue runs, and a label stands."""
COLOURS = 6
"""How many tell tracks apart."""
WIDEST_TITLE = 1200


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide the columns are: what stands in them decides, within bounds."""

    platform: int
    lanes: int
    who: int
    rows: int
    lines: int
    pins: int

    @property
    def frame_x(self) -> int:
        return MARGIN + self.platform + self.lanes

    @property
    def rows_x(self) -> int:
        return self.frame_x + self.who

    @property
    def lines_x(self) -> int:
        return self.rows_x + self.rows + (GAP if self.lines else 0)

    @property
    def frame_right(self) -> int:
        return self.lines_x + self.lines + PADDING

    @property
    def channel_x(self) -> int:
        return self.frame_right + self.pins


def _columns(picture: Picture, language: Language) -> _Columns:
    rows = [(frame, row) for frame in picture.frames for row in frame.rows]
    lanes = {frame.owner: frame for frame in picture.frames}
    who = [width_of(who_text(lane, lanes[outer(lane)[0].owner], language), SMALL) for lane in picture.lanes]
    heads = [width_of(frame.name.in_(language), LARGE, bold=True) for frame in picture.frames]
    heads += [width_of(frame.detail, NORMAL) for frame in picture.frames]
    who_width = _within(who, 2 * PADDING, 0, 180) or PADDING
    lines = _within((_row_width(frame, row, language) for frame, row in rows if row.on_line), 0, 140, 300)
    servers = [_row_width(frame, row, language) for frame, row in rows if not row.on_line]
    servers += [min(max(heads), 400) + 2 * PADDING - who_width - lines] if heads else []
    return _Columns(
        platform=_platform_width(picture, language),
        lanes=_within((width_of(ports_text(lane, language), SMALL) for lane in picture.lanes), 48, 130, 280),
        who=who_width,
        rows=_within(servers, 0, 220 if any(frame.also for frame in picture.frames) else 140, 300),
        lines=lines,
        pins=_within(
            (width_of(pin_text(link, language, outward=way), SMALL) for link in picture.links for way in (True, False)),
            2 * PADDING,
            120,
            440,
        ),
    )


def _platform_width(picture: Picture, language: Language) -> int:
    if not picture.lanes and not picture.services:
        return 0
    widths = [width_of(f"{name}: {', '.join(servers)}", SMALL) for name, servers in picture.services.items()]
    widths += [width_of(chip_text(lane), SMALL) for lane in picture.lanes]
    widths += [width_of(picture.platform.in_(language), LARGE, bold=True)]
    return _within(widths, 3 * PADDING, 180, 320)


def _row_width(frame: Frame, row: Row, language: Language) -> int:
    return width_of(end_text(row.end, frame, language), NORMAL) + width_of(row.detail, SMALL) + 3 * PADDING


def _within(widths: Iterable[int], more: int, least: int, most: int) -> int:
    """The greatest of the widths and something more, within bounds; 0 where there is none."""
    found = max(widths, default=None)
    return 0 if found is None else min(max(found + more, least), most)


def lay_out(picture: Picture, language: Language) -> Drawing:
    """The picture in a language, as large as it gets."""
    return _Paper(picture, language).drawing()


_Pin: TypeAlias = tuple[int, bool]
"""Where an arrow touches an end: the link's number, and whether it leaves there."""
_Pins: TypeAlias = dict[End, list[_Pin]]


class _Paper:
    """What has been laid out so far."""

    def __init__(self, picture: Picture, language: Language) -> None:
        self.picture, self.language = picture, language
        self.columns = _columns(picture, language)
        self.boxes: list[Box] = []
        self.labels: list[Label] = []
        self.strokes: list[Stroke] = []
        self.pins: dict[_Pin, Point] = {}

    def drawing(self) -> Drawing:
        tracks_y = self._heading()
        bottom = self._frames(tracks_y)
        self._platform(bottom)
        self._links()
        title = visible(self.picture.title.in_(self.language))
        self._write(Point(MARGIN, 40), title, HUGE, WIDEST_TITLE, "title", bold=True)
        right = max([self.columns.frame_right, *self._rights()]) + MARGIN
        return Drawing(
            width=right,
            height=bottom + MARGIN,
            language=self.language,
            title=title,
            description=description(self.picture, self.language),
            boxes=tuple(self.boxes),
            labels=tuple(self.labels),
            strokes=tuple(self.strokes),
        )

    def _rights(self) -> Iterator[int]:
        yield from (label.area.right for label in self.labels)
        yield from (point.x for stroke in self.strokes for point in stroke.points)

    def _write(
        self, at: Point, text: str, size: int, width: int, look: str = "", *, bold: bool = False, told: str = ""
    ) -> int:
        """As much of the text as there is room for; returns the width that it takes."""
        whole = visible(text)
        shown = cut(whole, width, size, bold=bold)
        taken = min(width_of(shown, size, bold=bold), width)
        if shown:
            told = told or (whole if shown != whole else "")
            self.labels.append(Label(at, shown, size, taken, look, told, squeezed=not certain(shown)))
        return taken

    # The head: what the strokes mean, what the platform offers.

    def _heading(self) -> int:
        """The legend, and beside it the platform's services. Returns where frames may begin."""
        top = 64
        legend = self._legend(Point(self.columns.frame_x, top + LINE))
        services = self._services(top + HEAD)
        y = max(legend, services) + GAP
        if self.columns.lines:
            y += PADDING
            self._write(Point(self.columns.rows_x, y), SERVERS.in_(self.language), SMALL, self.columns.rows, "quiet")
            self._write(Point(self.columns.lines_x, y), LINES.in_(self.language), SMALL, self.columns.lines, "quiet")
            y += PADDING
        return y

    def _legend(self, at: Point) -> int:
        shown = {arrow.verdict for arrow in (*self.picture.lanes, *self.picture.links)}
        if any(arrow.answers for arrow in (*self.picture.lanes, *self.picture.links)):
            shown.add(Verdict.RESIDUAL)
        y = at.y
        for verdict, text in VERDICTS.items():
            if verdict in shown:
                points = Point(at.x, y - BESIDE), Point(at.x + 36, y - BESIDE)
                cross = Point(at.x + 18, y - BESIDE) if verdict is Verdict.BLOCKED else None
                self.strokes.append(Stroke(points, verdict.value, "", cross=cross))
                self._write(Point(at.x + 48, y), text.in_(self.language), SMALL, 600, "quiet")
                y += LINE
        if not shown:
            self._write(Point(at.x, y), NO_CONVERSATION.in_(self.language), SMALL, 600, "quiet")
            y += LINE
        self.boxes.append(Box(Area(at.x, y - 10, 36, 12), "sample"))
        self._write(Point(at.x + 48, y), INSIDE.in_(self.language), SMALL, 600, "quiet")
        return y

    def _services(self, y: int) -> int:
        for name, servers in self.picture.services.items():
            width = self.columns.platform - 2 * PADDING
            for line in wrapped([f"{name}: {servers[0]}", *servers[1:]], width, SMALL):
                y += LINE
                self._write(Point(MARGIN + PADDING, y), line, SMALL, width, "quiet")
        return y

    def _platform(self, bottom: int) -> None:
        if not self.columns.platform:
            return
        width = self.columns.platform - 2 * PADDING
        self.boxes.insert(0, Box(Area(MARGIN, 64, self.columns.platform, bottom - 64), "platform"))
        name = self.picture.platform.in_(self.language)
        self._write(Point(MARGIN + PADDING, 84), name, LARGE, width, "name", bold=True)
        self._write(Point(MARGIN + PADDING, 84 + LINE), self.picture.platform_detail, SMALL, width, "quiet")

    # Frames, one below the other.

    def _frames(self, y: int) -> int:
        """Returns where the last one ends."""
        lanes: dict[str | None, list[Arrow]] = {}
        for lane in self.picture.lanes:
            lanes.setdefault(outer(lane)[0].owner, []).append(lane)
        pins = self._pins()
        for frame in self.picture.frames:
            y = self._frame(frame, lanes.get(frame.owner, []), pins, y) + GAP
        return y

    def _frame(self, frame: Frame, lanes: list[Arrow], pins: _Pins, y: int) -> int:
        place, body = len(self.boxes), y + HEAD
        self._lanes(frame, lanes, body)
        bottom = self._rows(frame, (row for row in frame.rows if not row.on_line), pins, body)
        bottom = self._also(frame, bottom)
        bottom = self._rows(frame, (row for row in frame.rows if row.on_line), pins, bottom)
        bottom = max(bottom, body + PITCH * len(lanes)) + BESIDE
        area = Area(self.columns.frame_x, y, self.columns.frame_right - self.columns.frame_x, bottom - y)
        self.boxes.insert(place, Box(area, frame.kind.value))
        width = area.width - 2 * PADDING
        name = frame.name.in_(self.language)
        self._write(Point(area.x + PADDING, y + 20), name, LARGE, width, "name", bold=True)
        self._write(Point(area.x + PADDING, y + 20 + LINE), frame.detail, SMALL, width, "quiet")
        return bottom

    def _rows(self, frame: Frame, rows: Iterable[Row], pins: _Pins, y: int) -> int:
        for row in rows:
            y = self._row(frame, row, pins.get(row.end, []), y) + BESIDE
        return y

    def _row(self, frame: Frame, row: Row, pins: list[_Pin], y: int) -> int:
        """One end; as high as the arrows that touch it want."""
        x, width = (
            (self.columns.lines_x, self.columns.lines) if row.on_line else (self.columns.rows_x, self.columns.rows)
        )
        area = Area(x, y, width, max(ROW, PITCH * len(pins) + BESIDE))
        self.boxes.append(Box(area, "line" if row.on_line else "row"))
        base = y + area.height // 2 + BESIDE
        room = width - 2 * PADDING
        detail = width_of(row.detail, SMALL) + PADDING if row.detail else 0
        name = end_text(row.end, frame, self.language)
        self._write(Point(x + PADDING, base), name, NORMAL, room - detail, "end")
        if detail:
            self._write(Point(x + width - detail, base), row.detail, SMALL, detail, "quiet")
        for number, pin in enumerate(pins):
            self.pins[pin] = Point(area.right, y + PITCH * (number + 1) - BESIDE)
        return area.bottom

    def _also(self, frame: Frame, y: int) -> int:
        width = self.columns.frame_right - self.columns.rows_x - PADDING
        for line in wrapped(frame.also, width, SMALL, " · "):
            y += LINE
            self._write(Point(self.columns.rows_x, y - BESIDE), line, SMALL, width, "end")
        return y + (BESIDE if frame.also else 0)

    # Arrows.

    def _lanes(self, frame: Frame, lanes: list[Arrow], y: int) -> None:
        """Between the platform's column and the frame, one below the other."""
        left, right = MARGIN + self.columns.platform, self.columns.frame_x
        for number, lane in enumerate(lanes):
            middle, told = y + PITCH * number + CHIP - BESIDE, told_text(lane, self.language)
            chip = min(width_of(chip_text(lane), SMALL) + PADDING, self.columns.platform - PADDING)
            self.boxes.append(Box(Area(left - chip - 6, middle - CHIP // 2, chip, CHIP), "chip"))
            self._write(Point(left - chip, middle + BESIDE), chip_text(lane), SMALL, chip - PADDING, "chip", told=told)
            ports, room = ports_text(lane, self.language), right - left - 24
            taken = min(width_of(ports, SMALL), room)
            self._write(Point((left + right - taken) // 2, middle - ABOVE), ports, SMALL, room, "ports", told=told)
            who = who_text(lane, frame, self.language)
            self._write(Point(right + PADDING, middle + BESIDE), who, SMALL, self.columns.who - 2 * PADDING, "quiet")
            ends = Point(right, middle), Point(left - 6, middle)
            self._stroke(lane, ends if is_platforms(lane.destinations[0]) else ends[::-1], told)

    def _pins(self) -> _Pins:
        """Which arrows touch which end, as number of the link and whether it leaves; by where they come from."""
        order = {row.end: place for place, row in enumerate(row for frame in self.picture.frames for row in frame.rows)}
        found: dict[End, list[tuple[int, int, bool]]] = {}
        for number, link in enumerate(self.picture.links):
            source, destination = link.sources[0], link.destinations[0]
            found.setdefault(source, []).append((order[destination], number, True))
            found.setdefault(destination, []).append((order[source], number, False))
        return {end: [(number, leaves) for _, number, leaves in sorted(pins)] for end, pins in found.items()}

    def _links(self) -> None:
        """Between ends in frames: out to the right, along a track, and back."""
        ends = [(self.pins[number, True], self.pins[number, False]) for number in range(len(self.picture.links))]
        chosen = tracks([(source.y, destination.y) for source, destination in ends], PADDING)
        for number, (link, (source, destination)) in enumerate(zip(self.picture.links, ends, strict=True)):
            told = told_text(link, self.language)
            for pin, leaves in ((source, True), (destination, False)):
                text = pin_text(link, self.language, outward=leaves)
                room = self.columns.pins - 2 * PADDING
                self._write(
                    Point(self.columns.frame_right + PADDING, pin.y - ABOVE), text, SMALL, room, "ports", told=told
                )
            x = self.columns.channel_x + TRACK * (chosen[number] + 1)
            self._stroke(link, (source, Point(x, source.y), Point(x, destination.y), destination), told, chosen[number])

    def _stroke(self, arrow: Arrow, points: tuple[Point, ...], told: str, track: int | None = None) -> None:
        colour = None if track is None else track % COLOURS
        middle = points[len(points) // 2 - 1 : len(points) // 2 + 1]
        cross = Point(sum(point.x for point in middle) // 2, sum(point.y for point in middle) // 2)
        blocked = arrow.verdict is Verdict.BLOCKED
        self.strokes.append(Stroke(points, arrow.verdict.value, told, colour, cross if blocked else None))
        if arrow.answers:
            self.strokes.append(Stroke(_beside(points), Verdict.RESIDUAL.value, told, colour))


def _beside(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The way back: below a lane, and inside of an arrow's turn."""
    if len(points) == 2:
        return tuple(Point(point.x, point.y + BESIDE) for point in reversed(points))
    source, turn, back, destination = points
    down = BESIDE if destination.y >= source.y else -BESIDE
    return (
        Point(destination.x, destination.y - down),
        Point(back.x - BESIDE, back.y - down),
        Point(turn.x - BESIDE, turn.y + down),
        Point(source.x, source.y + down),
    )
