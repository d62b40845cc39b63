"""Maintenance: of something that exists, in a window that ends, announced two weeks ahead (FAQ 2).

Here: rules about its declaration. Not here: who is affected, and the mail (`wpf_infra.report`, later).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from wpf_infra.calendar import TOKYO
from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.maintenance import Maintenance
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule, suggestion

DAYS_AHEAD = 14


def targets_exist(context: Context) -> Iterator[Objection]:
    known = _known(context)
    for path, maintenance in _maintenance(context):
        for key, (what, names) in known.items():
            for name in sorted(getattr(maintenance.targets, key)):
                if name not in names:
                    yield Objection(
                        f"{path}.targets.{key}",
                        Text(en=f"there is no {what.en} `{name}`", ja=f"{what.ja} `{name}` はありません"),
                        suggestion(
                            name,
                            names,
                            Text(en=f"name a {what.en} that is declared", ja=f"宣言済みの{what.ja}を指定してください"),
                        ),
                    )


def _known(context: Context) -> dict[str, tuple[Text, Collection[str]]]:
    """By kind of target: what it is called, and the names there are."""
    platform = context.platform
    groups = (group for storage_class in platform.storage_classes.values() for group in storage_class.groups)
    return {
        "clusters": (Text(en="cluster", ja="クラスタ"), frozenset(platform.clusters)),
        "hosts": (
            Text(en="host", ja="ホスト"),
            frozenset(host for cluster in platform.clusters.values() for host in cluster.hosts),
        ),
        "raid_groups": (Text(en="RAID group", ja="RAIDグループ"), frozenset(groups)),
        "functions": (
            Text(en="platform function", ja="基盤機能"),
            frozenset(function.value for function, servers in platform.services.items() if servers),
        ),
    }


def window_runs_forward(context: Context) -> Iterator[Objection]:
    for path, maintenance in _maintenance(context):
        if maintenance.ends <= maintenance.starts:
            yield Objection(
                f"{path}.ends",
                Text(
                    en=f"the window ends at {maintenance.ends:%Y-%m-%d %H:%M}, not after its start at "
                    f"{maintenance.starts:%Y-%m-%d %H:%M}",
                    ja=f"終了 {maintenance.ends:%Y-%m-%d %H:%M} が開始 {maintenance.starts:%Y-%m-%d %H:%M} より"
                    "後になっていません",
                ),
                Text(en="correct one of the two", ja="どちらかを直してください"),
            )


def announced_in_time(context: Context) -> Iterator[Objection]:
    for path, maintenance in _maintenance(context):
        latest = _day_before(_day_of(maintenance), DAYS_AHEAD)
        if maintenance.announced > latest and not _excused(maintenance):
            yield Objection(
                f"{path}.announced",
                Text(
                    en=f"announced on {maintenance.announced} for {_day_of(maintenance)}: it is due two weeks ahead, "
                    f"by {latest}",
                    ja=f"{_day_of(maintenance)} の作業に対して案内が {maintenance.announced} です。"
                    f"2週間前（{latest}）までの案内が必要です",
                ),
                Text(
                    en="move the window, or say `emergency: true`, or record who agreed in `agreed: {by, on, reason}`",
                    ja="日程を遅らせるか、緊急なら `emergency: true`、合意があれば `agreed: {by, on, reason}` を"
                    "書いてください",
                ),
            )


def announced_before_start(context: Context) -> Iterator[Objection]:
    """Where nothing else objects: what is excused from the two weeks is still announced before it begins."""
    for path, maintenance in _maintenance(context):
        if maintenance.announced > _day_of(maintenance) and _excused(maintenance):
            yield Objection(
                f"{path}.announced",
                Text(
                    en=f"announced on {maintenance.announced}, after it began on {_day_of(maintenance)}",
                    ja=f"案内 {maintenance.announced} が作業開始 {_day_of(maintenance)} より後です",
                ),
                Text(
                    en="announce it before it begins, or correct the day",
                    ja="開始前に案内するか、日付を直してください",
                ),
            )


def _excused(maintenance: Maintenance) -> bool:
    return maintenance.emergency or maintenance.agreed is not None


def _day_of(maintenance: Maintenance) -> date:
    return maintenance.starts.astimezone(TOKYO).date()


def _day_before(day: date, days: int) -> date:
    return day - timedelta(days=days) if day - date.min >= timedelta(days=days) else date.min


def _maintenance(context: Context) -> Iterator[tuple[str, Maintenance]]:
    for name, maintenance in context.platform.maintenance.items():
        yield f"{PLATFORM}.maintenance.{name}", maintenance


RULES = (
    Rule(
        "maintenance-target-exists",
        2,
        Severity.ERROR,
        Text(en="maintenance is of something that exists", ja="メンテナンスの対象が存在する"),
        targets_exist,
    ),
    Rule(
        "maintenance-window",
        2,
        Severity.ERROR,
        Text(en="maintenance ends after it starts", ja="メンテナンスの終了は開始より後"),
        window_runs_forward,
    ),
    Rule(
        "maintenance-in-time",
        2,
        Severity.ERROR,
        Text(en="maintenance is announced two weeks ahead", ja="メンテナンスは2週間前までに案内する"),
        announced_in_time,
    ),
    Rule(
        "maintenance-announced-first",
        2,
        Severity.WARNING,
        Text(
            en="excused from the two weeks, maintenance is still announced before it begins",
            ja="緊急・合意済みのメンテナンスも開始前に案内する",
        ),
        announced_before_start,
    ),
)
