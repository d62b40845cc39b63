"""A cluster taken into management: its settings, its marks, and nothing that servers have in it (FAQ-12)."""

from __future__ import annotations

import pytest
from pyVmomi import vim

from tests.backend.vsphere.rack import HOSTS, Process, When, cuts
from tests.contract import estate
from tests.vcsim.server import VCenter
from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.errors import Conflict, NotFound
from wpf_infra.model.resource import ClusterResource, TenantResource

PERCENT = estate.cluster(reserved_percent=25)


@pytest.mark.parametrize("resource", [estate.CLUSTER, PERCENT, estate.cluster(failover_hosts=2)])
def test_a_claimed_cluster_is_read_as_it_was_declared(library: Process, resource: ClusterResource) -> None:
    """FAQ-12"""
    library.build(resource)
    assert library.find(resource) == resource
    seen = library.ground().clusters["tokyo-1"]
    assert seen.ready
    assert library.ground().clusters["osaka-1"].claim is None


def test_claiming_again_changes_nothing(library: Process, racked: VCenter) -> None:
    library.build(estate.CLUSTER)
    racked.reset_calls()
    library.build(estate.CLUSTER)
    assert not {"SetField", "ReconfigureComputeResource_Task"} & racked.calls().keys()


def test_settings_are_changed_in_one_task(library: Process, racked: VCenter) -> None:
    library.build(estate.CLUSTER)
    racked.reset_calls()
    library.build(PERCENT)
    assert racked.calls()["ReconfigureComputeResource_Task"] == 1
    assert library.find(estate.CLUSTER) == PERCENT


@pytest.mark.parametrize(
    "by_hand",
    [
        vim.cluster.ConfigSpecEx(dasConfig=vim.cluster.DasConfigInfo(enabled=False)),
        vim.cluster.ConfigSpecEx(dasConfig=vim.cluster.DasConfigInfo(admissionControlEnabled=False)),
        vim.cluster.ConfigSpecEx(dasConfig=vim.cluster.DasConfigInfo(hostMonitoring="disabled")),
        vim.cluster.ConfigSpecEx(drsConfig=vim.cluster.DrsConfigInfo(enabled=False)),
    ],
    ids=["HA off", "admission control off", "host monitoring off", "DRS off"],
)
def test_what_people_switched_off_is_a_difference_and_is_put_right(
    library: Process, people: Process, by_hand: vim.cluster.ConfigSpecEx
) -> None:
    """FAQ-12"""
    library.build(estate.CLUSTER)
    ref = people.ground().clusters["tokyo-1"].ref
    people.run(ref.ReconfigureComputeResource_Task, spec=by_hand, modify=True)
    found = library.find(estate.CLUSTER)
    assert isinstance(found, ClusterResource)
    assert found != estate.CLUSTER
    assert found.admission_control.failover_hosts == 0
    library.build(estate.CLUSTER)
    assert library.find(estate.CLUSTER) == estate.CLUSTER


def test_a_host_joins_and_leaves(library: Process) -> None:
    three = estate.cluster(hosts=3)
    library.build(estate.CLUSTER)
    library.build(three)
    assert library.find(estate.CLUSTER) == three
    left = library.ground().clusters["tokyo-1"].hosts[HOSTS[3]]
    assert (left.claim, left.declared) == (None, None)
    library.build(estate.CLUSTER)
    assert library.find(estate.CLUSTER) == estate.CLUSTER


def test_a_host_is_as_large_as_it_is_declared(library: Process) -> None:
    library.build(estate.CLUSTER)
    data = estate.CLUSTER.data()
    data["hosts"][HOSTS[0]] = {"cpu": 16, "memory_gib": 64}
    smaller = ClusterResource.model_validate(data)
    library.build(smaller)
    assert library.find(estate.CLUSTER) == smaller


@pytest.mark.parametrize(
    ("resource", "missing"),
    [
        (ClusterResource.model_validate({**estate.CLUSTER.data(), "name": "nagoya-1"}), "nagoya-1"),
        (estate.cluster(hosts=5), "tokyo-1-5"),
        (ClusterResource.model_validate({**estate.CLUSTER.data(), "name": "osaka-1"}), "tokyo-1-1, tokyo-1-2"),
    ],
    ids=["cluster", "host", "hosts of another cluster"],
)
def test_what_is_not_racked_is_named(
    library: Process, racked: VCenter, resource: ClusterResource, missing: str
) -> None:
    with pytest.raises(NotFound, match=missing):
        library.build(resource)
    assert library.find(resource) is None
    assert not {"SetField", "ReconfigureComputeResource_Task"} & racked.calls().keys()


