"""What a filled-in workbook says: a form's data, and the cell that every part of it stands in.

Here: the values that reading gives back. Not here: reading (`reading`) and what the data means (`wpf_infra.model`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wpf_infra.model.finding import Finding, Position
from wpf_infra.onboarding.rule import CELL

CELL_RULE = CELL.id
ANY = "*"


Steps = tuple[str, ...]
"""A place in the data; `*` stands for every name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its sheet and name, `C5`; a whole row or column is `7:7` or `C:C`, as spreadsheets write it."""

    sheet: str
    ref: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.ref}"


def matches(pattern: Steps, steps: Sequence[str]) -> bool:
    return len(pattern) == len(steps) and all(each in (ANY, step) for each, step in zip(pattern, steps, strict=True))


@dataclass(frozen=True)
class WorkbookForm:
    """data: what FORM.yaml would hold, made of dict, list, str, int and bool; places: the cell of each dotted path in
    it (`vms.app-1.cpu`), of cells left empty too, "" being the form; findings: wrong cells, each with its position.

    A value that a finding refuses still stands in the data as it was written, so that nothing looks absent. lost: the
    places whose rows, or whose values, are written and could not be placed: what is absent there is not missing.
    """

    file: str
    data: dict[str, Any]
    places: Mapping[str, Cell]
    findings: tuple[Finding, ...]
    lost: frozenset[Steps] = frozenset()

    def nearest(self, path: str) -> Position:
        """The cell of `path` (from the tenant, without its id), or of the nearest thing around it."""
        while path not in self.places and path:
            path = path.rpartition(".")[0]
        cell = self.places.get(path)
        return Position(self.file, cell=None if cell is None else str(cell))
