"""How the form looks: fonts, colours, formats, drop-downs, notes, printing.

Here: everything about cells but their words and values. Not here: which sheets there are (`sheets`).
"""

from __future__ import annotations

from typing import Literal

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.column import Column, Kind, Needed
from wpf_infra.onboarding.workbook.scan import LAST_ROW

_FAMILY = "Yu Gothic"
PLAIN = Font(name=_FAMILY, size=10)
BOLD = Font(name=_FAMILY, size=10, bold=True)
TITLE = Font(name=_FAMILY, size=14, bold=True)
SMALL = Font(name=_FAMILY, size=9, color="FF666666")
_HEADER = Font(name=_FAMILY, size=10, bold=True, color="FFFFFFFF")
_DARK = PatternFill("solid", fgColor="FF2F5D8A")
_FILLS = {
    Needed.YES: PatternFill("solid", fgColor="FFFFF6CC"),
    Needed.SOMETIMES: PatternFill("solid", fgColor="FFF1F6FB"),
    Needed.ALLOCATED: PatternFill("solid", fgColor="FFEEF5EA"),
}
_THIN = Side(style="thin", color="FFBFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FORMATS = {Kind.NUMBER: "0", Kind.DATE: "yyyy/mm/dd"}
_CENTRED = (Kind.FLAG, Kind.MEMBER)
_IME: dict[Kind, Literal["fullKatakana", "noControl"]] = {
    Kind.READING: "fullKatakana",
    Kind.TEXT: "noControl",
    Kind.CHOICE: "noControl",
}
TWO_LINES = 28
_A4 = 9
_FIRST_DAY, _LAST_DAY = 36526, 73415
"""2000-01-01 and 2100-12-31 as Excel counts them."""


def header(cell: Cell, column: Column | None, row: int | None) -> None:
    """A label in the header; column: what its note tells of; row: the FAQ's."""
    cell.font, cell.fill, cell.border, cell.alignment = _HEADER, _DARK, _BOX, _MIDDLE
    if column is not None:
        note(cell, column.note, row)


def note(cell: Cell, words: Text, row: int | None) -> None:
    text = f"{words.ja}\n{words.en}" + (f"\nFAQ {row}" if row is not None else "")
    cell.comment = Comment(text, "wpf", height=120, width=320)


def needed(cell: Cell, column: Column) -> None:
    cell.font = BOLD if column.needed is Needed.YES else SMALL
    cell.alignment = _MIDDLE
    cell.border = _BOX
    _fill(cell, column)


def entry(cell: Cell, column: Column) -> None:
    """A cell to be filled in."""
    cell.font, cell.border = PLAIN, _BOX
    cell.number_format = number_format(column)
    cell.alignment = _MIDDLE if column.kind in _CENTRED else _LEFT
    _fill(cell, column)


def text(cell: Cell, font: Font = PLAIN, *, boxed: bool = False) -> None:
    cell.font, cell.alignment = font, _LEFT
    if boxed:
        cell.border = _BOX


def number_format(column: Column) -> str:
    """Text stays what was typed; only numbers and days are more than that."""
    return _FORMATS.get(column.kind, "@")


def _fill(cell: Cell, column: Column) -> None:
    if column.needed in _FILLS:
        cell.fill = _FILLS[column.needed]


def validation(column: Column, source: str | None, cells: str) -> DataValidation:
    """What Excel offers and says at the cells of a column. source: the formula of its list, where it has one."""
    made = DataValidation(sqref=cells, allow_blank=True, errorStyle="warning", imeMode=_IME.get(column.kind, "off"))
    made.promptTitle, made.prompt, made.showInputMessage = column.label.ja[:32], column.note.ja[:255], True
    made.errorTitle, made.error = column.label.ja[:32], "様式の書き方と違う値です。このまま入力しますか。"
    if source is not None:
        made.type, made.formula1 = "list", source
    elif column.kind is Kind.NUMBER:
        made.type, made.operator, made.formula1 = "whole", "greaterThanOrEqual", "1"
    elif column.kind is Kind.DATE:
        made.type, made.operator, made.formula1, made.formula2 = "date", "between", str(_FIRST_DAY), str(_LAST_DAY)
    made.showErrorMessage = made.type is not None and (column.menu is None or _closed(column))
    return made


def _closed(column: Column) -> bool:
    """Whether the platform's menu is all there is: names of this form and software may be others."""
    return column.menu is not None and column.menu.name in ("OS", "CPU", "MEMORY", "DISK", "STORAGE", "CLUSTER")


def range_of(title: str, column: int, first: int, last: int = LAST_ROW) -> str:
    """A column's cells as a formula names them."""
    letter = get_column_letter(column)
    return f"{quote_sheetname(title)}!${letter}${first}:${letter}${last}"


def printed(sheet: Worksheet, title_rows: str | None = None) -> None:
    """A4 on its side, as wide as one page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    footer = sheet.oddFooter
    assert footer is not None
    footer.center.text = "&A　&P / &N"
    sheet.sheet_view.showGridLines = False
    if title_rows is not None:
        sheet.print_title_rows = title_rows
