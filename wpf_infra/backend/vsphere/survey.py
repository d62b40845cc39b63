"""One bulk read of everything but servers, and what its properties amount to.

Here: `read_ground`, and the pure mapping of properties to the values of `ground`. Not here: those values' meaning.
Cheap paths are read of everything; a portgroup's `defaultPortConfig`, which holds all its rules, only of the tenants
asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import (
    ClusterSeen,
    DatastoreSeen,
    DrsRule,
    FolderSeen,
    Ground,
    HostSeen,
    PoolSeen,
    PortgroupSeen,
    SwitchSeen,
)
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.hardware import AdmissionControl
from wpf_infra.model.identity import Kind

GB = 2**30

_PATHS: Mapping[type, tuple[str, ...]] = {
    vim.ClusterComputeResource: ("name", "resourcePool", "configurationEx", "customValue"),
    vim.HostSystem: ("name", "parent", "runtime.connectionState", "runtime.inMaintenanceMode", "customValue"),
    vim.Datastore: ("name", "summary.capacity", "summary.freeSpace", "host", "customValue"),
    vim.DistributedVirtualSwitch: ("name", "uuid", "summary.hostMember", "customValue"),
    vim.dvs.DistributedVirtualPortgroup: (
        "name",
        "key",
        "config.configVersion",
        "config.description",
        "config.distributedVirtualSwitch",
        "customValue",
    ),
    vim.Folder: ("name", "parent", "childEntity", "customValue"),
    vim.ResourcePool: ("name", "parent", "vm", "resourcePool", "customValue"),
}
_POLICY = ("config.configVersion", "config.defaultPortConfig")

Properties = Mapping[str, Any]


def read_ground(connection: Connection, *, policies_of: Collection[str] | None = None) -> Ground:
    """What stands now. policies_of: the tenants whose portgroups are read with their rules; None is all."""
    datacenter = connection.datacenter
    fields = attributes.defined(connection)
    seen = connection.read_many(_PATHS, within=datacenter)
    ground = ground_of(datacenter, fields, seen)
    wanted = [
        room.portgroup.ref
        for tenant, room in ground.rooms.items()
        if room.portgroup is not None and (policies_of is None or tenant in policies_of)
    ]
    if not wanted:
        return ground
    deep = connection.read_objects(wanted, _POLICY)
    return ground_of(datacenter, fields, {ref: {**found, **deep.get(ref, {})} for ref, found in seen.items()})


def with_vlans(connection: Connection, ground: Ground) -> Ground:
    """The same ground with the VLANs of the portgroups that are nobody's here."""
    others = [one.ref for one in ground.portgroups if one.claim is None and one.port_config is None]
    if not others:
        return ground
    found = {
        ref: each.get("config.defaultPortConfig") for ref, each in connection.read_objects(others, _POLICY).items()
    }
    portgroups = (
        replace(one, vlan=vlan_of(found[one.ref]), port_config=found[one.ref]) if one.ref in found else one
        for one in ground.portgroups
    )
    return replace(ground, portgroups=tuple(portgroups))


def ground_of(datacenter: Any, fields: Mapping[str, int], seen: Mapping[Any, Properties]) -> Ground:
    """The survey that these properties amount to; objects that came half (they were going) are left out."""
    reader = _Reader(fields)
    hosts = [(found.get("parent"), reader.host(ref, found)) for ref, found in _of(seen, vim.HostSystem)]
    clusters = [
        reader.cluster(ref, found, (host for parent, host in hosts if parent == ref))
        for ref, found in _of(seen, vim.ClusterComputeResource)
    ]
    datastores = [reader.datastore(ref, found) for ref, found in _of(seen, vim.Datastore)]
    return Ground(
        datacenter,
        fields,
        {cluster.name: cluster for cluster in sorted(clusters, key=lambda one: one.name)},
        {datastore.name: datastore for datastore in sorted(datastores, key=lambda one: one.name)},
        tuple(reader.switch(ref, found) for ref, found in _of(seen, vim.DistributedVirtualSwitch)),
        tuple(reader.folder(ref, found) for ref, found in _of(seen, vim.Folder)),
        tuple(reader.pool(ref, found) for ref, found in _of(seen, vim.ResourcePool)),
        tuple(reader.portgroup(ref, found) for ref, found in _of(seen, vim.dvs.DistributedVirtualPortgroup)),
    )


def _of(seen: Mapping[Any, Properties], kind: type) -> Iterable[tuple[Any, Properties]]:
    found = ((ref, properties) for ref, properties in seen.items() if isinstance(ref, kind) and "name" in properties)
    return sorted(found, key=lambda one: str(one[1]["name"]))


