"""Workbooks for tests: the form filled in, one cell or part changed."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable, Mapping
from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook

from tests.samples import WORLD, catalogue
from wpf_infra.onboarding.workbook import WorkbookForm, read_workbook, write_workbook

PLATFORM = catalogue().platform
TENANTS = ("kawa-systems", "minami-suido")
NAME = "form.xlsx"


def sample() -> dict[str, Any]:
    """A form that uses every sheet."""
    form: dict[str, Any] = deepcopy(WORLD["minami-suido"])
    del form["allowances"]["telemetry"]["agreed"]
    form["vms"]["app-1"] |= {
        "restart_priority": "high",
        "antivirus": True,
        "software": {"oracle-database": {"licence": "platform"}},
        "monitoring": {
            "alive": {"kind": "ping", "severity": "major"},
            "disk": {"kind": "resource", "metric": "disk-used-percent", "above": 90, "severity": "warning"},
        },
    }
    form["lines"]["north"]["visits"] = {"site_survey": ["2026-05-11", "2026-05-12"]}
    form["lines"]["north"]["agreed"] = {"by": "基盤 太郎", "on": "2026-01-04", "reason": "回線の空き"}
    form["certificates"] = {"app-1": {"path": "app-to-platform", "common_name": "app-1.minami-suido.wpf.internal"}}
    form["trust"] = {"scada": {"path": "client-to-app", "pem_file": "trust/scada.pem"}}
    form["images"] = {"golden": {"of": "app-1"}}
    return form


def written(form: Mapping[str, Any] | None = None) -> bytes:
    """The workbook of a form, else the sample's."""
    return _sample() if form is None else write_workbook(PLATFORM, TENANTS, form)


@functools.cache
def _sample() -> bytes:
    return write_workbook(PLATFORM, TENANTS, sample())


def changed(change: Callable[[Workbook], object], content: bytes | None = None) -> bytes:
    """The sample's workbook after a change that a spreadsheet program could make."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(BytesIO(content or written()))
        change(workbook)
        made = BytesIO()
        workbook.save(made)
    return made.getvalue()


def with_cells(cells: Mapping[str, Any], content: bytes | None = None) -> bytes:
    """The sample's workbook with other values, by sheet and cell (`サーバ!C6`)."""

    def change(workbook: Workbook) -> None:
        for place, value in cells.items():
            sheet, _, ref = place.partition("!")
            workbook[sheet][ref] = value

    return changed(change, content)


def with_parts(parts: Mapping[str, bytes | None], content: bytes | None = None) -> bytes:
    """The sample's package with other parts; None takes one away."""
    made = BytesIO()
    with ZipFile(BytesIO(content or written())) as read, ZipFile(made, "w", ZIP_DEFLATED) as write:
        for entry in read.infolist():
            if entry.filename not in parts:
                write.writestr(entry.filename, read.read(entry))
        for name, part in parts.items():
            if part is not None:
                write.writestr(name, part)
    return made.getvalue()


def part(name: str, content: bytes | None = None) -> bytes:
    with ZipFile(BytesIO(content or written())) as archive:
        return archive.read(name)


def reading(content: bytes) -> WorkbookForm:
    return read_workbook(content, NAME)


def with_shared_strings(content: bytes | None = None) -> bytes:
    """The package as Excel writes it: texts stand in a part of their own, Japanese ones with their readings."""
    content = content or written()
    texts: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        texts.append(match[1])
        return b't="s"><v>%d</v></c>' % (len(texts) - 1)

    with ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    inline = re.compile(rb't="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
    parts: dict[str, bytes | None] = {name: inline.sub(share, part(name, content)) for name in sheets}
    reading = '<rPh sb="0" eb="1"><t>ヨミ</t></rPh><phoneticPr fontId="1"/>'.encode()
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="%s">' % main + b"".join(b"<si>" + text + reading + b"</si>" for text in texts) + b"</sst>"
    )
    parts["[Content_Types].xml"] = part("[Content_Types].xml", content).replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    return with_parts(parts, content)
