"""What a test may do to the server: faults, latency, durations, counts."""

from __future__ import annotations

import http.client
import time
from typing import Any

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client, allocation, change, disks, new_disk, options
from tests.vcsim.server import Fault, VCenter


def test_a_call_fails(vcenter: VCenter, client: Client) -> None:
    """when="call": the method itself throws, and nothing was done."""
    vm = client.cloned("app-1")
    vcenter.fail(Fault(methods=("PowerOnVM_Task",), fault="TaskInProgress"))
    assert vcenter.met() == 0
    with pytest.raises(vim.fault.TaskInProgress):
        vm.PowerOnVM_Task()
    assert vcenter.met() == 1
    client.power_on(vm)


def test_a_task_fails(vcenter: VCenter, client: Client) -> None:
    """when="task": the method returns a task, which ends in error; nothing was done, and the name is free again."""
    vcenter.fail(Fault(methods=("CloneVM_Task",), object="vm/app-1", fault="InsufficientResourcesFault", when="task"))
    client.cloned("app-2")
    task = client.clone("app-1")
    with pytest.raises(vim.fault.InsufficientResourcesFault):
        client.wait(task)
    client.cloned("app-1")
    assert [entry.path for entry in vcenter.journal()] == ["app-2", "app-1"]


def test_a_reply_is_lost(vcenter: VCenter, client: Client) -> None:
    """when="drop-reply": it was done, but nobody learns so."""
    vcenter.fail(Fault(methods=("CreateFolder",), when="drop-reply"))
    with pytest.raises((http.client.HTTPException, OSError)):
        client.datacenter.vmFolder.CreateFolder("hill")
    assert [entry.path for entry in vcenter.journal()] == ["hill"]


def test_a_clone_outlives_a_lost_reply(vcenter: VCenter, client: Client) -> None:
    """The same for a task: it runs to its end."""
    vcenter.task_duration(50)
    vcenter.fail(Fault(methods=("CloneVM_Task",), object="app-1", when="drop-reply"))
    with pytest.raises((http.client.HTTPException, OSError)):
        client.clone("app-1")
    deadline = time.monotonic() + 10
    while not vcenter.journal() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [entry.event for entry in vcenter.journal()] == ["cloned"]


def test_skip_and_times(vcenter: VCenter, client: Client) -> None:
    """skip lets some go well; times=None never ends; clear_faults ends all."""
    vcenter.fail(Fault(methods=("CreateFolder",), skip=1, times=None))
    outcomes = []
    for name in ("a", "b", "c"):
        try:
            client.datacenter.vmFolder.CreateFolder(name)
            outcomes.append(name)
        except vim.fault.NoPermission:
            outcomes.append("no")
    vcenter.clear_faults()
    client.datacenter.vmFolder.CreateFolder("d")
    assert outcomes == ["a", "no", "no"]


def test_only_some_reconfigurations(vcenter: VCenter, client: Client) -> None:
    """only: looks into the specification."""
    vm = client.cloned("app-1", config=vim.vm.ConfigSpec(deviceChange=[new_disk(5, 1)]))
    kinds: dict[str, dict[str, Any]] = {
        "removes-device": {"deviceChange": [change("remove", disks(vm)[1], "destroy")]},
        "adds-device": {"deviceChange": [new_disk(5, 2)]},
        "cpu-memory": {"numCPUs": 3},
        "extra-config:wpf.built": {"extraConfig": options(wpf_built="1")},
    }
    for only, spec in kinds.items():
        vcenter.fail(Fault(methods=("ReconfigVM_Task",), object="app-1", only=only))
        client.reconfigure(vm, annotation="fits none", extraConfig=options(wpf_other="1"))
        with pytest.raises(vim.fault.NoPermission):
            client.reconfigure(vm, **spec)
        client.reconfigure(vm, **spec)


def test_faults_of_what_is_made_and_erased(vcenter: VCenter, client: Client) -> None:
    """object: pools and portgroups that are to be made, disks and their VMs that are to be erased."""
    vm = client.cloned("app-1")
    vcenter.fail(Fault(object="Resources/hill", fault="SystemError"))
    with pytest.raises(vmodl.fault.SystemError):
        client.cluster().resourcePool.CreateResourcePool("hill", allocation())
    vcenter.fail(Fault(methods=("ZeroFillVirtualDisk_Task",), object="app-1", fault="FileLocked", when="task"))
    fill = client.content.virtualDiskManager.ZeroFillVirtualDisk_Task
    with pytest.raises(vim.fault.FileLocked):
        client.wait(fill(disks(vm)[0].backing.fileName, client.datacenter))


def test_latency(vcenter: VCenter, client: Client) -> None:
    """Every call is answered that much later, or those that are named."""
    vcenter.latency(50)
    assert elapsed(client.instance.CurrentTime) > 0.05
    vcenter.latency(0)
    vcenter.latency(80, methods=("CreateFolder",))
    assert elapsed(lambda: client.datacenter.vmFolder.CreateFolder("hill")) > 0.08


def test_task_duration(vcenter: VCenter, client: Client) -> None:
    """A task takes effect when it ends, and blocks no property read meanwhile."""
    vm = client.cloned("app-1")
    vcenter.task_duration(200, methods=("PowerOnVM_Task",))
    task = vm.PowerOnVM_Task()
    assert task.info.state == "running" and vm.runtime.powerState == "poweredOff"
    client.wait(task)
    assert vm.runtime.powerState == "poweredOn"


def test_calls_are_counted(vcenter: VCenter, client: Client) -> None:
    """By method, whoever calls; a property read through an attribute is a Fetch."""
    vcenter.reset_calls()
    client.instance.CurrentTime()
    assert client.datacenter.name == "mizu"
    assert vcenter.calls() == {"CurrentTime": 1, "Fetch": 1}


def elapsed(act: object) -> float:
    assert callable(act)
    began = time.monotonic()
    act()
    return time.monotonic() - began
