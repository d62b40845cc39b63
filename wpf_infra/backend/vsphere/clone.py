"""The one task that makes a server: what a clone of an OS template is told, and what a further disk is told.

Here: pure specs for `CloneVM_Task` and for the devices of `ReconfigVM_Task`. Not here: sending them (`build`,
`reconfigure`). A clone carries all that can be carried, so that nothing of it has to be changed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere.ground import DatastoreSeen
from wpf_infra.backend.vsphere.machines import Template
from wpf_infra.backend.vsphere.mark import Marks, Slot, changes, instance_uuid
from wpf_infra.errors import Refused, Unsupported
from wpf_infra.language import Text
from wpf_infra.model.disk import Disk
from wpf_infra.model.resource import VmResource

_UNITS = 16
_CONTROLLERS_OWN_UNIT = 7
_SYSTEM = "system"
_GB = 2**30


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new server goes. datastores: of each of its disks."""

    folder: vim.Folder
    pool: vim.ResourcePool
    host: vim.HostSystem
    datastores: Mapping[str, DatastoreSeen]
    portgroup_key: str
    switch_uuid: str
    template: Template


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for a disk: a SCSI controller's key and bus, and a unit on it."""

    controller_key: int
    bus: int
    unit: int


def system_disk(names: Iterable[str]) -> str:
    """The disk that holds the OS: the one called so, else the first."""
    names = sorted(names)
    return _SYSTEM if _SYSTEM in names else names[0]


