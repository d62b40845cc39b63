"""What is gathered while a workbook is read: data, the cell of each part of it, and what is wrong.

Here: the growing result. Not here: the sheets it is gathered from (`table`, `tenant_rows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from wpf_infra.language import Text, visible
from wpf_infra.model.finding import Finding, Position, Severity
from wpf_infra.onboarding.workbook.form import CELL_RULE, Cell, Steps, WorkbookForm, matches
from wpf_infra.onboarding.workbook.value import Problem

_MOST_STRAYS = 20


def place(row: int, column: int) -> str:
    """A cell's name, `C5`."""
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """A column's name."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def dotted(steps: Sequence[str]) -> str:
    """A path as findings write it."""
    return ".".join(visible(step) for step in steps)


@dataclass(frozen=True, slots=True)
class _Said:
    cell: Cell
    path: str
    problem: Problem
    row: int | None
    severity: Severity


@dataclass(slots=True)
class Collection:
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Cell] = field(default_factory=dict)
    _said: list[_Said] = field(default_factory=list)
    _strays: dict[str, int] = field(default_factory=dict)
    _lost: set[Steps] = field(default_factory=set)

    def put(self, steps: Sequence[str], value: Any, cell: Cell) -> None:
        """The value at its place in the data; None is nothing there, and the place is known all the same."""
        self.mark(steps, cell)
        if value is not None:
            around = self.data
            for step in steps[:-1]:
                around = around.setdefault(step, {})
            around[steps[-1]] = value

    def mark(self, steps: Sequence[str], cell: Cell) -> None:
        """The cell of a place, and of what is around it where that has none yet."""
        path = ""
        for step in steps:
            if path:
                self.places.setdefault(path, cell)
            path = f"{path}.{visible(step)}" if path else visible(step)
        self.places[path] = cell

    def holds(self, steps: Sequence[str]) -> bool:
        around: Any = self.data
        for step in steps:
            if not isinstance(around, dict) or step not in around:
                return False
            around = around[step]
        return True

    def lose(self, place: Steps) -> None:
        """Something is written of the place and does not count: whatever names it names no stranger."""
        self._lost.add(place)

    def has_lost(self, place: Steps) -> bool:
        return any(matches(lost, place) for lost in self._lost)

    def say(
        self,
        cell: Cell,
        path: str,
        problem: Problem,
        row: int | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self._said.append(_Said(cell, path, problem, row, severity))

    def stray(self, cell: Cell) -> None:
        """A filled cell that no column claims; past some of a sheet they are only counted."""
        self._strays[cell.sheet] = self._strays.get(cell.sheet, 0) + 1
        if self._strays[cell.sheet] <= _MOST_STRAYS:
            self.say(cell, "", _STRAY)
        elif self._strays[cell.sheet] == _MOST_STRAYS + 1:
            self.say(cell, "", _MORE_STRAYS)

    def form(self, name: str) -> WorkbookForm:
        owner = self.data.get("tenant")
        owner = visible(owner) if isinstance(owner, str) else PurePath(name).stem
        findings = (
            Finding(
                rule=CELL_RULE,
                row=said.row,
                path=f"{owner}.{said.path}" if said.path else owner,
                severity=said.severity,
                summary=said.problem.summary,
                remedy=said.problem.remedy,
                position=Position(name, cell=str(said.cell)),
            )
            for said in self._said
        )
        return WorkbookForm(name, self.data, self.places, tuple(findings), frozenset(self._lost))


_MOVE_IT = Text(
    en="delete it, or move it into its column; notes may stand in the sheet はじめに",
    ja="消すか、正しい列に移してください（メモは「はじめに」シートに書けます）",
)
_STRAY = Problem(Text(en="this cell stands outside of the form's columns", ja="様式の列の外に記入があります"), _MOVE_IT)
_MORE_STRAYS = Problem(
    Text(
        en="this cell and further ones of the sheet stand outside of the form's columns",
        ja="このほかにも、様式の列の外に記入があります",
    ),
    _MOVE_IT,
)
