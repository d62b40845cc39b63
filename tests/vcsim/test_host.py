"""Hosts: maintenance mode, disconnection, and what DRS does with the VMs that run there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client, disks
from tests.vcsim.server import VCenter


@pytest.fixture
def hosts(client: Client) -> list[Any]:
    return [client.find(vim.HostSystem, name) for name in ("esx-1", "esx-2")]


def running(client: Client, name: str, host: Any) -> Any:
    return client.cloned(name, location=client.location(host=host), powerOn=True)


def keep_apart(client: Client, vms: list[Any]) -> None:
    rule = vim.cluster.AntiAffinityRuleSpec(name="apart", enabled=True, mandatory=True, vm=vms)
    spec = vim.cluster.ConfigSpecEx(rulesSpec=[vim.cluster.RuleSpec(operation="add", info=rule)])
    client.wait(client.cluster().ReconfigureComputeResource_Task(spec, True))


def test_maintenance_mode_empties_a_host(vcenter: VCenter, client: Client, hosts: list[Any]) -> None:
    """HostSystem.EnterMaintenanceMode_Task: with DRS, running VMs leave first; nothing starts there until
    ExitMaintenanceMode_Task."""
    vm = running(client, "app-1", hosts[0])
    client.wait(hosts[0].EnterMaintenanceMode_Task(0, True, None))
    assert hosts[0].runtime.inMaintenanceMode and vm.runtime.host == hosts[1]
    last = vcenter.journal()[-1]
    assert (last.user, last.event, last.path, last.detail) == ("DRS", "migrated", "app-1", "esx-2")
    assert client.cloned("app-2", powerOn=True).runtime.host == hosts[1]
    client.wait(hosts[0].ExitMaintenanceMode_Task(0))
    assert not hosts[0].runtime.inMaintenanceMode


def test_maintenance_mode_that_cannot_be(client: Client, hosts: list[Any]) -> None:
    """HostSystem.EnterMaintenanceMode_Task: Timedout where VMs cannot leave."""
    vms = [running(client, f"app-{n}", host) for n, host in enumerate(hosts)]
    keep_apart(client, vms)
    with pytest.raises(vim.fault.Timedout):
        client.wait(hosts[0].EnterMaintenanceMode_Task(0, True, None))
    assert not hosts[0].runtime.inMaintenanceMode


def test_a_new_rule_moves_those_that_run(vcenter: VCenter, client: Client, hosts: list[Any]) -> None:
    """ClusterAntiAffinityRuleSpec with a DRS that is fully automated: VMs that share a host part."""
    vms = [running(client, f"app-{n}", hosts[0]) for n in (1, 2)]
    keep_apart(client, vms)
    assert {vm.runtime.host.name for vm in vms} == {"esx-1", "esx-2"}
    assert [entry.user for entry in vcenter.journal() if entry.event == "migrated"] == ["DRS"]


def test_a_host_that_is_disconnected(client: Client, hosts: list[Any]) -> None:
    """HostSystem.DisconnectHost_Task, .ReconnectHost_Task: its VMs are disconnected too."""
    vm = running(client, "app-1", hosts[1])
    client.wait(hosts[1].DisconnectHost_Task())
    assert (hosts[1].runtime.connectionState, vm.runtime.connectionState) == ("disconnected", "disconnected")
    assert client.cloned("app-2", powerOn=True).runtime.host == hosts[0]
    client.wait(hosts[1].ReconnectHost_Task(None, None))
    assert vm.runtime.connectionState == "connected"


def test_nothing_is_done_to_a_vm_on_a_disconnected_host(vcenter: VCenter, client: Client, hosts: list[Any]) -> None:
    """HostNotConnected: a method needs to communicate with a host that was disconnected."""
    on, off = (running(client, name, hosts[1]) for name in ("on", "off"))
    client.wait(off.PowerOffVM_Task())
    client.wait(hosts[1].DisconnectHost_Task())
    before = vcenter.journal()
    tries: tuple[Callable[[], object], ...] = (
        on.ShutdownGuest,
        lambda: client.wait(on.PowerOffVM_Task()),
        lambda: client.wait(on.SuspendVM_Task()),
        lambda: client.wait(off.PowerOnVM_Task()),
        lambda: client.reconfigure(off, numCPUs=2),
        lambda: client.wait(off.Rename_Task("other")),
        lambda: client.wait(off.Destroy_Task()),
        lambda: client.wait(off.CreateSnapshot_Task("before", None, False, False)),
    )
    for one in tries:
        with pytest.raises(vmodl.fault.HostNotConnected):
            one()
    assert vcenter.journal() == before


def test_a_disk_that_no_host_reaches_is_not_overwritten(client: Client, hosts: list[Any]) -> None:
    """VirtualDiskManager.ZeroFillVirtualDisk_Task: InvalidDatastore when the operation cannot be done on it; any host
    that has the datastore will do."""
    vm = client.cloned("app-1", location=client.location(host=hosts[1]))
    [disk] = disks(vm)
    fill = partial(client.content.virtualDiskManager.ZeroFillVirtualDisk_Task, disk.backing.fileName, client.datacenter)
    client.wait(hosts[1].DisconnectHost_Task())
    client.wait(fill())
    client.wait(hosts[0].DisconnectHost_Task())
    with pytest.raises(vim.fault.InvalidDatastore):
        client.wait(fill())
