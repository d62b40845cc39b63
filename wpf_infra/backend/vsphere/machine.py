"""One VM as a value: whose it is, which of its disks are ours, and what of the model it shows.

Here: the pure way from a VM's properties to `MachineSeen` and `ObservedVm`. Not here: reading them (`machines`).
A size that is no whole GiB counts as the next one, so that a change by hand shows, and takes what it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from netaddr import AddrFormatError, IPAddress
from pyVmomi import vim

from wpf_infra.backend.vsphere.mark import Marks, Slot, instance_uuid, rule_name
from wpf_infra.errors import Transient
from wpf_infra.language import Text, visible
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource

LIGHT = (
    "name",
    "parent",
    "resourcePool",
    "rootSnapshot",
    "runtime.powerState",
    "runtime.connectionState",
    "runtime.host",
    "guest.toolsRunningStatus",
    "customValue",
    "config.changeVersion",
    "config.instanceUuid",
    "config.template",
)
"""Cheap to read of any number of VMs, or not covered by `config.changeVersion`."""
HEAVY = (
    "config.changeVersion",
    "config.instanceUuid",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "config.hardware.device",
    "config.extraConfig",
)
"""Costly to parse; the same as long as `config.changeVersion` is."""

_NO_TOOLS = "guestToolsNotRunning"
_AWAY = frozenset({"inaccessible", "invalid", "orphaned"})
_UNSET_ADDRESS = IPAddress("0.0.0.0")  # noqa: S104 - what stands for an address that nobody wrote


@dataclass(frozen=True, slots=True)
class DiskSeen:
    """A disk that hangs on a VM. file: as a datastore path; uuid: its backing's; storage_class: empty when not ours;
    recorded: its uuid stands in the marks; is_plain: a file that this library could have made.
    """

    name: str
    key: int
    file: str
    datastore: vim.Datastore | None
    size_gb: int
    uuid: str | None
    controller_key: int
    bus: int | None
    unit: int | None
    is_plain: bool = True
    storage_class: str = ""
    recorded: bool = False

    @property
    def datastore_name(self) -> str:
        return self.file.removeprefix("[").partition("]")[0]


@dataclass(frozen=True, slots=True)
class MachineSeen:
    """A VM, ours or not; all that the operations on a server need to know of it.

    identity: as its mark says; is_ours: mark and instanceUuid agree; is_copy: the mark without the uuid, made by hand;
    power: on as long as it is not off; suspended: so on that nothing may be changed, and yet nothing runs;
    tools_running: false when its guest is known to have none that run; disks: ours by name; foreign: all others, by a
    name that is none of ours; extra_keys: of its extraConfig; observed: what the model sees of it, once `observe` was
    asked.
    """

    ref: vim.VirtualMachine
    name: str
    identity: Identity | None
    is_ours: bool
    is_copy: bool
    is_template: bool
    instance_uuid: str | None
    change_version: str | None
    power: Power
    host: vim.HostSystem | None
    parent: vim.Folder | None
    pool: vim.ResourcePool | None
    has_snapshot: bool
    tools_running: bool
    cpu: int
    memory_gib: int
    marks: Marks | None
    disks: Mapping[str, DiskSeen]
    foreign: Mapping[str, DiskSeen]
    devices: Sequence[Any] = field(default=(), repr=False, compare=False)
    extra_keys: frozenset[str] = field(default=frozenset(), repr=False)
    observed: ObservedVm | None = None
    suspended: bool = False

    @property
    def running(self) -> bool:
        """Not off: what needs it off has to wait, for a suspended one too."""
        return self.power is Power.ON

    @property
    def erased(self) -> frozenset[str]:
        """Disks whose content is gone, or may be: nothing is started on them any more."""
        return (self.marks.erased | self.marks.erasing) & set(self.disks) if self.marks else frozenset()

    @property
    def overwritten(self) -> frozenset[str]:
        """Of those, disks that are known to be overwritten to their end."""
        return self.marks.erased & set(self.disks) if self.marks else frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one tenant's servers stand in. hosts: their names; priorities: the cluster's HA overrides;
    rules: the members of its enabled anti-affinity rules, by name.
    """

    owner: OwnerKind
    cluster: str
    hosts: Mapping[vim.HostSystem, str]
    priorities: Mapping[vim.VirtualMachine, RestartPriority]
    rules: Mapping[str, Collection[vim.VirtualMachine]]


