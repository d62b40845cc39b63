"""A table sheet's cells to the form's data, row by row.

Here: finding the header, wherever it was moved to, and giving every cell of every row its place. Not here: the
tenant's own sheet (`tenant_rows`), nor what one cell means (`value`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wpf_infra.model.finding import Severity
from wpf_infra.onboarding.workbook.choices import folded
from wpf_infra.onboarding.workbook.collection import Collection, dotted, letters, place
from wpf_infra.onboarding.workbook.column import Column, Needed, Sheet
from wpf_infra.onboarding.workbook.complaint import (
    HIDDEN_COLUMN,
    HIDDEN_ROW,
    HIDDEN_SHEET,
    MERGED,
    NO_HEADER,
    dangling,
    label_twice,
    missing_column,
    no_key,
    twice,
    unknown_label,
)
from wpf_infra.onboarding.workbook.form import ANY, Cell
from wpf_infra.onboarding.workbook.grid import Grid, Written
from wpf_infra.onboarding.workbook.value import Problem, read

_HEADER_WITHIN = 30
"""Rows among which the header is looked for."""
_LEAST_LABELS = 2
"""So many known labels make a row the header."""


@dataclass(frozen=True, slots=True)
class Header:
    """columns: by their number in the grid; unknown: those whose label no column has."""

    row: int
    columns: Mapping[int, Column]
    unknown: frozenset[int]


def read_table(sheet: Sheet, grid: Grid, epoch: datetime, into: Collection) -> None:
    header = _header(sheet, grid, into)
    if header is None:
        if grid.cells:
            into.lose(sheet.place)
        return
    known = {folded(text) for text in (sheet.title, sheet.hint.ja, sheet.hint.en, *Needed)}
    refuse_outside(grid, header.row, {*header.columns, *header.unknown}, known, into)
    refuse_merged(grid, header.row, header.columns, into)
    _mark_table(sheet, grid, header, into)
    filled = [row for row in grid.rows if row > header.row and any((row, at) in grid.cells for at in header.columns)]
    if filled:
        _refuse_missing_columns(sheet, grid, header, into)
    warn_hidden(grid, filled, header.columns, into)
    for row in filled:
        _Row(sheet, grid, header, row, into).read(epoch)


def _header(sheet: Sheet, grid: Grid, into: Collection) -> Header | None:
    by_label = {folded(column.label.ja): column for column in sheet.columns}
    by_label |= {folded(column.label.en): column for column in sheet.columns}

    def known(row: int) -> int:
        return len({by_label[label].path for label in _labels(grid.row(row)).values() if label in by_label})

    best = max(range(1, _HEADER_WITHIN + 1), key=known)
    labels = _labels(grid.row(best))
    if known(best) < _LEAST_LABELS:
        if grid.cells:
            into.say(Cell(grid.title, place(*min(grid.cells))), "", NO_HEADER)
        return None
    columns: dict[int, Column] = {}
    unknown: set[int] = set()
    missing = [column for column in sheet.columns if column not in map(by_label.get, labels.values())]
    for at, label in labels.items():
        column = by_label.get(label)
        if column is not None and column not in columns.values():
            columns[at] = column
            continue
        unknown.add(at)
        cell = Cell(grid.title, place(best, at))
        written = str(grid.cells[best, at].value)
        into.say(cell, "", unknown_label(written, sheet, missing) if column is None else label_twice(written))
    return Header(best, columns, frozenset(unknown))


def _labels(cells: Mapping[int, Written]) -> dict[int, str]:
    return {at: folded(str(cell.value)) for at, cell in cells.items()}


def refuse_outside(grid: Grid, header: int, columns: Iterable[int], known: set[str], into: Collection) -> None:
    """Nothing that people wrote is dropped in silence; what the empty form says itself is not theirs."""
    inside = set(columns)
    for (row, at), written in sorted(grid.cells.items()):
        theirs = folded(str(written.value)) not in known
        if (row < header and theirs) or (row >= header and at not in inside):
            into.stray(Cell(grid.title, place(row, at)))


def refuse_merged(grid: Grid, header: int, columns: Iterable[int], into: Collection) -> None:
    inside = set(columns)
    for top, left, bottom, right in grid.layout.merged:
        if bottom >= header and any(left <= at <= right for at in inside) and (top, left) != (bottom, right):
            into.say(Cell(grid.title, place(top, left)), "", MERGED)


def warn_hidden(grid: Grid, rows: Iterable[int], columns: Iterable[int], into: Collection) -> None:
    """What is out of sight is read like the rest; whoever hands the form in should know."""
    filled = list(rows)
    if grid.hidden and filled:
        into.say(Cell(grid.title, "A1"), "", HIDDEN_SHEET, severity=Severity.WARNING)
        return
    for row in filled:
        if row in grid.layout.hidden_rows:
            into.say(Cell(grid.title, f"{row}:{row}"), "", HIDDEN_ROW, severity=Severity.WARNING)
    for at in sorted(columns):
        hidden = any(first <= at <= last for first, last in grid.layout.hidden_columns)
        if hidden and any((row, at) in grid.cells for row in filled):
            column = f"{letters(at)}:{letters(at)}"
            into.say(Cell(grid.title, column), "", HIDDEN_COLUMN, severity=Severity.WARNING)


def _mark_table(sheet: Sheet, grid: Grid, header: Header, into: Collection) -> None:
    own = next((at for at, column in header.columns.items() if column.key == sheet.keys[-1]), min(header.columns))
    if len(sheet.keys) == 1:
        into.mark(sheet.steps[:1], Cell(grid.title, place(header.row, own)))


def _refuse_missing_columns(sheet: Sheet, grid: Grid, header: Header, into: Collection) -> None:
    for column in sheet.columns:
        if column.needed is Needed.YES and column not in header.columns.values():
            cell = Cell(grid.title, place(header.row, min(header.columns)))
            if not header.unknown:  # else one of those is it, and was told of
                into.say(cell, "", missing_column(column), sheet.row(column))
            into.lose(sheet.place if column.key is not None else (*sheet.place, ANY, *column.path.split(".")))


class _Row:
    """One filled row."""

    def __init__(self, sheet: Sheet, grid: Grid, header: Header, number: int, into: Collection) -> None:
        self._sheet = sheet
        self._grid = grid
        self._number = number
        self._into = into
        self._at = {column.path: at for at, column in header.columns.items()}
        self._columns = header.columns.values()
        self._keys: dict[str, str] = {}
        self._wrong: set[str] = set()

    def read(self, epoch: datetime) -> None:
        read_cells = {column.path: self._value(column, epoch) for column in self._columns}
        values = {path: value for path, (value, _) in read_cells.items()}
        self._keys = {
            key: str(values[f"{{{key}}}"]) for key in self._sheet.keys if values.get(f"{{{key}}}") is not None
        }
        steps = self._steps()
        for column in self._columns:
            if (problem := read_cells[column.path][1]) is not None:
                self._wrong.add(column.path)
                around = steps if column.key is None else steps[:-1]
                path = dotted([*around, *column.path.split(".")] if column.key is None else around)
                self._into.say(self._cell(column.path), path, problem, self._sheet.row(column))
                if column.key is not None:
                    self._into.lose(self._sheet.place)
        if self._has_place():
            self._put(steps, values)
        else:
            self._into.lose(self._sheet.place)

    def _value(self, column: Column, epoch: datetime) -> tuple[Any, Problem | None]:
        written = self._grid.cells.get((self._number, self._at[column.path]))
        return (None, None) if written is None else read(column, written, epoch)

    def _cell(self, path: str) -> Cell:
        """The cell of a column, or the row's first one where the column is gone."""
        return Cell(self._grid.title, place(self._number, self._at.get(path, min(self._at.values()))))

    def _steps(self) -> list[str]:
        return [self._keys.get(step[1:-1], "?") if step.startswith("{") else step for step in self._sheet.steps]

    def _has_place(self) -> bool:
        """Whether the row's keys say where it belongs, and nothing is there yet."""
        missing = [key for key in self._sheet.keys if key not in self._keys]
        for key in missing:
            column = self._sheet.key_column(key)
            if column.path in self._at:  # else it has been told once that the column is gone
                self._into.say(self._cell(column.path), "", no_key(column), self._sheet.row(column))
        if missing:
            return False
        return self._belongs() and self._is_first()

    def _belongs(self) -> bool:
        if len(self._sheet.keys) == 1:
            return True
        steps = self._steps()
        around = steps[: len(steps) - 2]
        if self._into.holds(around):
            return True
        column = self._sheet.key_column(self._sheet.keys[-2])
        wrong = self._wrong & {f"{{{key}}}" for key in self._sheet.keys[:-1]}
        if not wrong and not self._into.has_lost(tuple(around[:-1])):
            self._into.say(self._cell(column.path), dotted(around), dangling(around[-1]), self._sheet.row(column))
        return False

    def _is_first(self) -> bool:
        steps = self._steps()
        if not self._into.holds(steps):
            return True
        column = self._sheet.key_column(self._sheet.keys[-1])
        first = self._into.places[dotted(steps)]
        self._into.say(self._cell(column.path), dotted(steps), twice(steps[-1], first), self._sheet.row(column))
        return False

    def _put(self, steps: list[str], values: Mapping[str, Any]) -> None:
        own = self._sheet.key_column(self._sheet.keys[-1])
        self._into.put(steps, {}, self._cell(own.path))
        for column in self._columns:
            if column.key is None:
                self._into.put([*steps, *column.path.split(".")], values[column.path], self._cell(column.path))
