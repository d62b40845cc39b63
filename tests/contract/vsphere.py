"""A vCenter with an empty machine room for the contract's platform, and the hands that reach into it.

Here: the harness of the vSphere backend. Not here: the test server (`tests.vcsim`), any test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyVmomi import vim

from tests.contract import estate
from tests.contract.harness import Happening
from tests.vcsim.server import Datastore, Fault, HostHardware, MachineRoom, Template, VCenter, started
from wpf_infra.backend.contract import Backend
from wpf_infra.backend.vsphere.backend import Vsphere
from wpf_infra.backend.vsphere.caption import Caption
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.settings import VsphereSettings
from wpf_infra.backend.vsphere.survey import read_ground
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import ClusterResource, StorageClassResource


def machine_room(clusters: Iterable[ClusterResource], storage_classes: Iterable[StorageClassResource]) -> MachineRoom:
    """What people rack before such a platform is declared."""
    return MachineRoom(
        datacenter="mizu",
        clusters={
            cluster.name: {name: HostHardware(host.cpu, host.memory_gib) for name, host in cluster.hosts.items()}
            for cluster in clusters
        },
        datastores={
            name: Datastore(group.cluster, group.usable_gb)
            for storage_class in storage_classes
            for name, group in storage_class.groups.items()
        },
        templates={os: Template() for os in ("rhel-8", "rhel-9", "windows-server-2019", "windows-server-2022")},
        switch="dvs",
    )


ROOM = machine_room([estate.CLUSTER], [estate.STORAGE])
_HAPPENINGS = {
    "cloned": Happening.CREATED,
    "destroyed": Happening.DELETED,
    "guest-shut-down": Happening.SHUT_DOWN,
    "powered-on": Happening.STARTED,
    "cpu-memory-changed": Happening.RESIZED,
    "disk-added": Happening.DISK_ADDED,
    "disk-grown": Happening.DISK_GROWN,
    "disk-zero-filled": Happening.DISK_ERASED,
}
_GB = 2**30


class VsphereHarness:
    def __init__(self, vcenter: VCenter) -> None:
        self.vcenter = vcenter
        self.hands = Connection(settings(vcenter, vcenter.hands_user, vcenter.hands_password))
        self._copies: dict[str, tuple[Any, object]] = {}

    def backend(self) -> Backend:
        return Vsphere(settings(self.vcenter))

    def happened(self, identity: Identity) -> list[Happening]:
        return [happening for each, happening in self.history() if each == identity]

    def history(self) -> list[tuple[Identity, Happening]]:
        """What the library did to any server, oldest first."""
        happened: list[tuple[Identity, Happening]] = []
        for entry in self.vcenter.journal():
            root, _, place = entry.path.partition("/")
            tenant, _, name = place.partition("/")
            if root != "wpf" or not name or entry.user != self.vcenter.user:
                continue
            identity = Identity(tenant, Kind.VM, name)
            if entry.event in _HAPPENINGS:
                happened.append((identity, _HAPPENINGS[entry.event]))
            elif entry.event == "extra-config-changed" and "wpf.address" in entry.detail.split():
                happened.append((identity, Happening.READDRESSED))
        return happened

    def power(self, identity: Identity, *, on: bool) -> None:
        vm = self._server(identity)
        self.run(vm.PowerOnVM_Task if on else vm.PowerOffVM_Task)

    def resize(self, identity: Identity, *, memory_gib: int) -> None:
        vm = self._server(identity)
        self.run(vm.PowerOffVM_Task)
        self.run(lambda: vm.ReconfigVM_Task(vim.vm.ConfigSpec(memoryMB=memory_gib * 2**10)))
        self.run(vm.PowerOnVM_Task)

    def remove(self, identity: Identity) -> None:
        vm = self._server(identity)
        if self._read(vm, "runtime.powerState") == "poweredOn":
            self.run(vm.PowerOffVM_Task)
        self.run(vm.Destroy_Task)

    def hang_foreign_disk(self, identity: Identity, name: str) -> None:
        vm = self._server(identity)
        controller = next(
            device
            for device in self._read(vm, "config.hardware.device")
            if isinstance(device, vim.vm.device.VirtualSCSIController)
        )
        datastore = self._read(vm, "config.files.vmPathName").partition("]")[0].removeprefix("[")
        disk = vim.vm.device.VirtualDisk(
            key=-1,
            controllerKey=controller.key,
            unitNumber=13,
            capacityInBytes=100 * _GB,
            backing=vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
                fileName=f"[{datastore}] {identity.name}/{name}.vmdk", diskMode="persistent"
            ),
        )
        change = vim.vm.device.VirtualDeviceSpec(operation="add", fileOperation="create", device=disk)
        self.run(lambda: vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[change])))

    def copy(self, identity: Identity, name: str) -> None:
        vm = self._server(identity)
        spec = vim.vm.CloneSpec(location=vim.vm.RelocateSpec(), powerOn=False, template=False)
        copied = self.run(lambda: vm.CloneVM_Task(self._read(vm, "parent"), name, spec))
        self._copies[name] = (copied, self._looks(copied))

    def copies(self) -> frozenset[str]:
        return frozenset(name for name, (copied, looked) in self._copies.items() if self._looks(copied) == looked)

    def alter_allowance(self, tenant: str, name: str, *, reason: str) -> None:
        def altered(rule: Any) -> Any:
            words = Caption.parse(rule.description)
            if words is not None and words.allowance == name:
                rule.description = rule.description.replace(f'"reason": "{words.reason}"', f'"reason": "{reason}"')
            return rule

        self._rewrite_rules(tenant, altered)

    def remove_allowance(self, tenant: str, name: str) -> None:
        def kept(rule: Any) -> Any:
            words = Caption.parse(rule.description)
            return None if words is not None and words.allowance == name else rule

        self._rewrite_rules(tenant, kept)

    def remove_line(self, tenant: str, name: str) -> None:
        def kept(rule: Any) -> Any:
            words = Caption.parse(rule.description)
            return None if words is not None and words.line == name else rule

        self._rewrite_rules(tenant, kept)

    def fail(self, call: str, identity: Identity, kind: str, *, times: int = 1) -> None:
        for fault in _faults(call, identity, kind, times):
            self.vcenter.fail(fault)

    def close(self) -> None:
        self.hands.close()

    def _server(self, identity: Identity) -> Any:
        return self.find(f"wpf/{identity.tenant}/{identity.name}")

    def find(self, path: str) -> Any:
        """What stands at a path below the datacenter's folder of servers; the folder itself without one."""
        whole = f"{self.vcenter.datacenter}/vm/{path}".rstrip("/")
        index = self.hands.content.searchIndex
        assert index is not None
        return self.hands.call(lambda: index.FindByInventoryPath(whole), where=whole)

    def run(self, start: Callable[[], Any]) -> Any:
        """A task, by hand, to its end."""
        return self.hands.run(start, where="by hand")

    def _read(self, entity: Any, path: str) -> Any:
        return self.hands.read_objects([entity], [path])[entity][path]

    def _looks(self, vm: Any) -> object:
        """All of it that anybody could have changed."""
        seen = self.hands.read_objects([vm], ["name", "config.changeVersion", "runtime.powerState", "runtime.host"])
        return seen.get(vm)

    def _rewrite_rules(self, tenant: str, rewrite: Callable[[Any], Any]) -> None:
        portgroup = read_ground(self.hands).room(tenant).portgroup
        assert portgroup is not None
        config = portgroup.port_config
        for each in config.filterPolicy.filterConfig:
            rules = (rewrite(rule) for rule in each.trafficRuleset.rules)
            each.trafficRuleset.rules = [rule for rule in rules if rule is not None]
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
            configVersion=portgroup.config_version, defaultPortConfig=config
        )
        self.run(lambda: portgroup.ref.ReconfigureDVPortgroup_Task(spec))


