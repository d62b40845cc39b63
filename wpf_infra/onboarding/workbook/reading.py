"""A filled-in workbook to a form's data.

Here: the sheets one after another. Not here: what a sheet says (`tenant_rows`, `table`), nor any file: bytes come in.
"""

from __future__ import annotations

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.onboarding.workbook import guide
from wpf_infra.onboarding.workbook.choices import folded
from wpf_infra.onboarding.workbook.collection import Collection, place
from wpf_infra.onboarding.workbook.complaint import other_edition, unknown_sheet
from wpf_infra.onboarding.workbook.form import Cell, WorkbookForm
from wpf_infra.onboarding.workbook.grid import Grid, read_book
from wpf_infra.onboarding.workbook.sheets import SHEETS, TENANT
from wpf_infra.onboarding.workbook.table import read_table
from wpf_infra.onboarding.workbook.tenant_rows import read_tenant_rows

TITLES = (guide.TITLE, TENANT.title, *(sheet.title for sheet in SHEETS), guide.LISTS)


def read_workbook(content: bytes, name: str) -> WorkbookForm:
    """The form in an .xlsx file's bytes; `name` is the file's in messages.

    Raises Unreadable for what is no such workbook, is not safe to read, or has nothing of the form in it. Whatever is
    wrong in a cell is a finding of the result, all at once.
    """
    book = read_book(content, name)
    into = Collection()
    grids = _by_title(book.grids, into)
    if TENANT.title not in grids:
        raise Unreadable(
            Text(
                en=f"there is no sheet {TENANT.title}: this is no application form",
                ja=f"「{TENANT.title}」シートがないため、申込の様式ではありません",
            ),
            remedy=Text(
                en="fill in the form that `wpf onboard --template` writes",
                ja="`wpf onboard --template` の様式に記入してください",
            ),
            where=name,
        )
    _check_edition(grids.get(guide.TITLE), into)
    read_tenant_rows(grids[TENANT.title], book.epoch, into)
    for sheet in SHEETS:
        if sheet.title in grids:
            read_table(sheet, grids[sheet.title], book.epoch, into)
    return into.form(name)


def _by_title(grids: tuple[Grid, ...], into: Collection) -> dict[str, Grid]:
    """The form's sheets. Any other that holds something is refused, and may be one of the form's that is not there."""
    titles = {folded(title): title for title in TITLES}
    known: dict[str, Grid] = {}
    for grid in grids:
        known.setdefault(titles.get(folded(grid.title), ""), grid)
    known.pop("", None)
    taken = {id(grid) for grid in known.values()}
    others = [grid for grid in grids if grid.cells and id(grid) not in taken]
    missing = [title for title in TITLES[:-1] if title not in known]
    for grid in others:
        into.say(Cell(grid.title, place(*min(grid.cells))), "", unknown_sheet(grid.title, missing))
    for sheet in SHEETS if others else ():
        if sheet.title in missing:
            into.lose(sheet.place)
    return known


def _check_edition(grid: Grid | None, into: Collection) -> None:
    for (row, column), written in (grid.cells if grid is not None else {}).items():
        beside = grid.cells.get((row, column + 1)) if grid is not None else None
        if written.value != guide.EDITION_LABEL or beside is None:
            continue
        if folded(str(beside.value)) != str(guide.EDITION):
            cell = Cell(guide.TITLE, place(row, column + 1))
            into.say(cell, "version", other_edition(str(beside.value)[:20], guide.EDITION))
