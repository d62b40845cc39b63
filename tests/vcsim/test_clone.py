"""VirtualMachine.CloneVM_Task, as the API's documentation has it."""

from __future__ import annotations

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import GB, Client, card, disks, grown, new_disk, noted, options, plugged
from tests.vcsim.server import VCenter


def test_honours_location_configuration_and_devices(client: Client) -> None:
    """VirtualMachineCloneSpec.location, .config: pool, datastore, CPU, memory, extra configuration; the source's disk
    grown, another added elsewhere, the card plugged into a portgroup, in one task."""
    portgroup = client.add_portgroups("pg")
    template = client.find(vim.VirtualMachine, "rocky-9")
    fast = client.find(vim.Datastore, "fast")
    [system] = disks(template)
    config = vim.vm.ConfigSpec(
        numCPUs=4,
        memoryMB=8192,
        annotation="made by a test",
        extraConfig=options(wpf_identity="hill/vm/app-1"),
        deviceChange=[grown(system, 50), new_disk(10, 1, datastore=fast), plugged(card(template), portgroup)],
    )
    vm = client.cloned("app-1", location=client.location(datastore=client.find(vim.Datastore, "raid6")), config=config)
    assert (vm.config.hardware.numCPU, vm.config.hardware.memoryMB) == (4, 8192)
    assert not vm.config.template and vm.config.annotation == "made by a test"
    assert noted(vm) == {"wpf.identity": "hill/vm/app-1"}
    assert [(disk.backing.fileName, disk.capacityInBytes // GB, disk.unitNumber) for disk in disks(vm)] == [
        ("[raid6] app-1/app-1.vmdk", 50, 0),
        ("[fast] app-1/app-1.vmdk", 10, 1),
    ]
    assert list(vm.network) == [portgroup] and list(portgroup.vm) == [vm]
    assert {each.name for each in vm.datastore} == {"raid6", "fast"}
    assert vm.resourcePool == client.cluster().resourcePool
    assert vm.runtime.powerState == "poweredOff"


def test_disk_locators(client: Client) -> None:
    """VirtualMachineRelocateSpec.disk: a disk, by its key, may go to a datastore of its own."""
    [system] = disks(client.find(vim.VirtualMachine, "rocky-9"))
    fast = client.find(vim.Datastore, "fast")
    locator = vim.vm.RelocateSpec.DiskLocator(diskId=system.key, datastore=fast)
    vm = client.cloned("app-1", location=client.location(disk=[locator]))
    assert disks(vm)[0].backing.datastore == fast
    assert vm.config.files.vmPathName == "[raid6] app-1/app-1.vmx"


def test_into_another_cluster(client: Client) -> None:
    """VirtualMachineRelocateSpec.datastore: a datastore has to be reachable from the hosts of the pool's cluster."""
    osaka = client.cluster("osaka-1")
    with pytest.raises(vim.fault.InvalidDatastore):
        client.cloned("app-1", location=client.location(pool=osaka.resourcePool))
    far = client.find(vim.Datastore, "far")
    vm = client.cloned("app-1", location=client.location(pool=osaka.resourcePool, datastore=far))
    assert vm.runtime.host.name == "esx-9"


def test_a_template_has_no_pool_to_fall_back_on(client: Client) -> None:
    """VirtualMachineRelocateSpec.pool is required where a VM is cloned from a template: InvalidArgument."""
    with pytest.raises(vmodl.fault.InvalidArgument) as caught:
        client.cloned("app-1", location=vim.vm.RelocateSpec())
    assert caught.value.invalidProperty == "spec.location.pool"


def test_host_of_the_cluster(client: Client) -> None:
    """VirtualMachineRelocateSpec.host: one of the pool's cluster."""
    second = client.find(vim.HostSystem, "esx-2")
    assert client.cloned("app-1", location=client.location(host=second)).runtime.host == second
    with pytest.raises(vmodl.fault.InvalidArgument):
        client.cloned("app-2", location=client.location(host=client.find(vim.HostSystem, "esx-9")))


def test_powers_on(vcenter: VCenter, client: Client) -> None:
    """VirtualMachineCloneSpec.powerOn: the new VM runs when the task has ended."""
    vm = client.cloned("app-1", powerOn=True)
    assert vm.runtime.powerState == "poweredOn"
    assert vm.guest.toolsRunningStatus == "guestToolsRunning"
    assert [entry.event for entry in vcenter.journal()] == ["cloned", "powered-on"]


def test_copies_extra_configuration_and_no_identifier(client: Client) -> None:
    """VirtualMachineConfigInfo: a clone has the source's extra configuration, but a UUID, an instance UUID, an address
    and disk UUIDs of its own."""
    original = client.cloned("app-1", config=vim.vm.ConfigSpec(extraConfig=options(wpf_identity="hill/vm/app-1")))
    copy = client.cloned("by-hand", of="app-1", config=vim.vm.ConfigSpec(extraConfig=options(mine="yes")))
    assert noted(copy) == {"wpf.identity": "hill/vm/app-1", "mine": "yes"}
    assert copy.config.instanceUuid != original.config.instanceUuid
    assert copy.config.uuid != original.config.uuid
    assert disks(copy)[0].backing.uuid != disks(original)[0].backing.uuid
    assert card(copy).macAddress != card(original).macAddress


def test_instance_uuid_is_kept_unless_somebody_has_it(client: Client) -> None:
    """VirtualMachineConfigSpec.instanceUuid: where two VMs would have the same, vCenter gives another."""
    wanted = "4f1c3a52-0000-5000-8000-000000000001"
    first = client.cloned("app-1", config=vim.vm.ConfigSpec(instanceUuid=wanted))
    second = client.cloned("app-2", config=vim.vm.ConfigSpec(instanceUuid=wanted))
    assert first.config.instanceUuid == wanted
    assert second.config.instanceUuid not in ("", wanted)
    client.reconfigure(second, instanceUuid=wanted)
    assert second.config.instanceUuid != wanted
    search = client.content.searchIndex
    assert list(search.FindAllByUuid(client.datacenter, wanted, True, True)) == [first]


def test_no_room_for_its_disks(vcenter: VCenter, client: Client) -> None:
    """CloneVM_Task throws FileFault, of which NoDiskSpace is one; nothing is left of what was begun."""
    before = vcenter.disks()
    with pytest.raises(vim.fault.NoDiskSpace) as caught:
        client.cloned("app-1", config=vim.vm.ConfigSpec(deviceChange=[new_disk(2000, 1)]))
    assert caught.value.datastore == "raid6"
    assert vcenter.disks() == before and vcenter.journal() == ()
