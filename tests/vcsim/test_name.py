"""Names: unique among the members of a folder, a pool, a switch (DuplicateName), also for those who come at once."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from tests.vcsim.client import Client, allocation
from tests.vcsim.server import VCenter


def test_clone(client: Client) -> None:
    """CloneVM_Task: DuplicateName, with the VM that has the name."""
    first = client.cloned("app-1")
    with pytest.raises(vim.fault.DuplicateName) as caught:
        client.cloned("app-1")
    assert (caught.value.name, caught.value.object) == ("app-1", first)


def test_clones_at_once(vcenter: VCenter, client: Client) -> None:
    """CloneVM_Task: the name is taken while the first task still runs; a failed one gives it back."""
    vcenter.task_duration(150, methods=("CloneVM_Task",))
    tasks = [client.clone("app-1") for _ in range(3)]
    outcomes: list[Any] = []
    for task in tasks:
        try:
            outcomes.append(client.wait(task).name)
        except vim.fault.DuplicateName as fault:
            outcomes.append(fault.name)
    assert outcomes == ["app-1"] * 3
    assert [entry.event for entry in vcenter.journal()] == ["cloned"]


def test_same_name_in_another_folder(client: Client) -> None:
    """DuplicateName is about one folder; the files go to a folder of their own on the datastore."""
    folder = client.datacenter.vmFolder.CreateFolder("hill")
    first, second = client.cloned("app-1"), client.cloned("app-1", folder=folder)
    assert first.config.files.vmPathName != second.config.files.vmPathName


def test_folder(client: Client) -> None:
    """Folder.CreateFolder: DuplicateName."""
    made = client.datacenter.vmFolder.CreateFolder("hill")
    with pytest.raises(vim.fault.DuplicateName) as caught:
        client.datacenter.vmFolder.CreateFolder("hill")
    assert caught.value.object == made


def test_rename(vcenter: VCenter, client: Client) -> None:
    """ManagedEntity.Rename_Task and VirtualMachineConfigSpec.name: DuplicateName."""
    client.cloned("app-1")
    second = client.cloned("app-2")
    with pytest.raises(vim.fault.DuplicateName):
        client.wait(second.Rename_Task("app-1"))
    with pytest.raises(vim.fault.DuplicateName):
        client.reconfigure(second, name="app-1")
    client.wait(second.Rename_Task("app-3"))
    assert second.name == second.config.name == second.summary.config.name == "app-3"
    client.reconfigure(second, name="app-4")
    assert [(entry.path, entry.detail) for entry in vcenter.journal()[-2:]] == [("app-3", "app-3"), ("app-4", "app-4")]


def test_move_into_a_folder(client: Client) -> None:
    """Folder.MoveIntoFolder_Task: DuplicateName."""
    folder = client.datacenter.vmFolder.CreateFolder("hill")
    first = client.cloned("app-1")
    client.cloned("app-1", folder=folder)
    with pytest.raises(vim.fault.DuplicateName):
        client.wait(folder.MoveIntoFolder_Task([first]))
    assert first.parent == client.datacenter.vmFolder


def test_pool(client: Client) -> None:
    """ResourcePool.CreateResourcePool and .UpdateConfig: DuplicateName."""
    root = client.cluster().resourcePool
    root.CreateResourcePool("hill", allocation())
    other = root.CreateResourcePool("lake", allocation())
    with pytest.raises(vim.fault.DuplicateName):
        root.CreateResourcePool("hill", allocation())
    with pytest.raises(vim.fault.DuplicateName):
        other.UpdateConfig("hill", None)


def test_portgroup(client: Client) -> None:
    """DistributedVirtualSwitch.AddDVPortgroup_Task: DuplicateName, and none of those that came with it is made."""
    first = client.add_portgroups("wpf-vlan-0100")
    with pytest.raises(vim.fault.DuplicateName):
        client.add_portgroups("wpf-vlan-0200", "wpf-vlan-0100")
    switch = first.config.distributedVirtualSwitch
    assert {each.name for each in switch.portgroup} == {"platform-DVUplinks", "wpf-vlan-0100"}


def test_attribute(client: Client) -> None:
    """CustomFieldsManager.AddCustomFieldDef: DuplicateName."""
    fields = client.content.customFieldsManager
    fields.AddFieldDefinition("wpf.identity", None, None, None)
    with pytest.raises(vim.fault.DuplicateName):
        fields.AddFieldDefinition("wpf.identity", None, None, None)
