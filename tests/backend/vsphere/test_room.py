"""A tenant's folder, pool and portgroup: made, changed, taken away, and never somebody else's (FAQ-22)."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Literal

import pytest
from pyVmomi import vim

from tests.backend.vsphere.rack import Process, processes
from tests.contract import estate
from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.vsphere.inscription import portgroup_name
from wpf_infra.backend.vsphere.room import check
from wpf_infra.backend.vsphere.survey import with_vlans
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused, Unsupported
from wpf_infra.model.resource import TenantResource

UNREGISTER = "UnregisterAndDestroy_Task"
LAKE = estate.tenant("lake", vlan=300, cidr="10.64.9.0/24")


def named(ja: str, en: str) -> TenantResource:
    return TenantResource.model_validate({**estate.HILL.data(), "name": {"ja": ja, "en": en}})


def put_up(people: Process, name: str, vlan: Any, description: str = "") -> Any:
    """A portgroup that people made."""
    ground = people.ground()
    settings = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(vlan=vlan)
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name=name, type="earlyBinding", numPorts=8, description=description, defaultPortConfig=settings
    )
    people.run(ground.switches[0].ref.AddDVPortgroup_Task, spec=[spec])
    return next(one.ref for one in people.ground().portgroups if one.name == name)


def single(vlan: int) -> Any:
    return vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(inherited=False, vlanId=vlan)


def put_server(
    people: Process, *, folder: Any, pool: Any, name: str = "theirs", portgroup: Any = None, disk_gb: int = 0
) -> Any:
    """A server that people made."""
    devices = []
    if disk_gb:
        controller = vim.vm.device.ParaVirtualSCSIController(key=-2, busNumber=0, sharedBus="noSharing")
        file = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
            fileName="[raid6-a]", diskMode="persistent", thinProvisioned=True
        )
        disk = vim.vm.device.VirtualDisk(
            key=-3, controllerKey=-2, unitNumber=0, backing=file, capacityInKB=disk_gb * 2**20
        )
        devices.append(vim.vm.device.VirtualDeviceSpec(operation="add", device=controller))
        devices.append(vim.vm.device.VirtualDeviceSpec(operation="add", fileOperation="create", device=disk))
    if portgroup is not None:
        ground = people.ground()
        port = vim.dvs.PortConnection(portgroupKey=portgroup.key, switchUuid=ground.switches[0].uuid)
        backing = vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(port=port)
        card = vim.vm.device.VirtualVmxnet3(key=-1, backing=backing)
        devices.append(vim.vm.device.VirtualDeviceSpec(operation="add", device=card))
    spec = vim.vm.ConfigSpec(
        name=name,
        guestId="otherGuest",
        files=vim.vm.FileInfo(vmPathName="[raid6-a]"),
        numCPUs=1,
        memoryMB=512,
        deviceChange=devices,
    )
    return people.run(folder.CreateVM_Task, config=spec, pool=pool)


class TestBuilding:
    def test_a_room_is_read_as_it_was_declared(self, library: Process) -> None:
        library.build(estate.HILL, estate.APPS)
        ground = library.ground()
        assert (ground.tenant("hill"), ground.tenant("apps")) == (estate.HILL, estate.APPS)
        room = ground.room("hill")
        assert room.folder is not None
        assert room.pool is not None
        assert room.portgroup is not None
        assert ground.root_folder is not None
        assert (room.folder.name, room.folder.parent) == ("hill", ground.root_folder.ref)
        assert (room.pool.name, room.pool.parent) == ("hill", ground.clusters["tokyo-1"].root_pool)
        assert (room.portgroup.name, room.portgroup.vlan) == ("wpf-vlan-0101", 101)
        assert "hill" in room.portgroup.description

    def test_building_again_changes_nothing(self, library: Process, racked: VCenter) -> None:
        library.build(estate.HILL)
        racked.reset_calls()
        library.build(estate.HILL)
        writing = {
            "SetField",
            "CreateFolder",
            "CreateResourcePool",
            "AddDVPortgroup_Task",
            "ReconfigureDVPortgroup_Task",
        }
        assert not writing & racked.calls().keys()

    def test_it_needs_its_cluster(self, library: Process) -> None:
        with pytest.raises(NotFound, match="nowhere"):
            library.build(estate.tenant("lake", vlan=300, cidr="10.64.9.0/24", cluster="nowhere"))
        assert library.ground().root_folder is None

    @pytest.mark.parametrize(
        "method", ["SetField", "CreateFolder", "CreateResourcePool", "AddDVPortgroup_Task", "AddCustomFieldDef"]
    )
    @pytest.mark.parametrize("when", ["call", "drop-reply"])
    def test_a_build_that_was_cut_off_is_not_seen_and_is_finished(
        self, library: Process, racked: VCenter, method: str, when: Literal["call", "drop-reply"]
    ) -> None:
        cut_off = 0
        while library.find(estate.HILL) is None:
            racked.fail(Fault(methods=(method,), fault="HostCommunication", when=when, skip=cut_off))
            try:
                library.build(estate.HILL)
            except BackendError:
                cut_off += 1
            racked.clear_faults()
        assert cut_off
        library.build(estate.HILL, LAKE)
        ground = library.ground()
        assert (ground.tenant("hill"), ground.tenant("lake")) == (estate.HILL, LAKE)
        names = sorted(one.name for one in ground.portgroups if one.name.startswith("wpf-"))
        assert names == ["wpf-vlan-0101", "wpf-vlan-0300"]

    def test_several_processes_build_one_room_between_them(self, racked: VCenter) -> None:
        with processes(racked, 4) as several:
            with ThreadPoolExecutor(4) as pool:
                for _ in pool.map(lambda process: process.build(estate.HILL), several):
                    pass
            ground = several[0].ground()
            assert ground.tenant("hill") == estate.HILL
            assert sum(one.name == "hill" for one in ground.folders) == 1
            assert sum(one.name == "hill" for one in ground.pools) == 1


class TestWhatIsSomebodyElses:
    """Row 22: a VLAN is one tenant's."""

    def test_a_vlan_is_one_tenants_between_processes_too(self, racked: VCenter) -> None:
        rivals = [estate.tenant(f"lake-{n}", vlan=300, cidr=f"10.64.{n}.0/24") for n in range(1, 5)]
        with processes(racked, 4) as several:

            def build(one: tuple[Process, TenantResource]) -> Conflict | None:
                try:
                    one[0].build(one[1])
                except Conflict as conflict:
                    return conflict
                return None

            with ThreadPoolExecutor(4) as pool:
                ends = list(pool.map(build, zip(several, rivals, strict=True)))
            lost = [end for end in ends if end is not None]
            assert len(lost) == 3
            assert all("VLAN 300" in str(end) and end.row == 22 for end in lost)
            ground = several[0].ground()
            assert sum(ground.tenant(rival.tenant) == rival for rival in rivals) == 1

    def test_a_portgroup_that_people_made_holds_its_vlan(self, library: Process, people: Process) -> None:
        ref = put_up(people, "legacy", single(101))
        with pytest.raises(Conflict, match="VLAN 101 is held by portgroup legacy") as caught:
            library.build(estate.HILL)
        assert caught.value.row == 22
        assert library.ground().rooms == {}
        people.run(ref.Destroy_Task)
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL

    def test_a_trunk_holds_none(self, library: Process, people: Process) -> None:
        trunk = vim.dvs.VmwareDistributedVirtualSwitch.TrunkVlanSpec(
            inherited=False, vlanId=[vim.NumericRange(start=0, end=4094)]
        )
        put_up(people, "uplinks", trunk)
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL

    def test_a_portgroup_with_our_name_and_nobodys_mark_is_not_taken(self, library: Process, people: Process) -> None:
        put_up(people, portgroup_name(101), single(5), "made by hand")
        with pytest.raises(Conflict, match=r"VLAN 101 .*made by hand"):
            library.build(estate.HILL)

    def test_an_empty_folder_and_pool_of_that_name_are_taken(self, library: Process, people: Process) -> None:
        self._folder_and_pool(people)
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL
        ground = library.ground()
        assert [one.name for one in ground.folders].count("hill") == 1
        assert [one.name for one in ground.pools].count("hill") == 1

    @pytest.mark.parametrize("kind", ["folder", "pool"])
    def test_one_with_something_in_it_is_not(self, library: Process, people: Process, kind: str) -> None:
        folder, pool = self._folder_and_pool(people)
        if kind == "folder":
            people.connection.call(lambda: folder.CreateFolder(name="inner"), where="people")
        else:
            put_server(people, folder=people.ground().server_folder.ref, pool=pool)  # type: ignore[union-attr]
        with pytest.raises(Conflict, match=f"{kind} hill .* something in it"):
            library.build(estate.HILL)
        assert library.find(estate.HILL) is None

    @staticmethod
    def _folder_and_pool(people: Process) -> tuple[Any, Any]:
        ground = people.ground()
        above, cluster = ground.server_folder, ground.clusters["tokyo-1"]
        assert above is not None
        call = people.connection.call
        root = call(lambda: above.ref.CreateFolder(name="wpf"), where="people")
        share = vim.ResourceAllocationInfo(
            reservation=0, limit=-1, expandableReservation=True, shares=vim.SharesInfo(level="normal", shares=0)
        )
        spec = vim.ResourceConfigSpec(cpuAllocation=share, memoryAllocation=share)
        pool = call(lambda: cluster.root_pool.CreateResourcePool(name="hill", spec=spec), where="people")
        return call(lambda: root.CreateFolder(name="hill"), where="people"), pool


