"""Ends of servers and disks: ordered a month ahead, and not forgotten (FAQ 13, 15).

Here: the dates of a retirement. Not here: the erasure (`wpf_infra.plan`), business days (a calendar, later).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.agreement import Retirement
from wpf_infra.model.finding import Severity
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def ordered_in_time(context: Context) -> Iterator[Objection]:
    for path, retirement in _retirements(context):
        latest = month_before(retirement.ends)
        if retirement.ordered > latest and retirement.agreed is None:
            yield Objection(
                path,
                Text(
                    en=f"ordered on {retirement.ordered} for the end of {retirement.ends}: the form is due a month "
                    f"ahead, by {latest}",
                    ja=f"{retirement.ends} の終了に対して申込が {retirement.ordered} です。申込書は1か月前"
                    f"（{latest}）までに必要です",
                ),
                Text(
                    en="end it later, or record who agreed in `agreed: {by, on, reason}`",
                    ja="終了日を遅らせるか、合意があれば `agreed: {by, on, reason}` に記録してください",
                ),
            )


def not_overdue(context: Context) -> Iterator[Objection]:
    for path, retirement in _retirements(context):
        if retirement.due(context.today):
            yield Objection(
                path,
                Text(en=f"its end, {retirement.ends}, has passed", ja=f"終了日 {retirement.ends} を過ぎています"),
                Text(
                    en="have it shut down, then leave it out of the file, which erases it",
                    ja="停止を確認し、ファイルから消してください（消すとデータが消去されます）",
                ),
            )


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    if year < date.min.year:
        return date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _retirements(context: Context) -> Iterator[tuple[str, Retirement]]:
    for server in context.servers:
        if server.vm.retire is not None:
            yield f"{server.path}.retire", server.vm.retire
        for name, disk in server.vm.disks.items():
            if disk.retire is not None:
                yield f"{server.path}.disks.{name}.retire", disk.retire


RULES = (
    Rule(
        "retire-in-time",
        13,
        Severity.ERROR,
        Text(en="an end is ordered a month ahead", ja="終了は1か月前までに申し込む"),
        ordered_in_time,
    ),
    Rule(
        "retire-overdue",
        13,
        Severity.WARNING,
        Text(en="what has ended is left out", ja="終了したものは宣言から消す"),
        not_overdue,
    ),
)
