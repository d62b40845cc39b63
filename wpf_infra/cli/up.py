"""`wpf up`: the platform first, then tenants side by side, each through the engine.

Here: which stacks, in which order, what is printed. Not here: one stack's run (`stack_run`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wpf_infra.backend.select import open_backend
from wpf_infra.calendar import NOW_VARIABLE
from wpf_infra.cli.output import say
from wpf_infra.cli.stack_run import Outcome, StackRun
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, spoken
from wpf_infra.loading.catalogue import Loaded, load
from wpf_infra.loading.project import Project, find_project
from wpf_infra.model.availability import Power
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.observation import ObservedVm
from wpf_infra.policy import judge
from wpf_infra.toolchain.environment import engine_environment

_SIDE_BY_SIDE = 2
_ERRORS, _UNREADABLE, _ENGINE = 1, 2, 3

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def up(
    names: Annotated[list[str] | None, typer.Argument(help="stacks; the platform and tenants by id")] = None,
    everything: Annotated[bool, typer.Option("--all", help="the platform and every tenant")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object at the end")] = False,
    now: Annotated[str | None, typer.Option(help="the instant that dates are judged at")] = None,
) -> None:
    """Apply stacks: nothing of a stack is applied when any of it waits or is refused."""
    project = find_project(Path.cwd())
    loaded = load(project.root)
    errors = _errors(loaded, project.now(now))
    if errors:
        for line in errors:
            say(line, error=True)
        raise typer.Exit(_UNREADABLE if loaded.unreadable else _ERRORS)
    assert loaded.catalogue is not None
    stacks = _chosen(names or [], everything, sorted(loaded.catalogue.tenants))
    environ = _environment(project.root)
    if now is not None:
        environ[NOW_VARIABLE] = now
    outcomes: list[Outcome] = []
    run = StackRun(project.root, environ, began=None if as_json else _began)
    _nobody_is_missing(run.standing(), loaded.catalogue)
    with closing(_runs(run, stacks)) as runs:
        for outcome in runs:
            outcomes.append(outcome)
            if not as_json:
                _print(outcome)
    outcomes.sort(key=lambda each: stacks.index(each.stack))
    if as_json:
        say(json.dumps({"stacks": [_data(each) for each in outcomes]}, ensure_ascii=False, indent=2))
    else:
        _summary(project, run, outcomes)
    if any(each.failure for each in outcomes):
        raise typer.Exit(_ERRORS if all(each.blocked for each in outcomes if each.failure) else _ENGINE)


def _nobody_is_missing(standing: Iterable[str], catalogue: Catalogue) -> None:
    """Raises WpfError for a tenant that stands and has no file: what it allowed would end in other tenants' rules, and
    its servers would be nobody's (FAQ 13).
    """
    missing = sorted(set(standing) - {PLATFORM, *catalogue.tenants})
    if missing:
        names = ", ".join(missing)
        raise WpfError(
            Text(
                en=f"{names}: applied before, and its file is not in stacks/tenants any more",
                ja=f"{names}: 適用済みですが、stacks/tenants にファイルがありません",
            ),
            where="wpf up",
            remedy=Text(
                en="put the file back; to end the contract, retire its servers, then pulumi destroy --run-program and "
                "pulumi stack rm",
                ja="ファイルを戻してください。契約終了は、サーバの解約 (retire) の後に pulumi destroy --run-program と "
                "pulumi stack rm で行います",
            ),
            row=13,
        )


def _environment(root: Path) -> dict[str, str]:
    """The checkout's own where it was set up as one; else what the person has, with this command's Python first."""
    if (root / ".venv").is_dir():
        return engine_environment(root, os.environ)
    own = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join((own, os.environ.get("PATH", os.defpath)))}


def _errors(loaded: Loaded, now: datetime) -> list[str]:
    language = spoken()
    lines = [error.sentence(language) for error in loaded.unreadable]
    findings = [*loaded.findings, *(judge(loaded.catalogue, now) if loaded.catalogue else ())]
    lines += [each.located(language) for each in findings if each.severity is Severity.ERROR]
    return lines


def _chosen(names: Sequence[str], everything: bool, tenants: Sequence[str]) -> list[str]:
    """The platform, then tenants by name. Raises Unreadable for a stack that is not declared, or when none is named."""
    known = [PLATFORM, *tenants]
    unknown = [name for name in names if name not in known]
    if unknown or (not names and not everything):
        raise Unreadable(
            Text(en=f"no stack {', '.join(unknown)}", ja=f"スタック {', '.join(unknown)} はありません")
            if unknown
            else Text(en="no stack is named", ja="スタックの指定がありません"),
            where="wpf up",
            remedy=Text(
                en=f"name some of {', '.join(known)}, or --all",
                ja=f"{', '.join(known)} のいずれか、または --all を指定",
            ),
        )
    return known if everything else [name for name in known if name in names]


def _runs(run: StackRun, stacks: Sequence[str]) -> Generator[Outcome, None, None]:
    """The platform first, alone: tenants stand on it. One failure stops no other, but the platform's stops all.

    The engine is waited for in threads, where no Ctrl-C kills it: it hears the same one, and ends in order.
    """
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        try:
            if PLATFORM in stacks:
                outcome = pool.submit(run.bring_up, PLATFORM).result()
                yield outcome
                if outcome.failure:
                    return
            for done in as_completed([pool.submit(run.bring_up, stack) for stack in stacks if stack != PLATFORM]):
                yield done.result()
        except BaseException:
            run.end()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _began(stack: str) -> None:
    say(f"{stack:<32} …")


def _print(outcome: Outcome) -> None:
    language = spoken()
    if outcome.failure:
        what = Text(en="failed", ja="失敗")
    elif outcome.changes:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(outcome.changes.items()))
        what = Text(en=counts, ja=counts)
    else:
        what = Text(en="nothing to change", ja="変更なし")
    say(f"{outcome.stack:<32} {what.in_(language)}  ({outcome.seconds:.1f} s)")
    for line in outcome.lines:
        say(f"  {line}")
    if outcome.failure:
        for line in outcome.failure.splitlines():
            say(f"  {line}", error=True)


def _data(outcome: Outcome) -> dict[str, object]:
    return {
        "stack": outcome.stack,
        "seconds": round(outcome.seconds, 3),
        "changes": dict(outcome.changes),
        "lines": list(outcome.lines),
        "failure": outcome.failure,
    }


def _servers(project: Project, run: StackRun, stack: str) -> list[ObservedVm] | None:
    """The stack's servers as they stand; None where its backend cannot be asked, of which its run has told already."""
    config = run.config(stack)
    if config is None:
        return None
    try:
        with closing(open_backend({**project.settings, **config}, project.root)) as backend:
            return [seen for seen in backend.observe(stack).values() if isinstance(seen, ObservedVm)]
    except WpfError:
        return None


