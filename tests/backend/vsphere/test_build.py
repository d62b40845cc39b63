"""Building: once, to the end, whoever was cut off where; and what holds its name or uuid is named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from pyVmomi import vim

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from tests.vcsim.server import Fault
from wpf_infra.backend.vsphere import build
from wpf_infra.backend.vsphere.mark import instance_uuid
from wpf_infra.errors import BackendError, Conflict, Transient
from wpf_infra.model.availability import Power

SERVER = estate.server(disks=estate.disks(system=100, data=300), anti_affinity="app", restart_priority="high")


def test_a_clone_carries_everything_but_its_start(site: Site) -> None:
    seen = site.clone(SERVER)
    assert (seen.is_ours, seen.running, seen.cpu, seen.memory_gib) == (True, False, 2, 8)
    assert {name: disk.size_gb for name, disk in seen.disks.items()} == {"system": 100, "data": 300}
    assert seen.foreign == {}
    assert seen.marks is not None
    assert (seen.marks.built, seen.marks.build is None) == (False, False)
    assert (seen.parent, seen.pool) == (site.folder, site.pool)


def test_to_its_end(site: Site) -> None:
    seen = site.build(SERVER)
    assert seen.observed is not None
    assert (seen.observed.resource, seen.observed.power, seen.observed.built) == (SERVER, Power.ON, True)
    assert all(disk.recorded for disk in seen.disks.values())
    assert seen.marks is not None
    assert seen.marks.build is None
    assert site.happened() == ["cloned", "powered-on"]


def test_a_build_takes_few_calls(site: Site) -> None:
    site.build(estate.server("app-9", host=9))
    site.vcenter.reset_calls()
    site.build(SERVER)
    calls = site.vcenter.calls()
    assert {name: count for name, count in calls.items() if name.endswith("_Task")} == {
        "CloneVM_Task": 1,
        "ReconfigureComputeResource_Task": 1,
        "PowerOnVM_Task": 1,
        "ReconfigVM_Task": 1,
    }


def test_again_does_nothing(site: Site) -> None:
    site.build(SERVER)
    site.vcenter.reset_calls()
    site.finish(SERVER)
    assert not [name for name in site.vcenter.calls() if name.endswith("_Task")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(methods=("CloneVM_Task",), when="drop-reply"),
        Fault(methods=("PowerOnVM_Task",), fault="HostCommunication", when="task"),
        Fault(methods=("PowerOnVM_Task",), when="drop-reply"),
        Fault(methods=("ReconfigVM_Task",), fault="HostCommunication", when="task"),
        Fault(methods=("ReconfigVM_Task",), when="drop-reply"),
    ],
    ids=lambda fault: f"{fault.methods[0]}-{fault.when}",
)
def test_one_that_was_cut_off_is_finished(site: Site, fault: Fault) -> None:
    site.vcenter.fail(fault)
    try:
        site.build(SERVER)
    except BackendError:
        site.vcenter.clear_faults()
        if site.find(SERVER.identity) is None:
            site.clone(SERVER)
        site.finish(SERVER)
    assert site.observed(SERVER.identity).resource == SERVER
    assert site.observed(SERVER.identity).built
    assert site.happened() == ["cloned", "powered-on"]


def test_a_clone_that_lost_its_reply_is_found_by_the_next(site: Site) -> None:
    site.vcenter.fail(Fault(methods=("CloneVM_Task",), when="drop-reply"))
    with pytest.raises(Transient):
        site.clone(SERVER)
    assert site.clone(SERVER).is_ours
    assert site.happened() == ["cloned"]


def test_a_disk_that_is_missing_is_added(site: Site, hands: Hands) -> None:
    hands.take_off(site.clone(SERVER), "data")
    site.finish(SERVER)
    assert site.observed(SERVER.identity).resource == SERVER


def test_an_unfinished_one_takes_what_is_now_wanted(site: Site) -> None:
    wanted = estate.server(
        cpu=4, memory_gib=16, address="10.64.1.99", anti_affinity="db", disks=estate.disks(system=100, data=300)
    )
    build.refit(site.connection, site.clone(SERVER), wanted)
    site.finish(wanted)
    assert site.observed(SERVER.identity).resource == wanted


def test_many_who_build_the_same_build_it_once(site: Site) -> None:
    site.vcenter.task_duration(50, methods=("CloneVM_Task",))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: site.build(SERVER), range(8)))
    assert site.happened() == ["cloned", "powered-on"]
    assert site.observed(SERVER.identity).resource == SERVER


def test_many_servers_at_once(site: Site) -> None:
    servers = [
        estate.server(f"app-{n}", host=n, anti_affinity="app" if n < 4 else None, restart_priority="low")
        for n in range(1, 13)
    ]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda numbered: site.build(numbered[1], host=numbered[0] % 4), enumerate(servers)))
    assert {seen.observed.resource.name: seen.observed.resource for seen in site.all() if seen.observed} == {
        server.name: server for server in servers
    }
    assert site.vcenter.calls()["ReconfigureComputeResource_Task"] <= len(servers)


class TestTaken:
    def test_a_foreign_vm_of_that_name(self, site: Site, hands: Hands) -> None:
        other = site.build(estate.server("app-9", host=9))
        hands.copy(other, site.folder, "app-1")
        with pytest.raises(Conflict, match="app-1 in the tenant's folder, and is not ours"):
            site.clone(SERVER)
        assert "destroyed" not in site.happened()

    def test_a_folder_of_that_name(self, site: Site, hands: Hands) -> None:
        hands.own(site.folder).CreateFolder("app-1")
        with pytest.raises(Conflict, match="is not ours"):
            site.clone(SERVER)

    def test_a_vm_with_its_instance_uuid(self, site: Site, hands: Hands) -> None:
        """A vCenter would give the new VM another one: nothing is made."""
        other = site.build(estate.server("app-9", host=9))
        hands.copy(other, site.folder, "thief", instanceUuid=instance_uuid(SERVER.identity))
        with pytest.raises(Conflict, match="instanceUuid belongs to another VM, thief"):
            site.clone(SERVER)
        assert site.happened() == []
        assert [machine.name for machine in site.all()] == ["app-9", "thief"]

    def test_a_vm_that_takes_its_instance_uuid_in_that_moment(self, site: Site, hands: Hands) -> None:
        """The new VM has another one: it goes again, never started, also when its maker was told nothing of it."""
        other = site.build(estate.server("app-9", host=9))
        thief = hands.copy(other, site.folder, "thief")
        site.vcenter.task_duration(300, methods=("CloneVM_Task",))
        site.vcenter.reset_calls()
        site.vcenter.fail(Fault(methods=("CloneVM_Task",), when="drop-reply"))
        with ThreadPoolExecutor(1) as pool:
            made = pool.submit(site.clone, SERVER)
            while not site.vcenter.calls()["CloneVM_Task"]:
                sleep(0.01)
            spec = vim.vm.ConfigSpec(instanceUuid=instance_uuid(SERVER.identity))
            hands.does(lambda: thief.ReconfigVM_Task(spec))
            with pytest.raises(Transient):
                made.result()
        sleep(0.5)
        assert [machine.name for machine in site.all()] == ["app-1", "app-9", "thief"]
        with pytest.raises(Conflict, match="instanceUuid belongs to another VM, thief"):
            site.clone(SERVER)
        assert [machine.name for machine in site.all()] == ["app-9", "thief"]

    def test_a_copy_of_the_built_server_under_its_name_is_left_alone(self, site: Site, hands: Hands) -> None:
        built = site.build(SERVER)
        elsewhere = hands.own(site.folder).CreateFolder("elsewhere")
        copy = hands.copy(built, elsewhere, SERVER.name)
        hands.destroy(built)
        hands.does(lambda: hands.own(site.folder).MoveIntoFolder_Task([copy]))
        with pytest.raises(Conflict, match="is not ours"):
            site.clone(SERVER)
        assert [machine.ref for machine in site.all()] == [copy]

    def test_somebody_who_takes_too_long(self, site: Site) -> None:
        site.vcenter.fail(Fault(methods=("CloneVM_Task",), fault="DuplicateName", times=50, when="task"))
        with pytest.raises(Transient, match="somebody else is making a VM"):
            build.clone(site.connection, site.placement(SERVER), SERVER, patience_s=0.1)


def test_another_process_sees_the_same(site: Site) -> None:
    site.build(SERVER)
    other = Site(site.vcenter, site.folder, site.pool, site.portgroup_key)
    assert other.clone(SERVER).ref == site.seen(SERVER.identity).ref
    other.connection.close()
