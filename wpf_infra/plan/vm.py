"""A server's plan: what is different, whom it disturbs, who stops and who starts it (FAQ 13-16, 20).

Here: the pure decision. Not here: disks (`disk`), the words of a plan (`disturbance`), doing it (`wpf_infra.backend`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from wpf_infra.language import Text, same
from wpf_infra.model.agreement import CONSENT_DAYS, Consent, Retirement
from wpf_infra.model.availability import Power
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.plan.disk import DiskPlan, diff_disks
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.power import (
    NOT_NOW,
    STARTED_AS_ASKED,
    STAYS_OFF_AS_ASKED,
    STOPPED_AS_ASKED,
    may_start,
    stays_off,
)
from wpf_infra.plan.step import (
    Build,
    EraseDisk,
    PowerOn,
    Reconfigure,
    SetAvailability,
    ShutDownGuest,
    Step,
    TellGuest,
)
from wpf_infra.plan.stop import ColdChange, changes_of

_CUT_OFF_BUILD = Text(
    en="build: it was cut off; the server is brought to its end as declared, and started",
    ja="build: 作成が途中で止まっています。宣言どおりに最後まで作成し、起動します",
)
_OWED_START = Text(
    en="power: it was shut down for a change that was cut off; the platform starts it",
    ja="power: 変更のために停止した後、処理が中断されています。弊社が起動します",
)
_OWED_MARK = Text(
    en="power: it was to be stopped for a change that was cut off; the server runs on, the mark is cleared",
    ja="power: 変更のための停止が中断されています。サーバは稼働したまま、その記録を消します",
)


def diff_vm(observed: ObservedVm | None, desired: VmResource, recorded: VmResource | None, now: datetime) -> Plan:
    """observed: live, None when it is gone; recorded: the inputs of the last run, None after an import."""
    if observed is None:
        return _rebuild(desired)
    disks = diff_disks(observed.resource.disks, desired.disks, recorded.disks if recorded else {}, now.date())
    decision = _Decision(observed, desired, disks, now)
    changes = (
        *decision.refusals(),
        *decision.disks.erasures,
        *decision.settings(),
        *decision.unfinished(),
        *_agreements(desired, recorded),
    )
    return Plan(desired.identity, tuple(sorted(changes, key=lambda change: change.path)), decision.steps())


@dataclass(frozen=True)
class _Decision:
    observed: ObservedVm
    desired: VmResource
    disks: DiskPlan
    now: datetime

    @property
    def is_(self) -> VmResource:
        return self.observed.resource

    @property
    def resized(self) -> bool:
        return self.is_.cpu != self.desired.cpu or self.is_.memory_gib != self.desired.memory_gib

    @property
    def cold(self) -> bool:
        """Is there anything for which the server must be off?"""
        return self.resized or self.is_.address != self.desired.address or self.disks.cold

    @property
    def power(self) -> Power | None:
        """What is declared; in a vendor's tenant nothing ever is (FAQ 14)."""
        return None if self.observed.resource.owner is OwnerKind.VENDOR else self.desired.power

    @property
    def asked_to_start(self) -> bool:
        """Is it declared to run, and off for another reason than a change that was cut off?"""
        off = self.observed.built and self.observed.power is Power.OFF
        return self.power is Power.ON and off and not self.observed.restart_owed

    @property
    def stops_for_good(self) -> bool:
        return self.power is Power.OFF and (self.observed.power is Power.ON or not self.observed.built)

    @property
    def starts(self) -> bool:
        """Is the server started at the end? What ran before runs after; a vendor's resized one is started (FAQ 16)."""
        if self.power is Power.OFF:
            return False
        if self.observed.restart_owed or self.asked_to_start:
            return True
        ran = self.observed.power is Power.ON and self.cold
        return ran or (self.resized and self.desired.owner is OwnerKind.VENDOR)

    def refusals(self) -> Iterator[Change]:
        """What stands for a server's whole life, and what its disks refuse."""
        for name, row, way in _FOR_LIFE:
            before, after = getattr(self.is_, name), getattr(self.desired, name)
            if before != after:
                change = f"{name} {before or '-'} → {after or '-'}"
                yield Change(name, Disturbance.REFUSED, Text(en=f"{change}: {way.en}", ja=f"{change}: {way.ja}"), row)
        yield from self.disks.refusals
        if self.asked_to_start and not may_start(self.desired, self.now):
            yield Change("power", Disturbance.REFUSED, NOT_NOW, 14)

    def settings(self) -> Iterator[Change]:
        """What is set otherwise, cold and warm. Of a build that was cut off before its start nobody needs to know."""
        if not self.observed.built and self.observed.power is Power.OFF:
            return
        yield from changes_of(self._cold_changes(), self.observed, self.desired, self.now.date(), starts=self.starts)
        for name in ("restart_priority", "anti_affinity"):
            before, after = getattr(self.is_, name), getattr(self.desired, name)
            if before != after:
                what = Text(
                    en=f"{name} {before or 'none'} → {after or 'none'}: nothing is stopped",
                    ja=f"{name} {before or 'なし'} → {after or 'なし'}: 停止は伴いません",
                )
                yield Change(name, Disturbance.ONLINE, what, 12)

    def _cold_changes(self) -> tuple[ColdChange, ...]:
        own = (
            ColdChange(name, same(f"{name} {before} → {after}"), 16)
            for name in ("cpu", "memory_gib", "address")
            if (before := getattr(self.is_, name)) != (after := getattr(self.desired, name))
        )
        said = self.starts or self.observed.power is Power.ON  # else the erasure itself says all there is to say
        return (*own, *self.disks.cold_changes, *(self.disks.removals if said else ()))

    def unfinished(self) -> Iterator[Change]:
        """What an earlier run that was cut off still owes: the end of a build, a start, or only a mark."""
        if not self.observed.built:
            yield Change("build", Disturbance.ONLINE, _CUT_OFF_BUILD, 14)
            if self.stops_for_good and self.observed.power is Power.ON:
                yield Change("power", Disturbance.STOP, STOPPED_AS_ASKED, 14)
        elif self.stops_for_good:
            yield Change("power", Disturbance.STOP, STOPPED_AS_ASKED, 14)
        elif self.asked_to_start:
            yield Change("power", Disturbance.ONLINE, STARTED_AS_ASKED, 14)
        elif self.observed.restart_owed and self.power is Power.OFF:
            yield Change("power", Disturbance.NONE, STAYS_OFF_AS_ASKED, 14)
        elif self.observed.restart_owed and not self.cold:
            off = self.observed.power is Power.OFF
            yield Change("power", *((Disturbance.ONLINE, _OWED_START) if off else (Disturbance.NONE, _OWED_MARK)), 16)

    def steps(self) -> tuple[Step, ...]:
        """In this order: what stops nobody and may be refused, the stop, the change, the start."""
        steps: list[Step] = []
        availability = SetAvailability(self.desired.restart_priority, self.desired.anti_affinity)
        if availability != SetAvailability(self.is_.restart_priority, self.is_.anti_affinity):
            steps.append(availability)
        if self.stops_for_good and self.observed.built:
            steps.append(ShutDownGuest(owe_restart=False))
        elif self.cold and self.observed.power is Power.ON:
            steps.append(ShutDownGuest())
        elif self.observed.restart_owed and self.power is Power.OFF:
            steps.append(ShutDownGuest(owe_restart=False))
        if self.resized or self.is_.address != self.desired.address or self.disks.grow or self.disks.add:
            steps.append(self._reconfigure())
        if self.is_.address != self.desired.address:
            steps.append(TellGuest(self.desired))
        steps.extend(EraseDisk(name) for name in self.disks.erase)
        if not self.observed.built:
            steps.append(Build(self.desired))
            if self.stops_for_good:
                steps.append(ShutDownGuest(owe_restart=False))
        if self.starts:
            steps.append(PowerOn(self.desired.power_reason if self.asked_to_start else None))
        return tuple(steps)

    def _reconfigure(self) -> Reconfigure:
        return Reconfigure(
            cpu=self.desired.cpu if self.is_.cpu != self.desired.cpu else None,
            memory_gib=self.desired.memory_gib if self.is_.memory_gib != self.desired.memory_gib else None,
            address=self.desired.address if self.is_.address != self.desired.address else None,
            grow=self.disks.grow,
            add=self.disks.add,
            owe_restart=self.starts,
        )


