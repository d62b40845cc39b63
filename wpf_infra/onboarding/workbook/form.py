"""What a filled-in workbook says: a form's data, and the cell that every part of it stands in.

Here: the values that reading gives back. Not here: reading (`reading`) and what the data means (`wpf_infra.model`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wpf_infra.model.finding import Finding, Position

CELL_RULE = "form-cell"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the sheet's name and the cell's, `C5`."""

    sheet: str
    ref: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.ref}"


@dataclass(frozen=True)
class WorkbookForm:
    """data: what FORM.yaml would hold, made of dict, list, str, int and bool; places: the cell of each dotted path in
    it (`vms.app-1.cpu`), of cells left empty too, "" being the form; findings: wrong cells, each with its position.

    A value that a finding refuses still stands in the data as it was written, so that nothing looks absent.
    """

    file: str
    data: dict[str, Any]
    places: Mapping[str, Cell]
    findings: tuple[Finding, ...]

    def nearest(self, path: str) -> Position:
        """The cell of `path` (from the tenant, without its id), or of the nearest thing around it."""
        while path not in self.places and path:
            path = path.rpartition(".")[0]
        cell = self.places.get(path)
        return Position(self.file, cell=None if cell is None else str(cell))

    def locate(self, findings: Iterable[Finding], owner: str) -> tuple[Finding, ...]:
        """The findings about `owner`'s data with their cells; those at a cell that was refused already are left out.

        owner: the first step of the findings' paths. Findings about others pass as they are.
        """
        refused = {finding.position for finding in self.findings}
        placed = (
            replace(finding, position=self.nearest(finding.path[len(owner) + 1 :]))
            if f"{finding.path}.".startswith(f"{owner}.")
            else finding
            for finding in findings
        )
        return tuple(finding for finding in placed if finding.position not in refused)