def see(ref: vim.VirtualMachine, properties: Mapping[str, Any]) -> MachineSeen:
    """properties: of `LIGHT` and `HEAVY`, as far as the VM has them. Raises Transient for one that cannot be read now,
    so that nobody takes it for gone.
    """
    if is_away(properties):
        raise unreadable(properties)
    extra = {option.key: str(option.value) for option in properties.get("config.extraConfig") or ()}
    marks = Marks.decode(extra)
    uuid = properties.get("config.instanceUuid")
    is_template = bool(properties.get("config.template"))
    is_ours = marks is not None and not is_template and uuid == instance_uuid(marks.identity)
    devices = tuple(properties.get("config.hardware.device") or ())
    ours, foreign = _divide(_disks(devices), marks.disks if marks and is_ours else {})
    return MachineSeen(
        ref=ref,
        name=properties.get("name") or "",
        identity=marks.identity if marks else None,
        is_ours=is_ours,
        is_copy=marks is not None and not is_ours,
        is_template=is_template,
        instance_uuid=uuid,
        change_version=properties.get("config.changeVersion"),
        power=Power.OFF if properties.get("runtime.powerState") == "poweredOff" else Power.ON,
        host=properties.get("runtime.host"),
        parent=properties.get("parent"),
        pool=properties.get("resourcePool"),
        has_snapshot=bool(properties.get("rootSnapshot")),
        tools_running=properties.get("guest.toolsRunningStatus") != _NO_TOOLS,
        cpu=properties.get("config.hardware.numCPU") or 0,
        memory_gib=_begun(properties.get("config.hardware.memoryMB") or 0, 2**10),
        marks=marks,
        disks=ours,
        foreign=foreign,
        devices=devices,
        extra_keys=frozenset(extra),
        suspended=properties.get("runtime.powerState") == "suspended",
    )


def is_away(properties: Mapping[str, Any]) -> bool:
    """The vCenter has it, and cannot read it now."""
    return "config.instanceUuid" not in properties and properties.get("runtime.connectionState") in _AWAY


def is_noted(properties: Mapping[str, Any]) -> bool:
    """A custom attribute says that it is a server of ours: that is the vCenter's own, and can be read when the VM
    cannot (`wpf_infra.backend.vsphere.build.finish` wrote it).
    """
    return any(_is_server(getattr(each, "value", None)) for each in properties.get("customValue") or ())


def observe(seen: MachineSeen, surroundings: Surroundings, peers: Iterable[MachineSeen]) -> MachineSeen:
    """The same with `observed`, of a server of ours. peers: its tenant's servers; itself among them does no harm."""
    marks = seen.marks
    if marks is None or not seen.is_ours:
        return seen
    resource = VmResource.model_construct(
        tenant=marks.identity.tenant,
        owner=surroundings.owner,
        name=marks.identity.name,
        cluster=surroundings.cluster,
        os=marks.os or "unknown",
        cpu=seen.cpu,
        memory_gib=seen.memory_gib,
        address=_address(marks.address),
        restart_priority=surroundings.priorities.get(seen.ref, RestartPriority.MEDIUM),
        anti_affinity=_group(seen, marks, surroundings, peers),
        disks={
            name: Disk.model_construct(size_gb=disk.size_gb, storage_class=disk.storage_class, retire=None)
            for name, disk in sorted(seen.disks.items())
        },
        consent=None,
        retire=None,
    )
    observed = ObservedVm(
        resource=resource,
        power=seen.power,
        host=surroundings.hosts.get(seen.host) if seen.host else None,
        built=marks.built,
        restart_owed=marks.restart_owed,
        foreign_disks=tuple(sorted(seen.foreign)),
    )
    return replace(seen, observed=observed)


