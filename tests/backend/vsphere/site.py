"""A room for servers on the test server, made with plain calls, and the hands of people who work beside us.

Here: what the tests of servers stand on. Not here: tests, and how the library makes rooms (`test_room`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyVmomi import vim

from tests.vcsim.server import VCenter
from wpf_infra.backend.vsphere import build
from wpf_infra.backend.vsphere.availability import Availability
from wpf_infra.backend.vsphere.clone import Placement
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import DatastoreSeen
from wpf_infra.backend.vsphere.machine import MachineSeen, Surroundings
from wpf_infra.backend.vsphere.machines import Quarters, Templates, find_machine, read_machines
from wpf_infra.backend.vsphere.settings import VsphereSettings
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource


def settings(vcenter: VCenter, *, hands: bool = False) -> VsphereSettings:
    return VsphereSettings(
        host=vcenter.host,
        user=vcenter.hands_user if hands else vcenter.user,
        password=vcenter.hands_password if hands else vcenter.password,
        datacenter=vcenter.datacenter,
        ca_file=vcenter.ca_file,
    )


def over(connection: Connection, ref: Any) -> Any:
    """The same object, spoken with over another session."""
    return type(ref)(ref._moId, connection.content.rootFolder._stub)


class Site:
    """One process of the library: its connection, and the objects that its servers are placed on."""

    def __init__(self, vcenter: VCenter, folder: vim.Folder, pool: vim.ResourcePool, portgroup_key: str) -> None:
        self.vcenter = vcenter
        self.connection = Connection(settings(vcenter))
        self.availability = Availability(self.connection)
        self.templates = Templates(self.connection, fresh_s=0.0)
        self.folder, self.pool = over(self.connection, folder), over(self.connection, pool)
        self.quarters = Quarters(self.folder, self.pool)
        self.portgroup_key = portgroup_key
        read = self.connection.read_many(
            {
                vim.ClusterComputeResource: ["name"],
                vim.HostSystem: ["name", "parent"],
                vim.Datastore: ["name"],
                vim.DistributedVirtualSwitch: ["uuid"],
            },
            within=self.connection.content.rootFolder,
        )
        self.cluster = next(ref for ref in read if isinstance(ref, vim.ClusterComputeResource))
        self.hosts = {ref: each["name"] for ref, each in read.items() if isinstance(ref, vim.HostSystem)}
        self.datastores = {
            each["name"]: DatastoreSeen(ref, each["name"], 0, 0, frozenset())
            for ref, each in read.items()
            if isinstance(ref, vim.Datastore)
        }
        self.switch = next(each["uuid"] for each in read.values() if "uuid" in each)

    @property
    def first_datastore(self) -> DatastoreSeen:
        return self.datastores[min(self.datastores)]

    def placement(self, resource: VmResource, *, host: int = 0) -> Placement:
        return Placement(
            folder=self.folder,
            pool=self.pool,
            host=sorted(self.hosts, key=lambda ref: self.hosts[ref])[host % len(self.hosts)],
            datastores=dict.fromkeys(resource.disks, self.first_datastore),
            portgroup_key=self.portgroup_key,
            switch_uuid=self.switch,
            template=self.templates.find(resource.os, where=str(resource.identity)),
        )

    def clone(self, resource: VmResource, *, host: int = 0) -> MachineSeen:
        return build.clone(self.connection, self.placement(resource, host=host), resource)

    def finish(self, resource: VmResource) -> None:
        build.finish(
            self.connection,
            self.seen(resource.identity),
            resource,
            availability=self.availability,
            cluster=self.cluster,
            quarters=self.quarters,
            datastores=dict.fromkeys(resource.disks, self.first_datastore),
        )

    def build(self, resource: VmResource, *, host: int = 0) -> MachineSeen:
        self.clone(resource, host=host)
        self.finish(resource)
        return self.seen(resource.identity)

    def around(self) -> Surroundings:
        config = self.config()
        return Surroundings(
            owner=OwnerKind.UTILITY,
            cluster="tokyo-1",
            hosts=self.hosts,
            priorities={
                each.key: RestartPriority(each.dasSettings.restartPriority)
                for each in config.dasVmConfig or ()
                if each.dasSettings.restartPriority in list(RestartPriority)
            },
            rules={each.name: frozenset(each.vm) for each in config.rule or ()},
        )

    def config(self) -> Any:
        return self.connection.read_objects([self.cluster], ["configurationEx"])[self.cluster]["configurationEx"]

    def find(self, identity: Identity) -> MachineSeen | None:
        return find_machine(self.connection, identity, self.around, self.quarters)

    def seen(self, identity: Identity) -> MachineSeen:
        found = self.find(identity)
        assert found is not None
        return found

    def observed(self, identity: Identity) -> ObservedVm:
        observed = self.seen(identity).observed
        assert observed is not None
        return observed

    def all(self) -> tuple[MachineSeen, ...]:
        return read_machines(self.connection, self.folder, {"hill": self.around()})

    def happened(self, name: str = "app-1") -> list[str]:
        """What the library did to a server beyond its marks, oldest first."""
        return [
            entry.event
            for entry in self.vcenter.journal()
            if entry.user == self.vcenter.user
            and entry.path.endswith(f"hill/{name}")
            and entry.event not in ("extra-config-changed", "network-card-changed", "attribute-set")
        ]


class Hands:
    """Somebody in the vSphere Client."""

    def __init__(self, vcenter: VCenter) -> None:
        self.connection = Connection(settings(vcenter, hands=True))

    def does(self, start: Callable[[], vim.Task]) -> Any:
        return self.connection.run(start, where="by hand")

    def own(self, ref: Any) -> Any:
        return over(self.connection, ref)

    def power(self, seen: MachineSeen, *, on: bool) -> None:
        ref = self.own(seen.ref)
        self.does(lambda: ref.PowerOnVM_Task() if on else ref.PowerOffVM_Task())

    def destroy(self, seen: MachineSeen) -> None:
        ref = self.own(seen.ref)
        if seen.running:
            self.power(seen, on=False)
        self.does(lambda: ref.Destroy_Task())

    def reconfigure(self, seen: MachineSeen, **settings: Any) -> None:
        ref, spec = self.own(seen.ref), vim.vm.ConfigSpec(**settings)
        self.does(lambda: ref.ReconfigVM_Task(spec))

    def hang(self, seen: MachineSeen, *, unit: int = 9, gb: int = 10) -> None:
        disk = vim.vm.device.VirtualDisk(
            key=-1,
            controllerKey=1000,
            unitNumber=unit,
            capacityInBytes=gb * 2**30,
            capacityInKB=gb * 2**20,
            backing=vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
                fileName=f"[{seen.disks[min(seen.disks)].datastore_name}] {seen.name}/theirs.vmdk",
                diskMode="persistent",
            ),
        )
        change = vim.vm.device.VirtualDeviceSpec(operation="add", fileOperation="create", device=disk)
        self.reconfigure(seen, deviceChange=[change])

    def take_off(self, seen: MachineSeen, name: str) -> None:
        """A disk, its file left where it is."""
        device = next(each for each in seen.devices if each.key == seen.disks[name].key)
        change = vim.vm.device.VirtualDeviceSpec(operation="remove", device=device)
        self.reconfigure(seen, deviceChange=[change])

    def copy(self, seen: MachineSeen, folder: vim.Folder, name: str, **config: Any) -> vim.VirtualMachine:
        ref = self.own(seen.ref)
        spec = vim.vm.CloneSpec(
            location=vim.vm.RelocateSpec(), powerOn=False, template=False, config=vim.vm.ConfigSpec(**config)
        )
        made: vim.VirtualMachine = self.does(lambda: ref.CloneVM_Task(self.own(folder), name, spec))
        return made


@contextmanager
def prepared(vcenter: VCenter) -> Iterator[Site]:
    """The room of tenant `hill`, made by hand."""
    hands = Hands(vcenter)
    content, datacenter = hands.connection.content, hands.connection.datacenter
    read: Any = hands.connection.read_objects([datacenter], ["vmFolder"])[datacenter]
    found: Any = hands.connection.read_many(
        {vim.ClusterComputeResource: ["resourcePool"], vim.DistributedVirtualSwitch: ["uuid"]},
        within=content.rootFolder,
    )
    root = next(each["resourcePool"] for each in found.values() if "resourcePool" in each)
    switch = next(ref for ref in found if isinstance(ref, vim.DistributedVirtualSwitch))
    folder = read["vmFolder"].CreateFolder("wpf").CreateFolder("hill")
    shares = vim.SharesInfo(level="normal", shares=4000)
    allocation = vim.ResourceAllocationInfo(reservation=0, expandableReservation=True, limit=-1, shares=shares)
    pool = root.CreateResourcePool(
        "hill", vim.ResourceConfigSpec(cpuAllocation=allocation, memoryAllocation=allocation)
    )
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(name="wpf-vlan-0101", type="earlyBinding", numPorts=8)
    hands.does(lambda: switch.AddDVPortgroup_Task([spec]))
    groups = hands.connection.read(vim.dvs.DistributedVirtualPortgroup, ["name", "key"], within=content.rootFolder)
    key = next(each["key"] for each in groups.values() if each["name"] == "wpf-vlan-0101")

    hands.connection.close()
    site = Site(vcenter, folder, pool, key)
    try:
        yield site
    finally:
        site.connection.close()
