"""`wpf onboard`: application forms become tenants.

Here: the verb, and that a run which is broken off still says what it did. Not here: what happens to a form
(`wpf_infra.onboarding`), and how an outcome is shown (`enrolment`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from wpf_infra.cli import STOPPED
from wpf_infra.cli.enrolment import as_data, as_lines, findings_as_data, summary
from wpf_infra.cli.findings import as_lines as lines_of_findings
from wpf_infra.cli.output import say
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, spoken, visible
from wpf_infra.loading.file import shown
from wpf_infra.loading.project import find_project
from wpf_infra.model.finding import Severity
from wpf_infra.onboarding.batch import form_files, in_order
from wpf_infra.onboarding.enrolment import Outcome, Result, enrol
from wpf_infra.onboarding.form_file import Form, read_form
from wpf_infra.onboarding.paper import not_written
from wpf_infra.onboarding.template import write_template

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def onboard(
    form: Annotated[
        Path | None,
        typer.Argument(metavar="FORM", help="The application form: FORM.yaml or FORM.xlsx.", readable=False),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="NEW.xlsx",
            help="Write the empty workbook there, or FORM's content in it.",
            readable=False,
        ),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="DIR", help="Every form of a folder.", readable=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and allocate, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as one JSON object.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that dates are judged at (ISO 8601).")] = None,
) -> None:
    """Turn an application form into a tenant: check everything, allocate its network, VLAN and addresses, write its
    file in stacks/tenants, and say what to do next. A tenant that is there already is compared, never changed.

    Exit code 0 when it is done or there was nothing to do, 1 when the form or the platform forbids it or the tenant
    differs, 2 when a file cannot be decoded, 3 when the files could not be written.
    """
    report = _Report(as_json, several=batch is not None)
    try:
        _sensible(form, template, batch, dry_run)
        project = find_project(Path.cwd())
        instant = project.now(now)
        if template is not None:
            code = _write_template(project.root, template, form, report)
        else:
            paths = form_files(batch, project.root) if batch is not None else (form,) if form is not None else ()
            for outcome in _outcomes(project.root, paths, instant, write=not dry_run):
                report.add(outcome)
            code = max(outcome.exit_code for outcome in report.outcomes)
    except WpfError as error:
        report.end(error.sentence(spoken()))
        raise
    except KeyboardInterrupt:
        report.end(STOPPED.in_(spoken()))
        raise
    report.end()
    if code:
        raise typer.Exit(code)


@dataclass
class _Report:
    """What is printed: for people as it happens; for programs one object at the end, whatever ended it."""

    as_json: bool
    several: bool
    outcomes: list[Outcome] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if not self.as_json:
            for line in as_lines(outcome):
                say(line)
        for error in outcome.errors:
            say(f"wpf: {error.sentence(spoken())}", error=True)

    def end(self, broken_off: str | None = None) -> None:
        """broken_off: why there is no more; people are told it by whoever ends the command."""
        if self.as_json:
            say(json.dumps(self._data(broken_off), ensure_ascii=False, indent=2))
        elif self.several and self.outcomes:
            say(summary(self.outcomes))

    def _data(self, broken_off: str | None) -> dict[str, Any]:
        rows = [as_data(outcome) for outcome in self.outcomes]
        errors = [] if broken_off is None else [broken_off]
        if self.several:
            return {"forms": rows, "errors": errors}
        if not rows:
            return {"written": [], "findings": [], **self.said, "errors": errors}
        return {**rows[0], "errors": [*rows[0]["errors"], *errors]}


def _sensible(form: Path | None, template: Path | None, batch: Path | None, dry_run: bool) -> None:
    """Raises Unreadable for arguments that do not go together."""
    if (batch is None) == (form is None and template is None):
        raise Unreadable(
            Text(en="one form, one folder or one template is wanted", ja="申込書・フォルダ・雛形のどれか1つが必要です"),
            remedy=Text(
                en="say `wpf onboard FORM`, `wpf onboard --batch DIR` or `wpf onboard --template NEW.xlsx [FORM]`",
                ja="`wpf onboard FORM`、`wpf onboard --batch DIR`、`wpf onboard --template NEW.xlsx [FORM]` "
                "のように指定してください",
            ),
            where="wpf onboard",
        )
    if template is not None and dry_run:
        raise Unreadable(
            Text(
                en="--template writes a workbook, and --dry-run writes nothing",
                ja="--template はブックを書き込みますが、--dry-run は何も書き込みません",
            ),
            remedy=Text(en="leave one of them out", ja="どちらか一方だけを指定してください"),
            where="wpf onboard",
        )


def _outcomes(root: Path, paths: Sequence[Path], now: datetime, *, write: bool) -> Iterator[Outcome]:
    """Unreadable forms first; the others in the order in which they become tenants."""
    forms: list[Form] = []
    for path in paths:
        try:
            forms.append(read_form(path, root))
        except Unreadable as error:
            yield Outcome(shown(path, root), visible(path.stem), Result.REFUSED, None, errors=(error,))
    for group in in_order(forms):
        try:
            outcomes = enrol(root, group, now, write=write, waiting=_waiting)
        except WpfError as error:
            outcomes = _refused(group, error)
        except OSError as error:
            outcomes = _refused(group, not_written(error, root))
        yield from outcomes


def _refused(forms: Sequence[Form], error: WpfError) -> tuple[Outcome, ...]:
    return tuple(Outcome(form.file, form.owner, Result.REFUSED, None, errors=(error,)) for form in forms)


def _waiting(holder: str) -> None:
    text = Text(
        en=f"process {holder} is onboarding; waiting for it", ja=f"プロセス {holder} が登録中です。終わるのを待ちます"
    )
    say(f"wpf: {text.in_(spoken())}", error=True)


def _write_template(root: Path, template: Path, form: Path | None, report: _Report) -> int:
    """Returns the exit code."""
    findings = write_template(root, template, form)
    written = not any(finding.severity is Severity.ERROR for finding in findings)
    file = shown(template, root)
    report.said = {"written": [file] if written else [], "findings": findings_as_data(findings)}
    if not report.as_json:
        for line in lines_of_findings(findings):
            say(line)
        if written:
            say(_filled(template, file).in_(spoken()))
    return 0 if written else 1


def _filled(template: Path, file: str) -> Text:
    typed = quote(str(template)) if str(template).isprintable() else file
    return Text(
        en=f"{file}: the application form; fill it in, then: wpf onboard {typed}",
        ja=f"{file}: 申込書を作成しました。記入後に実行してください: wpf onboard {typed}",
    )
