"""A form's file, YAML or workbook, to the data in it and where each part of it stands.

Here: which files are forms, and reading one. Not here: the workbook's own sheets and cells (`workbook`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
from wpf_infra.onboarding.workbook.form import ANY, Steps, matches

_YAML = (".yaml", ".yml")
WORKBOOK = ".xlsx"
_OTHER_BOOKS = (".xlsm", ".xls", ".xlsb", ".ods")
"""Named as what they are not, with the way out, whatever is in them."""
SUFFIXES = (*_YAML, WORKBOOK, *_OTHER_BOOKS)
_BETWEEN_NAMES = re.compile(r"[/.]")
_TENANT_ID: TypeAdapter[str] = TypeAdapter(TenantId)


@dataclass(frozen=True, eq=False)
class Form:
    """path: the form's file; file: its name in messages; data: what it says; place: where a dotted path (from the
    tenant, without its id), or the nearest thing around it, stands; findings: cells that could not be read; lost:
    places, `*` for any name, of which something is written that could not be placed.
    """

    path: Path
    file: str
    data: Any
    place: Callable[[str], Position]
    findings: tuple[Finding, ...] = ()
    lost: frozenset[Steps] = frozenset()

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
        """Those about this form's tenant with their place in the form; a refused cell is not refused twice, and what is
        written and was refused is not missed.
        """
        refused = {finding.position for finding in self.findings}
        start = len(self.owner) + 1
        placed = (
            replace(finding, position=self.place(finding.path[start:])) if self.concerns(finding) else finding
            for finding in findings
        )
        return tuple(each for each in placed if each.position not in refused and not self._is_lost(each))

    def out_of_sight(self) -> frozenset[str]:
        """Dotted paths, from the owner, of what the form may well hold under a name that it uses."""
        groups = {place[0] for place in self.lost if len(place) == 1}
        names = {name for word in _words(self.data) for name in _BETWEEN_NAMES.split(word)} if groups else set()
        paths = {(group, name) for group in groups for name in names}
        return frozenset(
            f"{self.owner}.{group}.{name}" for group, name in paths if not _holds(self.data, (group, name))
        )

    def _is_lost(self, finding: Finding) -> bool:
        """Is it told of a place that nothing is at, only because what is written of it could not be placed?"""
        steps = tuple(finding.path[len(self.owner) + 1 :].split("."))
        lost = any(matches(place, steps) or matches((*place, ANY), steps) for place in self.lost)
        return lost and self.concerns(finding) and not _holds(self.data, steps)

    def concerns(self, finding: Finding) -> bool:
        return f"{finding.path}.".startswith(f"{self.owner}.")


def read_form(path: Path, root: Path) -> Form:
    """The form at `path`. Raises Unreadable for what is no form at all."""
    file = shown(path, root)
    suffix = path.suffix.lower()
    if suffix in _YAML:
        document = decode(read(path, file), file)
        return Form(path, file, document.data, Places(file, document.places).nearest)
    if suffix in _OTHER_BOOKS:
        raise _other_book(path.suffix, file)
    if suffix == WORKBOOK:
        from wpf_infra.onboarding.workbook import read_workbook  # loads openpyxl

        book = read_workbook(read(path, file), file)
        return Form(path, file, book.data, book.nearest, book.findings, book.lost)
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


def _other_book(suffix: str, file: str) -> Unreadable:
    return Unreadable(
        Text(
            en=f"a form is an Excel workbook (.xlsx) or YAML; {visible(suffix)} is another format",
            ja=f"申込書はExcelブック（.xlsx）かYAMLです（{visible(suffix)} は別の形式です）",
        ),
        remedy=Text(
            en="open it and save it as an Excel workbook (.xlsx)",
            ja="開いて、Excelブック（.xlsx）形式で保存し直してください",
        ),
        where=file,
    )


def _words(data: Any) -> Iterator[str]:
    """Every text in the data, keys too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)


def _holds(data: Any, steps: Steps) -> bool:
    for step in steps:
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    return True