_FOR_LIFE = (
    (
        "owner",
        14,
        Text(
            en="whose tenant it is says who stops and starts its servers, and stays; declare a new tenant beside this "
            "one, move, then retire this server",
            ja="テナントの種別は変更できません（サーバの停止・起動を行う者が決まるため）。新しいテナントを宣言して移行し、"
            "このサーバを解約 (retire) してください",
        ),
    ),
    (
        "os",
        20,
        Text(
            en="an OS is never upgraded in place; declare a new server with the new OS beside this one, move the "
            "application, then retire this one",
            ja="OSのバージョンアップはできません。新しいOSのサーバを隣に宣言し、アプリケーションを移してから、"
            "このサーバを解約 (retire) してください",
        ),
    ),
    (
        "from_image",
        25,
        Text(
            en="a server keeps what it was deployed from; declare a new server from the image beside this one, then "
            "retire this one",
            ja="サーバの作成元は変更できません。イメージから作る新しいサーバを隣に宣言し、"
            "このサーバを解約 (retire) してください",
        ),
    ),
    (
        "cluster",
        12,
        Text(
            en="a tenant's servers stay in its cluster; declare a tenant in the other cluster, build the server there, "
            "then retire this one",
            ja="サーバは別のクラスタへ移せません。移行先クラスタのテナントに新しいサーバを宣言し、"
            "このサーバを解約 (retire) してください",
        ),
    ),
)
"""Property, FAQ row, and the way out."""