def check(resource: VmResource, template: Template) -> tuple[Any, Seat]:
    """The template's disk and its place. Raises Refused and Unsupported for a template that does not do."""
    root, seat = _root_disk(template, str(resource.identity))
    name = system_disk(resource.disks)
    if resource.disks[name].size_gb * _GB < _capacity(root):
        raise _too_small(resource, name, template.name, -(-_capacity(root) // _GB))
    return root, seat


def clone_spec(resource: VmResource, placement: Placement, *, token: str | None = None) -> vim.vm.CloneSpec:
    """All of the server but HA, DRS and power. token: of the run that builds it. Raises Refused and Unsupported for a
    template that does not do.
    """
    where, template = str(resource.identity), placement.template
    root, seat = check(resource, template)
    name = system_disk(resource.disks)
    further = sorted(set(resource.disks) - {name})
    seats = {name: seat, **dict(zip(further, free_seats(template.devices, len(further), where), strict=True))}
    marks = Marks(
        identity=resource.identity,
        os=resource.os,
        address=str(resource.address),
        anti_affinity=resource.anti_affinity,
        build=token,
        disks={disk: slot(seats[disk], resource.disks[disk]) for disk in resource.disks},
    )
    config = vim.vm.ConfigSpec(
        instanceUuid=instance_uuid(resource.identity),
        **processors(resource.cpu),
        memoryMB=resource.memory_gib * 2**10,
        extraConfig=options(changes(None, marks, leftover=template.extra_keys)),
        deviceChange=[
            grown(root, resource.disks[name].size_gb),
            *new_disks({disk: (resource.disks[disk], placement.datastores[disk], seats[disk]) for disk in further}),
            *_networks(template.devices, placement),
        ],
    )
    return vim.vm.CloneSpec(
        location=_location(root, placement, placement.datastores[name]), config=config, powerOn=False, template=False
    )


def slot(seat: Seat, disk: Disk, uuid: str | None = None) -> Slot:
    return Slot(seat.bus, seat.unit, disk.storage_class, uuid)


def processors(cpu: int) -> dict[str, int]:
    """All in one socket: licences count sockets."""
    return {"numCPUs": cpu, "numCoresPerSocket": cpu}


def options(entries: Mapping[str, str]) -> list[vim.option.OptionValue]:
    return [vim.option.OptionValue(key=key, value=value) for key, value in sorted(entries.items())]


def free_seats(devices: Sequence[Any], number: int, where: str) -> tuple[Seat, ...]:
    """Places for so many further disks, lowest first. Raises Unsupported when the SCSI controllers are full."""
    seats = tuple(islice(_free(devices), number))
    if len(seats) < number:
        raise Unsupported(
            Text(
                en=f"its SCSI controllers have no place for {number - len(seats)} of the new disks",
                ja=f"SCSIコントローラに空きがなく、新しいディスク {number - len(seats)} 個を接続できません",
            ),
            where=where,
            row=15,
            remedy=Text(
                en="declare fewer and larger disks, or add a SCSI controller in the vSphere Client",
                ja="ディスクの数を減らして容量を増やすか、vSphere ClientでSCSIコントローラを追加してください",
            ),
        )
    return seats


def _free(devices: Sequence[Any]) -> Iterable[Seat]:
    taken = {(each.controllerKey, each.unitNumber) for each in devices}
    for controller in _controllers(devices):
        own = controller.scsiCtlrUnitNumber
        reserved = _CONTROLLERS_OWN_UNIT if own is None else own
        for unit in range(_UNITS):
            if unit != reserved and (controller.key, unit) not in taken:
                yield Seat(controller.key, controller.busNumber, unit)


def _controllers(devices: Iterable[Any]) -> list[Any]:
    scsi = (each for each in devices if isinstance(each, vim.vm.device.VirtualSCSIController))
    return sorted(scsi, key=lambda each: each.busNumber)


def new_disks(
    disks: Mapping[str, tuple[Disk, DatastoreSeen, Seat]],
) -> list[vim.vm.device.VirtualDeviceSpec]:
    """Further disks, thick: space that was promised is taken, and there is something to overwrite at the end."""
    return [_new_disk(-number, *disks[name]) for number, name in enumerate(sorted(disks), 1)]


def _new_disk(key: int, disk: Disk, datastore: DatastoreSeen, seat: Seat) -> vim.vm.device.VirtualDeviceSpec:
    device = vim.vm.device.VirtualDisk(
        key=key,
        controllerKey=seat.controller_key,
        unitNumber=seat.unit,
        capacityInBytes=disk.size_gb * _GB,
        capacityInKB=disk.size_gb * 2**20,
        backing=_thick(f"[{datastore.name}]", datastore.ref),
    )
    return vim.vm.device.VirtualDeviceSpec(operation="add", fileOperation="create", device=device)


def grown(disk: Any, size_gb: int) -> vim.vm.device.VirtualDeviceSpec:
    """The edit that gives a disk, as it was read, another size."""
    device = vim.vm.device.VirtualDisk(
        key=disk.key,
        controllerKey=disk.controllerKey,
        unitNumber=disk.unitNumber,
        backing=disk.backing,
        capacityInBytes=size_gb * _GB,
        capacityInKB=size_gb * 2**20,
    )
    return vim.vm.device.VirtualDeviceSpec(operation="edit", device=device)


def _thick(file: str, datastore: Any) -> vim.vm.device.VirtualDisk.FlatVer2BackingInfo:
    return vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
        fileName=file, datastore=datastore, diskMode="persistent", thinProvisioned=False, eagerlyScrub=False
    )


def _location(root: Any, placement: Placement, datastore: DatastoreSeen) -> vim.vm.RelocateSpec:
    """The template's disk is moved whole: a clone that shares blocks with it could never be overwritten."""
    locator = vim.vm.RelocateSpec.DiskLocator(
        diskId=root.key,
        datastore=datastore.ref,
        diskMoveType="moveAllDiskBackingsAndDisallowSharing",
        diskBackingInfo=_thick("", datastore.ref),
    )
    return vim.vm.RelocateSpec(pool=placement.pool, host=placement.host, datastore=datastore.ref, disk=[locator])


def _networks(devices: Sequence[Any], placement: Placement) -> list[vim.vm.device.VirtualDeviceSpec]:
    """One card, on the tenant's portgroup; a template's further ones would be doors to other networks."""
    port = vim.dvs.PortConnection(portgroupKey=placement.portgroup_key, switchUuid=placement.switch_uuid)
    backing = vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(port=port)
    connected = vim.vm.device.VirtualDevice.ConnectInfo(startConnected=True, allowGuestControl=True, connected=False)
    cards = [each for each in devices if isinstance(each, vim.vm.device.VirtualEthernetCard)]
    if not cards:
        card = vim.vm.device.VirtualVmxnet3(key=-100, backing=backing, connectable=connected)
        return [vim.vm.device.VirtualDeviceSpec(operation="add", device=card)]
    first = type(cards[0])(
        key=cards[0].key,
        controllerKey=cards[0].controllerKey,
        unitNumber=cards[0].unitNumber,
        backing=backing,
        connectable=connected,
    )
    return [
        vim.vm.device.VirtualDeviceSpec(operation="edit", device=first),
        *(vim.vm.device.VirtualDeviceSpec(operation="remove", device=card) for card in cards[1:]),
    ]


def _root_disk(template: Template, where: str) -> tuple[Any, Seat]:
    """The template's one disk, and where it hangs."""
    disks: list[Any] = [each for each in template.devices if isinstance(each, vim.vm.device.VirtualDisk)]
    buses = {each.key: each.busNumber for each in _controllers(template.devices)}
    if len(disks) != 1 or disks[0].controllerKey not in buses:
        raise Refused(
            Text(
                en=f"OS template {template.name} has to have exactly one disk, on a SCSI controller",
                ja=f"OSテンプレート {template.name} のディスクは、SCSIコントローラ上の1個だけでなければなりません",
            ),
            where=where,
            row=20,
            remedy=Text(en="make the template anew with one disk", ja="ディスク1個でテンプレートを作り直してください"),
        )
    root = disks[0]
    return root, Seat(root.controllerKey, buses[root.controllerKey], root.unitNumber)


def _capacity(disk: Any) -> int:
    size: int = disk.capacityInBytes or disk.capacityInKB * 2**10
    return size


def _too_small(resource: VmResource, name: str, template: str, template_gb: int) -> Refused:
    size_gb = resource.disks[name].size_gb
    return Refused(
        Text(
            en=f"disk {name} has {size_gb} GB, the disk of OS template {template} has {template_gb} GB",
            ja=f"ディスク {name} は {size_gb} GB ですが、OSテンプレート {template} のディスクは {template_gb} GB です",
        ),
        where=str(resource.identity),
        row=15,
        remedy=Text(en="declare a larger disk", ja="より大きいディスクを宣言してください"),
    )
