"""Ends of servers and disks: ordered a month ahead, shut down by the deadline, not forgotten (FAQ 13, 15).

Here: the dates of a retirement, and what may end. Not here: the erasure (`wpf_infra.plan`), business days
(`wpf_infra.calendar`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from wpf_infra.calendar import NoBusinessDay, UnknownYear
from wpf_infra.calendar.month import month_before
from wpf_infra.language import Text
from wpf_infra.model.agreement import Retirement
from wpf_infra.model.availability import Power
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.policy.context import Context, Server
from wpf_infra.policy.rule import Objection, Rule

SYSTEM_DISK = "system"
_ALL_ENDS = Text(en="the form for everything (契約終了申込書)", ja="契約終了申込書")
_A_PART_ENDS = Text(en="the form for a change (サービス変更申込書)", ja="サービス変更申込書")
_OWN_SERVER = Text(en="the order", ja="申込")


@dataclass(frozen=True, slots=True)
class _End:
    """disk: its name, None where the whole server ends."""

    server: Server
    disk: str | None
    retirement: Retirement

    @property
    def path(self) -> str:
        return f"{self.server.path}.retire" if self.disk is None else f"{self.server.path}.disks.{self.disk}.retire"


def ordered_in_time(context: Context) -> Iterator[Objection]:
    ending = _tenants_ending(context)
    for end in _ends(context):
        retirement, latest = end.retirement, month_before(end.retirement.ends)
        if retirement.ordered > latest and retirement.agreed is None:
            form = _form(end, ending)
            yield Objection(
                end.path,
                Text(
                    en=f"ordered on {retirement.ordered} for the end of {retirement.ends}: {form.en} is due a month "
                    f"ahead, by {latest}",
                    ja=f"{retirement.ends} の終了に対して申込が {retirement.ordered} です。{form.ja}は1か月前"
                    f"（{latest}）までに必要です",
                ),
                Text(
                    en="end it later, or record who agreed in `agreed: {by, on, reason}`",
                    ja="終了日を遅らせるか、合意があれば `agreed: {by, on, reason}` に記録してください",
                ),
            )


def not_overdue(context: Context) -> Iterator[Objection]:
    for end in _ends(context):
        ends = end.retirement.ends
        if end.retirement.due(context.today):
            deadline = _deadline(context, ends) if end.disk is None else None
            missed = deadline is not None and deadline < context.now
            yield Objection(
                end.path,
                Text(
                    en=f"its end, {ends}, has passed"
                    + (f"; it was to be shut down by {deadline:%Y-%m-%d %H:%M}" if missed else ""),
                    ja=f"終了日 {ends} を過ぎています"
                    + (f"（シャットダウン期限 {deadline:%Y-%m-%d %H:%M}）" if missed else ""),
                ),
                Text(
                    en="have it shut down, then leave it out of the file, which erases it",
                    ja="停止を確認し、ファイルから消してください（消すとデータが消去されます）",
                ),
            )


def deadline_known(context: Context) -> Iterator[Objection]:
    for server, retirement in _servers_ending(context):
        try:
            context.calendar.shutdown_deadline(retirement.ends)
        except (UnknownYear, NoBusinessDay) as error:
            yield Objection(
                f"{server.path}.retire.ends",
                Text(
                    en=f"no shutdown deadline can be told: {error.what.en}",
                    ja=f"シャットダウン期限を計算できません。{error.what.ja}",
                ),
                error.remedy,
            )


def off_after_the_deadline(context: Context) -> Iterator[Objection]:
    for server, retirement in _servers_ending(context):
        if server.vm.power is not Power.ON:
            continue
        deadline = _deadline(context, retirement.ends)
        if deadline is not None and context.now > deadline:
            yield Objection(
                f"{server.path}.power",
                Text(
                    en=f"declared `on`, while its end is {retirement.ends} and it was to be shut down by "
                    f"{deadline:%Y-%m-%d %H:%M}",
                    ja=f"{retirement.ends} に終了するサーバのシャットダウン期限 {deadline:%Y-%m-%d %H:%M} を過ぎて"
                    "いますが、`on` と宣言されています",
                ),
                Text(en="shut it down and leave `power` out", ja="シャットダウンし、`power` を消してください"),
            )


def keeps_its_system_disk(context: Context) -> Iterator[Objection]:
    """The last disk is the system disk, too. A disk that ends with its server, or after it, is nobody's loss."""
    for server in context.servers:
        disks = server.vm.disks
        name = SYSTEM_DISK if SYSTEM_DISK in disks else min(disks)
        ending = disks[name].retire
        if ending is None or (server.vm.retire is not None and server.vm.retire.ends <= ending.ends):
            continue
        yield Objection(
            f"{server.path}.disks.{name}.retire",
            Text(
                en=f"`{name}` is the disk that the server starts from, and the server is to stay",
                ja=f"`{name}` はサーバの起動ディスクで、サーバ自体は残ります",
            )
            if len(disks) > 1
            else Text(en=f"`{name}` is the server's only disk", ja=f"`{name}` はサーバの唯一のディスクです"),
            Text(
                en="retire the whole server (`retire` beside `disks`), or keep the disk",
                ja="サーバごと終了する（`disks` と並べて `retire` を書く）か、ディスクを残してください",
            ),
        )


def _ends(context: Context) -> Iterator[_End]:
    for server in context.servers:
        if server.vm.retire is not None:
            yield _End(server, None, server.vm.retire)
        for name, disk in server.vm.disks.items():
            if disk.retire is not None:
                yield _End(server, name, disk.retire)


def _servers_ending(context: Context) -> Iterator[tuple[Server, Retirement]]:
    for server in context.servers:
        if server.vm.retire is not None:
            yield server, server.vm.retire


def _deadline(context: Context, ends: date) -> datetime | None:
    """None where it cannot be told, which a rule of its own says."""
    try:
        return context.calendar.shutdown_deadline(ends)
    except (UnknownYear, NoBusinessDay):
        return None


def _tenants_ending(context: Context) -> frozenset[str]:
    """Tenants whose every server ends."""
    return frozenset(
        owner
        for owner, tenant in context.tenants.items()
        if tenant.vms and all(vm.retire is not None for vm in tenant.vms.values())
    )


def _form(end: _End, ending: Collection[str]) -> Text:
    if end.server.owner == PLATFORM:
        return _OWN_SERVER
    return _ALL_ENDS if end.disk is None and end.server.owner in ending else _A_PART_ENDS


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
    Rule(
        "retire-deadline-known",
        13,
        Severity.WARNING,
        Text(en="the calendar knows the shutdown deadline", ja="シャットダウン期限がカレンダーから分かる"),
        deadline_known,
    ),
    Rule(
        "retire-power-off",
        13,
        Severity.WARNING,
        Text(en="after its shutdown deadline a server is not declared on", ja="シャットダウン期限後は起動を宣言しない"),
        off_after_the_deadline,
    ),
    Rule(
        "retire-system-disk",
        15,
        Severity.ERROR,
        Text(en="a server keeps its system disk", ja="サーバの起動ディスクだけを終了しない"),
        keeps_its_system_disk,
    ),
)
