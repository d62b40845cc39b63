"""Power of utilities' servers as declared: who asked, and when a start is for (FAQ 14).

Here: the hours and the words. Not here: whose servers have a declared power (`wpf_infra.policy.power`), the rest of a
server's plan (`vm`).
"""

from __future__ import annotations

from datetime import datetime

from wpf_infra.calendar.business import BusinessCalendar
from wpf_infra.language import Text
from wpf_infra.model.availability import Power
from wpf_infra.model.closing import ClosingDays
from wpf_infra.model.resource import OwnerKind, VmResource

NOT_NOW = Text(
    en="power off → on: a stopped server is started on business days from 9:00 to 17:00; run again then, or declare a "
    "power_reason, which is recorded",
    ja="power off → on: 停止中のサーバの起動は営業日の9:00〜17:00に行います。その時間に再実行するか、"
    "power_reason に理由を宣言してください（記録されます）",
)
STARTED_AS_ASKED = Text(
    en="power off → on: the platform starts it, as the vendor asked",
    ja="power off → on: ベンダー様のご依頼により弊社が起動します",
)
STOPPED_AS_ASKED = Text(
    en="power on → off: the platform shuts the guest down, as the vendor asked; it stays off",
    ja="power on → off: ベンダー様のご依頼により弊社がゲストOSをシャットダウンします。以後は停止したままです",
)
STAYS_OFF_AS_ASKED = Text(
    en="power off: it was shut down for a change that was cut off, and stays off as declared",
    ja="power off: 変更のために停止した後、処理が中断されています。宣言どおり停止したままにします",
)


def may_start(desired: VmResource, now: datetime) -> bool:
    """Within business hours, or for a reason that is recorded. now: in Asia/Tokyo."""
    if desired.power_reason is not None:
        return True
    closed = desired.closing_days or ClosingDays()
    calendar = BusinessCalendar.declared(closed.days, closed.year_end_first, closed.year_end_last)
    return calendar.in_business_hours(now)


def stays_off(desired: VmResource) -> bool:
    """Is a server that is built to be off afterwards?"""
    return desired.power is Power.OFF and desired.owner is not OwnerKind.VENDOR
