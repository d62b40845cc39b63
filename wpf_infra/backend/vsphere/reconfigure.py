"""Changing a server that stands: size, address, disks, marks, and its place in HA and DRS.

Here: one `ReconfigVM_Task` for each step, built from the server as it stands that moment, so that a step may be
repeated and cut off. Not here: whether a change is allowed (`wpf_infra.backend.ledger`), power (`power`), the end of a
disk (`removal`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.ledger.steps import running
from wpf_infra.backend.vsphere.availability import Availability, Wish
from wpf_infra.backend.vsphere.clone import free_seats, grown, new_disks, options, processors, slot
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import DatastoreSeen
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import Quarters, look
from wpf_infra.backend.vsphere.mark import Marks, changes
from wpf_infra.errors import Refused, Transient
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity
from wpf_infra.plan.step import Reconfigure, SetAvailability

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Edit:
    """What one task changes of a server. marks: as they are to be."""

    marks: Marks
    settings: Mapping[str, int] = field(default_factory=dict)
    devices: tuple[vim.vm.device.VirtualDeviceSpec, ...] = ()


def edit(connection: Connection, seen: MachineSeen, decide: Callable[[MachineSeen], Edit]) -> MachineSeen:
    """Carry out what `decide` says of the server as it stands; one that changed in between is decided on again. One
    that is off has the uuids of its disks written down by the way.

    Returns the server that was decided on; where nothing is different, nothing is sent.
    """
    where = str(seen.identity)
    for tries_left in reversed(range(_TRIES)):
        now = look(connection, seen)
        wanted = decide(now)
        if not (changes(now.marks, wanted.marks) or wanted.settings or wanted.devices):
            return now
        entries = changes(now.marks, wanted.marks if now.running else _recorded(wanted.marks, now))
        spec = vim.vm.ConfigSpec(
            changeVersion=now.change_version,
            **wanted.settings,
            extraConfig=options(entries),
            deviceChange=list(wanted.devices),
        )
        try:
            connection.run(lambda: now.ref.ReconfigVM_Task(spec), where=where)  # noqa: B023 - run before it changes
        except Transient as error:
            if not (tries_left and isinstance(error.__cause__, vim.fault.ConcurrentAccess)):
                raise
        else:
            return now
    raise AssertionError("unreachable")


def write_marks(connection: Connection, seen: MachineSeen, change: Callable[[Marks], Marks]) -> MachineSeen:
    """Marks alone, running or not."""
    return edit(connection, seen, lambda now: Edit(change(marks_of(now))))


def record_disks(connection: Connection, seen: MachineSeen) -> MachineSeen:
    """Write down the uuids of disks that have just come, so that nothing else is ever taken for them."""
    return edit(connection, seen, lambda now: Edit(with_uuids(now)))


def identity_of(seen: MachineSeen) -> Identity:
    return marks_of(seen).identity


def marks_of(seen: MachineSeen) -> Marks:
    """Of a server of ours, which has some."""
    assert seen.marks is not None
    return seen.marks


def with_uuids(seen: MachineSeen) -> Marks:
    """Its marks with the uuid of every disk of ours that hangs on it."""
    return _recorded(marks_of(seen), seen)


def _recorded(marks: Marks, now: MachineSeen) -> Marks:
    """The same with the uuids of the disks that hang there, of those that the marks still name."""
    known = {
        name: replace(marks.disks[name], uuid=disk.uuid)
        for name, disk in now.disks.items()
        if disk.uuid and name in marks.disks
    }
    return replace(marks, disks={**marks.disks, **known})


def reconfigure(
    connection: Connection,
    seen: MachineSeen,
    wanted: Reconfigure,
    *,
    datastores: Mapping[str, DatastoreSeen] | None = None,
    host: vim.HostSystem | None = None,
) -> None:
    """All of the step that is not done yet, in one task. datastores: of the disks to add; host: where it has room,
    if that is elsewhere. Raises Refused for a running server and for a shrink.
    """
    places = datastores or {}
    if host is not None:
        now = look(connection, seen)
        _edit(now, wanted, places)  # what is refused moves nothing
        relocate(connection, now, host)
    done = edit(connection, seen, lambda now: _edit(now, wanted, places))
    if any(name not in done.disks or not done.disks[name].recorded for name in wanted.add):
        record_disks(connection, seen)


def _edit(now: MachineSeen, wanted: Reconfigure, datastores: Mapping[str, DatastoreSeen]) -> Edit:
    marks = marks_of(now)
    settings: dict[str, int] = {}
    if wanted.cpu not in (None, now.cpu):
        settings |= processors(wanted.cpu or now.cpu)
    if wanted.memory_gib not in (None, now.memory_gib):
        settings["memoryMB"] = (wanted.memory_gib or now.memory_gib) * 2**10
    fresh = sorted(name for name in wanted.add if name not in now.disks)
    seats = dict(zip(fresh, free_seats(now.devices, len(fresh), str(marks.identity)), strict=True))
    devices = (
        *_growth(now, wanted.grow),
        *new_disks({name: (wanted.add[name], datastores[name], seats[name]) for name in fresh}),
    )
    after = replace(
        marks,
        address=str(wanted.address) if wanted.address is not None else marks.address,
        disks={**marks.disks, **{name: slot(seats[name], wanted.add[name]) for name in fresh}},
        erasing=marks.erasing - set(fresh),
        erased=marks.erased - set(fresh),
    )
    if now.running:
        if settings or devices or after != marks:
            raise running(marks.identity)
        return Edit(marks)
    return Edit(replace(after, restart_owed=marks.restart_owed or wanted.owe_restart), settings, devices)


def _growth(now: MachineSeen, sizes_gb: Mapping[str, int]) -> list[vim.vm.device.VirtualDeviceSpec]:
    devices: dict[int, Any] = {each.key: each for each in now.devices}
    check_growth(now, sizes_gb)
    for name, size_gb in sizes_gb.items():
        if name not in now.disks or size_gb < now.disks[name].size_gb:
            raise Refused(
                Text(
                    en=f"disk {name} is not as it was a moment ago, and cannot be grown to {size_gb} GB",
                    ja=f"ディスク {name} の状態が変わったため、{size_gb} GB に拡張できません",
                ),
                where=str(now.identity),
                row=15,
                remedy=Text(en="run a preview to see what stands", ja="プレビューを実行して現状を確認してください"),
            )
    return [
        grown(devices[now.disks[name].key], size_gb)
        for name, size_gb in sorted(sizes_gb.items())
        if size_gb > now.disks[name].size_gb
    ]


def check_growth(now: MachineSeen, sizes_gb: Mapping[str, int]) -> None:
    """Raises Refused for disks that would grow under a snapshot, which a vCenter does not do."""
    growing = sorted(name for name, size in sizes_gb.items() if name in now.disks and size > now.disks[name].size_gb)
    if now.has_snapshot and growing:
        raise Refused(
            Text(
                en=f"it has a snapshot, under which disk {growing[0]} cannot grow",
                ja=f"スナップショットがあるため、ディスク {growing[0]} を拡張できません",
            ),
            where=str(now.identity),
            row=15,
            remedy=Text(
                en="remove its snapshots in the vSphere Client first",
                ja="先にvSphere Clientでスナップショットを削除してください",
            ),
        )


def relocate(connection: Connection, now: MachineSeen, host: vim.HostSystem) -> None:
    """To another host of its cluster, its disks where they are: without a stop when it runs."""
    if now.host != host:
        spec = vim.vm.RelocateSpec(host=host)
        connection.run(lambda: now.ref.RelocateVM_Task(spec), where=str(now.identity))


def set_availability(
    connection: Connection,
    seen: MachineSeen,
    wanted: SetAvailability,
    *,
    availability: Availability,
    cluster: vim.ClusterComputeResource,
    quarters: Quarters,
    host: vim.HostSystem | None = None,
) -> None:
    """The word on the server first, then HA and DRS: who reads the word may make the rule. quarters: its tenant's;
    host: apart from the others of its group, if it does not stand so already.
    """
    now = write_marks(connection, seen, lambda marks: replace(marks, anti_affinity=wanted.anti_affinity))
    if host is not None:
        relocate(connection, now, host)
    availability.settle(cluster, Wish.of(now, quarters, wanted.restart_priority, wanted.anti_affinity))
