"""Who stops a server for a change and who starts it again (FAQ 14-16).

Here: the one table of owners, power and consent. Not here: which changes need a stop (`vm`, `disk`).
A vendor's running server is never stopped without its consent; consented, it is a guest shutdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wpf_infra.language import Text
from wpf_infra.model.agreement import CONSENT_DAYS
from wpf_infra.model.availability import Power
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.plan.disturbance import Change, Disturbance, StopRequest

_RESIZES = ("cpu", "memory_gib")
"""After these the platform starts a vendor's server (FAQ 16)."""


@dataclass(frozen=True, slots=True)
class ColdChange:
    """A change for which the server must be off, before it is known what that means. what: begins with the path; row:
    the FAQ row.
    """

    path: str
    what: Text
    row: int


def changes_of(
    cold: Sequence[ColdChange], observed: ObservedVm, desired: VmResource, today: date, *, starts: bool
) -> tuple[Change, ...]:
    """The changes with what they mean for the server. starts: the plan ends with a start.

    The owner is the one observed: no word in a file makes a vendor's server ours to stop. What waits for a vendor is
    one change, so that there is one request to send, whatever number of things it names.
    """
    if not cold:
        return ()
    if observed.power is Power.OFF:
        return _each(cold, Disturbance.ONLINE, _started_after() if starts else _stays_off(observed.resource.owner))
    if observed.resource.owner is not OwnerKind.VENDOR:
        return _each(cold, Disturbance.STOP, _stopped_by_us() if starts else _stopped_for_good())
    if desired.consent is not None and desired.consent.covers(today):
        return _each(cold, Disturbance.STOP, _stopped_with_consent(desired.consent.by, desired.consent.on))
    return (_waiting(cold, desired, today),)


def _each(cold: Sequence[ColdChange], disturbance: Disturbance, who: Text) -> tuple[Change, ...]:
    return tuple(
        Change(
            each.path,
            disturbance,
            Text(en=f"{each.what.en}: {who.en}", ja=f"{each.what.ja}: {who.ja}"),
            each.row,
        )
        for each in cold
    )


def _started_after() -> Text:
    return Text(
        en="the server is off; the platform starts it after the change",
        ja="サーバは停止中です。変更後に弊社が起動します",
    )


def _stays_off(owner: OwnerKind) -> Text:
    """Who starts it some day depends on the tenant (FAQ 14)."""
    match owner:
        case OwnerKind.VENDOR:
            by = Text(
                en="; the vendor starts it in the management console",
                ja="（起動はベンダー様が管理コンソールで行います）",
            )
        case OwnerKind.UTILITY:
            by = Text(
                en="; the platform starts it when the vendor asks",
                ja="（起動はベンダー様のご依頼により弊社が行います）",
            )
        case OwnerKind.PLATFORM:
            by = Text(en="", ja="")
    return Text(
        en=f"the server is off and stays off{by.en}",
        ja=f"サーバは停止中です。変更後も起動しません{by.ja}",
    )


def _stopped_by_us() -> Text:
    return Text(
        en="the platform shuts the server down and starts it again",
        ja="弊社がサーバをシャットダウンし、変更後に起動します",
    )


def _stopped_for_good() -> Text:
    return Text(
        en="the platform shuts the server down; it stays off, as declared",
        ja="弊社がサーバをシャットダウンします。宣言どおり停止したままです",
    )


def _stopped_with_consent(by: str, on: date) -> Text:
    return Text(
        en=f"the platform shuts the guest down and starts it again, as {by} consented on {on}",
        ja=f"{by} 様の同意（{on}）により、弊社がゲストOSをシャットダウンし、変更後に起動します",
    )


def _waiting(cold: Sequence[ColdChange], desired: VmResource, today: date) -> Change:
    """One request for everything, and the two ways for the vendor to answer it."""
    en = ", ".join(each.what.en for each in cold)
    ja = "、".join(each.what.ja for each in cold)
    stale = _stale(desired, today)
    consent = f"vms.{desired.name}.consent: {{by, on}}"
    return Change(
        cold[0].path,
        Disturbance.WAITING,
        Text(
            en=f"{en}: the server runs and belongs to vendor {desired.tenant}{stale.en}; send the request. When the "
            f"server is off, run again; when the vendor consents, record {consent} and run again",
            ja=f"{ja}: サーバは稼働中で、ベンダー {desired.tenant} のものです{stale.ja}。依頼文を送ってください。"
            f"停止後に再実行するか、同意を {consent} に記録して再実行してください",
        ),
        max(each.row for each in cold),
        StopRequest(
            vendor=desired.tenant,
            server=desired.name,
            changes=tuple(each.what for each in cold),
            platform_starts=any(each.path in _RESIZES for each in cold),
        ),
    )


def _stale(desired: VmResource, today: date) -> Text:
    """Why a consent that stands there is none today."""
    consent = desired.consent
    if consent is None:
        return Text(en="", ja="")
    if today < consent.on:
        return Text(en=f" (its consent is good from {consent.on} on)", ja=f"（同意の有効期間は {consent.on} からです）")
    last = consent.on + timedelta(days=CONSENT_DAYS)
    return Text(
        en=f" (its consent of {consent.on} was good until {last})",
        ja=f"（{consent.on} の同意は {last} で失効しています）",
    )
