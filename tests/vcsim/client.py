"""A plain client of the test vCenter, for the tests of the server itself.

Here: login, waiting, the few specifications that several tests write. Not here: anything of the product's.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Sequence
from typing import Any, cast

from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter
from pyVmomi.VmomiSupport import newestVersions

from tests.vcsim.server import VCenter

GB = 2**30


class Client:
    """One session: the library's, that of people at work by hand, or of whoever is named with a password."""

    def __init__(self, vcenter: VCenter, *, hands: bool = False, who: tuple[str, str] | None = None) -> None:
        host, port = vcenter.host.split(":")
        self._stub: Any = SoapStubAdapter(
            host=host,
            port=int(port),
            version=newestVersions.GetName("vim"),
            sslContext=ssl.create_default_context(cafile=str(vcenter.ca_file)),
        )
        self.instance: Any = vim.ServiceInstance("ServiceInstance", self._stub)
        self.content: Any = self.instance.RetrieveContent()
        known = (vcenter.hands_user, vcenter.hands_password) if hands else (vcenter.user, vcenter.password)
        try:
            cast(Any, self.content).sessionManager.Login(*(who or known))
        except Exception:
            self._stub.DropConnections()
            raise
        self.datacenter: Any = self.content.rootFolder.childEntity[0]

    def close(self) -> None:
        with contextlib.suppress(vim.fault.NotAuthenticated):
            self.content.sessionManager.Logout()
        self._stub.DropConnections()

    def wait(self, task: Any) -> Any:
        """The task's result; raises its error."""
        while (info := task.info).state in ("queued", "running"):
            time.sleep(0.005)
        if info.state == "error":
            raise info.error
        return info.result

    def find(self, kind: type, name: str) -> Any:
        """The object of that type and name anywhere in the datacenter."""
        view = self.content.viewManager.CreateContainerView(self.datacenter, [kind], True)
        try:
            [found] = [each for each in view.view if each.name == name]
        finally:
            view.DestroyView()
        return found

    def cluster(self, name: str = "tokyo-1") -> Any:
        return self.find(vim.ClusterComputeResource, name)

    def clone(self, name: str, *, of: str = "rocky-9", folder: Any = None, **spec: Any) -> Any:
        """The task that clones a VM into tokyo-1, into the datacenter's VM folder unless another is given."""
        spec = {"location": self.location(), "powerOn": False, "template": False} | spec
        source = self.find(vim.VirtualMachine, of)
        return source.CloneVM_Task(folder or self.datacenter.vmFolder, name, vim.vm.CloneSpec(**spec))

    def cloned(self, name: str, **more: Any) -> Any:
        return self.wait(self.clone(name, **more))

    def location(self, **more: Any) -> vim.vm.RelocateSpec:
        return vim.vm.RelocateSpec(**({"pool": self.cluster().resourcePool} | more))

    def reconfigure(self, vm: Any, **spec: Any) -> None:
        self.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(**spec)))

    def add_portgroups(self, *names: str, **spec: Any) -> Any:
        """Portgroups on the switch, all in one task; the last of them."""
        make: Any = vim.dvs.DistributedVirtualPortgroup.ConfigSpec
        switch = self.find(vim.DistributedVirtualSwitch, "platform")
        self.wait(switch.AddDVPortgroup_Task([make(name=name, type="earlyBinding", **spec) for name in names]))
        return self.find(vim.dvs.DistributedVirtualPortgroup, names[-1])

    def power_on(self, vm: Any) -> None:
        self.wait(vm.PowerOnVM_Task())


def disks(vm: Any) -> list[Any]:
    return [device for device in vm.config.hardware.device if isinstance(device, vim.vm.device.VirtualDisk)]


def card(vm: Any) -> Any:
    return next(each for each in vm.config.hardware.device if isinstance(each, vim.vm.device.VirtualEthernetCard))


def plugged(nic: Any, portgroup: Any) -> Any:
    """The card as it is to be: on a port of that portgroup."""
    port = vim.dvs.PortConnection(switchUuid=portgroup.config.distributedVirtualSwitch.uuid, portgroupKey=portgroup.key)
    nic.backing = vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(port=port)
    return change("edit", nic)


def change(operation: str, device: Any, file_operation: str | None = None) -> vim.vm.device.VirtualDeviceSpec:
    return vim.vm.device.VirtualDeviceSpec(operation=operation, fileOperation=file_operation, device=device)


def new_disk(
    size_gb: int, unit: int, *, file: str = "", datastore: Any = None, key: int = -1
) -> vim.vm.device.VirtualDeviceSpec:
    """A disk to be made, on the first SCSI controller."""
    backing = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(fileName=file, datastore=datastore, diskMode="persistent")
    disk = vim.vm.device.VirtualDisk(
        key=key, controllerKey=1000, unitNumber=unit, capacityInBytes=size_gb * GB, backing=backing
    )
    return change("add", disk, "create")


def grown(disk: Any, size_gb: int) -> vim.vm.device.VirtualDeviceSpec:
    disk.capacityInBytes = size_gb * GB
    return change("edit", disk)


def allocation(*, cpu: int = 0, memory: int = 0, limit: int = -1) -> Any:
    """What a resource pool reserves and may use."""
    share = vim.SharesInfo(level="normal", shares=0)

    def info(reservation: int) -> Any:
        return vim.ResourceAllocationInfo(
            reservation=reservation, limit=limit, expandableReservation=False, shares=share
        )

    return vim.ResourceConfigSpec(cpuAllocation=info(cpu), memoryAllocation=info(memory))


def options(**words: str) -> Sequence[vim.option.OptionValue]:
    return [vim.option.OptionValue(key=key.replace("_", "."), value=value) for key, value in words.items()]


def noted(vm: Any) -> dict[str, str]:
    return {option.key: option.value for option in vm.config.extraConfig}
