"""Lines: ordered in time, visited in order, delivered (FAQ 26-30, 34).

Here: dates and limits of lines. Not here: their networks (`address`, `space`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TypeVar

from wpf_infra.calendar import UnknownYear
from wpf_infra.calendar.month import months_after
from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.line import FixedLine, MobileLine
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

FIXED_MONTHS = 3
FIXED_MONTHS_COMMON = 6
"""FAQ 26: about three to six months, sometimes more."""
MOBILE_MONTHS = 1
_VISITS = (
    ("site_survey", Text(en="site survey", ja="現地調査")),
    ("line_work", Text(en="line work", ja="回線工事")),
    ("router_installation", Text(en="router installation", ja="ルータ設置")),
)
"""FAQ 27, in their order."""
_L = TypeVar("_L", FixedLine, MobileLine)


def fixed_in_time(context: Context) -> Iterator[Objection]:
    for path, line in _lines(context, FixedLine):
        if line.agreed is None and months_after(line.ordered, FIXED_MONTHS) > line.wanted:
            yield _late(path, line, FIXED_MONTHS, Text(en="about 3 to 6 months", ja="概ね3〜6か月"))


def fixed_without_haste(context: Context) -> Iterator[Objection]:
    for path, line in _lines(context, FixedLine):
        common = months_after(line.ordered, FIXED_MONTHS_COMMON)
        if line.agreed is None and months_after(line.ordered, FIXED_MONTHS) <= line.wanted < common:
            yield Objection(
                f"{path}.wanted",
                Text(
                    en=f"wanted on {line.wanted}, ordered on {line.ordered}: a fixed line takes about 3 to 6 months, "
                    "sometimes more",
                    ja=f"{line.ordered} の申込で希望日が {line.wanted} です。固定回線の敷設には概ね3〜6か月、"
                    "状況によりそれ以上かかります",
                ),
                Text(
                    en=f"want it from {common} on if that is soon enough, or record who agreed in "
                    "`agreed: {by, on, reason}`",
                    ja=f"間に合うなら希望日を {common} 以降にするか、合意があれば `agreed: {{by, on, reason}}` に"
                    "記録してください",
                ),
            )


def mobile_in_time(context: Context) -> Iterator[Objection]:
    for path, line in _lines(context, MobileLine):
        if line.agreed is None and months_after(line.ordered, MOBILE_MONTHS) > line.wanted:
            yield _late(path, line, MOBILE_MONTHS, Text(en="about one month", ja="概ね1か月"))


def _late(path: str, line: FixedLine | MobileLine, months: int, takes: Text) -> Objection:
    earliest = months_after(line.ordered, months)
    return Objection(
        f"{path}.wanted",
        Text(
            en=f"wanted on {line.wanted}, ordered on {line.ordered}: a {line.kind} line takes {takes.en}",
            ja=f"{line.ordered} の申込で希望日が {line.wanted} です。"
            f"{'固定' if line.kind == 'fixed' else 'モバイル'}回線には{takes.ja}かかります",
        ),
        Text(
            en=f"want it from {earliest} on, or record who agreed in `agreed: {{by, on, reason}}`",
            ja=f"希望日を {earliest} 以降にするか、合意があれば `agreed: {{by, on, reason}}` に記録してください",
        ),
    )


def delivered(context: Context, kind: type[_L]) -> Iterator[Objection]:
    for path, line in _lines(context, kind):
        if line.delivered is None and line.wanted < context.today:
            yield Objection(
                f"{path}.wanted",
                Text(
                    en=f"wanted on {line.wanted}, and not delivered yet",
                    ja=f"希望日 {line.wanted} を過ぎても、引渡しが記録されていません",
                ),
                Text(
                    en="write the day it was delivered in `delivered`, or agree on another `wanted`",
                    ja="引渡し済みなら `delivered` に日付を書き、未了なら希望日を調整して `wanted` を直してください",
                ),
            )


def delivered_after_ordered(context: Context, kind: type[_L]) -> Iterator[Objection]:
    for path, line in _lines(context, kind):
        if line.delivered is not None and line.delivered < line.ordered:
            yield Objection(
                f"{path}.delivered",
                Text(
                    en=f"delivered on {line.delivered}, before it was ordered on {line.ordered}",
                    ja=f"引渡し {line.delivered} が申込 {line.ordered} より前です",
                ),
                Text(en="correct one of the two dates", ja="どちらかの日付を直してください"),
            )


def visits_in_order(context: Context) -> Iterator[Objection]:
    """Survey, line work, router, between order and delivery; a visit that is split has ended before the next begins."""
    for path, line in _lines(context, FixedLine):
        reached = line.ordered
        earlier = Text(en=f"the line was ordered on {reached}", ja=f"申込（{reached}）")
        for key, name in _VISITS:
            days = getattr(line.visits, key)
            for index, day in enumerate(days):
                if day < reached:
                    yield _out_of_order(f"{path}.visits.{key}.{index}", name, day, earlier)
                elif line.delivered is not None and day > line.delivered:
                    yield _after_delivery(f"{path}.visits.{key}.{index}", name, day, line.delivered)
            if days and max(days) >= reached:
                reached = max(days)
                earlier = Text(en=f"the {name.en} of {reached}", ja=f"{name.ja}（{reached}）")


def _out_of_order(path: str, name: Text, day: date, earlier: Text) -> Objection:
    return Objection(
        path,
        Text(
            en=f"the {name.en} on {day} comes before {earlier.en}",
            ja=f"{name.ja}（{day}）が{earlier.ja}より前です",
        ),
        Text(
            en="the order is site survey, line work, router installation: correct the day",
            ja="現地調査・回線工事・ルータ設置の順です。日付を直してください",
        ),
    )


def _after_delivery(path: str, name: Text, day: date, delivered: date) -> Objection:
    return Objection(
        path,
        Text(
            en=f"the {name.en} on {day} comes after the line was delivered on {delivered}",
            ja=f"{name.ja}（{day}）が引渡し（{delivered}）より後です",
        ),
        Text(en="correct the day, or `delivered`", ja="立ち会いの日か `delivered` を直してください"),
    )


def visits_on_business_days(context: Context) -> Iterator[Objection]:
    for path, line in _lines(context, FixedLine):
        for key, name in _VISITS:
            for index, day in enumerate(getattr(line.visits, key)):
                if (said := _not_open(context, name, day)) is not None:
                    yield Objection(f"{path}.visits.{key}.{index}", *said)


def _not_open(context: Context, name: Text, day: date) -> tuple[Text, Text] | None:
    try:
        why = context.calendar.why_closed(day)
    except UnknownYear as error:
        return (
            Text(
                en=f"whether the {name.en} on {day} is on a business day cannot be told: {error.what.en}",
                ja=f"{name.ja}（{day}）が営業日かどうか分かりません。{error.what.ja}",
            ),
            error.remedy,
        )
    if why is None:
        return None
    return (
        Text(
            en=f"the {name.en} on {day} is not on a business day: {why.en}",
            ja=f"{name.ja}（{day}）は営業日ではありません（{why.ja}）",
        ),
        Text(
            en="arrange a business day, unless the workers have agreed to come",
            ja="作業員と調整済みでなければ、営業日にしてください",
        ),
    )


def wifi_clients(context: Context) -> Iterator[Objection]:
    most = context.platform.menu.wifi_clients
    for path, line in _lines(context, MobileLine):
        if line.wifi_clients > most:
            yield Objection(
                f"{path}.wifi_clients",
                Text(
                    en=f"{line.wifi_clients} Wi-Fi clients; the mobile router carries at most {most}",
                    ja=f"Wi-Fi接続 {line.wifi_clients} 台は、モバイルルータの同時接続の上限 {most} 台を超えています",
                ),
                Text(
                    en=f"connect at most {most}, or order a further line",
                    ja=f"{most} 台以下にするか、回線を追加してください",
                ),
            )


def _lines(context: Context, kind: type[_L]) -> Iterator[tuple[str, _L]]:
    for owner, tenant in context.tenants.items():
        for name, line in tenant.lines.items():
            if isinstance(line, kind):
                yield f"{owner}.lines.{name}", line


RULES = (
    Rule(
        "fixed-line-in-time",
        26,
        Severity.ERROR,
        Text(en="a fixed line is ordered three months ahead", ja="固定回線は3か月前までに申し込む"),
        fixed_in_time,
    ),
    Rule(
        "fixed-line-haste",
        26,
        Severity.WARNING,
        Text(en="a fixed line is better ordered six months ahead", ja="固定回線は6か月前までの申込が望ましい"),
        fixed_without_haste,
    ),
    Rule(
        "fixed-line-overdue",
        26,
        Severity.WARNING,
        Text(en="a fixed line is there when it is wanted", ja="固定回線が希望日までに引き渡されている"),
        partial(delivered, kind=FixedLine),
    ),
    Rule(
        "fixed-line-delivered",
        26,
        Severity.ERROR,
        Text(en="a fixed line is ordered before it is delivered", ja="固定回線の引渡しは申込の後"),
        partial(delivered_after_ordered, kind=FixedLine),
    ),
    Rule(
        "visits-in-order",
        27,
        Severity.ERROR,
        Text(
            en="the three visits come in their order, between the order and the delivery",
            ja="3回の立ち会いは順番どおりで、申込から引渡しまでの間にある",
        ),
        visits_in_order,
    ),
    Rule(
        "visit-business-day",
        27,
        Severity.WARNING,
        Text(en="a visit is on a business day", ja="立ち会いは営業日に行う"),
        visits_on_business_days,
    ),
    Rule(
        "mobile-line-in-time",
        30,
        Severity.ERROR,
        Text(en="a mobile line is ordered a month ahead", ja="モバイル回線は1か月前までに申し込む"),
        mobile_in_time,
    ),
    Rule(
        "mobile-line-overdue",
        30,
        Severity.WARNING,
        Text(en="a mobile line is there when it is wanted", ja="モバイル回線が希望日までに引き渡されている"),
        partial(delivered, kind=MobileLine),
    ),
    Rule(
        "mobile-line-delivered",
        30,
        Severity.ERROR,
        Text(en="a mobile line is ordered before it is delivered", ja="モバイル回線の引渡しは申込の後"),
        partial(delivered_after_ordered, kind=MobileLine),
    ),
    Rule(
        "wifi-clients",
        34,
        Severity.ERROR,
        Text(en="no more Wi-Fi clients than the mobile router carries", ja="Wi-Fi接続台数はルータの上限まで"),
        wifi_clients,
    ),
)
