"""The tenant's own sheet to the form's data: labels stand in a column, values beside them.

Here: reading that sheet. Not here: tables (`table`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wpf_infra.onboarding.workbook.choices import folded
from wpf_infra.onboarding.workbook.collection import Collection, place
from wpf_infra.onboarding.workbook.column import Column, Kind, Needed
from wpf_infra.onboarding.workbook.complaint import NO_HEADER, label_twice, missing_row, unknown_label
from wpf_infra.onboarding.workbook.form import Cell
from wpf_infra.onboarding.workbook.grid import Grid
from wpf_infra.onboarding.workbook.sheets import TENANT
from wpf_infra.onboarding.workbook.table import refuse_merged, refuse_outside, warn_hidden
from wpf_infra.onboarding.workbook.value import read

NEEDED, ITEM, VALUE, NOTE = "記入", "項目", "値", "説明"
LABELS = (NEEDED, ITEM, VALUE, NOTE)
_HEADER_WITHIN = 30


def read_tenant_rows(grid: Grid, epoch: datetime, into: Collection) -> None:
    found = _header(grid)
    if found is None:
        into.say(Cell(grid.title, "A1"), "", NO_HEADER)
        return
    header, items, values = found
    rows, unknown = _rows(grid, header, items, into)
    filled = [row for row in rows if (row, values) in grid.cells]
    _refuse_outside(grid, header, (items, values), into)
    refuse_merged(grid, header, (items, values), into)
    warn_hidden(grid, filled, (values,), into)
    for column in TENANT.columns:
        if column.needed is Needed.YES and column not in rows.values():
            if not unknown:  # else one of those is it, and was told of
                into.say(Cell(grid.title, place(header, items)), column.path, missing_row(column), TENANT.row(column))
            into.lose(tuple(column.path.split(".")))
    for row in sorted({row for row, at in grid.cells if row > header and at == values} - set(rows)):
        if (row, items) not in grid.cells:
            into.stray(Cell(grid.title, place(row, values)))
    _read(grid, rows, values, epoch, into)


def _header(grid: Grid) -> tuple[int, int, int] | None:
    """Its row, the labels' column and the values'."""
    for row in range(1, _HEADER_WITHIN + 1):
        at = {folded(str(cell.value)): column for column, cell in grid.row(row).items()}
        if ITEM in at and VALUE in at:
            return row, at[ITEM], at[VALUE]
    return None


def _rows(grid: Grid, header: int, items: int, into: Collection) -> tuple[dict[int, Column], bool]:
    """Which row holds which value, and whether there are others."""
    by_label = {folded(label): column for column in TENANT.columns for label in (column.label.ja, column.label.en)}
    rows: dict[int, Column] = {}
    unknown: list[tuple[int, str]] = []
    for row in grid.rows:
        if row <= header or (row, items) not in grid.cells:
            continue
        written = str(grid.cells[row, items].value)
        column = by_label.get(folded(written))
        if column is None:
            unknown.append((row, written))
        elif column in rows.values():
            into.say(Cell(grid.title, place(row, items)), "", label_twice(written))
        else:
            rows[row] = column
    missing = [column for column in TENANT.columns if column not in rows.values()]
    for row, written in unknown:
        into.say(Cell(grid.title, place(row, items)), "", unknown_label(written, TENANT, missing))
    return rows, bool(unknown)


def _refuse_outside(grid: Grid, header: int, columns: Iterable[int], into: Collection) -> None:
    """The form's own words may stand anywhere; whatever else stands beside labels and values is somebody's."""
    notes = {text for column in TENANT.columns for text in (column.note.ja, column.note.en)}
    known = {folded(text) for text in (TENANT.title, TENANT.hint.ja, TENANT.hint.en, *Needed, *LABELS, *notes)}
    theirs = {place: cell for place, cell in grid.cells.items() if folded(str(cell.value)) not in known}
    refuse_outside(Grid(grid.title, grid.hidden, theirs, grid.layout), header, columns, known, into)


def _read(grid: Grid, rows: dict[int, Column], values: int, epoch: datetime, into: Collection) -> None:
    into.data["version"] = 1
    options: list[tuple[str, Cell]] = []
    for row, column in rows.items():
        cell = Cell(grid.title, place(row, values))
        written = grid.cells.get((row, values))
        value, problem = (None, None) if written is None else read(column, written, epoch)
        if problem is not None:
            into.say(cell, column.path, problem, TENANT.row(column))
        if column.kind is Kind.MEMBER:
            assert column.member is not None
            into.places.setdefault(column.path, cell)
            if value is True or problem is not None:  # something was meant by it
                options.append((column.member, cell))
        else:
            into.put(column.path.split("."), value, cell)
    for index, (option, cell) in enumerate(sorted(options, key=lambda pair: pair[0])):
        into.data.setdefault("options", []).append(option)
        into.places[f"options.{index}"] = cell
    into.places[""] = into.places.get("tenant", Cell(grid.title, "A1"))