class TestChecking:
    """What a rehearsal asks, on values alone."""

    def test_what_can_stand_and_what_stands_passes(self, library: Process, racked: VCenter) -> None:
        for _ in range(2):
            ground = with_vlans(library.connection, library.ground())
            racked.reset_calls()
            assert check(ground, estate.HILL).name == "tokyo-1"
            assert not racked.calls()
            library.build(estate.HILL)

    def test_a_foreign_portgroup_holds_its_vlan(self, library: Process, people: Process) -> None:
        put_up(people, "legacy", single(300))
        library.build(estate.HILL)
        ground = with_vlans(library.connection, library.ground(policies_of=()))
        with pytest.raises(Conflict, match="VLAN 300 is held by portgroup legacy"):
            check(ground, LAKE)
        with pytest.raises(Conflict, match="VLAN 300 is held by portgroup legacy"):
            check(ground, estate.tenant("hill", vlan=300, cidr="10.64.1.0/24"))
        check(ground, estate.HILL)

    def test_another_tenants_vlan_is_left_to_the_ledger(self, library: Process) -> None:
        """It knows what goes before this in the same plan."""
        library.build(estate.HILL)
        check(library.ground(), estate.tenant("lake", vlan=101, cidr="10.64.9.0/24"))

    def test_no_switch_and_several_are_said(self, library: Process) -> None:
        ground = library.ground()
        (one,) = ground.switches
        with pytest.raises(NotFound, match="no distributed switch has every host of cluster tokyo-1"):
            check(dataclasses.replace(ground, switches=()), LAKE)
        other = dataclasses.replace(one, ref=vim.DistributedVirtualSwitch("dvs-other"), name="storage")
        with pytest.raises(Conflict, match="several distributed switches: dvs, storage"):
            check(dataclasses.replace(ground, switches=(one, other)), LAKE)

    def test_another_switch_is_another_tenant(self, library: Process) -> None:
        library.build(estate.HILL)
        ground = library.ground()
        (one,) = ground.switches
        other = dataclasses.replace(one, ref=vim.DistributedVirtualSwitch("dvs-other"), claim=estate.CLUSTER.identity)
        with pytest.raises(Unsupported, match="the tenant's portgroup is on another"):
            check(dataclasses.replace(ground, switches=(one, other)), estate.HILL)

    @pytest.mark.parametrize("kind", ["folder", "pool"])
    def test_a_name_that_is_taken_is_said_before_anything_is_made(
        self, library: Process, people: Process, racked: VCenter, kind: str
    ) -> None:
        folder, pool = TestWhatIsSomebodyElses._folder_and_pool(people)
        if kind == "folder":
            people.connection.call(lambda: folder.CreateFolder(name="inner"), where="people")
        else:
            put_server(people, folder=people.ground().server_folder.ref, pool=pool)  # type: ignore[union-attr]
        with pytest.raises(Conflict, match=f"{kind} hill .* something in it"):
            check(library.ground(), estate.HILL)
        racked.reset_calls()
        with pytest.raises(Conflict):
            library.build(estate.HILL)
        assert "AddDVPortgroup_Task" not in racked.calls()