class _Reader:
    """Properties of one object to its value."""

    def __init__(self, fields: Mapping[str, int]) -> None:
        self._names = {key: name for name, key in fields.items()}

    def _written(self, found: Properties) -> dict[str, str]:
        return {
            self._names[value.key]: value.value
            for value in found.get("customValue", ())
            if value.key in self._names and value.value
        }

    def host(self, ref: Any, found: Properties) -> HostSeen:
        written = self._written(found)
        return HostSeen(
            ref,
            host_name(found["name"]),
            found.get("runtime.connectionState") == "connected",
            bool(found.get("runtime.inMaintenanceMode")),
            inscription.identity(written),
            inscription.host(written),
        )

    def cluster(self, ref: Any, found: Properties, hosts: Iterable[HostSeen]) -> ClusterSeen:
        settings = found.get("configurationEx")
        das = settings.dasConfig if settings else None
        drs = settings.drsConfig if settings else None
        watched = bool(das and das.enabled and das.hostMonitoring != "disabled")
        return ClusterSeen(
            ref,
            found["name"],
            found.get("resourcePool"),
            {host.name: host for host in hosts},
            inscription.identity(self._written(found)),
            watched and bool(drs and drs.enabled),
            kept_free(das) if das and watched and das.admissionControlEnabled else None,
            restart_priorities(settings.dasVmConfig or ()) if settings else {},
            _drs_rules(settings.rule or ()) if settings else (),
        )

    def datastore(self, ref: Any, found: Properties) -> DatastoreSeen:
        written = self._written(found)
        return DatastoreSeen(
            ref,
            found["name"],
            int(found.get("summary.capacity", 0)) // GB,
            int(found.get("summary.freeSpace", 0)) // GB,
            frozenset(mount.key for mount in found.get("host", ()) if mount.mountInfo.accessible is not False),
            inscription.identity(written),
            inscription.group(written),
            inscription.identity(written, inscription.BUILT),
        )

    def switch(self, ref: Any, found: Properties) -> SwitchSeen:
        members = frozenset(found.get("summary.hostMember", ()))
        claim = inscription.identity(self._written(found))
        return SwitchSeen(ref, found["name"], found.get("uuid", ""), members, claim)

    def folder(self, ref: Any, found: Properties) -> FolderSeen:
        written = self._written(found)
        children = tuple(found.get("childEntity", ()))
        return FolderSeen(ref, found["name"], found.get("parent"), children, inscription.identity(written), written)

    def pool(self, ref: Any, found: Properties) -> PoolSeen:
        contents = (*found.get("vm", ()), *found.get("resourcePool", ()))
        return PoolSeen(ref, found["name"], found.get("parent"), contents, inscription.identity(self._written(found)))

    def portgroup(self, ref: Any, found: Properties) -> PortgroupSeen:
        claim = inscription.identity(self._written(found))
        config = found.get("config.defaultPortConfig")
        return PortgroupSeen(
            ref,
            found["name"],
            found.get("key", ""),
            found.get("config.distributedVirtualSwitch"),
            found.get("config.configVersion", ""),
            found.get("config.description", ""),
            claim if claim and claim.kind is Kind.TENANT else None,
            vlan_of(config),
            config,
        )


def host_name(name: str) -> str:
    """A host as a platform declares it: a vCenter knows it by its full domain name, or by its address."""
    try:
        ip_address(name)
    except ValueError:
        return name.partition(".")[0].lower()
    return name


def vlan_of(port_config: Any) -> int | None:
    """The VLAN of vim's port settings; None for a trunk, a private VLAN, or settings that were not read."""
    vlan = getattr(port_config, "vlan", None)
    kind = vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec
    return int(vlan.vlanId) if isinstance(vlan, kind) else None


def kept_free(das: Any) -> AdmissionControl | None:
    """Vim's admission control policy as ours: slots for whole hosts, or one share of CPU and memory alike."""
    policy = das.admissionControlPolicy
    if isinstance(policy, vim.cluster.FailoverLevelAdmissionControlPolicy):
        level = policy.failoverLevel
        return AdmissionControl(failover_hosts=level) if level and level > 0 else None
    if isinstance(policy, vim.cluster.FailoverResourcesAdmissionControlPolicy) and not policy.autoComputePercentages:
        percent = policy.cpuFailoverResourcesPercent
        if percent == policy.memoryFailoverResourcesPercent and 1 <= percent <= 99:
            return AdmissionControl(reserved_percent=percent)
    return None


def restart_priorities(overrides: Iterable[Any]) -> dict[Any, RestartPriority]:
    """Servers' overrides. A server that HA is not to restart at all reads as the last to be restarted."""
    found: dict[Any, RestartPriority] = {}
    for override in overrides:
        settings = override.dasSettings
        word = (settings.restartPriority if settings else None) or override.restartPriority
        if word == "disabled":
            word = RestartPriority.LOWEST
        if word in list(RestartPriority):
            found[override.key] = RestartPriority(word)
    return found


def read_cluster(connection: Connection, seen: ClusterSeen) -> ClusterSeen:
    """The same cluster with its servers' overrides and rules as they stand now."""
    settings = connection.read_objects([seen.ref], ["configurationEx"]).get(seen.ref, {}).get("configurationEx")
    if settings is None:
        return seen
    return replace(
        seen,
        restart_priorities=restart_priorities(settings.dasVmConfig or ()),
        rules=_drs_rules(settings.rule or ()),
    )


def _drs_rules(rules: Iterable[Any]) -> tuple[DrsRule, ...]:
    """VM-VM rules alone."""
    return tuple(_drs_rule(rule) for rule in rules if hasattr(rule, "vm"))


def _drs_rule(rule: Any) -> DrsRule:
    apart = isinstance(rule, vim.cluster.AntiAffinityRuleSpec)
    active = apart and rule.enabled is not False and bool(rule.mandatory)
    return DrsRule(rule.key, rule.name, frozenset(rule.vm or ()), active)