def unreadable(properties: Mapping[str, Any]) -> Transient:
    """Of a VM that `is_away`."""
    return Transient(
        Text(
            en="the vCenter cannot read its configuration: its host or its datastore is away",
            ja="vCenterが構成を読み取れません。ホストまたはデータストアに到達できない状態です",
        ),
        where=visible(properties.get("name") or "?"),
        row=12,
        remedy=Text(
            en="have the host or the datastore repaired, then run it again",
            ja="ホストまたはデータストアを修復し、再実行してください",
        ),
    )


def _group(seen: MachineSeen, marks: Marks, surroundings: Surroundings, peers: Iterable[MachineSeen]) -> str | None:
    """Its group, as far as it is true: the rule keeps it apart, or there is nobody yet to be kept apart from."""
    group = marks.anti_affinity
    if group is None:
        return None
    held = surroundings.rules.get(rule_name(marks.identity.tenant, group), ())
    if seen.ref in held:
        return group
    others = (
        peer
        for peer in peers
        if peer.is_ours and peer.marks and peer.ref != seen.ref and peer.marks.anti_affinity == group
    )
    return None if any(peer.ref in held or (peer.marks and peer.marks.built) for peer in others) else group


def _address(text: str) -> IPAddress:
    try:
        return IPAddress(text, 4)
    except (AddrFormatError, ValueError):
        return _UNSET_ADDRESS


def _is_server(word: object) -> bool:
    try:
        return isinstance(word, str) and Identity.parse(word).kind is Kind.VM
    except ValueError:
        return False


def _begun(amount: int, unit: int) -> int:
    return -(-amount // unit)


def _disks(devices: Iterable[Any]) -> tuple[DiskSeen, ...]:
    devices = tuple(devices)
    buses: dict[int | None, int] = {
        each.key: each.busNumber for each in devices if isinstance(each, vim.vm.device.VirtualSCSIController)
    }
    return tuple(
        _disk(each, buses.get(each.controllerKey)) for each in devices if isinstance(each, vim.vm.device.VirtualDisk)
    )


def _disk(device: Any, bus: int | None) -> DiskSeen:
    file = getattr(device.backing, "fileName", None) or ""
    return DiskSeen(
        name=PurePosixPath(file.rpartition("]")[2].strip()).stem or f"disk-{device.key}",
        key=device.key,
        file=file,
        datastore=getattr(device.backing, "datastore", None),
        size_gb=_begun(device.capacityInBytes or device.capacityInKB * 2**10, 2**30),
        uuid=getattr(device.backing, "uuid", None),
        controller_key=device.controllerKey,
        bus=bus,
        unit=device.unitNumber,
        is_plain=isinstance(device.backing, vim.vm.device.VirtualDisk.FlatVer2BackingInfo),
    )


def _divide(disks: Sequence[DiskSeen], slots: Mapping[str, Slot]) -> tuple[dict[str, DiskSeen], dict[str, DiskSeen]]:
    """Ours by the name in their mark, and the others, whose names are kept from being ours."""
    found: dict[str, DiskSeen] = {}
    for name, slot in sorted(slots.items(), key=lambda item: (item[1].uuid is None, item[0])):
        taken = {disk.key for disk in found.values()}
        if holder := _holder((disk for disk in disks if disk.key not in taken), slot):
            found[name] = holder
    ours = {
        name: replace(disk, name=name, storage_class=slots[name].storage_class, recorded=slots[name].uuid is not None)
        for name, disk in found.items()
    }
    keys = {disk.key for disk in found.values()}
    foreign: dict[str, DiskSeen] = {}
    for disk in disks:
        if disk.key not in keys:
            name = disk.name
            while name in slots or name in foreign:
                name += "'"
            foreign[name] = replace(disk, name=name)
    return ours, foreign


def _holder(disks: Iterable[DiskSeen], slot: Slot) -> DiskSeen | None:
    """The disk that a mark means: by uuid once that is known, wherever it hangs; else by its place alone."""
    fitting = [disk for disk in disks if disk.is_plain and (slot.uuid is None or disk.uuid == slot.uuid)]
    placed = [disk for disk in fitting if (disk.bus, disk.unit) == (slot.bus, slot.unit)]
    if placed:
        return placed[0]
    return fitting[0] if slot.uuid is not None and len(fitting) == 1 else None
