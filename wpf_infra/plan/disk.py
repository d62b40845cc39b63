"""The disks' part of a server's plan: grown and added in place, never shrunk, erased only when due (FAQ 15).

Here: disks by name; their order never matters. Not here: the server around them (`vm`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.disk import Disk
from wpf_infra.plan.disturbance import Change, Disturbance
from wpf_infra.plan.stop import ColdChange

_ROW = 15


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """grow: name to new size in GB; add: what is attached; erase: names, overwritten and taken away; cold_changes: the
    grown and added; erasures: what is overwritten; removals: the same, as changes that need the server off.
    """

    grow: Mapping[str, int]
    add: Mapping[str, Disk]
    erase: tuple[str, ...]
    cold_changes: tuple[ColdChange, ...]
    refusals: tuple[Change, ...]
    erasures: tuple[Change, ...]
    removals: tuple[ColdChange, ...]

    @property
    def cold(self) -> bool:
        return bool(self.grow or self.add or self.erase)


def diff_disks(
    observed: Mapping[str, Disk], desired: Mapping[str, Disk], recorded: Mapping[str, Disk], today: date
) -> DiskPlan:
    """observed: our disks; somebody else's are no part of the server. recorded: of the last run; it holds the ends."""
    grow = {
        name: disk.size_gb
        for name, disk in sorted(desired.items())
        if name in observed and observed[name].size_gb < disk.size_gb
    }
    add = {
        name: disk.model_copy(update={"retire": None}) for name, disk in sorted(desired.items()) if name not in observed
    }
    left_out = {name: recorded.get(name, disk) for name, disk in sorted(observed.items()) if name not in desired}
    due = [name for name, disk in left_out.items() if disk.retire is not None and disk.retire.due(today)]
    return DiskPlan(
        grow=grow,
        add=add,
        erase=tuple(due),
        cold_changes=(*_grown(grow, observed), *_added(add, recorded)),
        refusals=(
            *_shrunk(observed, desired, recorded),
            *_moved(observed, desired),
            *(_not_due(name, disk) for name, disk in left_out.items() if name not in due),
        ),
        erasures=tuple(_erased(name, observed[name]) for name in due),
        removals=tuple(_taken_away(name) for name in due),
    )


def _grown(grow: Mapping[str, int], observed: Mapping[str, Disk]) -> Iterator[ColdChange]:
    for name, size_gb in grow.items():
        path = f"disks.{name}.size_gb"
        sizes = f"{path} {observed[name].size_gb} → {size_gb}"
        what = Text(
            en=f"{sizes} (the added space is to be extended in the guest)",
            ja=f"{sizes}（拡張分は未割当となり、OS上での拡張が必要です）",
        )
        yield ColdChange(path, what, _ROW)


def _added(add: Mapping[str, Disk], recorded: Mapping[str, Disk]) -> Iterator[ColdChange]:
    for name, disk in add.items():
        path = f"disks.{name}"
        if name in recorded:
            what = Text(
                en=f"{path} ({disk.size_gb} GB) is gone from the server and attached anew, empty (restore its data "
                "from a backup)",
                ja=f"{path}（{disk.size_gb} GB）が失われたため、空のディスクの取り付け"
                "（データはバックアップから戻してください）",
            )
        else:
            what = Text(en=f"{path} ({disk.size_gb} GB) is attached", ja=f"{path}（{disk.size_gb} GB）の取り付け")
        yield ColdChange(path, what, _ROW)


def _taken_away(name: str) -> ColdChange:
    path = f"disks.{name}"
    return ColdChange(path, Text(en=f"{path} is taken away", ja=f"{path} の取り外し"), _ROW)


def _shrunk(
    observed: Mapping[str, Disk], desired: Mapping[str, Disk], recorded: Mapping[str, Disk]
) -> Iterator[Change]:
    for name, disk in sorted(desired.items()):
        if name not in observed or observed[name].size_gb <= disk.size_gb:
            continue
        path = f"disks.{name}.size_gb"
        sizes = f"{path} {observed[name].size_gb} → {disk.size_gb}"
        if name in recorded and recorded[name].size_gb == disk.size_gb:
            what = Text(
                en=f"{sizes}: it has grown since it was recorded, and a disk is never shrunk; declare the size it has",
                ja=f"{sizes}: 記録後に拡張されています。縮小はできないため、現在の容量を宣言してください",
            )
        else:
            what = Text(
                en=f"{sizes}: a disk is never shrunk; 1. declare a smaller disk of another name beside it, 2. the "
                f"vendor moves the data, 3. declare the end of disk {name} (retire: {{ordered, ends}}) and leave it "
                "out after that day",
                ja=f"{sizes}: ディスクは縮小できません。①小さいディスクを別名で追加し、"
                "②ベンダー様がデータを移行した後、"
                f"③ディスク {name} に retire: {{ordered, ends}} を宣言し、期日後に宣言から外してください",
            )
        yield Change(path, Disturbance.REFUSED, what, _ROW)


def _moved(observed: Mapping[str, Disk], desired: Mapping[str, Disk]) -> tuple[Change, ...]:
    return tuple(
        Change(
            f"disks.{name}.storage_class",
            Disturbance.REFUSED,
            Text(
                en=f"disks.{name}.storage_class {observed[name].storage_class} → {disk.storage_class}: a disk keeps "
                "its storage class; 1. declare a disk of the other class beside it, 2. the vendor moves the data, "
                f"3. declare the end of disk {name} (retire: {{ordered, ends}}) and leave it out after that day",
                ja=f"disks.{name}.storage_class {observed[name].storage_class} → {disk.storage_class}: "
                "ストレージクラスは変更できません。①新しいクラスのディスクを別名で追加し、②ベンダー様がデータを移行した後、"
                f"③ディスク {name} に retire: {{ordered, ends}} を宣言し、期日後に宣言から外してください",
            ),
            _ROW,
        )
        for name, disk in sorted(desired.items())
        if name in observed and observed[name].storage_class != disk.storage_class
    )


def _not_due(name: str, recorded: Disk) -> Change:
    path = f"disks.{name}"
    if recorded.retire is None:
        what = Text(
            en=f"{path} ({recorded.size_gb} GB) is left out and its data would be lost: put it back, declare its end "
            f"({path}.retire: {{ordered, ends}}), run up, and leave it out after that day; a rename is a new disk",
            ja=f"{path}（{recorded.size_gb} GB）が宣言から外れ、データが失われます。宣言に戻し、"
            f"{path}.retire: {{ordered, ends}} を宣言して up し、期日後に外してください。"
            "改名は別のディスクとみなします",
        )
    else:
        ends = recorded.retire.ends
        what = Text(
            en=f"{path} ({recorded.size_gb} GB) is left out, and its end is {ends}, not yet over: put it back until "
            "then",
            ja=f"{path}（{recorded.size_gb} GB）が宣言から外れていますが、解約日 {ends} を過ぎていません。"
            "それまで宣言に戻してください",
        )
    return Change(path, Disturbance.REFUSED, what, _ROW)


def _erased(name: str, disk: Disk) -> Change:
    return Change(
        f"disks.{name}",
        Disturbance.ERASE,
        Text(
            en=f"disks.{name} ({disk.size_gb} GB) is overwritten and taken away; its retirement is due",
            ja=f"disks.{name}（{disk.size_gb} GB）は解約日を過ぎているため、上書き消去して取り外します",
        ),
        _ROW,
    )
