"""A drawing as boxes, labels and strokes, in whole units.

Here: the values. Not here: where they stand (`layout`), their colours and SVG (`templates/report`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from wpf_infra.language import Language


class Area(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


class Point(NamedTuple):
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """look: what it stands for: a kind of frame, `row`, `line` or `chip`."""

    area: Area
    look: str


@dataclass(frozen=True, slots=True)
class Label:
    """at: where the text's line begins; width: what it takes at most; told: all of it where it was cut; squeezed: its
    width is a guess, and is to be forced.
    """

    at: Point
    text: str
    size: int
    width: int
    look: str = ""
    told: str = ""
    squeezed: bool = False

    @property
    def area(self) -> Area:
        return Area(self.at.x, self.at.y - self.size, self.width, self.size + self.size // 4)


@dataclass(frozen=True, slots=True)
class Stroke:
    """An arrow along its points, to the last one. look: a verdict; colour: to tell neighbours apart, None for none;
    cross: where it is crossed out.
    """

    points: tuple[Point, ...]
    look: str
    told: str
    colour: int | None = None
    cross: Point | None = None


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    language: Language
    title: str
    description: str
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    strokes: tuple[Stroke, ...]
