"""One VM as a value: whose it is, which disks are ours, what the model sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from netaddr import IPAddress
from pyVmomi import vim

from tests.backend.vsphere.vm_properties import (
    APP,
    DATA,
    GB,
    HOST,
    MARKS,
    REF,
    SYSTEM,
    controller,
    disk,
    properties,
)
from wpf_infra.backend.vsphere.machine import MachineSeen, Surroundings, is_away, is_noted, observe, see
from wpf_infra.backend.vsphere.mark import Marks, Slot, instance_uuid
from wpf_infra.errors import Transient
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource

AROUND = Surroundings(OwnerKind.UTILITY, "tokyo-1", {HOST: "tokyo-1-1"}, {}, {})


def observed(told: Mapping[str, Any], around: Surroundings = AROUND, peers: tuple[MachineSeen, ...] = ()) -> ObservedVm:
    seen = observe(see(REF, told), around, peers).observed
    assert seen is not None
    return seen


def test_a_server_of_ours_is_seen_as_it_was_declared() -> None:
    server = observed(properties(runtime__powerState="poweredOn"))
    assert server == ObservedVm(
        VmResource(
            tenant="hill",
            owner=OwnerKind.UTILITY,
            name="app-1",
            cluster="tokyo-1",
            os="rhel-9",
            cpu=2,
            memory_gib=8,
            address=IPAddress("10.64.1.11"),
            disks={
                "data": Disk(size_gb=300, storage_class="raid6"),
                "system": Disk(size_gb=100, storage_class="raid6"),
            },
        ),
        power=Power.ON,
        host="tokyo-1-1",
    )


def test_mark_and_uuid_have_to_agree() -> None:
    ours, copy = see(REF, properties()), see(REF, properties(config__instanceUuid="another"))
    assert (ours.is_ours, ours.is_copy, ours.identity) == (True, False, APP)
    assert (copy.is_ours, copy.is_copy, copy.identity) == (False, True, APP)
    assert copy.disks == {}
    assert observe(copy, AROUND, ()).observed is None


@pytest.mark.parametrize(
    "told",
    [
        {"name": "app-1"},
        properties(marks=None),
        properties(config__template=True),
        properties(marks=replace(MARKS, identity=Identity("hill", Kind.VM, "app-2"))),
    ],
    ids=["hardly readable", "no mark", "a template", "another's mark"],
)
def test_anything_else_is_not_ours(told: Mapping[str, Any]) -> None:
    assert not see(REF, told).is_ours


@pytest.mark.parametrize("state", ["inaccessible", "orphaned", "invalid"])
def test_one_that_cannot_be_read_now_is_not_gone(state: str) -> None:
    with pytest.raises(Transient, match="app-1: the vCenter cannot read its configuration"):
        see(REF, {"name": "app-1", "runtime.connectionState": state})
    assert see(REF, properties(runtime__connectionState=state)).is_ours


def test_a_disk_without_a_mark_is_somebody_elses() -> None:
    theirs = disk("theirs", 2)
    seen = see(REF, properties(devices=(controller(), SYSTEM, DATA, theirs)))
    assert (list(seen.disks), list(seen.foreign)) == (["data", "system"], ["theirs"])
    assert seen.foreign["theirs"].file == "[raid6-a] app-1/theirs.vmdk"
    assert seen.foreign["theirs"].datastore_name == "raid6-a"


def test_another_disk_at_our_disks_place_is_somebody_elses() -> None:
    seen = see(REF, properties(devices=(controller(), SYSTEM, disk("data", 1, uuid="swapped"))))
    assert (list(seen.disks), list(seen.foreign)) == (["system"], ["data'"])


def test_our_disk_is_known_wherever_it_hangs() -> None:
    moved = disk("app-1_1", 4, uuid="uuid-data")
    seen = see(REF, properties(devices=(controller(), SYSTEM, moved, disk("app-1", 1, uuid="other"))))
    assert seen.disks["data"].unit == 4
    assert list(seen.foreign) == ["app-1"]


def test_two_disks_with_our_uuid_are_told_apart_by_their_place() -> None:
    twin = disk("twin", 5, uuid="uuid-data")
    assert list(see(REF, properties(devices=(controller(), SYSTEM, DATA, twin))).foreign) == ["twin"]
    lost = disk("app-1_1", 6, uuid="uuid-data")
    assert "data" not in see(REF, properties(devices=(controller(), SYSTEM, lost, twin))).disks


def test_a_disk_whose_uuid_is_not_known_yet_is_known_by_its_place() -> None:
    marks = replace(MARKS, disks={"system": Slot(0, 0, "raid6"), "data": Slot(1, 0, "raid6")})
    second = disk("app-1_1", 0, uuid="any", controller_key=1001)
    seen = see(REF, properties(marks, (controller(), controller(1001, 1), SYSTEM, second)))
    assert {name: each.recorded for name, each in seen.disks.items()} == {"system": False, "data": False}
    assert seen.disks["data"].bus == 1


def test_one_disk_is_never_two() -> None:
    marks = replace(MARKS, disks={"a": Slot(0, 0, "raid6"), "b": Slot(0, 0, "raid6", "uuid-system")})
    assert list(see(REF, properties(marks, (controller(), SYSTEM))).disks) == ["b"]


def test_a_raw_device_is_never_ours() -> None:
    raw = vim.vm.device.VirtualDisk(
        key=2001,
        controllerKey=1000,
        unitNumber=1,
        capacityInBytes=GB,
        capacityInKB=2**20,
        backing=vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo(
            fileName="[raid6-a] app-1/lun.vmdk",
            uuid="uuid-data",
            diskMode="persistent",
            compatibilityMode="virtualMode",
        ),
    )
    assert list(see(REF, properties(devices=(controller(), SYSTEM, raw))).foreign) == ["lun"]


def test_a_begun_gib_counts() -> None:
    odd = disk("app-1", 0, uuid="uuid-system", size=100 * GB + 1)
    server = observed(properties(devices=(controller(), odd), config__hardware__memoryMB=8193))
    assert (server.resource.memory_gib, server.resource.disks["system"].size_gb) == (9, 101)


def test_marks_that_somebody_took_away_show() -> None:
    server = observed(properties(Marks(APP, disks=MARKS.disks)))
    assert (server.resource.os, str(server.resource.address), server.built) == ("unknown", "0.0.0.0", False)


def test_a_suspended_server_is_not_off_and_does_not_run_either() -> None:
    suspended, running = (see(REF, properties(runtime__powerState=state)) for state in ("suspended", "poweredOn"))
    assert (suspended.running, suspended.suspended) == (True, True)
    assert (running.running, running.suspended) == (True, False)


def test_tools_run_unless_it_is_known_that_they_do_not() -> None:
    told = [properties(guest__toolsRunningStatus=f"guestTools{word}") for word in ("NotRunning", "Running")]
    assert [see(REF, each).tools_running for each in (*told, properties())] == [False, True, True]


def test_what_the_vcenter_itself_says_can_be_read_when_the_vm_cannot() -> None:
    away = {"name": "app-1", "runtime.connectionState": "orphaned"}
    assert is_away(away)
    assert not is_away(properties(runtime__connectionState="disconnected"))
    for word, noted in (("hill/vm/app-1", True), ("hill/tenant/hill", False), ("theirs", False), ("", False)):
        assert is_noted({**away, "customValue": [vim.CustomFieldsManager.StringValue(key=1, value=word)]}) is noted
    assert not is_noted(away)


def test_only_a_disk_that_still_hangs_there_is_erased() -> None:
    marks = replace(MARKS, erased=frozenset({"data", "log"}), erasing=frozenset({"system", "log"}))
    seen = see(REF, properties(marks))
    assert (sorted(seen.erased), sorted(seen.overwritten)) == (["data", "system"], ["data"])


def test_the_restart_priority_is_the_clusters_override() -> None:
    around = replace(AROUND, priorities={REF: RestartPriority.HIGH})
    assert observed(properties(), around).resource.restart_priority is RestartPriority.HIGH


class TestGroup:
    WORD = properties(replace(MARKS, anti_affinity="app"))

    @staticmethod
    def peer(group: str | None = "app", *, built: bool = True, tenant: str = "hill") -> MachineSeen:
        identity = Identity(tenant, Kind.VM, "app-2")
        marks = replace(MARKS, identity=identity, anti_affinity=group, built=built)
        return see(vim.VirtualMachine("vm-2"), properties(marks, config__instanceUuid=instance_uuid(identity)))

    def test_alone_the_word_is_enough(self) -> None:
        itself = see(REF, self.WORD)
        for peers in ((), (itself,), (itself, self.peer("other"), self.peer(None), self.peer(built=False))):
            assert observed(self.WORD, peers=peers).resource.anti_affinity == "app"

    def test_with_others_the_rule_has_to_hold_it(self) -> None:
        assert observed(self.WORD, peers=(self.peer(),)).resource.anti_affinity is None
        held = replace(AROUND, rules={"wpf:hill:app": {REF}})
        assert observed(self.WORD, held, (self.peer(),)).resource.anti_affinity == "app"

    def test_a_rule_without_the_word_is_not_its_group(self) -> None:
        held = replace(AROUND, rules={"wpf:hill:app": {REF}})
        assert observed(properties(), held).resource.anti_affinity is None
