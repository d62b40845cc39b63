"""Who stops a server for a change and who starts it again (FAQ 14-16).

Here: the one table of owners, power and consent. Not here: which changes need a stop (`vm`, `disk`).
A vendor's running server is never stopped without its consent; consented, it is a guest shutdown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from wpf_infra.language import Text
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.model.vm import Power
from wpf_infra.plan.disturbance import Change, Disturbance


class Cold(Enum):
    """Why the server must be off: after a resize the platform starts a vendor's server, after others it does not."""

    RESIZE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Stop:
    """What a change that needs the server off means for it."""

    disturbance: Disturbance
    after_resize: Text
    after_other: Text

    def change(self, path: str, what: Text, row: int, cold: Cold) -> Change:
        who = self.after_resize if cold is Cold.RESIZE else self.after_other
        return Change(
            path, self.disturbance, Text(en=f"{path} {what.en}: {who.en}", ja=f"{path} {what.ja}: {who.ja}"), row
        )


def stop_of(observed: ObservedVm, desired: VmResource, today: date) -> Stop:
    if observed.power is Power.OFF:
        return _off(observed, desired)
    if desired.owner is not OwnerKind.VENDOR:
        who = Text(
            en="the platform shuts the server down and starts it again",
            ja="弊社がサーバを停止し、変更後に起動します",
        )
        return Stop(Disturbance.STOP, who, who)
    if desired.consent is not None and desired.consent.covers(today):
        who = Text(
            en=f"consented by {desired.consent.by} on {desired.consent.on}: the platform shuts the guest down and "
            "starts it again",
            ja=f"{desired.consent.by} が {desired.consent.on} に同意済み。弊社がゲストOSをシャットダウンし、"
            "変更後に起動します",
        )
        return Stop(Disturbance.STOP, who, who)
    who = _request(desired)
    return Stop(Disturbance.WAITING, who, who)


def _off(observed: ObservedVm, desired: VmResource) -> Stop:
    stays = Text(
        en="the server is off and stays off; whoever owns it starts it",
        ja="サーバは停止中のため停止操作はなく、起動もしません",
    )
    started = Text(
        en="the server is off; the platform starts it after the change",
        ja="サーバは停止中です。変更後に弊社が起動します",
    )
    if observed.restart_owed:
        return Stop(Disturbance.ONLINE, started, started)
    return Stop(Disturbance.ONLINE, started if desired.owner is OwnerKind.VENDOR else stays, stays)


def _request(desired: VmResource) -> Text:
    """The request to send; with the two ways for the vendor to answer it."""
    old = ""
    old_ja = ""
    if desired.consent is not None:
        old = f" (the consent of {desired.consent.on} is not good today)"
        old_ja = f"（{desired.consent.on} の同意は本日は有効ではありません）"
    return Text(
        en=f"the server runs and belongs to vendor {desired.tenant}{old}. Send: “{desired.tenant}: a change of server "
        f"{desired.name} needs it off. Please shut it down and tell us, or consent to a shutdown by us.” Then run "
        f"again, or record vms.{desired.name}.consent: {{by, on}}",
        ja=f"サーバは稼働中で、ベンダー {desired.tenant} のものです{old_ja}。依頼文:「{desired.tenant} 様: サーバ "
        f"{desired.name} の変更には停止が必要です。シャットダウンのうえご連絡いただくか、"
        f"弊社による停止にご同意ください。」停止後に再実行するか、"
        f"vms.{desired.name}.consent: {{by, on}} を記録してください",
    )
