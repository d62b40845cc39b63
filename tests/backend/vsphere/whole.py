"""Everything that stands on a test vCenter, as plain values: two worlds are the same when these are equal.

Here: the picture, taken by people's session, past all of our own reading and mapping. Not here: what it is compared
with. Left out is what a vCenter gives out anew each time: references, UUIDs of disks, versions, hosts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pyVmomi import vim

from tests.contract.vsphere import VsphereHarness

_DISK_UUID = re.compile(r"6000C29\S+")
_PATHS: Mapping[Any, list[str]] = {
    vim.VirtualMachine: [
        "name", "parent", "customValue", "runtime.powerState", "resourcePool", "config.instanceUuid",
        "config.extraConfig", "config.hardware",
    ],
    vim.Folder: ["name", "parent", "customValue"],
    vim.ResourcePool: ["name", "parent", "customValue", "config"],
    vim.HostSystem: ["name", "parent", "customValue"],
    vim.Datastore: ["name", "parent", "customValue"],
    vim.ClusterComputeResource: ["name", "parent", "customValue", "configurationEx"],
    vim.dvs.DistributedVirtualPortgroup: ["name", "parent", "customValue", "config.defaultPortConfig"],
}  # fmt: skip


def taken(harness: VsphereHarness) -> Counter[str]:
    """A line for each thing that stands, and for each setting of it; a thing that stands twice counts twice."""
    hands = harness.hands
    fields = hands.content.customFieldsManager
    assert fields is not None
    names = {each.key: each.name for each in hands.call(lambda: fields.field, where="by hand")}
    read = hands.read_many(_PATHS, within=hands.content.rootFolder)
    lines: Counter[str] = Counter()
    for ref, values in read.items():
        path = f"{type(ref).__name__.rpartition('.')[2]} {_path(ref, read)}"
        lines[path] += 1
        lines.update(f"{path}: {line}" for line in _settings(values, read, names))
    lines.update(f"{path}: {file.capacity} bytes" for path, file in harness.vcenter.disks().items())
    return lines


def _path(ref: Any, read: Mapping[Any, Mapping[str, Any]]) -> str:
    values = read.get(ref)
    return f"{_path(values.get('parent'), read)}/{values['name']}" if values else ""


def _settings(
    values: Mapping[str, Any], read: Mapping[Any, Mapping[str, Any]], names: Mapping[int, str]
) -> Iterable[str]:
    for value in values.get("customValue", ()):
        if value.value:
            yield f"{names[value.key]} = {value.value}"
    for option in values.get("config.extraConfig", ()):
        yield f"{option.key} = {_DISK_UUID.sub('UUID', option.value)}"
    if "config.instanceUuid" in values:
        hardware = values["config.hardware"]
        yield f"uuid {values['config.instanceUuid']}, {values['runtime.powerState']}"
        yield f"{hardware.numCPU} cpu, {hardware.memoryMB} MB"
        yield f"in pool {_path(values.get('resourcePool'), read)}"
        for device in hardware.device:
            if isinstance(device, vim.vm.device.VirtualDisk):
                backing: Any = device.backing
                yield f"disk {device.key} {backing.fileName} {device.capacityInBytes}"
    if "configurationEx" in values:
        yield from _cluster(values["configurationEx"], read)
    if "config.defaultPortConfig" in values:
        yield from _port(values["config.defaultPortConfig"])
    if "config" in values:
        config = values["config"]
        yield f"cpu from {config.cpuAllocation.reservation}, memory from {config.memoryAllocation.reservation}"


def _cluster(config: Any, read: Mapping[Any, Mapping[str, Any]]) -> Iterable[str]:
    ha = config.dasConfig
    policy = ha.admissionControlPolicy
    yield f"HA {ha.enabled}, admission control {ha.admissionControlEnabled}, DRS {config.drsConfig.enabled}"
    yield f"failover {getattr(policy, 'failoverLevel', None)}, {getattr(policy, 'cpuFailoverResourcesPercent', None)} %"
    for rule in config.rule or ():
        apart = ", ".join(sorted(_path(vm, read) for vm in rule.vm))
        yield f"rule {rule.name}: {apart}, {rule.enabled}, {rule.mandatory}"
    for each in config.dasVmConfig or ():
        yield f"restart of {_path(each.key, read)}: {each.dasSettings.restartPriority}"


def _port(config: Any) -> Iterable[str]:
    yield f"VLAN {getattr(config.vlan, 'vlanId', None)}"
    policy = config.filterPolicy
    for each in (policy.filterConfig if policy else None) or ():
        rules = each.trafficRuleset.rules if each.trafficRuleset else None
        for rule in rules or ():
            qualifiers = [
                (getattr(one, "sourceAddress", None), getattr(one, "destinationAddress", None))
                for one in rule.qualifier or ()
            ]
            yield f"rule {rule.sequence} {rule.description} {rule.direction} {len(qualifiers)}"