def _summary(project: Project, run: StackRun, outcomes: Iterable[Outcome]) -> None:
    """What runs where, and what to try next."""
    language = spoken()
    outcomes = list(outcomes)
    say("")
    for stack, servers in ((each.stack, _servers(project, run, each.stack)) for each in outcomes):
        if servers is None:
            continue
        running = [server for server in servers if server.power is Power.ON]
        hosts = ", ".join(sorted({server.host for server in running if server.host}))
        text = Text(
            en=f"{stack}: {len(running)} of {len(servers)} servers run on {hosts or 'no host'}",
            ja=f"{stack}: サーバ {len(servers)} 台中 {len(running)} 台が稼働（{hosts or 'なし'}）",
        )
        say(text.in_(language))
    if any(each.failure for each in outcomes):
        text = Text(
            en="mend what failed and run again: what stands is left as it is",
            ja="失敗した箇所を直して再実行してください。できたものはそのまま残ります",
        )
    elif any(each.changes for each in outcomes):
        text = Text(
            en="next: . .venv/bin/activate; edit stacks/tenants/higashi-suido.yaml; pulumi preview -s higashi-suido; "
            "wpf simulator status",
            ja="次: . .venv/bin/activate; stacks/tenants/higashi-suido.yaml を編集; pulumi preview -s higashi-suido; "
            "wpf simulator status",
        )
    else:
        text = Text(en="nothing to change", ja="変更はありません")
    say(text.in_(language))
