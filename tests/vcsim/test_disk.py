"""Disks of VMs: VirtualDeviceConfigSpec on VirtualDisk, VirtualDiskManager, as the API's documentation has them."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from tests.vcsim.client import GB, Client, change, disks, grown, new_disk
from tests.vcsim.server import VCenter


@pytest.fixture
def vm(client: Client) -> Any:
    return client.cloned("app-1")


def test_grows(vcenter: VCenter, client: Client, vm: Any) -> None:
    """VirtualDisk.capacityInBytes is what a client sets to have a disk grow."""
    uuid = disks(vm)[0].backing.uuid
    client.reconfigure(vm, deviceChange=[grown(disks(vm)[0], 70)])
    [disk] = disks(vm)
    assert (disk.capacityInBytes, disk.capacityInKB, disk.backing.uuid) == (70 * GB, 70 * 2**20, uuid)
    assert client.find(vim.Datastore, "raid6").summary.freeSpace == (1000 - 40 - 60 - 70) * GB
    last = vcenter.journal()[-1]
    assert (last.event, last.path, last.detail) == ("disk-grown", "app-1", f"[raid6] app-1/app-1.vmdk {70 * GB}")


def test_shrinking_is_refused(client: Client, vm: Any) -> None:
    """InvalidDeviceOperation, a VmConfigFault of ReconfigVM_Task: a disk only grows."""
    with pytest.raises(vim.fault.InvalidDeviceOperation):
        client.reconfigure(vm, deviceChange=[grown(disks(vm)[0], 30)])
    assert disks(vm)[0].capacityInBytes == 40 * GB


def test_growth_under_a_snapshot_is_refused(client: Client, vm: Any) -> None:
    """InvalidDeviceOperation: a disk with a parent (VirtualDiskFlatVer2BackingInfo.parent) cannot be expanded."""
    client.wait(vm.CreateSnapshot_Task("before", "", False, False))
    with pytest.raises(vim.fault.InvalidDeviceOperation):
        client.reconfigure(vm, deviceChange=[grown(disks(vm)[0], 50)])
    client.wait(vm.RemoveAllSnapshots_Task())
    client.reconfigure(vm, deviceChange=[grown(disks(vm)[0], 50)])
    assert disks(vm)[0].capacityInBytes == 50 * GB


@pytest.mark.parametrize("with_bytes", [True, False])
def test_kilobytes_alone_do_nothing(client: Client, vm: Any, with_bytes: bool) -> None:
    """VirtualDisk.capacityInKB gave way to capacityInBytes in API 5.5: the latter is what decides, and capacityInKB
    beside it, or by itself, is no wish."""
    [disk] = disks(vm)
    disk.capacityInKB = 50 * 2**20
    if not with_bytes:
        disk.capacityInBytes = None
    client.reconfigure(vm, deviceChange=[change("edit", disk)])
    assert disks(vm)[0].capacityInBytes == 40 * GB


def test_no_room(client: Client, vm: Any) -> None:
    """NoDiskSpace, a FileFault: for a disk that is made and for one that grows."""
    for wanted in (new_disk(1000, 1), grown(disks(vm)[0], 1000)):
        with pytest.raises(vim.fault.NoDiskSpace) as caught:
            client.reconfigure(vm, deviceChange=[wanted])
        assert caught.value.datastore == "raid6"
    assert len(disks(vm)) == 1


def test_added_to_a_datastore_that_is_named(client: Client, vm: Any) -> None:
    """VirtualDeviceFileBackingInfo.fileName: a datastore alone ("[fast]") leaves the file's name to the server; a whole
    path is taken as it is."""
    client.reconfigure(vm, deviceChange=[new_disk(5, 1, file="[fast]"), new_disk(6, 2, file="[fast] app-1/logs.vmdk")])
    assert [disk.backing.fileName for disk in disks(vm)] == [
        "[raid6] app-1/app-1.vmdk",
        "[fast] app-1/app-1.vmdk",
        "[fast] app-1/logs.vmdk",
    ]


@pytest.mark.parametrize("unit", [0, 7, 64])
def test_a_unit_that_is_taken_or_reserved(client: Client, vm: Any, unit: int) -> None:
    """VirtualDevice.unitNumber, VirtualSCSIController.scsiCtlrUnitNumber (7): InvalidDeviceSpec."""
    with pytest.raises(vim.fault.InvalidDeviceSpec) as caught:
        client.reconfigure(vm, deviceChange=[new_disk(5, unit)])
    assert caught.value.deviceIndex == 0


def test_a_controller_that_is_not_there(client: Client, vm: Any) -> None:
    """InvalidController: a disk names a controller that its VM does not have."""
    disk = new_disk(5, 1)
    disk.device.controllerKey = 1001
    with pytest.raises(vim.fault.InvalidController):
        client.reconfigure(vm, deviceChange=[disk])


def test_a_controller_and_its_disk_at_once(client: Client, vm: Any) -> None:
    """VirtualDevice.key: a client's temporary key ties devices of one specification together."""
    controller = vim.vm.device.ParaVirtualSCSIController(key=-10, busNumber=1, sharedBus="noSharing")
    disk = new_disk(5, 0, key=-11)
    disk.device.controllerKey = -10
    client.reconfigure(vm, deviceChange=[change("add", controller), disk])
    assert [(each.controllerKey, each.unitNumber) for each in disks(vm)] == [(1000, 0), (1001, 0)]
    with pytest.raises(vim.fault.InvalidDeviceSpec):
        client.reconfigure(vm, deviceChange=[change("add", controller)])


