"""The disks' part of a server's plan: grown and added in place, never shrunk, erased only when due (FAQ 15).

Here: disks by name; their order never matters. Not here: the server around them (`vm`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.disk import Disk
from wpf_infra.plan.disturbance import Change, Disturbance


@dataclass(frozen=True, slots=True)
class ColdChange:
    path: str
    what: Text


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """grow: name to new size in GB; add: what is attached; erase: names, overwritten and taken away."""

    grow: Mapping[str, int]
    add: Mapping[str, Disk]
    erase: tuple[str, ...]
    cold_changes: tuple[ColdChange, ...]
    refusals: tuple[Change, ...]
    erasures: tuple[Change, ...]

    @property
    def cold(self) -> bool:
        return bool(self.grow or self.add or self.erase)


def diff_disks(
    observed: Mapping[str, Disk], desired: Mapping[str, Disk], recorded: Mapping[str, Disk], today: date
) -> DiskPlan:
    """A disk that stands there, is not declared and never was (not recorded) is somebody's by hand: left alone."""
    grow = {
        name: disk.size_gb
        for name, disk in sorted(desired.items())
        if name in observed and observed[name].size_gb < disk.size_gb
    }
    add = {
        name: disk.model_copy(update={"retire": None}) for name, disk in sorted(desired.items()) if name not in observed
    }
    left_out = [name for name in sorted(recorded) if name not in desired and name in observed]
    due = [name for name in left_out if (retire := recorded[name].retire) is not None and retire.due(today)]
    return DiskPlan(
        grow=grow,
        add=add,
        erase=tuple(due),
        cold_changes=(*_grown(grow, observed), *_added(add)),
        refusals=(
            *_shrunk(observed, desired),
            *_moved(observed, desired),
            *(_not_due(name, recorded[name]) for name in left_out if name not in due),
        ),
        erasures=tuple(_erased(name, observed[name]) for name in due),
    )


def _grown(grow: Mapping[str, int], observed: Mapping[str, Disk]) -> tuple[ColdChange, ...]:
    return tuple(
        ColdChange(
            f"disks.{name}.size_gb",
            Text(
                en=f"{observed[name].size_gb} → {size} (the vendor extends the partition afterwards)",
                ja=f"{observed[name].size_gb} → {size}（拡張分は未割当。ベンダー様がOSで拡張します）",
            ),
        )
        for name, size in grow.items()
    )


def _added(add: Mapping[str, Disk]) -> tuple[ColdChange, ...]:
    return tuple(
        ColdChange(f"disks.{name}", Text(en=f"{disk.size_gb} GB is attached", ja=f"{disk.size_gb} GB を取り付けます"))
        for name, disk in add.items()
    )


def _shrunk(observed: Mapping[str, Disk], desired: Mapping[str, Disk]) -> tuple[Change, ...]:
    return tuple(
        Change(
            f"disks.{name}.size_gb",
            Disturbance.REFUSED,
            Text(
                en=f"disks.{name}.size_gb {observed[name].size_gb} → {disk.size_gb}: a disk is never shrunk; "
                "1. declare a smaller disk of another name beside it, 2. the vendor moves the data, "
                f"3. retire disk {name} and leave it out after its end",
                ja=f"disks.{name}.size_gb {observed[name].size_gb} → {disk.size_gb}: ディスクは縮小できません。"
                "①小さいディスクを別名で追加 ②ベンダー様がデータを移行 "
                f"③ディスク {name} に retire を宣言し、期日後に宣言から外してください",
            ),
            15,
        )
        for name, disk in sorted(desired.items())
        if name in observed and observed[name].size_gb > disk.size_gb
    )


def _moved(observed: Mapping[str, Disk], desired: Mapping[str, Disk]) -> tuple[Change, ...]:
    return tuple(
        Change(
            f"disks.{name}.storage_class",
            Disturbance.REFUSED,
            Text(
                en=f"disks.{name}.storage_class {observed[name].storage_class} → {disk.storage_class}: a disk keeps "
                "its storage class; declare a disk of the other class beside it, the vendor moves the data, "
                f"then retire disk {name}",
                ja=f"disks.{name}.storage_class {observed[name].storage_class} → {disk.storage_class}: "
                f"ストレージクラスは変更できません。新しいクラスのディスクを追加し、"
                f"ベンダー様の移行後に {name} を解約してください",
            ),
            15,
        )
        for name, disk in sorted(desired.items())
        if name in observed and observed[name].storage_class != disk.storage_class
    )


def _not_due(name: str, recorded: Disk) -> Change:
    if recorded.retire is None:
        way = Text(
            en=f"put it back, declare its end (disks.{name}.retire: {{ordered, ends}}), run up, and leave it out after "
            "that day; a rename is a new disk",
            ja=f"宣言に戻し、disks.{name}.retire: {{ordered, ends}} を宣言して up し、期日後に外してください。"
            "改名は別のディスクとみなします",
        )
    else:
        way = Text(
            en=f"its end is {recorded.retire.ends}: put it back until then",
            ja=f"解約日は {recorded.retire.ends} です。それまで宣言に戻してください",
        )
    return Change(
        f"disks.{name}",
        Disturbance.REFUSED,
        Text(
            en=f"disks.{name} ({recorded.size_gb} GB) is left out and its data would be lost: {way.en}",
            ja=f"disks.{name}（{recorded.size_gb} GB）が宣言から外れ、データが失われます: {way.ja}",
        ),
        15,
    )


def _erased(name: str, disk: Disk) -> Change:
    return Change(
        f"disks.{name}",
        Disturbance.ERASE,
        Text(
            en=f"disks.{name} ({disk.size_gb} GB) is overwritten and taken away; its retirement is due",
            ja=f"disks.{name}（{disk.size_gb} GB）を上書き消去して取り外します。解約日を過ぎています",
        ),
        15,
    )
