"""`wpf onboard`: application forms become tenants.

Here: the verb and what it says, to people and programs. Not here: what happens to a form (`wpf_infra.onboarding`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from wpf_infra.cli.findings import as_json as findings_as_json
from wpf_infra.cli.findings import as_lines
from wpf_infra.cli.output import paint, say
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, spoken
from wpf_infra.loading.project import find_project
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.batch import form_files, in_order
from wpf_infra.onboarding.enrolment import Outcome, Result, enrol
from wpf_infra.onboarding.form_file import Form, read_form
from wpf_infra.onboarding.next_step import Step
from wpf_infra.onboarding.template import write_template

_WORDS = {
    Result.WRITTEN: ("green", Text(en="onboarded", ja="登録しました")),
    Result.CHECKED: ("green", Text(en="could be onboarded; nothing was written", ja="登録できます（未登録）")),
    Result.UNCHANGED: ("green", Text(en="is there already, alike; nothing to do", ja="登録済みで、変更はありません")),
    Result.REFUSED: ("red", Text(en="not onboarded; nothing was written", ja="登録していません")),
}

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def onboard(
    form: Annotated[
        Path | None, typer.Argument(metavar="FORM", help="The application form: FORM.yaml or FORM.xlsx.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="NEW.xlsx", help="Write the empty workbook there, or FORM's content in it."),
    ] = None,
    batch: Annotated[Path | None, typer.Option("--batch", metavar="DIR", help="Every form of a folder.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and allocate, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as one JSON object.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that dates are judged at (ISO 8601).")] = None,
) -> None:
    """Turn an application form into a tenant: check everything, allocate its network, VLAN and addresses, write its
    file in stacks/tenants, and say what to do next. A tenant that is there already is compared, never changed.

    Exit code 0 when it is done or there was nothing to do, 1 when the form or the platform forbids it or the tenant
    differs, 2 when a file cannot be decoded, 3 when the files could not be written.
    """
    _sensible(form, template, batch)
    project = find_project(Path.cwd())
    instant = project.now(now)
    if template is not None:
        write_template(project.root, template, form)
        _say_template(template, as_json)
        return
    paths = form_files(batch, project.root) if batch is not None else (form,) if form is not None else ()
    outcomes: list[Outcome] = []
    for outcome in _outcomes(project.root, paths, instant, write=not dry_run):
        outcomes.append(outcome)
        _print(outcome, quiet=as_json)
    if as_json:
        rows = [_row(outcome) for outcome in outcomes]
        say(json.dumps({"forms": rows} if batch is not None else rows[0], ensure_ascii=False, indent=2))
    elif batch is not None:
        say(_summary(outcomes))
    if code := max(outcome.exit_code for outcome in outcomes):
        raise typer.Exit(code)


def _sensible(form: Path | None, template: Path | None, batch: Path | None) -> None:
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


def _outcomes(root: Path, paths: Sequence[Path], now: datetime, *, write: bool) -> Iterator[Outcome]:
    """Unreadable forms first; the others in the order in which they become tenants."""
    forms: list[Form] = []
    for path in paths:
        try:
            forms.append(read_form(path, root))
        except Unreadable as error:
            yield Outcome(str(path), path.stem, Result.REFUSED, None, errors=(error,))
    for group in in_order(forms):
        try:
            yield from enrol(root, group, now, write=write, waiting=_waiting)
        except WpfError as error:
            yield from (Outcome(each.file, each.owner, Result.REFUSED, None, errors=(error,)) for each in group)


def _waiting(holder: str) -> None:
    text = Text(
        en=f"process {holder} is onboarding; waiting for it", ja=f"プロセス {holder} が登録中です。終わるのを待ちます"
    )
    say(f"wpf: {text.in_(spoken())}", error=True)


def _say_template(template: Path, as_json: bool) -> None:
    if as_json:
        say(json.dumps({"written": [str(template)]}, ensure_ascii=False, indent=2))
        return
    text = Text(
        en=f"{template}: the application form; fill it in, then: wpf onboard {template}",
        ja=f"{template}: 申込書を作成しました。記入後に実行してください: wpf onboard {template}",
    )
    say(text.in_(spoken()))


def _print(outcome: Outcome, *, quiet: bool) -> None:
    """For people. quiet: only what could not be read or written, which goes to standard error."""
    language = spoken()
    if not quiet:
        colour, word = _WORDS[outcome.result]
        say(f"{paint(outcome.tenant, bold=True)}: {paint(word.in_(language), colour, bold=True)} ({outcome.form})")
        if outcome.declared is not None and outcome.result is not Result.UNCHANGED:
            for line in _allocated(outcome.declared, outcome.chosen):
                say(f"  {line}")
        if outcome.written:
            say(f"  {Text(en='written', ja='作成したファイル').in_(language)}: {', '.join(outcome.written)}")
        for line in as_lines(outcome.findings):
            say(line)
        for line in _next(outcome.steps):
            say(line)
    for error in outcome.errors:
        say(f"wpf: {error.sentence(language)}", error=True)


def _allocated(tenant: Tenant, chosen: frozenset[str]) -> Iterator[str]:
    """What it has of addresses; what was allocated now is marked."""
    language = spoken()
    now = Text(en=" (allocated)", ja="（割り当て）").in_(language)

    def mark(path: str) -> str:
        return now if path in chosen else ""

    network = tenant.network
    title = Text(en="network", ja="ネットワーク").in_(language)
    yield f"{title} {network.cidr}{mark('network.cidr')}, VLAN {network.vlan}{mark('network.vlan')}"
    for name, vm in tenant.vms.items():
        yield f"vms.{name} {vm.address}{mark(f'vms.{name}.address')}"
    for name, endpoint in tenant.endpoints.items():
        yield f"endpoints.{name} {endpoint.cidr}{mark(f'endpoints.{name}.cidr')}"
    for name, line in tenant.lines.items():
        yield f"lines.{name} {line.cidr}{mark(f'lines.{name}.cidr')}"
    for name, gateway in tenant.gateways.items():
        yield f"gateways.{name} {gateway.address}{mark(f'gateways.{name}.address')}"


def _next(steps: Sequence[Step]) -> Iterator[str]:
    language = spoken()
    width = max((len(step.command) for step in steps if step.command is not None), default=0)
    if steps:
        yield Text(en="next:", ja="次の手順:").in_(language)
    for step in steps:
        why = step.why.in_(language)
        yield f"  {step.command:<{width}}  # {why}" if step.command is not None else f"  {why}"


def _row(outcome: Outcome) -> dict[str, Any]:
    """For programs. network, addresses and lines as they are, or would be, declared; empty where it was refused."""
    language = spoken()
    tenant = outcome.declared
    return {
        "form": outcome.form,
        "tenant": outcome.tenant,
        "result": outcome.result.value,
        "file": outcome.file,
        "network": {"cidr": str(tenant.network.cidr), "vlan": tenant.network.vlan} if tenant else None,
        "addresses": {name: str(vm.address) for name, vm in tenant.vms.items()} if tenant else {},
        "endpoints": {name: str(each.cidr) for name, each in tenant.endpoints.items()} if tenant else {},
        "lines": {name: str(line.cidr) for name, line in tenant.lines.items()} if tenant else {},
        "gateways": {name: str(each.address) for name, each in tenant.gateways.items()} if tenant else {},
        "allocated": sorted(outcome.chosen) if tenant else [],
        "written": list(outcome.written),
        "unchanged": outcome.result is Result.UNCHANGED,
        "next": [{"command": step.command, "why": step.why.in_(language)} for step in outcome.steps],
        "findings": json.loads(findings_as_json(outcome.findings))["findings"],
        "errors": [error.sentence(language) for error in outcome.errors],
    }


def _summary(outcomes: Sequence[Outcome]) -> str:
    onboarded = sum(each.result in (Result.WRITTEN, Result.CHECKED) for each in outcomes)
    unchanged = sum(each.result is Result.UNCHANGED for each in outcomes)
    refused = len(outcomes) - onboarded - unchanged
    text = Text(
        en=f"{onboarded} onboarded, {unchanged} there already, {refused} not onboarded",
        ja=f"登録 {onboarded} 件、登録済み {unchanged} 件、未登録 {refused} 件",
    )
    return paint(text.in_(spoken()), "red" if refused else "green", bold=True)
