"""What stands in a room: exactly what it was told, as a vCenter tells it."""

from __future__ import annotations

import time
from pathlib import Path

from pyVmomi import vim

from tests.vcsim.client import GB, Client, card, disks
from tests.vcsim.conftest import ROOM
from tests.vcsim.server import VCenter, build, started


def test_starts_in_a_moment(tmp_path: Path) -> None:
    build()
    began = time.monotonic()
    with started(ROOM, tmp_path) as vcenter:
        assert vcenter.ca_file.read_text().startswith("-----BEGIN CERTIFICATE")
    assert time.monotonic() - began < 3, "far above what it takes, for machines that are busy"


def test_two_servers_are_two_vcenters(vcenter: VCenter, client: Client, tmp_path: Path) -> None:
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    with started(ROOM, other_folder) as other:
        second = Client(other)
        assert second.content.about.instanceUuid != client.content.about.instanceUuid
        second.close()


def test_version(client: Client) -> None:
    """ServiceContent.about: version and API version of vSphere 8.0.3."""
    about = client.content.about
    assert (about.version, about.apiVersion, about.apiType) == ("8.0.3", "8.0.3.0", "VirtualCenter")


def test_clusters_and_hosts(client: Client) -> None:
    """ClusterConfigInfoEx, HostHardwareSummary."""
    cluster = client.cluster()
    config = cluster.configurationEx
    assert config.dasConfig.enabled and config.drsConfig.enabled
    assert config.drsConfig.defaultVmBehavior == "fullyAutomated"
    assert {
        host.name: (host.summary.hardware.numCpuThreads, host.hardware.memorySize // GB) for host in cluster.host
    } == {
        "esx-1": (16, 128),
        "esx-2": (16, 128),
    }
    assert cluster.summary.totalMemory == 256 * GB


def test_datastores_are_mounted_on_their_cluster_only(client: Client) -> None:
    """Datastore.host, DatastoreSummary."""
    raid6 = client.find(vim.Datastore, "raid6")
    assert {mount.key.name for mount in raid6.host} == {"esx-1", "esx-2"}
    assert raid6.summary.capacity == 1000 * GB
    assert raid6.summary.freeSpace == (1000 - 40 - 60) * GB
    assert [each.name for each in client.cluster("osaka-1").datastore] == ["far"]


def test_template(client: Client) -> None:
    """VirtualMachineConfigInfo.template; everything that a client may read of a VM can be read."""
    template = client.find(vim.VirtualMachine, "rocky-9")
    assert template.config.template and template.parent.name == "templates"
    assert template.resourcePool is None
    [disk] = disks(template)
    assert (disk.capacityInBytes, disk.controllerKey, disk.unitNumber) == (40 * GB, 1000, 0)
    assert isinstance(card(template), vim.vm.device.VirtualVmxnet3)
    for name in (
        "summary",
        "runtime",
        "guest",
        "capability",
        "layoutEx",
        "snapshot",
        "storage",
        "datastore",
        "network",
    ):
        getattr(template, name)
    assert template.runtime.faultToleranceState == "notConfigured"
    assert template.runtime.recordReplayState == "inactive"
    assert template.config.version == template.summary.config.hwVersion == "vmx-20"


def test_every_vm_has_a_pci_controller_of_its_own(client: Client) -> None:
    """VirtualController.device lists what hangs on this VM's controller."""
    for name in ("app-1", "app-2"):
        client.cloned(name)
    for name in ("rocky-9", "app-1", "app-2"):
        devices = client.find(vim.VirtualMachine, name).config.hardware.device
        [pci] = [each for each in devices if isinstance(each, vim.vm.device.VirtualPCIController)]
        assert sorted(pci.device) == sorted(each.key for each in devices if each.controllerKey == pci.key)


def test_switch(client: Client) -> None:
    """VmwareDistributedVirtualSwitch: every host is a member; its uplinks have a portgroup marked as such."""
    switch = client.find(vim.DistributedVirtualSwitch, "platform")
    assert isinstance(switch, vim.dvs.VmwareDistributedVirtualSwitch)
    assert {host.name for host in switch.summary.hostMember} == {"esx-1", "esx-2", "esx-9"}
    [uplinks] = switch.portgroup
    assert uplinks.config.uplink
