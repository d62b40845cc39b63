"""`wpf check`: everything that is wrong in what is declared, at once.

Here: the verb, its summary and its exit code. Not here: how a finding is shown (`findings`), the rules
(`wpf_infra.policy`), reading (`wpf_infra.loading`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wpf_infra.cli.findings import as_annotations, as_json, as_lines
from wpf_infra.cli.output import paint, say
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, spoken
from wpf_infra.loading.catalogue import Loaded, load
from wpf_infra.loading.project import find_project
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.policy import judge

_FOUND = 1

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Format(StrEnum):
    """text: for people; json: for programs; github: a forge's annotations."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Tenant files; each takes the place of the tenant with its id."),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="text for people, json for programs, github for a forge's annotations."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that dates are judged at (ISO 8601).")] = None,
) -> None:
    """Judge the platform and every tenant in stacks/, without changing anything.

    Exit code 0 without errors (warnings or not), 1 with error findings, 2 when a file cannot be decoded. --lang en|ja
    chooses the language. `wpf rules` lists what is judged.
    """
    form = _format(form, json)
    with _uncollected():
        try:
            project = find_project(Path.cwd())
            instant = project.now(now)
            loaded = load(project.root, files or ())
        except WpfError as error:
            _say_nothing_but(error, form)
            raise
        findings = _all(loaded, instant)
    _print(findings, loaded, instant, form)
    if loaded.unreadable:
        raise typer.Exit(Unreadable.exit_code)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(_FOUND)


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is read and judged has no cycles; looking for some in it again and again is a quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _format(form: Format | None, json: bool) -> Format:
    """Raises Unreadable where two different forms are asked for."""
    if json and form not in (None, Format.JSON):
        raise Unreadable(
            Text(
                en=f"--json and --format {form} are two forms at once", ja=f"--json と --format {form} は両立しません"
            ),
            remedy=Text(en="ask for one of them", ja="どちらか一方を指定してください"),
        )
    return Format.JSON if json else form or Format.TEXT


def _say_nothing_but(error: WpfError, form: Format) -> None:
    """There is nothing to judge; whoever reads a form gets it all the same."""
    if form is Format.JSON:
        say(as_json(()))
    elif form is Format.GITHUB:
        for line in as_annotations((), (error,)):
            say(line)


def _all(loaded: Loaded, now: datetime) -> tuple[Finding, ...]:
    """The schema's findings and the rules', by path and rule."""
    judged = judge(loaded.catalogue, now) if loaded.catalogue is not None else ()
    return tuple(sorted((*loaded.findings, *judged), key=lambda each: (each.path, each.rule, each.summary.en)))


def _print(findings: Sequence[Finding], loaded: Loaded, now: datetime, form: Format) -> None:
    """Everything in the form asked for; files that could not be read, to standard error where the form has no word."""
    match form:
        case Format.JSON:
            said = [as_json(findings)]
        case Format.GITHUB:
            said = [*as_annotations(findings, loaded.unreadable), _summary(findings, loaded, now)]
        case Format.TEXT:
            said = [*as_lines(findings), _summary(findings, loaded, now)]
    say("\n".join(said))
    if form is not Format.GITHUB:
        for error in loaded.unreadable:
            say(f"wpf: {error.sentence(spoken())}", error=True)


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
