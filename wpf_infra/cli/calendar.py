"""`wpf calendar`: a month of the operator's, its business days and the deadlines in it.

Here: the verb and how a month is shown. Not here: the calendar itself (`wpf_infra.calendar`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from wpf_infra.calendar import BusinessCalendar
from wpf_infra.calendar.business import days_of_month
from wpf_infra.calendar.month import last_of_month, month_before
from wpf_infra.calendar.national import announced
from wpf_infra.cli.output import paint, say
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Language, Text, spoken, visible
from wpf_infra.loading.catalogue import STACKS
from wpf_infra.loading.file import shown
from wpf_infra.loading.project import find_project
from wpf_infra.loading.python_file import run
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_WEEKDAYS = Text(en="Mon Tue Wed Thu Fri Sat Sun", ja="月 火 水 木 金 土 日")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class _Month:
    """closed: each closed day with the reason; deadline: for servers that end in this month; order_by: the latest day
    on which an end on the month's last day is ordered; announced: are its holidays announced, or only computed?
    """

    first: date
    business_days: tuple[date, ...]
    closed: tuple[tuple[date, Text], ...]
    deadline: datetime
    ends: date
    order_by: date
    announced: bool


@app.command()
def calendar(
    month: Annotated[
        str | None, typer.Argument(metavar="[YEAR-MONTH]", help="A month such as 2026-11; else this one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the month as one JSON object.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that says which month is this one.")] = None,
) -> None:
    """Show a month's business days, its closed days by name, and the deadlines of what ends in it (FAQ-13).

    Exit code 0, 1 for a year whose holidays are not known or a platform that is refused, 2 for what cannot be read.
    --lang en|ja chooses the language.
    """
    project = find_project(Path.cwd())
    today = project.now(now).date()
    first = today.replace(day=1) if month is None else _first_day(month)
    found = _look_up(_calendar(project.root), first, today)
    say(_json(found)) if as_json else _print(found)


def _first_day(month: str) -> date:
    match = _MONTH.fullmatch(month)
    if match is None or match[1] == "0000":
        raise Unreadable(
            Text(en=f"`{visible(month)}` is no month", ja=f"`{visible(month)}` は年月として読めません"),
            remedy=Text(en="write it as 2026-11", ja="2026-11 のように書いてください"),
            where="YEAR-MONTH",
        )
    return date(int(match[1]), int(match[2]), 1)


def _calendar(root: Path) -> BusinessCalendar:
    """By the platform's own file; no tenant is read for it."""
    path = root / STACKS / "platform.py"
    ran = run(path, shown(path, root), PLATFORM, Platform, root / STACKS)
    if ran.value is None:
        refused = ran.findings[0]
        raise WpfError(refused.summary, remedy=refused.remedy, where=refused.path, row=refused.row)
    closing = ran.value.closing_days
    return BusinessCalendar.declared(closing.days, closing.year_end_first, closing.year_end_last)


def _look_up(of: BusinessCalendar, first: date, today: date) -> _Month:
    ends = last_of_month(first)
    reasons = ((day, of.why_closed(day)) for day in days_of_month(first.year, first.month))
    return _Month(
        first=first,
        business_days=of.business_days(first.year, first.month),
        closed=tuple((day, why) for day, why in reasons if why is not None),
        deadline=of.shutdown_deadline(first),
        ends=ends,
        order_by=month_before(ends),
        announced=announced(first.year, today),
    )


def _json(month: _Month) -> str:
    language = spoken()
    return json.dumps(
        {
            "month": f"{month.first:%Y-%m}",
            "business_days": [day.isoformat() for day in month.business_days],
            "closed": [{"date": day.isoformat(), "why": why.in_(language)} for day, why in month.closed],
            "last_business_day": month.deadline.date().isoformat(),
            "shutdown_deadline": month.deadline.isoformat(),
            "ends": month.ends.isoformat(),
            "order_by": month.order_by.isoformat(),
            "announced": month.announced,
        },
        ensure_ascii=False,
        indent=2,
    )


def _print(month: _Month) -> None:
    language = spoken()
    count = len(month.business_days)
    heading = Text(en=f"{month.first:%Y-%m}: {count} business days", ja=f"{month.first:%Y-%m}: 営業日 {count} 日")
    say(paint(heading.in_(language), bold=True))
    for row in _weeks(month, language):
        say(row)
    say(paint(Text(en="closed", ja="休業日").in_(language), bold=True))
    for day, why in month.closed:
        say(f"  {_shown(day).in_(language)} {why.in_(language)}")
    for line in _deadlines(month):
        say(line.in_(language))


def _weeks(month: _Month, language: Language) -> Iterator[str]:
    """The names of the weekdays, and under them the business days; a Japanese name is as wide as two digits."""
    names = _WEEKDAYS.in_(language).split()
    width = 2 if language is Language.JAPANESE else len(names[0])
    yield "  " + " ".join(names)
    for _, week in groupby(month.business_days, key=lambda day: day.isocalendar()[:2]):
        days = {day.weekday(): day.day for day in week}
        yield ("  " + " ".join(f"{days.get(weekday, ''):>{width}}" for weekday in range(len(names)))).rstrip()


def _deadlines(month: _Month) -> Iterator[Text]:
    last, ends, order_by = (_shown(day) for day in (month.deadline.date(), month.ends, month.order_by))
    yield Text(en=f"last business day: {last.en}", ja=f"最終営業日: {last.ja}")
    yield Text(
        en=f"shutdown of what ends in this month: by {last.en} {month.deadline:%H:%M} (FAQ-13)",
        ja=f"この月に終了するサーバのシャットダウン期限: {last.ja} {month.deadline:%H:%M}（FAQ-13）",
    )
    yield Text(
        en=f"an end on {ends.en}: ordered by {order_by.en} (FAQ-13)",
        ja=f"{ends.ja} に終了する場合の申込期限: {order_by.ja}（FAQ-13）",
    )
    if not month.announced:
        yield Text(
            en="computed: the equinox days of this year are not announced yet, nor what the law may still change",
            ja="計算による暦です。この年の春分の日・秋分の日は未発表で、法改正もありえます",
        )


def _shown(day: date) -> Text:
    english, japanese = (_WEEKDAYS.in_(language).split()[day.weekday()] for language in Language)
    return Text(en=f"{day} {english}", ja=f"{day}（{japanese}）")
