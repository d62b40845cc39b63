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

from wpf_infra.model.platform import Platform
from wpf_infra.onboarding.workbook.filling import fill

if TYPE_CHECKING:
    from openpyxl import Workbook

_CHANGED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_workbook(platform: Platform, tenants: Sequence[str], form: Mapping[str, Any] | None = None) -> bytes:
    """The application form, its drop-downs from the platform's menus and the ids of `tenants`.

    form: data to fill it with, as a YAML form holds it. Raises WpfError, with the path, for what the workbook has no
    cell for (a retirement, a consent, power).
    """
    filling = fill(form or {})
    from wpf_infra.onboarding.workbook.layout import lay_out  # the library behind it takes a while

    return _bytes(lay_out(platform, tenants, filling))


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
