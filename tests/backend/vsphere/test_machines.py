"""Finding servers: ours, copies and others', in few calls; templates by name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pyVmomi import vim

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from wpf_infra.backend.vsphere.availability import Wish
from wpf_infra.backend.vsphere.machines import Memory, Templates, find_machine, look, read_machines, read_tenant
from wpf_infra.errors import Conflict, NotFound, Transient
from wpf_infra.model.availability import Power, RestartPriority

SERVER = estate.server(disks=estate.disks(system=100, data=300))


def test_what_was_built_is_seen_as_it_was_declared(site: Site) -> None:
    seen = site.build(SERVER)
    assert seen.observed is not None
    assert (seen.observed.resource, seen.observed.power, seen.observed.built) == (SERVER, Power.ON, True)
    assert seen.observed.host in site.hosts.values()
    assert site.all() == (seen,)


def test_nothing_is_found_where_nothing_is(site: Site) -> None:
    assert site.find(SERVER.identity) is None
    assert site.all() == ()


def test_a_copy_by_hand_is_seen_and_is_not_the_server(site: Site, hands: Hands) -> None:
    site.build(SERVER)
    hands.copy(site.seen(SERVER.identity), site.folder, "copy-of-app-1")
    ours, copy = site.all()
    assert (ours.is_ours, copy.is_copy, copy.identity, copy.observed) == (True, True, SERVER.identity, None)
    assert site.seen(SERVER.identity).ref == ours.ref


def test_a_server_that_was_moved_to_another_folder_is_found(site: Site, hands: Hands) -> None:
    seen = site.build(SERVER)
    elsewhere = hands.own(site.folder).CreateFolder("elsewhere")
    hands.does(lambda: elsewhere.MoveIntoFolder_Task([hands.own(seen.ref)]))
    assert site.seen(SERVER.identity).ref == seen.ref


def test_two_calls_read_any_number_and_later_only_what_changed(site: Site, hands: Hands) -> None:
    servers = [site.build(estate.server(f"app-{n}", host=n)) for n in range(1, 4)]
    memory: Memory = {}
    first = read_machines(site.connection, site.folder, {}, memory)
    site.vcenter.reset_calls()
    assert read_machines(site.connection, site.folder, {}, memory) == first
    assert site.vcenter.calls()["RetrievePropertiesEx"] == 1
    hands.power(servers[0], on=False)
    hands.reconfigure(servers[0], numCPUs=4)
    again = read_machines(site.connection, site.folder, {}, memory)
    assert [(machine.cpu, machine.running) for machine in again] == [(4, False), (2, True), (2, True)]


def test_looking_again_finds_it_gone(site: Site, hands: Hands) -> None:
    seen = site.build(SERVER)
    assert look(site.connection, seen).cpu == 2
    hands.destroy(seen)
    with pytest.raises(NotFound, match="no such server"):
        look(site.connection, seen)
    assert find_machine(site.connection, SERVER.identity) is None


def test_a_tenants_servers_are_those_of_its_pool_too(site: Site, hands: Hands) -> None:
    """One that somebody moved to another folder has its place in its group, and keeps others from theirs."""
    pair = [site.build(estate.server(f"app-{n}", host=n, anti_affinity="app"), host=n) for n in (1, 2)]
    wpf = site.connection.read_objects([site.folder], ["parent"])[site.folder]["parent"]
    elsewhere = hands.own(wpf).CreateFolder("elsewhere")
    hands.does(lambda: elsewhere.MoveIntoFolder_Task([hands.own(pair[0].ref)]))
    assert {one.ref for one in read_tenant(site.connection, site.quarters)} == {one.ref for one in pair}
    assert [rule.name for rule in site.config().rule] == ["wpf:hill:app"]
    remove = vim.cluster.RuleSpec(operation="remove", removeKey=site.config().rule[0].key)
    spec = vim.cluster.ConfigSpecEx(rulesSpec=[remove])
    hands.does(lambda: hands.own(site.cluster).ReconfigureComputeResource_Task(spec, True))
    assert [site.observed(one.identity).resource.anti_affinity for one in pair if one.identity] == [None, None]
    for one in pair:
        site.availability.settle(site.cluster, Wish.of(one, site.quarters, RestartPriority.MEDIUM, "app"))
    assert set(site.config().rule[0].vm) == {one.ref for one in pair}


class TestTemplates:
    def test_one_is_read_once_in_a_while(self, site: Site) -> None:
        templates = Templates(site.connection)
        found = templates.find("rhel-9", where="here")
        site.vcenter.reset_calls()
        assert templates.find("rhel-9", where="there") is found
        assert not site.vcenter.calls()["RetrievePropertiesEx"]

    def test_one_is_found_with_its_devices(self, site: Site) -> None:
        template = Templates(site.connection).find("rhel-9", where="here")
        assert template.name == "rhel-9"
        assert template.devices

    def test_one_that_is_not_there_is_named_with_the_datacenter(self, site: Site) -> None:
        with pytest.raises(NotFound, match=f"no OS template rhel-7 in datacenter {site.vcenter.datacenter}") as caught:
            Templates(site.connection).find("rhel-7", where="hill/vm/app-1")
        assert (caught.value.where, caught.value.row, caught.value.exit_code) == ("hill/vm/app-1", 20, 3)

    def test_a_server_of_that_name_is_no_template(self, site: Site, hands: Hands) -> None:
        site.build(SERVER)
        with pytest.raises(NotFound):
            Templates(site.connection).find("app-1", where="here")

    def test_two_of_one_name_are_one_too_many(self, site: Site, hands: Hands) -> None:
        seen = site.build(SERVER)
        twin = hands.copy(seen, site.folder, "rhel-9")
        hands.own(twin).MarkAsTemplate()
        with pytest.raises(Conflict, match="2 OS templates named rhel-9"):
            Templates(site.connection).find("rhel-9", where="here")

    def test_many_who_look_for_one_look_once(self, site: Site) -> None:
        templates = Templates(site.connection)
        site.vcenter.reset_calls()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: templates.find("rhel-9", where="here").ref, range(8)))
        assert len(set(found)) == 1
        assert site.vcenter.calls()["CreateContainerView"] == 1

    def test_a_newer_one_in_its_place_is_taken(self, site: Site, hands: Hands) -> None:
        """The OS is patched each month in a template that replaces the last one."""
        seen = site.build(estate.server())
        old = site.templates.find("rhel-9", where="here")
        hands.does(lambda: hands.own(old.ref).Rename_Task("rhel-9-october"))
        new = hands.copy(seen, site.folder, "rhel-9")
        hands.own(new).MarkAsTemplate()
        assert site.templates.find("rhel-9", where="here").ref == new
        second = estate.server("app-2", host=12, disks=estate.disks(os=100, data=100))
        clone = site.clone(second)
        assert clone.marks is not None
        assert (clone.is_ours, clone.marks.built, sorted(clone.marks.disks)) == (True, False, ["data", "os"])
        site.finish(second)
        assert site.observed(second.identity).resource == second


class TestAway:
    """Of a VM whose host or datastore is away a vCenter tells hardly more than its name."""

    def test_a_strangers_hinders_nobody(self, site: Site, hands: Hands) -> None:
        seen = site.build(SERVER)
        hands.copy(seen, site.folder, "theirs", extraConfig=[vim.option.OptionValue(key="wpf.identity", value="")])
        site.vcenter.connection("hill/theirs", "orphaned")
        assert [machine.name for machine in site.all()] == ["app-1"]
        assert site.seen(SERVER.identity).ref == seen.ref

    def test_a_server_of_ours_is_not_gone(self, site: Site) -> None:
        site.build(SERVER)
        site.vcenter.connection("hill/app-1", "inaccessible")
        with pytest.raises(Transient, match="app-1: the vCenter cannot read its configuration"):
            site.all()
        with pytest.raises(Transient, match="cannot read"):
            site.find(SERVER.identity)
        site.vcenter.connection("hill/app-1", "connected")
        assert site.observed(SERVER.identity).resource == SERVER
