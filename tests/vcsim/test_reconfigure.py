"""VirtualMachine.ReconfigVM_Task, as the API's documentation has it: CPU, memory, extra configuration, versions."""

from __future__ import annotations

from typing import Literal

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client, new_disk, noted, options
from tests.vcsim.server import VCenter


@pytest.mark.parametrize("cpu", [1, 8])
def test_cpu_of_a_running_vm(client: Client, cpu: int) -> None:
    """ReconfigVM_Task: CpuHotPlugNotSupported, up and down, unless hot plug was switched on."""
    vm = client.cloned("app-1", powerOn=True, config=vim.vm.ConfigSpec(numCPUs=4))
    with pytest.raises(vim.fault.CpuHotPlugNotSupported):
        client.reconfigure(vm, numCPUs=cpu)
    assert vm.config.hardware.numCPU == 4


@pytest.mark.parametrize("memory", [2048, 8192])
def test_memory_of_a_running_vm(client: Client, memory: int) -> None:
    """ReconfigVM_Task: MemoryHotPlugNotSupported, up and down, unless hot plug was switched on."""
    vm = client.cloned("app-1", powerOn=True, config=vim.vm.ConfigSpec(memoryMB=4096))
    with pytest.raises(vim.fault.MemoryHotPlugNotSupported):
        client.reconfigure(vm, memoryMB=memory)
    assert vm.config.hardware.memoryMB == 4096


def test_hot_add_switched_on_beforehand(client: Client) -> None:
    """VirtualMachineConfigInfo.cpuHotAddEnabled, .memoryHotAddEnabled: more while it runs, never less."""
    vm = client.cloned("app-1", config=vim.vm.ConfigSpec(numCPUs=2, cpuHotAddEnabled=True, memoryHotAddEnabled=True))
    client.power_on(vm)
    client.reconfigure(vm, numCPUs=4, memoryMB=4096)
    assert (vm.config.hardware.numCPU, vm.config.hardware.memoryMB) == (4, 4096)
    with pytest.raises(vim.fault.CpuHotPlugNotSupported):
        client.reconfigure(vm, numCPUs=2)
    with pytest.raises(vim.fault.MemoryHotPlugNotSupported):
        client.reconfigure(vm, memoryMB=2048)


def test_hot_add_cannot_be_switched_while_it_runs(client: Client) -> None:
    """VirtualMachineConfigSpec.cpuHotAddEnabled can only be set while the VM is off: InvalidPowerState."""
    vm = client.cloned("app-1", powerOn=True)
    with pytest.raises(vim.fault.InvalidPowerState):
        client.reconfigure(vm, cpuHotAddEnabled=True)


def test_what_is_as_it_was_is_no_change(client: Client) -> None:
    """ReconfigVM_Task of a running VM may name the CPU and memory that it has."""
    vm = client.cloned("app-1", powerOn=True, config=vim.vm.ConfigSpec(numCPUs=2, memoryMB=4096))
    client.reconfigure(vm, numCPUs=2, memoryMB=4096, annotation="seen")
    assert vm.config.annotation == "seen"


def test_stale_change_version(client: Client) -> None:
    """VirtualMachineConfigSpec.changeVersion: ConcurrentAccess unless it is the VM's current one."""
    vm = client.cloned("app-1")
    version = vm.config.changeVersion
    client.reconfigure(vm, changeVersion=version, numCPUs=2)
    assert vm.config.changeVersion != version
    with pytest.raises(vim.fault.ConcurrentAccess):
        client.reconfigure(vm, changeVersion=version, numCPUs=3)
    assert vm.config.hardware.numCPU == 2


def test_extra_configuration_merges(vcenter: VCenter, client: Client) -> None:
    """VirtualMachineConfigSpec.extraConfig adds and replaces; an empty value removes the key."""
    vm = client.cloned("app-1", config=vim.vm.ConfigSpec(extraConfig=options(a="1", b="2")))
    client.reconfigure(vm, extraConfig=options(b="", c="3"))
    assert noted(vm) == {"a": "1", "c": "3"}
    assert vcenter.journal()[-1].detail == "b c"


def test_all_or_nothing(vcenter: VCenter, client: Client) -> None:
    """ReconfigVM_Task: a specification with a mistake changes nothing, and leaves no file."""
    vm = client.cloned("app-1")
    before = vcenter.disks()
    with pytest.raises(vim.fault.InvalidDeviceSpec):
        client.reconfigure(vm, numCPUs=8, deviceChange=[new_disk(5, 1), new_disk(5, 1)])
    assert vm.config.hardware.numCPU != 8 and vcenter.disks() == before


def test_a_template_is_not_reconfigured(client: Client) -> None:
    """VirtualMachineConfigInfo.template: a template keeps its hardware; NotSupported."""
    with pytest.raises(vmodl.fault.NotSupported):
        client.reconfigure(client.find(vim.VirtualMachine, "rocky-9"), numCPUs=8)


@pytest.mark.parametrize("state", ["orphaned", "inaccessible"])
def test_a_vm_whose_files_nobody_can_read(
    vcenter: VCenter, client: Client, state: Literal["orphaned", "inaccessible"]
) -> None:
    """VirtualMachineConnectionState: an orphaned or inaccessible VM has no `config`, and is not found by its UUID;
    InvalidState for what is done to it."""
    vm = client.cloned("app-1")
    uuid = vm.config.instanceUuid
    vcenter.connection("app-1", state)
    assert (vm.name, vm.config, vm.runtime.connectionState) == ("app-1", None, state)
    assert not client.content.searchIndex.FindAllByUuid(None, uuid, True, True)
    for start in (vm.PowerOnVM_Task, vm.Destroy_Task, lambda: vm.ReconfigVM_Task(vim.vm.ConfigSpec(numCPUs=2))):
        with pytest.raises(vim.fault.InvalidState):
            client.wait(start())
    client.cloned("app-2")
    vcenter.connection("app-1", "connected")
    assert list(client.content.searchIndex.FindAllByUuid(None, uuid, True, True)) == [vm]
    client.power_on(vm)


def test_who_manages_a_vm_and_since_when_it_is(client: Client) -> None:
    """VirtualMachineConfigInfo.managedBy, .createDate."""
    vm = client.cloned("app-1")
    assert (vm.config.managedBy, vm.config.createDate.tzinfo is not None) == (None, True)
    client.reconfigure(vm, managedBy=vim.ext.ManagedByInfo(extensionKey="com.vmware.vim.eam", type="agent"))
    assert vm.config.managedBy.extensionKey == "com.vmware.vim.eam"
