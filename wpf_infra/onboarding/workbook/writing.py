"""The form as a workbook's bytes: empty, or with a form's data in it.

Here: sheet after sheet, and a file that is the same for the same input. Not here: what the sheets are (`sheets`), and
anything on disk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.platform import Platform
from wpf_infra.onboarding.workbook.collection import dotted
from wpf_infra.onboarding.workbook.filling import fill
from wpf_infra.onboarding.workbook.form import CELL_RULE
from wpf_infra.onboarding.workbook.value import Problem

if TYPE_CHECKING:
    from openpyxl import Workbook

_NO_CELL = Problem(
    Text(
        en="the application workbook has no cell for this",
        ja="申込の様式（ブック）には、これを書くセルがありません",
    ),
    Text(
        en="leave it out of the form and write it into the tenant's file later, or apply with a YAML form",
        ja="様式から外して後でテナントのファイルに書くか、YAMLの様式で申し込んでください",
    ),
)
_CHANGED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_workbook(platform: Platform, tenants: Sequence[str], form: Mapping[str, Any] | None = None) -> bytes:
    """The application form, its drop-downs from the platform's menus and the ids of `tenants`.

    form: data to fill it with, as a YAML form holds it. Raises WpfError, with the path, for what the workbook has no
    cell for (a retirement, a consent, power).
    """
    filling = fill(form or {})
    if filling.refused:
        raise WpfError(_NO_CELL.summary, remedy=_NO_CELL.remedy, where=dotted(filling.refused[0]))
    from wpf_infra.onboarding.workbook.layout import lay_out  # the library behind it takes a while

    return _bytes(lay_out(platform, tenants, filling))


def unwritable(owner: str, form: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Everything in a form's data that the workbook has no cell for; owner: what findings are filed under."""
    return tuple(
        Finding(CELL_RULE, None, f"{owner}.{dotted(steps)}", Severity.ERROR, _NO_CELL.summary, _NO_CELL.remedy)
        for steps in dict.fromkeys(fill(form).refused)
    )


def _bytes(workbook: Workbook) -> bytes:
    """The file, without the day and hour that the library writes into it."""
    first = BytesIO()
    workbook.save(first)
    made = BytesIO()
    with ZipFile(first) as read, ZipFile(made, "w", ZIP_DEFLATED) as write:
        for entry in read.infolist():
            content = read.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _CHANGED.sub(rb"\g<1>2026-01-01T00:00:00Z", content)
            write.writestr(ZipInfo(entry.filename), content, ZIP_DEFLATED)
    return made.getvalue()
