"""Removal: ManagedEntity.Destroy_Task of VMs, folders, pools, portgroups, as the API's documentation has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client, allocation, card, new_disk, plugged
from tests.vcsim.server import VCenter


def test_a_running_vm_stays(client: Client) -> None:
    """VirtualMachine's Destroy_Task: InvalidPowerState while it runs."""
    vm = client.cloned("app-1", powerOn=True)
    with pytest.raises(vim.fault.InvalidPowerState):
        client.wait(vm.Destroy_Task())
    assert vm.name == "app-1"


def test_a_vm_goes_with_its_disks(vcenter: VCenter, client: Client) -> None:
    """ManagedEntity.Destroy_Task: a VM's files go with it; whoever comes later meets ManagedObjectNotFound."""
    before = vcenter.disks()
    vm = client.cloned("app-1", config=vim.vm.ConfigSpec(deviceChange=[new_disk(5, 1, file="[fast]")]))
    pool, host = vm.resourcePool, vm.runtime.host
    client.wait(vm.Destroy_Task())
    assert vcenter.disks() == before
    assert not list(pool.vm) and vm not in host.vm
    too_late: tuple[Callable[[], object], ...] = (lambda: vm.name, vm.PowerOnVM_Task, vm.Destroy_Task)
    for late in too_late:
        with pytest.raises(vmodl.fault.ManagedObjectNotFound):
            late()


def test_a_vm_leaves_rules_and_overrides(client: Client) -> None:
    """ClusterRuleInfo, ClusterDasVmConfigInfo: what refers to a VM does not outlive it."""
    vms = [client.cloned(f"app-{n}") for n in (1, 2, 3)]
    rule = vim.cluster.AntiAffinityRuleSpec(name="apart", enabled=True, mandatory=True, vm=vms)
    override = vim.cluster.DasVmConfigInfo(key=vms[0], dasSettings=vim.cluster.DasVmSettings(restartPriority="high"))
    spec = vim.cluster.ConfigSpecEx(
        rulesSpec=[vim.cluster.RuleSpec(operation="add", info=rule)],
        dasVmConfigSpec=[vim.cluster.DasVmConfigSpec(operation="add", info=override)],
    )
    client.wait(client.cluster().ReconfigureComputeResource_Task(spec, True))
    client.wait(vms[0].Destroy_Task())
    config = client.cluster().configurationEx
    assert list(config.rule[0].vm) == vms[1:] and not list(config.dasVmConfig)


def test_a_folder_takes_what_is_in_it(vcenter: VCenter, client: Client) -> None:
    """Folder's Destroy_Task deletes all that it contains; a VM that runs stops it, and what went before stays gone."""
    folder = client.datacenter.vmFolder.CreateFolder("hill")
    client.cloned("app-1", folder=folder)
    running = client.cloned("app-2", folder=folder, powerOn=True)
    with pytest.raises(vim.fault.InvalidPowerState):
        client.wait(folder.Destroy_Task())
    assert list(folder.childEntity) == [running]
    client.wait(running.PowerOffVM_Task())
    client.wait(folder.Destroy_Task())
    assert [entry.path for entry in vcenter.journal() if entry.event == "destroyed"] == [
        "hill/app-1",
        "hill/app-2",
        "hill",
    ]


def test_a_folder_goes_and_the_files_of_what_was_in_it_stay(vcenter: VCenter, client: Client) -> None:
    """Folder.UnregisterAndDestroy_Task, VirtualMachine.UnregisterVM: VMs leave the inventory, their files stay; a VM
    that runs stops it (InvalidState)."""
    folder = client.datacenter.vmFolder.CreateFolder("hill")
    inner = folder.CreateFolder("inner")
    client.cloned("app-1", folder=inner)
    running = client.cloned("app-2", folder=folder, powerOn=True)
    files = vcenter.disks()
    with pytest.raises(vim.fault.InvalidState):
        client.wait(folder.UnregisterAndDestroy_Task())
    assert list(folder.childEntity) == [running]
    client.wait(running.PowerOffVM_Task())
    client.wait(folder.UnregisterAndDestroy_Task())
    assert vcenter.disks() == files
    assert [(entry.event, entry.path) for entry in vcenter.journal()][-4:] == [
        ("destroyed", "hill/inner"),
        ("powered-off", "hill/app-2"),
        ("unregistered", "hill/app-2"),
        ("destroyed", "hill"),
    ]


def test_only_a_folder_of_vms_is_unregistered(client: Client) -> None:
    """Folder.UnregisterAndDestroy_Task: NotSupported for folders of other things."""
    with pytest.raises(vmodl.fault.NotSupported):
        client.wait(client.datacenter.hostFolder.UnregisterAndDestroy_Task())


def test_a_pool_leaves_its_vms_to_its_parent(client: Client) -> None:
    """ResourcePool's Destroy_Task: VMs and pools in it become the parent's; a root pool stays (InvalidArgument)."""
    root = client.cluster().resourcePool
    pool = root.CreateResourcePool("hill", allocation())
    child = pool.CreateResourcePool("inner", allocation())
    vm = client.cloned("app-1", location=client.location(pool=pool))
    client.wait(pool.Destroy_Task())
    assert vm.resourcePool == root and vm in root.vm
    assert child.parent == root and list(root.resourcePool) == [child]
    with pytest.raises(vmodl.fault.InvalidArgument):
        client.wait(root.Destroy_Task())


def test_a_portgroup_in_use_stays(client: Client) -> None:
    """DistributedVirtualPortgroup's Destroy_Task: ResourceInUse while a VM is plugged in."""
    portgroup = client.add_portgroups("pg")
    vm = client.cloned("app-1")
    client.reconfigure(vm, deviceChange=[plugged(card(vm), portgroup)])
    with pytest.raises(vim.fault.ResourceInUse) as caught:
        client.wait(portgroup.Destroy_Task())
    assert caught.value.name == "pg"
    client.wait(vm.Destroy_Task())
    client.wait(portgroup.Destroy_Task())
    assert "pg" not in {each.name for each in client.datacenter.network}
