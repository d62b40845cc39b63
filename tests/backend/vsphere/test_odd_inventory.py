"""What people and accidents leave on a vCenter, one after the other beside our own: whatever is there, looking raises
nothing but our own errors, and a look at everything agrees with a look at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import vim

from tests.contract import estate
from tests.contract.vsphere import VsphereHarness, harness_in, machine_room
from wpf_infra.backend.contract import Act, Backend, Delete
from wpf_infra.errors import WpfError
from wpf_infra.model.identity import PLATFORM, Identity
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import Resource, StorageClassResource
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Reconfigure, SetAvailability, Settle, ShutDownGuest

Plan = tuple[Identity, list[Act]]

FURTHER = StorageClassResource.model_validate(
    {"name": "ssd", "groups": {"ssd-a": {"cluster": "tokyo-1", "disks": 8, "disk_gb": 500}}}
)
SERVER = estate.server(disks=estate.disks(system=100, data=50), anti_affinity="web")
BESIDE = estate.server("app-2", host=12, anti_affinity="web")
POLICY = estate.policy({"telemetry": "telemetry"})
STANDING: tuple[Resource, ...] = (*estate.GROUND, POLICY, SERVER, BESIDE)
NEW = estate.server("app-3", host=13)
TEXTS = ("", "-1", "３２ cpu\n", "platform/cluster/Tokyo 1")


class Odd:
    """The estate, and the hands that make it odd."""

    def __init__(self, harness: VsphereHarness) -> None:
        self.harness = harness
        self.run = harness.run

    def server(self, name: str = "app-1") -> Any:
        return self.harness.find(f"wpf/hill/{name}")

    def every(self, kind: type) -> Mapping[str, Any]:
        hands = self.harness.hands
        found = hands.read(kind, ["name"], within=hands.content.rootFolder)
        return {each["name"]: ref for ref, each in found.items()}

    def one(self, kind: type, name: str) -> Any:
        return self.every(kind)[name]

    def rename(self, ref: Any, name: str) -> None:
        self.run(lambda: ref.Rename_Task(name))

    def reconfigure(self, name: str = "app-1", **spec: Any) -> None:
        vm = self.server(name)
        self.run(lambda: vm.ReconfigVM_Task(vim.vm.ConfigSpec(**spec)))

    def host_of(self, name: str = "app-1") -> Any:
        vm = self.server(name)
        return self.harness.hands.read_objects([vm], ["runtime.host"])[vm]["runtime.host"]

    def clone(self, source: str, name: str, into: str = "wpf/hill", **location: Any) -> Any:
        folder, pool = self.harness.find(into), self.one(vim.ResourcePool, "hill")
        vm = self.harness.find(source)
        spec = vim.vm.CloneSpec(
            location=vim.vm.RelocateSpec(**{"pool": pool, **location}), powerOn=False, template=False
        )
        return self.run(lambda: vm.CloneVM_Task(folder, name, spec))

    def stop(self, name: str = "app-1") -> None:
        self.run(self.server(name).PowerOffVM_Task)

    def write(self, ref: Any, attribute: str, text: str) -> None:
        hands = self.harness.hands
        fields: Any = hands.content.customFieldsManager
        [key] = [each.key for each in hands.call(lambda: fields.field, where="by hand") if each.name == attribute]
        hands.call(lambda: fields.SetField(ref, key, text), where="by hand")

    def note(self, name: str, key: str, text: str) -> None:
        self.reconfigure(name, extraConfig=[vim.option.OptionValue(key=key, value=text)])

    def without_disks(self, name: str = "app-1") -> None:
        self.stop(name)
        vm = self.server(name)
        hardware = self.harness.hands.read_objects([vm], ["config.hardware"])[vm]["config.hardware"]
        disks = [each for each in hardware.device if isinstance(each, vim.vm.device.VirtualDisk)]
        self.reconfigure(
            name, deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="remove", device=each) for each in disks]
        )

    def trunk(self, vlan: Any) -> None:
        portgroup = self.one(vim.dvs.DistributedVirtualPortgroup, "wpf-vlan-0101")
        config = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(vlan=vlan)
        read = self.harness.hands.read_objects([portgroup], ["config.configVersion"])[portgroup]
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
            configVersion=read["config.configVersion"], defaultPortConfig=config
        )
        self.run(lambda: portgroup.ReconfigureDVPortgroup_Task(spec))


def _snapshot(odd: Odd, *, memory: bool = False) -> None:
    vm = odd.server()
    odd.run(lambda: vm.CreateSnapshot_Task("before", None, memory, False))


def _orphaned_stranger(odd: Odd) -> None:
    odd.clone("templates/rhel-9", "stray")
    odd.harness.vcenter.connection("hill/stray", "orphaned")


def _stopped_snapshot(odd: Odd) -> None:
    odd.stop()
    _snapshot(odd)


def _names_exchanged(odd: Odd) -> None:
    odd.rename(odd.server("app-2"), "app-9")
    odd.rename(odd.server(), "app-2")


def _elsewhere(odd: Odd) -> None:
    other = odd.one(vim.ClusterComputeResource, "osaka-1")
    pool = odd.harness.hands.read_objects([other], ["resourcePool"])[other]["resourcePool"]
    odd.clone("templates/rhel-9", "stray", pool=pool, datastore=odd.one(vim.Datastore, "osaka-a"))


def _template(odd: Odd) -> None:
    odd.stop()
    vm = odd.server()
    odd.harness.hands.call(vm.MarkAsTemplate, where="by hand")


def _moved(odd: Odd) -> None:
    vm, top = odd.server(), odd.harness.find("")
    odd.run(lambda: top.MoveIntoFolder_Task([vm]))


def _pool_gone(odd: Odd) -> None:
    odd.run(odd.one(vim.ResourcePool, "hill").Destroy_Task)


def _vlan(kind: str) -> Callable[[Odd], None]:
    spec = vim.dvs.VmwareDistributedVirtualSwitch
    made = {
        "trunk": spec.TrunkVlanSpec(vlanId=[vim.NumericRange(start=0, end=4094)]),
        "private": spec.PvlanSpec(pvlanId=7),
        "other": spec.VlanIdSpec(vlanId=102),
        "none": spec.VlanIdSpec(vlanId=0),
    }[kind]
    return lambda odd: odd.trunk(made)


ODD: Mapping[str, Callable[[Odd], object]] = {
    "nothing odd": lambda _: None,
    "orphaned server": lambda odd: odd.harness.vcenter.connection("hill/app-1", "orphaned"),
    "inaccessible server": lambda odd: odd.harness.vcenter.connection("hill/app-1", "inaccessible"),
    "orphaned stranger": _orphaned_stranger,
    "suspended server": lambda odd: odd.run(odd.server().SuspendVM_Task),
    "disconnected host": lambda odd: odd.run(odd.host_of().DisconnectHost_Task),
    "every host disconnected": lambda odd: [
        odd.run(host.DisconnectHost_Task) for host in odd.every(vim.HostSystem).values()
    ],
    "host in maintenance": lambda odd: odd.run(lambda: odd.host_of().EnterMaintenanceMode_Task(0, False, None)),
    "stranger on an unclaimed cluster": _elsewhere,
    "server without disks": lambda odd: odd.without_disks(),
    "snapshot": _snapshot,
    "snapshot of one that is off": _stopped_snapshot,
    "server made a template": _template,
    "unmarked datastore": lambda odd: odd.write(odd.one(vim.Datastore, "raid6-a"), "wpf.identity", ""),
    "renamed server": lambda odd: odd.rename(odd.server(), "App 1 (old) %2f"),
    "renamed server to another's name": _names_exchanged,
    "server moved out": _moved,
    "renamed portgroup": lambda odd: odd.rename(
        odd.one(vim.dvs.DistributedVirtualPortgroup, "wpf-vlan-0101"), "VLAN of the hill"
    ),
    "renamed folder": lambda odd: odd.rename(odd.harness.find("wpf/hill"), "Hill (old)"),
    "renamed pool": lambda odd: odd.rename(odd.one(vim.ResourcePool, "hill"), "Hill (old)"),
    "renamed datastore": lambda odd: odd.rename(odd.one(vim.Datastore, "raid6-a"), "RAID6 A (old)"),
    "renamed cluster": lambda odd: odd.rename(odd.one(vim.ClusterComputeResource, "tokyo-1"), "Tokyo Cluster"),
    "renamed host": lambda odd: odd.rename(odd.host_of(), "10.0.0.5"),
    "pool gone": _pool_gone,
    "clone in the folder": lambda odd: odd.clone("wpf/hill/app-1", "app-1-copy"),
    "clone with the next server's name": lambda odd: odd.clone("wpf/hill/app-1", "app-3"),
    "mark of another tenant": lambda odd: odd.note("app-1", "wpf.identity", "apps/vm/app-1"),
    "managed by somebody": lambda odd: odd.reconfigure(
        managedBy=vim.ext.ManagedByInfo(extensionKey="com.vmware.vim.eam", type="agent")
    ),
    **{f"VLAN {kind}": _vlan(kind) for kind in ("trunk", "private", "other", "none")},
}  # fmt: skip

NOTES = (
    "wpf.identity", "wpf.os", "wpf.address", "guestinfo.wpf.address", "wpf.anti-affinity", "wpf.built",
    "wpf.restart-owed", "wpf.disk.data", "wpf.erased.data", "wpf.erasing.data", "wpf.disk.other", "wpf.build",
)  # fmt: skip


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Odd]:
    osaka = estate.CLUSTER.model_copy(
        update={"name": "osaka-1", "hosts": {"osaka-1-1": estate.CLUSTER.hosts["tokyo-1-1"]}}
    )
    groups = StorageClassResource.model_validate(
        {"name": "raid6", "groups": {
            name: {"cluster": cluster, "disks": 8, "disk_gb": 2000}
            for name, cluster in (("raid6-a", "tokyo-1"), ("ssd-a", "tokyo-1"), ("osaka-a", "osaka-1"))
        }}
    )  # fmt: skip
    with harness_in(tmp_path, machine_room([estate.CLUSTER, osaka], [groups])) as harness:
        backend = harness.backend()
        for resource in STANDING:
            backend.create(resource)
        backend.close()
        yield Odd(harness)


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_whatever_stands_there(odd: Odd, make: Callable[[Odd], object]) -> None:
    make(odd)
    look(odd)


@pytest.mark.parametrize("attribute", NOTES)
def test_whatever_is_written_on_a_server(odd: Odd, attribute: str) -> None:
    wrong = {}
    for text in TEXTS:
        odd.note("app-1", attribute, text)
        wrong[text] = looked(odd)
    assert {text: each for text, each in wrong.items() if each} == {}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (vim.ClusterComputeResource, "tokyo-1"), (vim.HostSystem, "tokyo-1-1"), (vim.Datastore, "raid6-a"),
        (vim.Folder, "hill"), (vim.ResourcePool, "hill"), (vim.dvs.DistributedVirtualPortgroup, "wpf-vlan-0101"),
    ],
)  # fmt: skip
def test_whatever_is_written_in_an_attribute(odd: Odd, kind: type, name: str) -> None:
    ref, wrong = odd.one(kind, name), {}
    fields: Any = odd.harness.hands.content.customFieldsManager
    names = {each.key: each.name for each in odd.harness.hands.call(lambda: fields.field, where="by hand")}
    read = odd.harness.hands.read_objects([ref], ["customValue"])[ref]
    for value in read["customValue"]:
        for text in TEXTS:
            odd.write(ref, names[value.key], text)
            if mistakes := looked(odd):
                wrong[names[value.key], text] = mistakes
        odd.write(ref, names[value.key], value.value)
    assert wrong == {}


def look(odd: Odd) -> None:
    assert looked(odd) == []


def looked(odd: Odd) -> list[str]:
    """What is wrong with what a fresh process sees and foretells."""
    wrong: list[str] = []
    before = len(odd.harness.vcenter.journal())
    backend = odd.harness.backend()
    try:
        for tenant in ("hill", "apps", PLATFORM):
            wrong += _agreement(backend, tenant)
        _told(wrong, "rehearse", lambda: backend.rehearse(_plans()))
    finally:
        backend.close()
    if len(odd.harness.vcenter.journal()) != before:
        wrong.append("it wrote")
    return wrong


def _agreement(backend: Backend, tenant: str) -> list[str]:
    wrong: list[str] = []
    seen: Any = _told(wrong, f"observe {tenant}", lambda: backend.observe(tenant))
    for identity in {each.identity for each in (*STANDING, NEW, FURTHER)} | (set() if seen is _REFUSED else set(seen)):
        if identity.tenant != tenant:
            continue
        found: Any = _told(wrong, f"find {identity}", lambda identity=identity: backend.find(identity))  # type: ignore[misc]
        if seen is _REFUSED or found is _REFUSED:
            continue
        if found != seen.get(identity):
            wrong.append(f"{identity}: found {found}, observed {seen.get(identity)}")
        if isinstance(found, ObservedVm) and found.resource.identity != identity:
            wrong.append(f"{identity} is {found.resource.identity}")
    return wrong


_REFUSED = object()


def _told(wrong: list[str], what: str, call: Callable[[], object]) -> object:
    try:
        return call()
    except WpfError:
        return _REFUSED
    except Exception as error:
        wrong.append(f"{what}: {type(error).__name__}: {error}"[:300])
        return _REFUSED


def _plans() -> list[Plan]:
    grown = Reconfigure(cpu=4, grow={"data": 60}, add=estate.disks(log=10))
    alone = SetAvailability(SERVER.restart_priority, None)
    return [
        (estate.CLUSTER.identity, [Settle(estate.cluster(reserved_percent=25))]),
        (estate.STORAGE.identity, [Settle(estate.STORAGE)]),
        (FURTHER.identity, [Build(FURTHER)]),
        (estate.HILL.identity, [Settle(estate.HILL)]),
        (POLICY.identity, [Settle(estate.policy({"other": "other"}))]),
        (NEW.identity, [Build(NEW)]),
        (SERVER.identity, [ShutDownGuest(), grown, EraseDisk("data"), alone, PowerOn()]),
        (BESIDE.identity, [Build(BESIDE), ShutDownGuest(), Delete()]),
        (POLICY.identity, [Delete()]),
        (estate.HILL.identity, [Delete()]),
    ]
