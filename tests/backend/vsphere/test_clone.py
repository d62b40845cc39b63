"""What a clone is told: everything, so that nothing is left to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pyVmomi import vim

from tests.backend.vsphere.vm_properties import GB, card, controller, disk
from tests.contract import estate
from wpf_infra.backend.vsphere.clone import Placement, clone_spec, free_seats, system_disk
from wpf_infra.backend.vsphere.ground import DatastoreSeen
from wpf_infra.backend.vsphere.machines import Template
from wpf_infra.errors import BackendError, Refused, Unsupported
from wpf_infra.model.resource import VmResource

TEMPLATE = Template(
    vim.VirtualMachine("vm-9"), "rhel-9", (controller(), disk("rhel-9", 0, size=40 * GB), card()), frozenset()
)
HERE = DatastoreSeen(vim.Datastore("ds-1"), "raid6-a", 12000, 12000, frozenset())
THERE = replace(HERE, ref=vim.Datastore("ds-2"), name="raid6-b")
PLACEMENT = Placement(
    folder=vim.Folder("group-hill"),
    pool=vim.ResourcePool("pool-hill"),
    host=vim.HostSystem("host-1"),
    datastores={"system": HERE, "data": THERE, "log": HERE},
    portgroup_key="dvportgroup-101",
    switch_uuid="50 2f",
    template=TEMPLATE,
)
SERVER = estate.server(disks=estate.disks(system=100, data=300, log=500), anti_affinity="app")


def told(resource: VmResource = SERVER, template: Template = TEMPLATE) -> Any:
    return clone_spec(resource, replace(PLACEMENT, template=template))


def changes(spec: Any, kind: type) -> list[Any]:
    return [change for change in spec.config.deviceChange if isinstance(change.device, kind)]


def test_it_stays_off_and_is_no_template() -> None:
    assert (told().powerOn, told().template) == (False, False)


def test_size_and_identity_are_in_it() -> None:
    config = told().config
    assert (config.numCPUs, config.numCoresPerSocket, config.memoryMB) == (2, 2, 8192)
    assert config.instanceUuid == "2f208036-b707-5223-abab-6a02d679e12e"
    assert {option.key: option.value for option in config.extraConfig} == {
        "wpf.identity": "hill/vm/app-1",
        "wpf.os": "rhel-9",
        "wpf.address": "10.64.1.11",
        "guestinfo.wpf.address": "10.64.1.11",
        "wpf.anti-affinity": "app",
        "wpf.disk.system": "0:0 raid6",
        "wpf.disk.data": "0:1 raid6",
        "wpf.disk.log": "0:2 raid6",
    }


def test_it_says_which_run_builds_it() -> None:
    spec = clone_spec(SERVER, PLACEMENT, token="0badcafe")
    assert spec.config is not None
    assert {option.key: option.value for option in spec.config.extraConfig}["wpf.build"] == "0badcafe"


def test_marks_of_the_template_go() -> None:
    marked = replace(TEMPLATE, extra_keys=frozenset({"wpf.built", "wpf.os", "disk.EnableUUID"}))
    entries = {option.key: option.value for option in told(template=marked).config.extraConfig}
    assert (entries["wpf.built"], entries["wpf.os"]) == ("", "rhel-9")
    assert "disk.EnableUUID" not in entries


def test_the_templates_disk_grows_and_the_others_are_new_and_thick() -> None:
    system, data, log = changes(told(), vim.vm.device.VirtualDisk)
    assert (system.operation, system.device.key, system.device.capacityInBytes) == ("edit", 3000, 100 * GB)
    for each, size_gb, unit, datastore in ((data, 300, 1, THERE), (log, 500, 2, HERE)):
        assert (each.operation, each.fileOperation) == ("add", "create")
        assert (each.device.capacityInBytes, each.device.capacityInKB) == (size_gb * GB, size_gb * 2**20)
        assert (each.device.controllerKey, each.device.unitNumber) == (1000, unit)
        backing = each.device.backing
        assert (backing.fileName, backing.datastore) == (f"[{datastore.name}]", datastore.ref)
        assert (backing.thinProvisioned, backing.eagerlyScrub) == (False, False)
    assert data.device.key != log.device.key


def test_it_goes_where_it_was_placed_and_shares_no_block_with_the_template() -> None:
    location = told().location
    assert (location.pool, location.host, location.datastore) == (PLACEMENT.pool, PLACEMENT.host, HERE.ref)
    (locator,) = location.disk
    assert (locator.diskId, locator.datastore) == (3000, HERE.ref)
    assert locator.diskMoveType == "moveAllDiskBackingsAndDisallowSharing"


def test_its_card_is_on_the_tenants_portgroup_and_it_has_no_other() -> None:
    kind = vim.vm.device.VirtualEthernetCard
    first, second = changes(told(template=replace(TEMPLATE, devices=(*TEMPLATE.devices, card(4001)))), kind)
    assert (first.operation, first.device.key, type(first.device)) == ("edit", 4000, vim.vm.device.VirtualVmxnet3)
    port = first.device.backing.port
    assert (port.portgroupKey, port.switchUuid) == ("dvportgroup-101", "50 2f")
    assert (second.operation, second.device.key) == ("remove", 4001)
    (added,) = changes(told(template=replace(TEMPLATE, devices=TEMPLATE.devices[:2])), kind)
    assert added.operation == "add"


@pytest.mark.parametrize(
    ("names", "system"), [(["system", "data"], "system"), (["os", "data"], "data"), (["system"], "system")]
)
def test_the_disk_that_holds_the_os(names: list[str], system: str) -> None:
    assert system_disk(names) == system


@pytest.mark.parametrize(
    "devices",
    [
        (controller(), card()),
        (controller(), disk("a", 0), disk("b", 1)),
        (vim.vm.device.VirtualAHCIController(key=1000, busNumber=0), disk("a", 0)),
    ],
    ids=["no disk", "two disks", "no SCSI"],
)
def test_a_template_that_does_not_do_is_refused(devices: tuple[Any, ...]) -> None:
    with pytest.raises(Refused, match="rhel-9 has to have exactly one disk"):
        told(template=replace(TEMPLATE, devices=devices))


def test_a_disk_smaller_than_the_templates_is_refused() -> None:
    with pytest.raises(BackendError, match="has 20 GB, the disk of OS template rhel-9 has 40 GB") as caught:
        told(estate.server(disks=estate.disks(system=20)))
    assert (caught.value.row, caught.value.where) == (15, "hill/vm/app-1")


class TestSeats:
    def test_taken_units_and_the_controllers_own_are_left_out(self) -> None:
        devices = (controller(), disk("a", 0), disk("b", 2), card())
        assert [seat.unit for seat in free_seats(devices, 7, "here")] == [1, 3, 4, 5, 6, 8, 9]

    def test_the_next_controller_follows_and_then_there_is_none(self) -> None:
        devices = (controller(1001, 1), controller(), disk("a", 0))
        assert [seat.bus for seat in free_seats(devices, 29, "here")] == [0] * 14 + [1] * 15
        with pytest.raises(Unsupported, match="no place for 1 of the new disks"):
            free_seats(devices, 30, "here")
