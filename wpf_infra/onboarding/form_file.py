"""A form's file, YAML or workbook, to the data in it and where each part of it stands.

Here: which files are forms, and reading one. Not here: the workbook's own sheets and cells (`workbook`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible
from wpf_infra.loading.file import read, shown
from wpf_infra.loading.positions import Places
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model.finding import Finding, Position
from wpf_infra.model.scalar import TenantId

_YAML = (".yaml", ".yml")
WORKBOOK = ".xlsx"
_SPREADSHEETS = (WORKBOOK, ".xlsm", ".xls", ".ods")
"""The others are named as what they are not, with the way out, by whoever reads workbooks."""
SUFFIXES = (*_YAML, *_SPREADSHEETS)
_TENANT_ID: TypeAdapter[str] = TypeAdapter(TenantId)


@dataclass(frozen=True, eq=False)
class Form:
    """path: the form's file; file: its name in messages; data: what it says; place: where a dotted path (from the
    tenant, without its id), or the nearest thing around it, stands; findings: cells that could not be read.
    """

    path: Path
    file: str
    data: Any
    place: Callable[[str], Position]
    findings: tuple[Finding, ...] = ()

    @property
    def tenant(self) -> str | None:
        """The id it applies for, where it is one."""
        try:
            return _TENANT_ID.validate_python(self.data.get("tenant")) if isinstance(self.data, dict) else None
        except ValidationError:
            return None

    @property
    def owner(self) -> str:
        """What findings about the form are filed under."""
        return self.tenant or visible(self.path.stem)

    def located(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Those about this form's tenant with their place in the form; a cell that was refused is not refused twice."""
        refused = {finding.position for finding in self.findings}
        start = len(self.owner) + 1
        placed = (
            replace(finding, position=self.place(finding.path[start:])) if self.concerns(finding) else finding
            for finding in findings
        )
        return tuple(finding for finding in placed if finding.position not in refused)

    def concerns(self, finding: Finding) -> bool:
        return f"{finding.path}.".startswith(f"{self.owner}.")


def read_form(path: Path, root: Path) -> Form:
    """The form at `path`. Raises Unreadable for what is no form at all."""
    file = shown(path, root)
    suffix = path.suffix.lower()
    if suffix in _YAML:
        document = decode(read(path, file), file)
        return Form(path, file, document.data, Places(file, document.places).nearest)
    if suffix in _SPREADSHEETS:
        from wpf_infra.onboarding.workbook import read_workbook  # loads openpyxl

        book = read_workbook(read(path, file), file)
        return Form(path, file, book.data, book.nearest, book.findings)
    raise Unreadable(
        Text(en="this is no application form", ja="申込書ではありません"),
        remedy=Text(
            en="name a form in YAML (.yaml) or the filled-in workbook (.xlsx); `wpf onboard --template FORM.xlsx` "
            "writes an empty one",
            ja="YAML（.yaml）か記入済みのワークブック（.xlsx）を指定してください。"
            "空の申込書は `wpf onboard --template FORM.xlsx` で作れます",
        ),
        where=file,
    )
