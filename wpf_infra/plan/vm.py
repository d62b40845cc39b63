"""A server's plan: what is different, whom it disturbs, who stops and who starts it (FAQ 13-16, 20).

Here: the pure decision. Not here: disks (`disk`), the words of a plan (`disturbance`), doing it (`wpf_infra.backend`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wpf_infra.language import Text, same
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.model.vm import Power
from wpf_infra.plan.disk import DiskPlan, diff_disks
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import (
    Build,
    EraseDisk,
    PowerOn,
    Reconfigure,
    SetAvailability,
    ShutDownGuest,
    Step,
)
from wpf_infra.plan.stop import Cold, Stop, stop_of

_CUT_OFF_BUILD = Text(
    en="its build was cut off: it is brought to its end and the server started",
    ja="作成が途中で止まっています。最後まで作成して起動します",
)
_OWED_START = Text(
    en="power: it was shut down for a change that was cut off; the platform starts it",
    ja="power: 中断された変更のために停止したままです。弊社が起動します",
)
_OWED_MARK = Text(
    en="power: the mark of a change that was cut off is cleared; the server runs on",
    ja="power: 中断された変更の印を消します。サーバは止まりません",
)


def diff_vm(observed: ObservedVm | None, desired: VmResource, recorded: VmResource | None, today: date) -> Plan:
    """observed: live, None when it is gone; recorded: the inputs of the last run, None after an import."""
    if observed is None:
        return _rebuild(desired)
    disks = diff_disks(observed.resource.disks, desired.disks, recorded.disks if recorded else {}, today)
    decision = _Decision(observed, desired, stop_of(observed, desired, today), disks)
    changes = (
        *decision.refusals(),
        *decision.cold_changes(),
        *decision.warm_changes(),
        *decision.unfinished(),
        *_agreements(desired, recorded),
    )
    return Plan(desired.identity, tuple(sorted(changes, key=lambda change: change.path)), decision.steps())


@dataclass(frozen=True)
class _Decision:
    observed: ObservedVm
    desired: VmResource
    stop: Stop
    disks: DiskPlan

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
    def starts(self) -> bool:
        """Is the server started at the end? What ran before runs after; a vendor's resized one is started (FAQ 16)."""
        if self.observed.restart_owed:
            return True
        ran = self.observed.power is Power.ON and self.cold
        return ran or (self.resized and self.desired.owner is OwnerKind.VENDOR)

    def refusals(self) -> Iterator[Change]:
        if self.is_.os != self.desired.os:
            yield Change(
                "os",
                Disturbance.REFUSED,
                Text(
                    en=f"os {self.is_.os} → {self.desired.os}: an OS is never upgraded in place; declare a new server "
                    "with the new OS beside this one, move the application, then retire this one",
                    ja=f"os {self.is_.os} → {self.desired.os}: OSのバージョンアップはできません。新しいOSのサーバを"
                    "隣に宣言し、アプリケーションを移してから、このサーバを解約 (retire) してください",
                ),
                20,
            )
        if self.is_.cluster != self.desired.cluster:
            yield Change(
                "cluster",
                Disturbance.REFUSED,
                Text(
                    en=f"cluster {self.is_.cluster} → {self.desired.cluster}: a tenant's servers stay in its cluster; "
                    "declare a tenant in the other cluster, and retire this server",
                    ja=f"cluster {self.is_.cluster} → {self.desired.cluster}: サーバは別クラスタへ移せません。"
                    "移行先クラスタのテナントに新しいサーバを宣言し、このサーバを解約 (retire) してください",
                ),
                12,
            )
        yield from self.disks.refusals

    def cold_changes(self) -> Iterator[Change]:
        for name, cold in (("cpu", Cold.RESIZE), ("memory_gib", Cold.RESIZE), ("address", Cold.OTHER)):
            before, after = getattr(self.is_, name), getattr(self.desired, name)
            if before != after:
                yield self.stop.change(name, same(f"{before} → {after}"), 16, cold)
        for disk in self.disks.cold_changes:
            yield self.stop.change(disk.path, disk.what, 15, Cold.OTHER)
        yield from self.disks.erasures
        if self.observed.power is Power.ON:
            for name in self.disks.erase:
                what = Text(en="is taken away", ja="を取り外します")
                yield self.stop.change(f"disks.{name}", what, 15, Cold.OTHER)

    def warm_changes(self) -> Iterator[Change]:
        for name in ("restart_priority", "anti_affinity"):
            before, after = getattr(self.is_, name), getattr(self.desired, name)
            if before != after:
                yield Change(
                    name,
                    Disturbance.ONLINE,
                    Text(
                        en=f"{name} {before or 'none'} → {after or 'none'}: the server runs on",
                        ja=f"{name} {before or 'なし'} → {after or 'なし'}: サーバは止まりません",
                    ),
                    12,
                )

    def unfinished(self) -> Iterator[Change]:
        """What an earlier run that was cut off still owes: the end of a build, a start, or only a mark."""
        if not self.observed.built:
            yield Change("build", Disturbance.ONLINE, _CUT_OFF_BUILD, 14)
        elif self.observed.restart_owed and not self.cold:
            off = self.observed.power is Power.OFF
            yield Change("power", *((Disturbance.ONLINE, _OWED_START) if off else (Disturbance.NONE, _OWED_MARK)), 16)

    def steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        if self.cold and self.observed.power is Power.ON:
            steps.append(ShutDownGuest())
        if self.resized or self.is_.address != self.desired.address or self.disks.grow or self.disks.add:
            steps.append(
                Reconfigure(
                    cpu=self.desired.cpu if self.is_.cpu != self.desired.cpu else None,
                    memory_gib=self.desired.memory_gib if self.is_.memory_gib != self.desired.memory_gib else None,
                    address=self.desired.address if self.is_.address != self.desired.address else None,
                    grow=self.disks.grow,
                    add=self.disks.add,
                    owe_restart=self.starts,
                )
            )
        steps.extend(EraseDisk(name) for name in self.disks.erase)
        if (self.is_.restart_priority, self.is_.anti_affinity) != (
            self.desired.restart_priority,
            self.desired.anti_affinity,
        ):
            steps.append(SetAvailability(self.desired.restart_priority, self.desired.anti_affinity))
        if not self.observed.built:
            steps.append(Build(self.desired))
        elif self.starts:
            steps.append(PowerOn())
        return tuple(steps)