def test_a_cluster_marked_as_anothers_is_not_taken(library: Process, people: Process) -> None:
    ground = people.ground()
    words = {inscription.IDENTITY: "platform/cluster/nagoya-1"}
    attributes.write(people.connection, ground.fields, ground.clusters["tokyo-1"].ref, words, where="people")
    with pytest.raises(Conflict, match="nagoya-1"):
        library.build(estate.CLUSTER)


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_a_claim_that_was_cut_off_anywhere_is_not_seen_and_is_finished(
    library: Process, racked: VCenter, when: When
) -> None:
    for attempt in cuts(racked, "SetField", when):
        library.remove(estate.CLUSTER.identity)
        attempt(lambda: library.build(estate.CLUSTER))
        assert library.find(estate.CLUSTER) in (None, estate.CLUSTER)
        library.build(estate.CLUSTER)
        assert library.find(estate.CLUSTER) == estate.CLUSTER


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_a_change_that_was_cut_off_anywhere_is_finished(library: Process, racked: VCenter, when: When) -> None:
    before = estate.cluster(hosts=3)
    data = estate.CLUSTER.data()
    left = data["hosts"].pop(HOSTS[0])
    data["hosts"][HOSTS[1]] = {**left, "cpu": 16}
    after = ClusterResource.model_validate(data)
    for attempt in cuts(racked, "SetField", when):
        library.build(before)
        attempt(lambda: library.build(after))
        library.build(after)
        assert library.find(after) == after


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_a_release_that_was_cut_off_anywhere_is_finished(library: Process, racked: VCenter, when: When) -> None:
    for attempt in cuts(racked, "SetField", when):
        library.build(estate.CLUSTER)
        attempt(lambda: library.remove(estate.CLUSTER.identity))
        marked = any(host.claim for host in library.ground().clusters["tokyo-1"].hosts.values())
        assert not marked or library.find(estate.CLUSTER) is not None
        library.remove(estate.CLUSTER.identity)
        hosts = library.ground().clusters["tokyo-1"].hosts
        assert {(host.claim, host.declared) for host in hosts.values()} == {(None, None)}


def test_a_renamed_cluster_is_gone_and_its_mark_says_where_it_is(library: Process, people: Process) -> None:
    library.build(*estate.GROUND)
    people.run(people.ground().clusters["tokyo-1"].ref.Rename_Task, newName="Tokyo Cluster")
    assert library.find(estate.CLUSTER) is None
    found = library.find(estate.HILL)
    assert isinstance(found, TenantResource)
    assert found.cluster == "Tokyo Cluster"
    with pytest.raises(NotFound, match="its mark is on cluster Tokyo Cluster"):
        library.build(estate.CLUSTER)


def test_a_release_takes_the_marks_and_nothing_else(library: Process) -> None:
    library.build(estate.CLUSTER)
    library.remove(estate.CLUSTER.identity)
    ground = library.ground()
    assert ground.resource(estate.CLUSTER.identity) is None
    tokyo = ground.clusters["tokyo-1"]
    assert tokyo.ready
    assert {(host.claim, host.declared) for host in tokyo.hosts.values()} == {(None, None)}
    library.remove(estate.CLUSTER.identity)
    library.build(estate.CLUSTER)
    assert library.find(estate.CLUSTER) == estate.CLUSTER


def test_servers_entries_in_its_lists_are_not_its_to_write(library: Process, people: Process) -> None:
    """vim.ComputeResource.reconfigureEx with `modify`: dasVmConfig and rule stay as they are."""
    library.build(*estate.GROUND)
    room = people.ground().room("hill")
    assert room.folder is not None
    assert room.pool is not None
    spec = vim.vm.ConfigSpec(
        name="theirs", guestId="otherGuest", files=vim.vm.FileInfo(vmPathName="[raid6-a]"), numCPUs=1, memoryMB=512
    )
    servers = [
        people.run(
            room.folder.ref.CreateVM_Task, config=vim.vm.ConfigSpec(**{**vars(spec), "name": name}), pool=room.pool.ref
        )
        for name in ("one", "two")
    ]
    ref = people.ground().clusters["tokyo-1"].ref
    settings = vim.cluster.DasVmSettings(restartPriority="high")
    override = vim.cluster.DasVmConfigSpec(
        operation="add", info=vim.cluster.DasVmConfigInfo(key=servers[0], dasSettings=settings)
    )
    apart = vim.cluster.AntiAffinityRuleSpec(name="apart", enabled=True, mandatory=True, vm=servers)
    rule = vim.cluster.RuleSpec(operation="add", info=apart)
    spec_ex = vim.cluster.ConfigSpecEx(dasVmConfigSpec=[override], rulesSpec=[rule])
    people.run(ref.ReconfigureComputeResource_Task, spec=spec_ex, modify=True)
    before = library.ground().clusters["tokyo-1"]
    assert before.rules[0].servers == set(servers)
    library.build(PERCENT)
    library.remove(estate.CLUSTER.identity)
    after = library.ground().clusters["tokyo-1"]
    assert (after.restart_priorities, after.rules) == (before.restart_priorities, before.rules)
