"""What was found in a declaration: a rule, where, how bad, and what to do.

Here: the value. Not here: the rules (`wpf_infra.policy`) and how findings are printed (`wpf_infra.cli`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wpf_infra.language import Language, Text


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Position:
    """Where in a file; line and column count from 1. In a workbook it is a cell instead, `サーバ!C5`."""

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.cell, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Finding:
    """path: dotted from the tenant (`higashi-suido.vms.app-1.cpu`); row: the FAQ row, where one says why."""

    rule: str
    row: int | None
    path: str
    severity: Severity
    summary: Text
    remedy: Text
    position: Position | None = None

    def sentence(self, language: Language) -> str:
        """`path: summary → remedy FAQ-15`, on one line."""
        row = f" FAQ-{self.row}" if self.row is not None else ""
        return f"{self.path}: {self.summary.in_(language)} → {self.remedy.in_(language)}{row}"

    def located(self, language: Language) -> str:
        """The sentence behind its place, `stacks/tenants/hill.yaml:3:5: …`, where that is known."""
        place = f"{self.position}: " if self.position else ""
        return f"{place}{self.sentence(language)}"
