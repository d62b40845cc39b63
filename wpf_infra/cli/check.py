"""`wpf check`: everything that is wrong in what is declared, at once.

Here: the verb, its output for people and for machines. Not here: the rules (`wpf_infra.policy`), reading
(`wpf_infra.loading`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from wpf_infra.cli.output import paint, say
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, spoken
from wpf_infra.loading.catalogue import Loaded, load
from wpf_infra.loading.project import find_project
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.policy import judge

_FOUND = 1
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_WORDS = {Severity.ERROR: Text(en="error", ja="エラー"), Severity.WARNING: Text(en="warning", ja="警告")}

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Tenant files; each takes the place of the tenant with its id."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that dates are judged at (ISO 8601).")] = None,
) -> None:
    """Judge the platform and every tenant in stacks/, without changing anything.

    Exit code 0 without errors (warnings or not), 1 with error findings, 2 when a file cannot be decoded. --lang en|ja
    chooses the language.
    """
    try:
        project = find_project(Path.cwd())
        instant = project.now(now)
        loaded = load(project.root, files or ())
    except WpfError:
        if as_json:
            say(_json(()))
        raise
    findings = _all(loaded, instant)
    if as_json:
        say(_json(findings))
    else:
        _print(findings, loaded, instant)
    for error in loaded.unreadable:
        say(f"wpf: {error.sentence(spoken())}", error=True)
    if loaded.unreadable:
        raise typer.Exit(Unreadable.exit_code)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(_FOUND)


def _all(loaded: Loaded, now: datetime) -> tuple[Finding, ...]:
    """The schema's findings and the rules', by path and rule."""
    judged = judge(loaded.catalogue, now) if loaded.catalogue is not None else ()
    return tuple(sorted((*loaded.findings, *judged), key=lambda each: (each.path, each.rule, each.summary.en)))


def _json(findings: Sequence[Finding]) -> str:
    language = spoken()
    rows = [
        {
            "rule": finding.rule,
            "row": finding.row,
            "path": finding.path,
            "severity": finding.severity.value,
            "summary": finding.summary.in_(language),
            "remedy": finding.remedy.in_(language),
            "file": finding.position.file if finding.position else None,
            "line": finding.position.line if finding.position else None,
            "column": finding.position.column if finding.position else None,
        }
        for finding in findings
    ]
    return json.dumps({"findings": rows}, ensure_ascii=False, indent=2)


def _print(findings: Sequence[Finding], loaded: Loaded, now: datetime) -> None:
    for owner, theirs in groupby(findings, key=lambda finding: finding.path.partition(".")[0]):
        say(paint(owner, bold=True))
        for finding in sorted(theirs, key=_as_in_the_file):
            _print_finding(finding)
        say("")
    say(_summary(findings, loaded, now))


def _as_in_the_file(finding: Finding) -> tuple[str, int, int]:
    position = finding.position
    return (position.file, position.line or 0, position.column or 0) if position else ("", 0, 0)


def _print_finding(finding: Finding) -> None:
    """Where and how bad; what; what to do and why."""
    language = spoken()
    place = f"{finding.position}: " if finding.position else ""
    word = paint(_WORDS[finding.severity].in_(language), _COLOURS[finding.severity], bold=True)
    path = finding.path.partition(".")[2] or finding.path
    row = f"FAQ-{finding.row}, " if finding.row is not None else ""
    say(f"  {place}{word}: {path}")
    say(f"    {finding.summary.in_(language)}")
    say(f"    → {finding.remedy.in_(language)} ({row}{finding.rule})")


def _summary(findings: Sequence[Finding], loaded: Loaded, now: datetime) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    when = f"{now:%Y-%m-%d %H:%M}"
    if loaded.catalogue is None:
        scope = Text(
            en="the platform could not be read, so no rule was judged", ja="基盤の宣言を読めないため、規則は未検査です"
        )
    else:
        count = len(loaded.catalogue.tenants)
        tenants = "1 tenant" if count == 1 else f"{count} tenants"
        scope = Text(
            en=f"the platform and {tenants}, judged as of {when}", ja=f"基盤と{count}テナントを {when} の時点で検査"
        )
    unread = len(loaded.unreadable)
    found = Text(
        en=", ".join(
            f"{number} {word if number == 1 else word + 's'}"
            for number, word in ((errors, "error"), (warnings, "warning"), (unread, "unreadable file"))
            if number or word == "error"
        ),
        ja=f"エラー {errors} 件、警告 {warnings} 件" + (f"、読めないファイル {unread} 件" if unread else ""),
    )
    colour = "red" if errors or unread else "yellow" if warnings else "green"
    language = spoken()
    return f"{paint(found.in_(language), colour, bold=True)} · {scope.in_(language)}"