@pytest.mark.parametrize("operation", ["remove", "edit"])
def test_an_unknown_disk(client: Client, vm: Any, operation: str) -> None:
    """InvalidDeviceSpec: VirtualDeviceConfigSpec.device has to name a device of this VM by its key."""
    [disk] = disks(vm)
    disk.key = 2005
    with pytest.raises(vim.fault.InvalidDeviceSpec):
        client.reconfigure(vm, deviceChange=[change(operation, disk, "destroy" if operation == "remove" else None)])


def test_removal_with_and_without_its_file(vcenter: VCenter, client: Client, vm: Any) -> None:
    """VirtualDeviceConfigSpec.fileOperation: destroy deletes the backing; without it the file stays where it is."""
    client.reconfigure(vm, deviceChange=[new_disk(5, 1), new_disk(6, 2)])
    _, kept, destroyed = disks(vm)
    client.reconfigure(vm, deviceChange=[change("remove", kept), change("remove", destroyed, "destroy")])
    assert kept.backing.fileName in vcenter.disks()
    assert destroyed.backing.fileName not in vcenter.disks()
    assert client.find(vim.Datastore, "raid6").summary.freeSpace == (1000 - 40 - 60 - 40 - 5) * GB
    assert [entry.detail.split()[-1] for entry in vcenter.journal()[-2:]] == ["kept", "destroyed"]


def test_a_file_that_lies_there_is_attached(client: Client, vm: Any) -> None:
    """VirtualDeviceConfigSpec.fileOperation: without it an existing file is taken, and FileNotFound thrown for none;
    one that a VM has is FileLocked, one that is to be made but lies there FileAlreadyExists."""
    client.reconfigure(vm, deviceChange=[new_disk(5, 1)])
    disk = disks(vm)[1]
    client.reconfigure(vm, deviceChange=[change("remove", disk)])
    again: Any = new_disk(1, 3, file=disk.backing.fileName)
    with pytest.raises(vim.fault.FileAlreadyExists):
        client.reconfigure(vm, deviceChange=[again])
    again.fileOperation = None
    client.reconfigure(vm, deviceChange=[again])
    assert (disks(vm)[1].backing.uuid, disks(vm)[1].capacityInBytes) == (disk.backing.uuid, 5 * GB)
    again.device.unitNumber = 4
    with pytest.raises(vim.fault.FileLocked):
        client.reconfigure(vm, deviceChange=[again])
    again.device.backing.fileName = "[raid6] app-1/nothing.vmdk"
    with pytest.raises(vim.fault.FileNotFound):
        client.reconfigure(vm, deviceChange=[again])


def test_uuid_stays(client: Client, vm: Any) -> None:
    """VirtualDiskFlatVer2BackingInfo.uuid is unique; it outlives growth, rename, power and a move to another
    datastore."""
    uuid = disks(vm)[0].backing.uuid
    client.reconfigure(vm, deviceChange=[grown(disks(vm)[0], 50)])
    client.wait(vm.Rename_Task("app-9"))
    client.power_on(vm)
    client.wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=client.find(vim.Datastore, "fast"))))
    [disk] = disks(vm)
    assert disk.backing.uuid == uuid and disk.backing.fileName.startswith("[fast] ")
    assert client.find(vim.Datastore, "raid6").summary.freeSpace == (1000 - 40 - 60) * GB


def test_zero_fill(vcenter: VCenter, client: Client, vm: Any) -> None:
    """VirtualDiskManager.ZeroFillVirtualDisk_Task leaves nothing readable of a disk that nobody uses."""
    name = disks(vm)[0].backing.fileName
    client.wait(client.content.virtualDiskManager.ZeroFillVirtualDisk_Task(name, client.datacenter))
    assert vcenter.disks()[name].zeroed
    last = vcenter.journal()[-1]
    assert (last.event, last.path, last.detail) == ("disk-zero-filled", "app-1", name)


def test_zero_fill_of_a_disk_in_use_or_absent(vcenter: VCenter, client: Client, vm: Any) -> None:
    """ZeroFillVirtualDisk_Task throws FileFault: FileLocked while a running VM holds the disk, FileNotFound."""
    fill = client.content.virtualDiskManager.ZeroFillVirtualDisk_Task
    name = disks(vm)[0].backing.fileName
    client.power_on(vm)
    with pytest.raises(vim.fault.FileLocked):
        client.wait(fill(name, client.datacenter))
    with pytest.raises(vim.fault.FileNotFound):
        client.wait(fill("[raid6] app-1/nothing.vmdk", client.datacenter))
    assert not vcenter.disks()[name].zeroed