def _rebuild(desired: VmResource) -> Plan:
    change = Change(
        "",
        Disturbance.ONLINE,
        Text(
            en="is gone from the backend: it is built anew, its disks empty; restore the data from a backup",
            ja="バックエンドから失われています。空のディスクで作り直します。データはバックアップから戻してください",
        ),
        12,
    )
    return Plan(desired.identity, (change,), (Build(desired),))


def _agreements(desired: VmResource, recorded: VmResource | None) -> Iterator[Change]:
    """Consents and retirements are kept in the state alone."""
    if (recorded.consent if recorded else None) != desired.consent:
        yield Change(
            "consent",
            Disturbance.NONE,
            Text(en="the vendor's consent is recorded", ja="ベンダーの同意を記録します"),
            15,
        )
    if (recorded.retire if recorded else None) != desired.retire:
        yield Change("retire", Disturbance.NONE, _retirement(desired), 13)
    for name, disk in desired.disks.items():
        before = recorded.disks.get(name) if recorded else None
        if disk.retire != (before.retire if before else None):
            yield Change(
                f"disks.{name}.retire",
                Disturbance.NONE,
                Text(en=f"the end of disk {name} is recorded", ja=f"ディスク {name} の解約予定を記録します"),
                15,
            )


def _retirement(desired: VmResource) -> Text:
    if desired.retire is None:
        return Text(en="its retirement is withdrawn", ja="解約予定を取り消します")
    ends = desired.retire.ends
    return Text(
        en=f"its retirement at the end of {ends} is recorded; back up its data before",
        ja=f"{ends} での解約予定を記録します。データは事前にバックアップしてください",
    )
