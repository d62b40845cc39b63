"""PropertyCollector: what bulk readers rely on."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client

_Collector = vmodl.query.PropertyCollector


def filter_of(view: Any, kind: type, paths: list[str]) -> Any:
    walk = _Collector.TraversalSpec(name="view", path="view", skip=False, type=vim.view.ContainerView)
    return _Collector.FilterSpec(
        objectSet=[_Collector.ObjectSpec(obj=view, skip=True, selectSet=[walk])],
        propSet=[_Collector.PropertySpec(type=kind, pathSet=paths)],
    )


@pytest.fixture
def view(client: Client) -> Any:
    for number in range(5):
        client.cloned(f"app-{number}")
    return client.content.viewManager.CreateContainerView(client.datacenter, [vim.VirtualMachine], True)


def test_pages(client: Client, view: Any) -> None:
    """RetrieveOptions.maxObjects, RetrieveResult.token, ContinueRetrievePropertiesEx: every object once."""
    collector = client.content.propertyCollector
    spec = filter_of(view, vim.VirtualMachine, ["name", "config.hardware.device", "config.extraConfig"])
    page = collector.RetrievePropertiesEx([spec], _Collector.RetrieveOptions(maxObjects=2))
    sizes, names = [], []
    while True:
        sizes.append(len(page.objects))
        names += [prop.val for each in page.objects for prop in each.propSet if prop.name == "name"]
        if not page.token:
            break
        page = collector.ContinueRetrievePropertiesEx(page.token)
    assert sizes == [2, 2, 2, 1]
    assert sorted(names) == ["app-0", "app-1", "app-2", "app-3", "app-4", "rocky-9", "windows"]


def test_errors_of_tasks_parse(client: Client) -> None:
    """TaskInfo.error in bulk: a LocalizedMethodFault with its own properties."""
    tasks = [client.clone("app-1"), client.clone("app-1")]
    for task in tasks:
        while task.info.state in ("queued", "running"):
            pass
    spec = _Collector.FilterSpec(
        objectSet=[_Collector.ObjectSpec(obj=task) for task in tasks],
        propSet=[_Collector.PropertySpec(type=vim.Task, pathSet=["info.state", "info.error", "info.result"])],
    )
    page = client.content.propertyCollector.RetrievePropertiesEx([spec], _Collector.RetrieveOptions())
    found = [{prop.name: prop.val for prop in each.propSet} for each in page.objects]
    by_state = {each["info.state"]: each for each in found}
    assert by_state["success"]["info.result"].name == "app-1"
    error = by_state["error"]["info.error"]
    assert isinstance(error, vim.fault.DuplicateName) and error.name == "app-1"


def test_updates_arrive(client: Client, view: Any) -> None:
    """PropertyCollector.WaitForUpdatesEx on a container view: power and configuration of a VM."""
    collector = client.content.propertyCollector.CreatePropertyCollector()
    collector.CreateFilter(filter_of(view, vim.VirtualMachine, ["runtime.powerState", "config.hardware.numCPU"]), True)
    first = collector.WaitForUpdatesEx("", vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=5))
    vm = client.find(vim.VirtualMachine, "app-0")
    client.reconfigure(vm, numCPUs=3)
    client.power_on(vm)
    seen: dict[str, Any] = {}
    version = first.version
    while len(seen) < 2:
        update = collector.WaitForUpdatesEx(version, vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=5))
        assert update, "nothing arrived"
        version = update.version
        for each in update.filterSet[0].objectSet:
            seen |= {one.name: one.val for one in each.changeSet}
    assert seen == {"config.hardware.numCPU": 3, "runtime.powerState": "poweredOn"}
    collector.DestroyPropertyCollector()


def test_an_unset_property_has_no_value(client: Client) -> None:
    """Fetch, RetrievePropertiesEx: a property that is not set is left out."""
    assert client.cloned("app-1").snapshot is None