def _rebuild(desired: VmResource) -> Plan:
    off: tuple[Step, ...] = (ShutDownGuest(owe_restart=False),) if stays_off(desired) else ()
    change = Change("", Disturbance.ONLINE, _GONE_AND_OFF if off else _GONE, 12)
    return Plan(desired.identity, (change,), (Build(desired), *off))


_GONE = Text(
    en="is gone from the backend: it is built anew and started, its disks empty; restore the data from a backup",
    ja="がバックエンドから失われています。空のディスクで作り直して起動します。データはバックアップから戻してください",
)
_GONE_AND_OFF = Text(
    en="is gone from the backend: it is built anew, its disks empty, and stays off as declared; restore the data from "
    "a backup",
    ja="がバックエンドから失われています。空のディスクで作り直し、宣言どおり停止したままにします。"
    "データはバックアップから戻してください",
)


def _agreements(desired: VmResource, recorded: VmResource | None) -> Iterator[Change]:
    """Consents, retirements and the like are kept in the state alone."""
    if recorded is not None:
        for name, (what, row) in _RECORDED.items():
            if getattr(recorded, name) != getattr(desired, name):
                yield Change(name, Disturbance.NONE, what, row)
    if (recorded.consent if recorded else None) != desired.consent:
        yield Change("consent", Disturbance.NONE, _consent(desired.consent), 15)
    if (recorded.retire if recorded else None) != desired.retire:
        yield Change("retire", Disturbance.NONE, _retirement("retire", desired.retire), 13)
    for name, disk in desired.disks.items():
        before = recorded.disks.get(name) if recorded else None
        if disk.retire != (before.retire if before else None):
            path = f"disks.{name}.retire"
            yield Change(path, Disturbance.NONE, _retirement(path, disk.retire), 15)


_RECORDED = {
    "software": (Text(en="software: the record changes", ja="software: 記録を改めます"), 23),
    "guest": (
        Text(
            en="guest: what a new server is told changes; this one, once built, keeps its own settings",
            ja="guest: 新しいサーバへの設定が変わります。作成済みのこのサーバの設定は変更しません",
        ),
        18,
    ),
    "power_reason": (Text(en="power_reason: the record changes", ja="power_reason: 記録を改めます"), 14),
    "closing_days": (Text(en="closing_days: the record changes", ja="closing_days: 記録を改めます"), 14),
}


def _consent(consent: Consent | None) -> Text:
    if consent is None:
        return Text(en="consent: the vendor's consent is no longer recorded", ja="consent: 同意の記録を消します")
    return Text(
        en=f"consent: recorded, given by {consent.by} on {consent.on}, good for {CONSENT_DAYS} days",
        ja=f"consent: {consent.by} 様の {consent.on} の同意を記録します（有効期間 {CONSENT_DAYS} 日）",
    )


def _retirement(path: str, retire: Retirement | None) -> Text:
    if retire is None:
        return Text(en=f"{path}: the end is withdrawn", ja=f"{path}: 解約予定を取り消します")
    return Text(
        en=f"{path}: the end of {retire.ends} is recorded; back up the data before",
        ja=f"{path}: {retire.ends} での解約予定を記録します。データは事前にバックアップしてください",
    )
