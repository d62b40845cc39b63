"""Cells as they stand in a workbook: the one module that reads with the spreadsheet library.

Here: bytes to sheets of cells, the library's many faults turned into one sentence. Not here: what cells mean (`value`).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import Any

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.package import damaged, packed, parts
from wpf_infra.onboarding.workbook.scan import LAST_COLUMN, LAST_ROW, Layout, scan

MOST_CHARACTERS = 2_000_000
_ESCAPED = re.compile(r"_x((?![dD][89A-Fa-f])[0-9A-Fa-f]{4})_")
"""How a workbook's text writes a sign by its number (ECMA-376, ST_Xstring)."""
Raw = str | int | float | bool | date | datetime | time | timedelta


class Sort(Enum):
    VALUE = auto()
    FORMULA = auto()
    ERROR = auto()
    """#N/A and its like."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a cell. A day that Excel keeps as a number is one, whatever the cell's format says."""

    value: Raw
    sort: Sort = Sort.VALUE


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its cells by row and column, from 1, empty ones left out."""

    title: str
    hidden: bool
    cells: Mapping[tuple[int, int], Written]
    layout: Layout

    def row(self, number: int) -> dict[int, Written]:
        return {at: self.cells[number, at] for at in range(1, LAST_COLUMN + 1) if (number, at) in self.cells}

    @property
    def rows(self) -> range:
        return range(1, max((row for row, _ in self.cells), default=0) + 1)


@dataclass(frozen=True, slots=True)
class Book:
    grids: tuple[Grid, ...]
    epoch: datetime
    """The day that the workbook counts from."""


def read_book(content: bytes, name: str) -> Book:
    """The sheets of an .xlsx file. Raises Unreadable for anything else."""
    unpacked = parts(content, name)
    layouts = scan(unpacked, name)
    from openpyxl import load_workbook  # takes a while, and few verbs need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about decorations that it does not keep; we keep none
        try:
            workbook = load_workbook(packed(unpacked), read_only=True, keep_links=False)
            grids = tuple(
                Grid(
                    sheet.title,
                    sheet.sheet_state != "visible",
                    dict(_cells(sheet)),
                    layouts.get(sheet.title, Layout()),
                )
                for sheet in workbook.worksheets
            )
        except MemoryError:
            raise
        except Exception:  # the library's own checks are many, and raise whatever they meet
            raise damaged(name) from None
    _bounded(grids, name)
    return Book(grids, workbook.epoch)


def _cells(sheet: Any) -> Iterator[tuple[tuple[int, int], Written]]:
    for row in sheet.iter_rows(max_row=LAST_ROW, max_col=LAST_COLUMN):
        for cell in row:
            if cell.value is None:
                continue
            written = _written(cell)
            if not isinstance(written.value, str) or written.value.strip():
                yield (cell.row, cell.column), written


def _written(cell: Any) -> Written:
    value = cell.value
    if cell.data_type == "f":
        return Written(value if isinstance(value, str) else f"={getattr(value, 'text', None) or '…'}", Sort.FORMULA)
    if cell.data_type == "e":
        return Written(str(value), Sort.ERROR)
    if isinstance(value, str):
        return Written(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), value))
    return Written(value)


def _bounded(grids: tuple[Grid, ...], name: str) -> None:
    texts = (cell.value for grid in grids for cell in grid.cells.values() if isinstance(cell.value, str))
    if sum(len(text) for text in texts) > MOST_CHARACTERS:
        raise Unreadable(
            Text(en="the workbook holds far more text than a form", ja="様式にしては文字が多すぎます"),
            remedy=Text(en="check that it is the right file", ja="正しいファイルか確かめてください"),
            where=name,
        )
