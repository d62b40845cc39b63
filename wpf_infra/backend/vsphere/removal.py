"""The end of a disk and of a server: overwritten first, then taken away (FAQ 13, 15).

Here: the overwriting, and the looks right before what cannot be undone: nothing is erased or destroyed on the word of
an older reading. Not here: whether an end is due; that was decided long before. Each disk is marked as soon as it was
overwritten, so that a removal that was cut off goes on where it was, and overwrites nothing twice.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.vsphere.availability import Availability, Wish
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import look
from wpf_infra.backend.vsphere.reconfigure import Edit, edit, marks_of, running
from wpf_infra.errors import NotFound, Refused
from wpf_infra.language import Text

METHOD = "one pass of zeros over each virtual disk (a logical overwrite)"


def erase_disk(connection: Connection, seen: MachineSeen, name: str) -> None:
    """Overwrite the disk and take it off, its file with it. Gone already is done already.

    Raises Refused for a running server, and for a disk whose content a snapshot keeps.
    """
    now = look(connection, seen)
    if name in now.disks:
        _overwrite(connection, now, name)
    edit(connection, seen, lambda now: _without(now, name))


def _without(now: MachineSeen, name: str) -> Edit:
    """The removal of a disk that was overwritten, and of its marks."""
    marks = marks_of(now)
    after = replace(
        marks,
        disks={each: slot for each, slot in marks.disks.items() if each != name},
        erased=marks.erased - {name},
    )
    disk = now.disks.get(name)
    if disk is None:
        return Edit(after)
    _check_bare(now)
    if name not in marks.erased:
        raise _changed(now, name)
    device: Any = next(each for each in now.devices if each.key == disk.key)
    removal = vim.vm.device.VirtualDeviceSpec(operation="remove", fileOperation="destroy", device=device)
    return Edit(after, devices=(removal,))


def delete(
    connection: Connection, seen: MachineSeen, *, availability: Availability, cluster: vim.ClusterComputeResource
) -> Erasure | None:
    """Overwrite every disk, then take the server away. None when it is gone already.

    Raises Refused for a running server, for one that carries somebody else's disk and for one with a snapshot.
    """
    assert seen.identity is not None
    try:
        now = look(connection, seen)
    except NotFound:
        return None
    _check_whole(now)
    for name in sorted(now.disks):
        _overwrite(connection, now, name)
    now = edit(connection, now, lambda now: Edit(replace(marks_of(now), anti_affinity=None)))
    availability.settle(cluster, Wish.leave(now))
    last = look(connection, now)
    _check_whole(last)
    for name in last.disks:
        if name not in last.erased:
            raise _changed(last, name)
    with suppress(NotFound):  # somebody else was as far
        connection.run(lambda: last.ref.Destroy_Task(), where=str(seen.identity))
    return Erasure(seen.identity, {name: disk.size_gb for name, disk in sorted(last.disks.items())}, METHOD)


def _overwrite(connection: Connection, seen: MachineSeen, name: str) -> None:
    """Zeros over the disk, then its mark. The mark is set only on the very disk that was overwritten."""
    now = look(connection, seen)
    disk = now.disks.get(name)
    if disk is None or disk.uuid != seen.disks[name].uuid:
        raise _changed(now, name)
    _check_bare(now)
    if name in now.erased:
        return
    file, datacenter = disk.file, connection.datacenter
    disks = connection.content.virtualDiskManager
    assert disks is not None, "a vCenter has one"
    connection.run(lambda: disks.ZeroFillVirtualDisk_Task(file, datacenter), where=str(now.identity))

    def marked(after: MachineSeen) -> Edit:
        same = after.disks.get(name)
        if same is None or (same.file, same.uuid) != (file, disk.uuid):
            raise _changed(after, name)
        marks = marks_of(after)
        return Edit(replace(marks, erased=marks.erased | {name}))

    edit(connection, now, marked)


def _check_whole(now: MachineSeen) -> None:
    """All that hangs on it is ours to take away: `Destroy_Task` deletes the file of every disk."""
    for name in sorted(now.foreign):
        raise Refused(
            Text(
                en=f"disk {name} was hung on by hand and is not ours to erase",
                ja=f"ディスク {name} は手作業で追加されたもので、このライブラリからは消去できません",
            ),
            where=str(now.identity),
            row=13,
            remedy=Text(en="have its owner take it off first", ja="先に追加した方に取り外しを依頼してください"),
        )
    _check_bare(now)


def _check_bare(now: MachineSeen) -> None:
    """It is off, and no snapshot keeps what is overwritten."""
    if now.running:
        raise running(now)
    if now.has_snapshot:
        raise Refused(
            Text(
                en="it has a snapshot, which would keep what is to be overwritten",
                ja="スナップショットがあるため、上書きしてもデータが残ります",
            ),
            where=str(now.identity),
            row=13,
            remedy=Text(
                en="remove its snapshots in the vSphere Client first",
                ja="先にvSphere Clientでスナップショットを削除してください",
            ),
        )


def _changed(now: MachineSeen, name: str) -> Refused:
    return Refused(
        Text(
            en=f"disk {name} is not the one it was a moment ago: somebody changed it",
            ja=f"ディスク {name} が処理中に別のものに変更されました",
        ),
        where=str(now.identity),
        row=13,
        remedy=Text(en="run a preview to see what stands", ja="プレビューを実行して現状を確認してください"),
    )
