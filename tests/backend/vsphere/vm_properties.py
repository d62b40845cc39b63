"""The properties of a VM as a vCenter tells them, made without one.

Here: values for the pure tests. Not here: tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netaddr import IPAddress
from pyVmomi import vim

from wpf_infra.backend.vsphere.mark import Marks, Slot, instance_uuid
from wpf_infra.model.identity import Identity, Kind

GB = 2**30
APP = Identity("hill", Kind.VM, "app-1")
HOST = vim.HostSystem("host-1")
REF = vim.VirtualMachine("vm-1")
MARKS = Marks(
    identity=APP,
    os="rhel-9",
    address=str(IPAddress("10.64.1.11")),
    built=True,
    disks={"system": Slot(0, 0, "raid6", "uuid-system"), "data": Slot(0, 1, "raid6", "uuid-data")},
)


def controller(key: int = 1000, bus: int = 0) -> Any:
    return vim.vm.device.ParaVirtualSCSIController(key=key, busNumber=bus, controllerKey=100, scsiCtlrUnitNumber=7)


def disk(file: str, unit: int, *, size: int = 100 * GB, uuid: str | None = None, controller_key: int = 1000) -> Any:
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
        fileName=f"[raid6-a] app-1/{file}.vmdk", datastore=vim.Datastore("ds-1"), diskMode="persistent", uuid=uuid
    )
    return vim.vm.device.VirtualDisk(
        key=2000 + controller_key + unit,
        controllerKey=controller_key,
        unitNumber=unit,
        capacityInBytes=size,
        capacityInKB=size // 1024,
        backing=backing,
    )


def card(key: int = 4000) -> Any:
    backing = vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName="VM Network")
    return vim.vm.device.VirtualVmxnet3(key=key, controllerKey=100, unitNumber=key - 3993, backing=backing)


SYSTEM = disk("app-1", 0, uuid="uuid-system")
DATA = disk("app-1_1", 1, size=300 * GB, uuid="uuid-data")


def properties(
    marks: Marks | None = MARKS, devices: tuple[Any, ...] = (controller(), SYSTEM, DATA, card()), **more: Any
) -> Mapping[str, Any]:
    """more: other properties, `__` for the dot of their path; None takes one away."""
    extra = {"disk.EnableUUID": "TRUE", **(marks.encode() if marks else {})}
    told: dict[str, Any] = {
        "name": "app-1",
        "parent": vim.Folder("group-hill"),
        "resourcePool": vim.ResourcePool("pool-hill"),
        "runtime.powerState": "poweredOff",
        "runtime.host": HOST,
        "config.changeVersion": "1",
        "config.instanceUuid": instance_uuid(APP),
        "config.template": False,
        "config.hardware.numCPU": 2,
        "config.hardware.memoryMB": 8192,
        "config.hardware.device": list(devices),
        "config.extraConfig": [vim.option.OptionValue(key=key, value=value) for key, value in extra.items()],
    }
    told |= {path.replace("__", "."): value for path, value in more.items()}
    return {path: value for path, value in told.items() if value is not None}
