"""Findings as people, programs and forges read them.

Here: the three forms: lines on a terminal, one JSON object, a forge's annotations. Not here: where findings come from,
and exit codes (`check`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from wpf_infra.cli.output import paint
from wpf_infra.errors import WpfError
from wpf_infra.language import Text, spoken
from wpf_infra.model.finding import Finding, Position, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_WORDS = {Severity.ERROR: Text(en="error", ja="エラー"), Severity.WARNING: Text(en="warning", ja="警告")}
_WHERE = re.compile(r"(?P<file>.+?)(:(?P<line>[0-9]+)(:(?P<column>[0-9]+))?)?", re.DOTALL)


def as_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """For people: a tenant at a time, in the order of its file; an empty line after each tenant."""
    ordered = sorted(findings, key=lambda finding: (_owner(finding), _in_file(finding)))
    for owner, theirs in groupby(ordered, key=_owner):
        yield paint(owner, bold=True)
        for finding in theirs:
            yield from _lines(finding)
        yield ""


def as_json(findings: Sequence[Finding]) -> str:
    """For programs: one object, `{"findings": […]}`."""
    return json.dumps({"findings": [_row(finding) for finding in findings]}, ensure_ascii=False, indent=2)


def as_annotations(findings: Sequence[Finding], errors: Sequence[WpfError]) -> Iterator[str]:
    """For a forge's runner: workflow commands that it shows beside the lines of a change. errors: of whole files."""
    language = spoken()
    for error in errors:
        match = _WHERE.fullmatch(error.where or "")
        position = match and Position(match["file"], _number(match["line"]), _number(match["column"]))
        message = f"{error.what.in_(language)} → {error.remedy.in_(language)}"
        yield _command(Severity.ERROR, position, _title("unreadable", error.row), message)
    for finding in findings:
        message = f"{finding.path}: {finding.summary.in_(language)} → {finding.remedy.in_(language)}"
        yield _command(finding.severity, finding.position, _title(finding.rule, finding.row), message)


def _owner(finding: Finding) -> str:
    return finding.path.partition(".")[0]


def _in_file(finding: Finding) -> tuple[str, int, int, tuple[int, int, int]]:
    at = finding.position or Position("")
    return at.file, at.line or 0, at.column or 0, _cell_order(at.cell) if at.cell else (0, 0, 0)


def _cell_order(cell: str) -> tuple[int, int, int]:
    from wpf_infra.onboarding.workbook.order import cell_order  # only where there is a workbook

    return cell_order(cell)


def _lines(finding: Finding) -> Iterator[str]:
    """Where and how bad; what; what to do and why."""
    language = spoken()
    place = f"{finding.position}: " if finding.position else ""
    word = paint(_WORDS[finding.severity].in_(language), _COLOURS[finding.severity], bold=True)
    path = finding.path.partition(".")[2] or finding.path
    row = f"FAQ-{finding.row}, " if finding.row is not None else ""
    yield f"  {place}{word}: {path}"
    yield f"    {finding.summary.in_(language)}"
    yield f"    → {finding.remedy.in_(language)} ({row}{finding.rule})"


def _row(finding: Finding) -> dict[str, Any]:
    language = spoken()
    at = finding.position
    return {
        "rule": finding.rule,
        "row": finding.row,
        "path": finding.path,
        "severity": finding.severity.value,
        "summary": finding.summary.in_(language),
        "remedy": finding.remedy.in_(language),
        "file": at.file if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        **({"cell": at.cell} if at and at.cell else {}),
    }


def _title(rule: str, row: int | None) -> str:
    return rule if row is None else f"{rule} (FAQ-{row})"


def _command(severity: Severity, at: Position | None, title: str, message: str) -> str:
    """`::error file=…,line=…,col=…,title=…::message`; what would end a property or the command is escaped."""
    place = (("file", at.file), ("line", at.line), ("col", at.column)) if at else ()
    cell = f"{at.cell}: " if at and at.cell else ""
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in (*place, ("title", title)) if value)
    return f"::{severity.value} {properties}::{_data(cell + message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _number(text: str | None) -> int | None:
    return int(text) if text else None
