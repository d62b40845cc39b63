"""The end of a disk and of a server: overwritten first, then taken away (FAQ 13, 15).

Here: the overwriting, and the looks right before what cannot be undone: nothing is erased or destroyed on the word of
an older reading. Not here: whether an end is due; that was decided long before. Each disk is marked before it is
overwritten and after, so that a removal that was cut off goes on where it was, and nothing is started on what is left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.ledger.removal import METHOD, not_ours
from wpf_infra.backend.ledger.steps import running
from wpf_infra.backend.vsphere.availability import Availability, Wish
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.faults import CUT
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import Quarters, look
from wpf_infra.backend.vsphere.reconfigure import Edit, edit, identity_of, marks_of, write_marks
from wpf_infra.errors import BackendError, NotFound, Refused, Transient
from wpf_infra.language import Text

_SETTLING_S = 10.0
"""How long a task may take to end whose answer was lost, before it counts as not done."""


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
        erasing=marks.erasing - {name},
        erased=marks.erased - {name},
    )
    disk = now.disks.get(name)
    if disk is None:
        return Edit(after)
    _check_off(now)
    check_erasable(now, name)
    if name not in now.overwritten:
        raise _changed(now, name)
    device: Any = next(each for each in now.devices if each.key == disk.key)
    removal = vim.vm.device.VirtualDeviceSpec(operation="remove", fileOperation="destroy", device=device)
    return Edit(after, devices=(removal,))


def delete(
    connection: Connection,
    seen: MachineSeen,
    *,
    availability: Availability,
    cluster: vim.ClusterComputeResource,
    quarters: Quarters,
) -> Erasure | None:
    """Overwrite every disk, then take the server away. None when it is gone already, or somebody else took it away in
    the meantime, who tells what was overwritten. quarters: its tenant's.

    Raises Refused for a running server, for one that carries somebody else's disk and for one with a snapshot.
    """
    try:
        now = look(connection, seen)
    except NotFound:
        return None
    try:
        _check_whole(now)
        check_removable(now)
        for name in sorted(now.disks):
            _overwrite(connection, now, name)
        now = edit(connection, now, lambda now: Edit(replace(marks_of(now), anti_affinity=None)))
        availability.settle(cluster, Wish.leave(now, quarters))
        last = look(connection, now)
    except BackendError:
        if not connection.read_objects([seen.ref], ["name"]):
            return None
        raise
    return _destroyed(connection, last)


def _destroyed(connection: Connection, last: MachineSeen) -> Erasure:
    """Of a server that was looked at this moment. What was overwritten is told by whoever finds it gone after that,
    though the answer was lost: nobody could tell it later.
    """
    assert last.identity is not None
    _check_whole(last)
    for name in last.disks:
        if name not in last.overwritten:
            raise _changed(last, name)
    try:
        connection.run(lambda: last.ref.Destroy_Task(), where=str(last.identity))
    except BackendError as error:
        if not _is_gone(connection, last, error):
            raise
    return Erasure(last.identity, {name: disk.size_gb for name, disk in sorted(last.disks.items())}, METHOD)


def _is_gone(connection: Connection, seen: MachineSeen, error: BackendError) -> bool:
    """After an error of its destruction: whether it is there no more. A task whose answer was lost gets time to end."""
    if not isinstance(error.__cause__, CUT):
        return not connection.read_objects([seen.ref], ["name"])
    try:
        connection.until(seen.ref, "name", lambda _: False, patience_s=_SETTLING_S, where=str(seen.identity))
    except NotFound:
        return True
    except Transient:
        return False
    return False


def _overwrite(connection: Connection, seen: MachineSeen, name: str) -> None:
    """Zeros over the disk, between two marks: that it has begun, and that it came to its end. So nobody starts the
    server on a half of it, whichever answer was lost; one that has only begun is overwritten anew.
    """
    was, overwritten = seen.disks[name], name in seen.overwritten

    def same(now: MachineSeen) -> MachineSeen:
        disk = now.disks.get(name)
        if disk is None or (disk.file, disk.uuid) != (was.file, was.uuid):
            raise _changed(now, name)
        return now

    def begun(now: MachineSeen) -> Edit:
        _check_off(same(now))
        check_erasable(now, name)
        marks = marks_of(now)
        return Edit(marks if name in now.overwritten else replace(marks, erasing=marks.erasing | {name}))

    def ended(now: MachineSeen) -> Edit:
        marks = marks_of(same(now))
        return Edit(replace(marks, erasing=marks.erasing - {name}, erased=marks.erased | {name}))

    before = edit(connection, seen, begun)
    if overwritten or name in before.overwritten:
        return
    last = same(look(connection, before))
    _check_off(last)
    check_erasable(last, name)
    try:
        task = _zeros(connection, was.file, str(before.identity))
    except Refused:
        if name not in before.erased:  # nothing has begun, and nothing had before
            write_marks(connection, before, lambda marks: replace(marks, erasing=marks.erasing - {name}))
        raise
    connection.run(lambda: task, where=str(before.identity))
    edit(connection, before, ended)


def _zeros(connection: Connection, file: str, where: str) -> vim.Task:
    disks, datacenter = connection.content.virtualDiskManager, connection.datacenter
    assert disks is not None, "a vCenter has one"
    task: vim.Task = connection.call(lambda: disks.ZeroFillVirtualDisk_Task(file, datacenter), where=where)
    return task


def check_removable(seen: MachineSeen) -> None:
    """Raises Refused for a server with a disk that cannot be erased, whether it runs or not."""
    _check_bare(seen)
    for name in sorted(seen.disks):
        check_erasable(seen, name)


def check_erasable(seen: MachineSeen, name: str) -> None:
    """No snapshot keeps what is overwritten, and the disk is known by its own uuid; by its place only before the first
    start, when nobody has had reason to hang another one there. Raises Refused, whether the server runs or not.
    """
    _check_bare(seen)
    disk = seen.disks.get(name)
    if disk is not None and not disk.recorded and marks_of(seen).built:
        raise Refused(
            Text(
                en=f"disk {name} is known by its place alone: a run was cut off before its uuid was written down",
                ja=f"処理が中断されてUUIDが記録されていないため、ディスク {name} を接続位置でしか特定できません",
            ),
            where=str(seen.identity),
            row=13,
            remedy=Text(
                en="make sure that it is the server's own, keep it declared and run `up`, which writes the uuid down",
                ja="このサーバのものであることを確認し、宣言に残したまま `up` を実行してください（UUIDが記録されます）",
            ),
        )


def _check_whole(now: MachineSeen) -> None:
    """All that hangs on it is ours to take away: `Destroy_Task` deletes the file of every disk."""
    for name in sorted(now.foreign):
        raise not_ours(identity_of(now), name)
    _check_off(now)
    _check_bare(now)


def _check_off(now: MachineSeen) -> None:
    if now.running:
        raise running(identity_of(now))


def _check_bare(seen: MachineSeen) -> None:
    """No snapshot keeps what is overwritten."""
    if seen.has_snapshot:
        raise Refused(
            Text(
                en="it has a snapshot, which would keep what is to be overwritten",
                ja="スナップショットがあるため、上書きしてもデータが残ります",
            ),
            where=str(seen.identity),
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
