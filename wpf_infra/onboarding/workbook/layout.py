"""The form as a workbook in memory: which words and cells stand where.

Here: the sheets, one after another. Not here: how cells look (`look`), drop-downs (`lists`), bytes (`writing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from wpf_infra.model.platform import Platform
from wpf_infra.onboarding.workbook import guide, look
from wpf_infra.onboarding.workbook.column import Sheet
from wpf_infra.onboarding.workbook.filling import CellValue, Filling
from wpf_infra.onboarding.workbook.lists import FIRST_ROW, HEADER_ROW, Lists
from wpf_infra.onboarding.workbook.scan import LAST_ROW
from wpf_infra.onboarding.workbook.sheets import SHEETS, TENANT
from wpf_infra.onboarding.workbook.tenant_rows import ITEM, NEEDED, NOTE, VALUE

_READY_ROWS = 20
"""Rows that are drawn as a table, beyond those that are filled."""
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's properties know no zone


def lay_out(platform: Platform, tenants: Sequence[str], filling: Filling) -> Workbook:
    workbook = Workbook()
    workbook.properties.creator = "wpf"
    workbook.properties.title = "申込書"
    workbook.properties.created = _MADE
    first = workbook.active
    assert isinstance(first, Worksheet)
    _guide(first)
    own = workbook.create_sheet(TENANT.title)
    tables = [workbook.create_sheet(sheet.title) for sheet in SHEETS]
    lists = Lists(workbook, platform, tenants)
    _tenant(own, filling.values, lists)
    for sheet, table in zip(SHEETS, tables, strict=True):
        _table(table, sheet, filling.rows[sheet.title], lists)
    return workbook


def _guide(page: Worksheet) -> None:
    page.title = guide.TITLE
    look.text(_write(page, 1, 1, "テナント申込書"), look.TITLE)
    look.text(_write(page, 2, 1, "Application form of a tenant"), look.SMALL)
    look.text(_write(page, 3, 1, guide.EDITION_LABEL), look.BOLD)
    look.text(_write(page, 3, 2, guide.EDITION))
    row = 5
    for number, step in enumerate(guide.STEPS, start=1):
        look.text(_write(page, row, 1, number), look.BOLD)
        look.text(_write(page, row, 2, step.ja))
        look.text(_write(page, row, 3, step.en), look.SMALL)
        page.row_dimensions[row].height = look.TWO_LINES
        row += 1
    row += 1
    for sheet in (TENANT, *SHEETS):
        look.text(_write(page, row, 1, sheet.title), look.BOLD, boxed=True)
        look.text(_write(page, row, 2, sheet.hint.ja), boxed=True)
        look.text(_write(page, row, 3, sheet.hint.en), look.SMALL, boxed=True)
        row += 1
    look.text(_write(page, row + 1, 1, "連絡事項"), look.BOLD)
    _widths(page, (24, 64, 60))
    look.printed(page)


def _heading(page: Worksheet, sheet: Sheet) -> None:
    lines = ((sheet.title, look.TITLE), (sheet.hint.ja, look.PLAIN), (sheet.hint.en, look.SMALL))
    for row, (words, font) in enumerate(lines, start=1):
        _write(page, row, 1, words).font = font


def _tenant(page: Worksheet, values: Mapping[str, CellValue], lists: Lists) -> None:
    _heading(page, TENANT)
    for at, label in enumerate((NEEDED, ITEM, VALUE, NOTE), start=1):
        look.header(_write(page, HEADER_ROW, at, label), None, None)
    for row, column in enumerate(TENANT.columns, start=FIRST_ROW):
        look.needed(_write(page, row, 1, column.needed.value), column)
        item = _write(page, row, 2, column.label.ja)
        look.text(item, look.BOLD, boxed=True)
        look.note(item, column.note, TENANT.row(column))
        look.entry(_write(page, row, 3, values[column.label.ja]), column)
        look.text(_write(page, row, 4, column.note.ja), look.SMALL, boxed=True)
        page.add_data_validation(look.validation(column, lists.source(column), f"C{row}"))
    page.freeze_panes = f"C{FIRST_ROW}"
    _widths(page, (10, 26, 40, 78))
    look.printed(page, f"{HEADER_ROW}:{HEADER_ROW}")


def _table(page: Worksheet, sheet: Sheet, rows: Sequence[Mapping[str, CellValue]], lists: Lists) -> None:
    _heading(page, sheet)
    drawn = FIRST_ROW + len(rows) + _READY_ROWS
    for at, column in enumerate(sheet.columns, start=1):
        look.needed(_write(page, HEADER_ROW - 1, at, column.needed.value), column)
        look.header(_write(page, HEADER_ROW, at, column.label.ja), column, sheet.row(column))
        for row in range(FIRST_ROW, drawn):
            filled = row - FIRST_ROW < len(rows)
            look.entry(_write(page, row, at, rows[row - FIRST_ROW][column.path] if filled else None), column)
        letter = get_column_letter(at)
        page.column_dimensions[letter].number_format = look.number_format(column)
        cells = f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}"
        page.add_data_validation(look.validation(column, lists.source(column), cells))
    page.freeze_panes = f"{get_column_letter(len(sheet.keys) + 1)}{FIRST_ROW}"
    page.row_dimensions[HEADER_ROW].height = 24
    _widths(page, [column.width for column in sheet.columns])
    look.printed(page, f"{HEADER_ROW - 1}:{HEADER_ROW}")


def _write(page: Worksheet, row: int, column: int, value: CellValue) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # also what begins with = or reads #N/A
    return cell


def _widths(page: Worksheet, widths: Sequence[int]) -> None:
    for at, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