class TestSettling:
    @pytest.mark.parametrize(
        "wanted",
        [
            named("丘の水道", "Hill"),
            estate.tenant("hill", vlan=101, cidr="10.64.1.0/24", quota={"cpu": 1, "memory_gib": 2, "storage_gb": 3}),
            estate.tenant("hill", vlan=102, cidr="10.64.1.0/24"),
            estate.tenant("hill", vlan=101, cidr="10.64.1.0/25"),
            estate.tenant("hill", vlan=101, cidr="10.64.1.0/24", owner="vendor"),
            estate.tenant("hill", vlan=101, cidr="10.64.1.0/24", cluster="osaka-1"),
        ],
        ids=["name", "quota", "VLAN", "network", "owner", "cluster"],
    )
    def test_a_difference_is_settled(self, library: Process, wanted: TenantResource) -> None:
        policy = estate.policy({"telemetry": "telemetry"})
        library.build(estate.HILL, policy)
        before = library.ground().room("hill")
        library.build(wanted)
        ground = library.ground()
        assert ground.tenant("hill") == wanted
        assert ground.firewall("hill") == policy
        after = ground.room("hill")
        assert before.folder is not None
        assert after.folder is not None
        assert before.portgroup is not None
        assert after.portgroup is not None
        assert (after.folder.ref, after.portgroup.ref) == (before.folder.ref, before.portgroup.ref)
        assert sum(one.name == "hill" for one in ground.pools) == 1

    def test_a_vlan_is_changed_in_one_task(self, library: Process, racked: VCenter) -> None:
        library.build(estate.HILL)
        racked.reset_calls()
        library.build(estate.tenant("hill", vlan=102, cidr="10.64.1.0/24"))
        assert racked.calls()["ReconfigureDVPortgroup_Task"] == 1
        assert "Rename_Task" not in racked.calls()
        portgroup = library.ground().room("hill").portgroup
        assert portgroup is not None
        assert (portgroup.name, portgroup.vlan) == ("wpf-vlan-0102", 102)
        assert "hill" in portgroup.description

    def test_a_name_is_a_record_alone(self, library: Process, racked: VCenter) -> None:
        library.build(estate.HILL)
        racked.reset_calls()
        library.build(named("水道", "Hill"))
        assert racked.calls()["SetField"] == 1

    def test_another_tenants_vlan_is_not_taken(self, library: Process) -> None:
        library.build(estate.HILL, estate.APPS)
        with pytest.raises(Conflict, match="VLAN 3001 is held by tenant apps"):
            library.build(estate.tenant("hill", vlan=3001, cidr="10.64.1.0/24"))
        assert library.find(estate.HILL) == estate.HILL


