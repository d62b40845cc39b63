"""`wpf log`: who did what, when and why; what was erased; what somebody was told.

Here: showing the registry's records. Not here: writing them (`wpf_infra.backend.whole`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from wpf_infra.backend.registry import notice, trail
from wpf_infra.backend.select import open_backend
from wpf_infra.cli.output import say, say_data
from wpf_infra.cli.table import print_table
from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, spoken, visible
from wpf_infra.loading.project import find_project

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_HEADS: Mapping[str, Text] = {
    "at": Text(en="at", ja="日時"),
    "actor": Text(en="actor", ja="実施者"),
    "object": Text(en="object", ja="対象"),
    "call": Text(en="call", ja="操作"),
    "outcome": Text(en="outcome", ja="結果"),
    "reason": Text(en="reason", ja="理由"),
    "begun": Text(en="begun", ja="開始"),
    "ended": Text(en="ended", ja="終了"),
    "disks": Text(en="disks", ja="ディスク"),
    "method": Text(en="method", ja="方法"),
    "kind": Text(en="kind", ja="種別"),
    "party": Text(en="party", ja="通知先"),
    "address": Text(en="address", ja="宛先"),
    "subject": Text(en="subject", ja="件名"),
}
_TRAIL: tuple[str, ...] = ("at", "actor", "object", "call", "outcome", "reason")
_ERASURES: tuple[str, ...] = ("begun", "ended", "object", "disks", "method")
_NOTICES: tuple[str, ...] = ("at", "kind", "party", "address", "subject")
_OPEN = Text(en="cut off, or under way", ja="中断または実行中")
_NOTHING = Text(en="nothing is recorded", ja="記録はありません")


@app.command()
def log(
    tenant: Annotated[str | None, typer.Option("--tenant", help="Only of this tenant, or of `platform`.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only from this day on, YYYY-MM-DD.")] = None,
    erasures: Annotated[bool, typer.Option("--erasures", help="What was erased, instead.")] = False,
    notices: Annotated[bool, typer.Option("--notices", help="What somebody is to be told, instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as one JSON object.")] = False,
) -> None:
    """Show who did what, when and why, oldest first."""
    if since is not None and not _is_day(since):
        raise _no_day(since)
    with _records() as connection:
        if erasures:
            title, rows = Text(en="erasures", ja="消去の記録"), list(_erased(connection, tenant, since))
        elif notices:
            title, rows = Text(en="notices", ja="通知"), list(_told(connection, tenant, since))
        else:
            title, rows = Text(en="trail", ja="操作の記録"), list(_done(connection, tenant, since))
    if as_json:
        say_data({"records": rows})
    elif not rows:
        say(_NOTHING.in_(spoken()))
    else:
        heads = _ERASURES if erasures else _NOTICES if notices else _TRAIL
        cells = [[_cell(name, row[name]) for name in heads] for row in rows]
        print_table(title, [_HEADS[name] for name in heads], cells)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _no_day(text: str) -> Unreadable:
    return Unreadable(
        Text(en=f"{visible(text)} is no day", ja=f"{visible(text)} は日付ではありません"),
        where="--since",
        remedy=Text(en="write it as 2026-11-24", ja="2026-11-24 の形で書いてください"),
    )


@contextmanager
def _records() -> Iterator[Connection | None]:
    project = find_project(Path.cwd())
    with (
        closing(open_backend(project.settings, project.root)) as backend,
        backend.registry.reading() as connection,
    ):
        yield connection


def _done(connection: Connection | None, tenant: str | None, since: str | None) -> Iterator[dict[str, Any]]:
    for each in trail.entries(connection, tenant, since) if connection else ():
        yield {
            "number": each.number,
            "at": each.at,
            "actor": each.actor,
            "reason": each.reason,
            "object": str(each.identity),
            "call": each.call,
            "before": each.before,
            "after": each.after,
            "outcome": each.outcome,
        }


def _erased(connection: Connection | None, tenant: str | None, since: str | None) -> Iterator[dict[str, Any]]:
    for each in trail.erasures(connection) if connection else ():
        if (tenant is None or each.identity.tenant == tenant) and (since is None or each.begun >= since):
            yield {
                "number": each.number,
                "begun": each.begun,
                "ended": each.ended,
                "object": str(each.identity),
                "disks": dict(each.disks),
                "method": each.method,
            }


def _told(connection: Connection | None, tenant: str | None, since: str | None) -> Iterator[dict[str, Any]]:
    for at, each in notice.written(connection) if connection else ():
        if (tenant is None or each.party == tenant) and (since is None or at >= since):
            yield {
                "at": at,
                "kind": each.kind,
                "party": each.party,
                "address": each.address,
                "subject": {"en": each.subject.en, "ja": each.subject.ja},
                "facts": dict(each.facts),
            }


def _cell(name: str, value: object) -> str:
    language = spoken()
    if name in ("outcome", "ended") and value is None:
        return _OPEN.in_(language)
    if name == "subject" and isinstance(value, dict):
        return Text(**value).in_(language)
    if isinstance(value, dict):
        return ", ".join(f"{disk} {size} GB" for disk, size in value.items())
    return "-" if value is None else str(value)