def settings(vcenter: VCenter, user: str | None = None, password: str | None = None) -> VsphereSettings:
    return VsphereSettings(
        host=vcenter.host,
        user=user or vcenter.user,
        password=password or vcenter.password,
        datacenter=vcenter.datacenter,
        ca_file=vcenter.ca_file,
    )


_FAULTS = {"transient": "HostCommunication", "refused": "NoPermission", "conflict": "ResourceInUse"}
_FIRST: Mapping[str, tuple[str, ...]] = {
    "create": ("CloneVM_Task",),
    "perform": ("ReconfigVM_Task", "ShutdownGuest", "PowerOnVM_Task"),
    "delete": ("ZeroFillVirtualDisk_Task", "Destroy_Task"),
    "find": ("FindAllByUuid",),
}


def _faults(call: str, identity: Identity, kind: str, times: int) -> Iterator[Fault]:
    """What has to go wrong on the vCenter for the call to fail so."""
    place = f"{identity.tenant}/{identity.name}"
    if kind != "partial":
        yield Fault(methods=_FIRST[call], object=place, fault=_FAULTS[kind], times=times)
    elif call == "create":
        yield Fault(methods=("PowerOnVM_Task",), object=place, fault="HostCommunication", times=times, when="task")
    elif call == "delete":
        yield Fault(methods=("Destroy_Task",), object=place, fault="HostCommunication", times=times, when="task")
    else:
        yield Fault(methods=("ShutdownGuest",), object=place, fault="HostCommunication", times=times)
        yield Fault(
            methods=("ReconfigVM_Task",), object=place, fault="HostCommunication", times=times, only="removes-device"
        )


@contextmanager
def harness_in(folder: Path, room: MachineRoom = ROOM) -> Iterator[VsphereHarness]:
    with started(room, folder) as vcenter:
        harness = VsphereHarness(vcenter)
        try:
            yield harness
        finally:
            harness.close()