class TestTakingAway:
    def test_a_room_goes_and_comes_again(self, library: Process) -> None:
        library.build(estate.HILL, estate.APPS)
        library.remove(estate.HILL.identity)
        ground = library.ground()
        assert "hill" not in ground.rooms
        assert "hill" not in [one.name for one in ground.folders]
        assert "hill" not in [one.name for one in ground.pools]
        assert ground.tenant("apps") == estate.APPS
        library.remove(estate.HILL.identity)
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL

    @pytest.mark.parametrize("method", ["SetField", "CreateFolder", "CreateResourcePool"])
    def test_half_a_room_frees_its_vlan(self, library: Process, racked: VCenter, method: str) -> None:
        racked.fail(Fault(methods=(method,), fault="HostCommunication"))
        with pytest.raises(BackendError):
            library.build(estate.HILL)
        library.remove(estate.HILL.identity)
        assert not [one for one in library.ground().portgroups if one.name.startswith("wpf-")]
        library.build(estate.tenant("lake", vlan=101, cidr="10.64.9.0/24"))

    @pytest.mark.parametrize(("method", "skip"), [("Destroy_Task", 0), ("Destroy_Task", 1), (UNREGISTER, 0)])
    @pytest.mark.parametrize("when", ["call", "task", "drop-reply"])
    def test_a_removal_that_was_cut_off_is_finished(
        self, library: Process, racked: VCenter, method: str, skip: int, when: Literal["call", "task", "drop-reply"]
    ) -> None:
        """An object that went is gone, whatever became of the answer."""
        library.build(estate.HILL)
        racked.fail(Fault(methods=(method,), fault="HostCommunication", when=when, skip=skip))
        with suppress(BackendError):
            library.remove(estate.HILL.identity)
        library.remove(estate.HILL.identity)
        assert library.ground().room("hill").folder is None
        assert "hill" not in library.ground().rooms

    def test_several_processes_take_one_room_away_between_them(self, racked: VCenter) -> None:
        racked.latency(40, methods=["Destroy_Task", UNREGISTER])
        racked.task_duration(60, methods=["Destroy_Task", UNREGISTER])
        with processes(racked, 3) as several:
            several[0].build(estate.HILL, estate.policy({}))
            with ThreadPoolExecutor(3) as pool:
                for _ in pool.map(lambda process: process.remove(estate.HILL.identity), several):
                    pass
            assert several[0].ground().rooms == {}

    def test_a_server_that_comes_in_at_the_last_moment_keeps_its_files(
        self, library: Process, people: Process, racked: VCenter
    ) -> None:
        """vim.Folder.unregisterAndDestroy; Destroy_Task would delete what stands in the folder from its datastores."""
        library.build(estate.HILL)
        ground = people.ground()
        folder = ground.room("hill").folder
        assert folder is not None
        racked.task_duration(1500, methods=[UNREGISTER])
        with ThreadPoolExecutor(1) as pool:
            removal = pool.submit(library.remove, estate.HILL.identity)
            while not racked.calls()[UNREGISTER]:
                assert not removal.done()
            put_server(people, folder=folder.ref, pool=ground.clusters["tokyo-1"].root_pool, disk_gb=1)
            removal.result()
        assert "hill" not in library.ground().rooms
        assert any("theirs" in path for path in racked.disks())

    @pytest.mark.parametrize("place", ["folder", "pool", "portgroup"])
    def test_what_people_put_there_keeps_the_room(self, library: Process, people: Process, place: str) -> None:
        library.build(estate.HILL)
        ground = people.ground()
        room, above = ground.room("hill"), ground.server_folder
        assert above is not None
        assert room.folder is not None
        assert room.pool is not None
        server = put_server(
            people,
            folder=room.folder.ref if place == "folder" else above.ref,
            pool=room.pool.ref if place == "pool" else ground.clusters["tokyo-1"].root_pool,
            portgroup=room.portgroup if place == "portgroup" else None,
        )
        with pytest.raises((Refused, Conflict), match="theirs"):
            library.remove(estate.HILL.identity)
        assert people.connection.read_objects([server], ["name"])[server] == {"name": "theirs"}
        assert library.ground().room("hill").folder is not None

    def test_a_folder_that_is_not_marked_is_not_ours_to_take(self, library: Process, people: Process) -> None:
        above = people.ground().server_folder
        assert above is not None
        root = people.connection.call(lambda: above.ref.CreateFolder(name="wpf"), where="people")
        people.connection.call(lambda: root.CreateFolder(name="hill"), where="people")
        library.remove(estate.HILL.identity)
        assert [one.name for one in library.ground().folders if one.parent == root] == ["hill"]
