"""Drop-downs: the hidden sheet of their words, and the formula that each column takes them by.

Here: which words a column offers. Not here: how a cell looks (`look`).
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook

from wpf_infra.model.platform import Platform
from wpf_infra.onboarding.workbook import guide
from wpf_infra.onboarding.workbook.choices import MONITORED, NO, YES
from wpf_infra.onboarding.workbook.column import Column, Kind, Menu, Sheet
from wpf_infra.onboarding.workbook.look import range_of
from wpf_infra.onboarding.workbook.sheets import GATEWAYS, IMAGES, LINES_SHEET, SERVERS

HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1
_NAMES = {Menu.SERVERS: SERVERS, Menu.FIXED_AND_MOBILE: LINES_SHEET, Menu.IMAGES: IMAGES}
"""Sheets whose first column is the list."""


class Lists:
    """Fills the hidden sheet while columns ask for their lists."""

    def __init__(self, workbook: Workbook, platform: Platform, tenants: Sequence[str]) -> None:
        self._sheet = workbook.create_sheet(guide.LISTS)
        self._sheet.sheet_state = "hidden"
        self._sources: dict[tuple[str | int, ...], str | None] = {}
        menu = platform.menu
        self._menus: dict[Menu, Sequence[str | int]] = {
            Menu.OS: sorted(menu.os),
            Menu.CPU: sorted(menu.cpu),
            Menu.MEMORY: sorted(menu.memory_gib),
            Menu.DISK: sorted(menu.disk_gb),
            Menu.STORAGE: sorted(platform.storage_classes),
            Menu.SOFTWARE: sorted(menu.software),
            Menu.CLUSTER: sorted(platform.clusters),
            Menu.TENANT: sorted(tenants),
        }

    def source(self, column: Column) -> str | None:
        """The formula of a column's list; None where it has none."""
        if column.kind in (Kind.FLAG, Kind.MEMBER):
            return f'"{YES},{NO}"'
        if column.choices is not None:
            return self._listed(tuple(column.choices.values()))
        if column.menu is None:
            return None
        if column.menu is Menu.MONITORED:
            return _filled(_either(SERVERS, GATEWAYS, first=True), _either(SERVERS, GATEWAYS, first=False))
        if column.menu in _NAMES:
            title = _NAMES[column.menu].title
            return _filled(range_of(title, 1, FIRST_ROW, FIRST_ROW).partition(":")[0], range_of(title, 1, FIRST_ROW))
        return self._listed(tuple(self._menus[column.menu]))

    def _listed(self, words: tuple[str | int, ...]) -> str | None:
        if not words:
            return None
        if words not in self._sources:
            at = len(self._sources) + 1
            for row, word in enumerate(words, start=1):
                self._sheet.cell(row, at, word)
            self._sources[words] = range_of(guide.LISTS, at, 1, len(words))
        return self._sources[words]


def _filled(first: str, every: str) -> str:
    """The names that are written in a column so far."""
    return f"OFFSET({first},0,0,MAX(1,COUNTA({every})),1)"


def _either(otherwise: Sheet, gateways: Sheet, *, first: bool) -> str:
    """The names of gateways where the row is about one, else of servers."""
    titles = gateways.title, otherwise.title
    ranges = [range_of(title, 1, FIRST_ROW) for title in titles]
    if first:
        ranges = [cells.partition(":")[0] for cells in ranges]
    return f'IF($A{FIRST_ROW}="{MONITORED["gateways"]}",{ranges[0]},{ranges[1]})'
