"""Power: VirtualMachine.PowerOnVM_Task, .PowerOffVM_Task, .ShutdownGuest, and where DRS lets a VM run."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client, options
from tests.vcsim.server import VCenter


def test_on_and_off_in_the_wrong_state(client: Client) -> None:
    """InvalidPowerState, with the state that the VM is in."""
    vm = client.cloned("app-1")
    with pytest.raises(vim.fault.InvalidPowerState):
        client.wait(vm.PowerOffVM_Task())
    client.power_on(vm)
    with pytest.raises(vim.fault.InvalidPowerState) as caught:
        client.power_on(vm)
    assert caught.value.existingState == "poweredOn"


def test_a_template_does_not_run(client: Client) -> None:
    """PowerOnVM_Task: NotSupported for a template."""
    with pytest.raises(vmodl.fault.NotSupported):
        client.power_on(client.find(vim.VirtualMachine, "rocky-9"))


def test_guest_shuts_down_later(vcenter: VCenter, client: Client) -> None:
    """ShutdownGuest returns as soon as the guest is asked; it goes off later. A VM that is off: InvalidPowerState."""
    vm = client.cloned("app-1", powerOn=True)
    vm.ShutdownGuest()
    until(lambda: vm.runtime.powerState == "poweredOff")
    assert vcenter.journal()[-1].event == "guest-shut-down"
    with pytest.raises(vim.fault.InvalidPowerState):
        vm.ShutdownGuest()


def test_guest_without_tools(vcenter: VCenter, client: Client) -> None:
    """ShutdownGuest: ToolsUnavailable, because it is the tools that pass the wish on."""
    vm = client.cloned("app-1", powerOn=True)
    vcenter.guest("app-1", tools=False)
    assert vm.guest.toolsRunningStatus == "guestToolsNotRunning"
    with pytest.raises(vim.fault.ToolsUnavailable):
        vm.ShutdownGuest()


def test_guest_that_does_not_obey(vcenter: VCenter, client: Client) -> None:
    """ShutdownGuest promises no end."""
    vm = client.cloned("app-1", powerOn=True)
    vcenter.guest("app-1", deaf=True)
    vm.ShutdownGuest()
    time.sleep(0.2)
    assert vm.runtime.powerState == "poweredOn"
    client.wait(vm.PowerOffVM_Task())
    assert [entry.event for entry in vcenter.journal()] == ["cloned", "powered-on", "powered-off"]


def test_cards_are_connected_while_it_runs(client: Client) -> None:
    """VirtualDeviceConnectInfo.connected: nothing is plugged in while the VM is off."""
    vm = client.cloned("app-1")

    def connected() -> list[bool]:
        plugs = [device.connectable for device in vm.config.hardware.device if device.connectable]
        return [plug.connected for plug in plugs]

    assert connected() == [False]
    client.power_on(vm)
    assert connected() == [True]


def test_more_cpus_than_any_host_has_threads(client: Client) -> None:
    """NotEnoughCpus, a VmConfigFault of PowerOnVM_Task: what the largest host has, and what the VM wants."""
    vm = client.cloned("app-1", config=vim.vm.ConfigSpec(numCPUs=17))
    with pytest.raises(vim.fault.NotEnoughCpus) as caught:
        client.power_on(vm)
    assert (caught.value.numCpuDest, caught.value.numCpuVm) == (16, 17)


def apart(client: Client, vms: list[Any], *, mandatory: bool = True) -> None:
    rule = vim.cluster.AntiAffinityRuleSpec(name="apart", enabled=True, mandatory=mandatory, vm=vms)
    spec = vim.cluster.ConfigSpecEx(rulesSpec=[vim.cluster.RuleSpec(operation="add", info=rule)])
    client.wait(client.cluster().ReconfigureComputeResource_Task(spec, True))


def test_anti_affine_vms_run_on_hosts_of_their_own(client: Client) -> None:
    """ClusterRuleInfo.mandatory: DRS places no VM such that the rule is broken; without a host left NoCompatibleHost,
    with RuleViolation as the reason."""
    first = client.find(vim.HostSystem, "esx-1")
    vms = [client.cloned(f"app-{n}", location=client.location(host=first)) for n in (1, 2, 3)]
    apart(client, vms)
    client.power_on(vms[0])
    client.power_on(vms[1])
    assert vms[0].runtime.host != vms[1].runtime.host
    assert vms[1] in vms[1].runtime.host.vm and vms[1] not in first.vm
    with pytest.raises(vim.fault.NoCompatibleHost) as caught:
        client.power_on(vms[2])
    assert {type(each) for each in caught.value.error} == {vim.fault.RuleViolation}


def test_a_rule_that_is_not_mandatory_stops_nobody(client: Client) -> None:
    """ClusterRuleInfo.mandatory: without it a rule is a wish."""
    vms = [client.cloned(f"app-{n}", config=vim.vm.ConfigSpec(extraConfig=options(n=str(n)))) for n in (1, 2, 3)]
    apart(client, vms, mandatory=False)
    for vm in vms:
        client.power_on(vm)


def until(done: Any) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_suspended_vm(vcenter: VCenter, client: Client) -> None:
    """VirtualMachine.SuspendVM_Task: InvalidPowerState unless it runs; suspended, it takes no shutdown and no change of
    its hardware, and PowerOnVM_Task resumes it."""
    vm = client.cloned("app-1")
    with pytest.raises(vim.fault.InvalidPowerState):
        client.wait(vm.SuspendVM_Task())
    client.power_on(vm)
    client.wait(vm.SuspendVM_Task())
    assert vm.runtime.powerState == "suspended"
    with pytest.raises(vim.fault.InvalidPowerState) as caught:
        vm.ShutdownGuest()
    assert caught.value.existingState == "suspended"
    with pytest.raises(vim.fault.InvalidPowerState):
        client.reconfigure(vm, numCPUs=2)
    client.power_on(vm)
    assert [entry.event for entry in vcenter.journal()] == ["cloned", "powered-on", "suspended", "powered-on"]
