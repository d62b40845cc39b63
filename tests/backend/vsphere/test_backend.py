"""What a vCenter has and the simulator has not: names, folders, templates, a room that is racked or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyVmomi import vim

from tests.contract import estate
from tests.contract.harness import Happening
from tests.contract.vsphere import ROOM, VsphereHarness, harness_in
from wpf_infra.backend.contract import Act, Backend, Delete
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.model.identity import PLATFORM, Identity
from wpf_infra.model.observation import Copy, ObservedTenant
from wpf_infra.model.resource import ClusterResource, Resource, StorageClassResource
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Reconfigure, Settle, ShutDownGuest


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[VsphereHarness]:
    with harness_in(tmp_path) as harness:
        yield harness


@pytest.fixture
def backend(harness: VsphereHarness) -> Iterator[Backend]:
    backend = harness.backend()
    for resource in estate.GROUND:
        backend.create(resource)
    yield backend
    backend.close()


def test_a_server_that_somebody_moved_to_another_folder_is_ours_still(
    backend: Backend, harness: VsphereHarness
) -> None:
    server = estate.server()
    backend.create(server)
    before = backend.observe("hill")
    top, vm = harness.find(""), harness.find("wpf/hill/app-1")
    folder = harness.hands.call(lambda: top.CreateFolder("elsewhere"), where="by hand")
    harness.run(lambda: folder.MoveIntoFolder_Task([vm]))
    assert backend.observe("hill") == before
    assert estate.seen(backend, server).resource == server
    backend.create(server)
    assert Happening.CREATED not in harness.happened(server.identity)[1:]


def test_hosts_are_known_by_their_full_domain_names(tmp_path: Path) -> None:
    named = {
        cluster: {f"{host}.Mizu.example.jp": hardware for host, hardware in hosts.items()}
        for cluster, hosts in ROOM.clusters.items()
    }
    with harness_in(tmp_path, dataclasses.replace(ROOM, clusters=named)) as harness:
        backend = harness.backend()
        for resource in (*estate.GROUND, estate.server()):
            backend.create(resource)
        assert backend.observe(PLATFORM)[estate.CLUSTER.identity].resource == estate.CLUSTER
        assert estate.seen(backend, estate.server()).host in estate.CLUSTER.hosts
        backend.close()


FURTHER_GROUP = StorageClassResource.model_validate(
    {
        "name": "raid6",
        "groups": {
            **estate.STORAGE.data()["groups"],
            "raid6-b": {"cluster": "tokyo-1", "disks": 8, "disk_gb": 2000},
        },
    }
)
LARGER_GROUP = StorageClassResource.model_validate(
    {"name": "raid6", "groups": {"raid6-a": {"cluster": "tokyo-1", "disks": 8, "disk_gb": 4000}}}
)


@pytest.mark.parametrize(
    ("wanted", "kind", "named"),
    [
        (estate.cluster(hosts=5), NotFound, "no host tokyo-1-5"),
        (FURTHER_GROUP, NotFound, "no datastore raid6-b"),
        (LARGER_GROUP, Refused, "12000 GB, less than the 24000 GB"),
    ],
    ids=["host", "datastore", "size"],
)
def test_what_is_not_racked_is_told_in_a_rehearsal_already(
    backend: Backend, harness: VsphereHarness, wanted: Resource, kind: type[Exception], named: str
) -> None:
    """FAQ-12"""
    before = harness.vcenter.journal()
    told = backend.rehearse([(wanted.identity, [Settle(wanted)])])
    assert isinstance(told[wanted.identity], kind) and named in str(told[wanted.identity])
    with pytest.raises(kind) as met:
        backend.perform(wanted.identity, Settle(wanted))
    assert str(met.value) == str(told[wanted.identity])
    assert harness.vcenter.journal() == before


def test_a_cluster_that_nobody_racked(backend: Backend) -> None:
    osaka = ClusterResource.model_validate({**estate.CLUSTER.data(), "name": "osaka-1"})
    told = backend.rehearse([(osaka.identity, [Build(osaka)])])
    with pytest.raises(NotFound, match="no cluster osaka-1"):
        backend.create(osaka)
    assert "no cluster osaka-1" in str(told[osaka.identity])


def test_an_os_without_a_template_is_told_in_a_rehearsal_already(backend: Backend, harness: VsphereHarness) -> None:
    """FAQ-20"""
    old, standing = estate.server(os="windows-server-2016"), estate.server("app-2", host=12)
    backend.create(standing)
    harness.run(harness.find("templates/rhel-9").Destroy_Task)
    told = backend.rehearse([(old.identity, [Build(old)]), (standing.identity, [Build(standing)])])
    assert list(told) == [old.identity]
    with pytest.raises(NotFound, match="no OS template windows-server-2016") as met:
        backend.create(old)
    assert str(met.value) == str(told[old.identity])
    assert harness.happened(old.identity) == []


def test_an_observation_takes_as_many_calls_whatever_stands(backend: Backend, harness: VsphereHarness) -> None:
    def calls() -> int:
        fresh = harness.backend()
        harness.vcenter.reset_calls()
        fresh.observe("hill")
        made = harness.vcenter.calls()
        fresh.close()
        return sum(count for method, count in made.items() if method != "Login")

    backend.create(estate.server())
    one = calls()
    for number in range(2, 12):
        backend.create(estate.server(f"app-{number}", host=20 + number))
    assert calls() == one


def test_nothing_is_left_behind_by_a_close(backend: Backend, harness: VsphereHarness) -> None:
    assert harness.vcenter.user in harness.vcenter.sessions()
    backend.close()
    backend.close()
    assert harness.vcenter.user not in harness.vcenter.sessions()


def _edit_the_quota(harness: VsphereHarness) -> None:
    folder = harness.find("wpf/hill")
    manager = harness.hands.content.customFieldsManager
    assert manager is not None
    fields = harness.hands.read_objects([manager], ["field"])[manager]["field"]
    (key,) = (field.key for field in fields if field.name == "wpf.quota")
    harness.hands.call(lambda: manager.SetField(folder, key, "plenty"), where="by hand")


def _destroy_the_pool(harness: VsphereHarness) -> None:
    pools = harness.hands.read(vim.ResourcePool, ["name"], within=harness.hands.datacenter)
    (pool,) = (ref for ref, each in pools.items() if each["name"] == "hill")
    harness.run(pool.Destroy_Task)


@pytest.mark.parametrize("damage", [_edit_the_quota, _destroy_the_pool])
def test_a_server_in_a_room_that_cannot_be_read_is_an_error_and_no_absence(
    backend: Backend, harness: VsphereHarness, damage: Callable[[VsphereHarness], None]
) -> None:
    """What nobody can read must not be built again, forgotten, or taken for ended."""
    server = estate.server()
    backend.create(server)
    before = harness.happened(server.identity)
    damage(harness)
    fresh = harness.backend()
    asks: list[Callable[[], object]] = [
        lambda: fresh.observe("hill"),
        lambda: fresh.find(server.identity),
        lambda: fresh.create(server),
        lambda: fresh.perform(server.identity, ShutDownGuest()),
        lambda: fresh.delete(server.identity),
        lambda: fresh.rehearse([(server.identity, [ShutDownGuest(), Delete()])]),
    ]
    for ask in asks:
        with pytest.raises(Conflict, match="the room of tenant hill"):
            ask()
    assert harness.happened(server.identity) == before
    fresh.close()


def test_a_server_that_left_folder_and_pool_is_found_by_itself(backend: Backend, harness: VsphereHarness) -> None:
    server = estate.server()
    backend.create(server)
    top, vm = harness.find(""), harness.find("wpf/hill/app-1")
    cluster = harness.hands.read(vim.ClusterComputeResource, ["resourcePool"], within=harness.hands.datacenter)
    (pool,) = (each["resourcePool"] for each in cluster.values())
    folder = harness.hands.call(lambda: top.CreateFolder("elsewhere"), where="by hand")
    harness.run(lambda: folder.MoveIntoFolder_Task([vm]))
    harness.run(lambda: vm.RelocateVM_Task(vim.vm.RelocateSpec(pool=pool)))
    assert estate.seen(backend, server).resource == server
    backend.create(server)
    assert len([each for each in harness.happened(server.identity) if each is Happening.CREATED]) == 1


def test_a_copy_in_a_subfolder_is_told_of(backend: Backend, harness: VsphereHarness) -> None:
    server = estate.server()
    backend.create(server)
    harness.copy(server.identity, "app-1-test")
    room, vm = harness.find("wpf/hill"), harness.find("wpf/hill/app-1-test")
    folder = harness.hands.call(lambda: room.CreateFolder("tests"), where="by hand")
    harness.run(lambda: folder.MoveIntoFolder_Task([vm]))
    assert backend.find(estate.HILL.identity) == ObservedTenant(estate.HILL, (Copy("app-1-test", server.identity),))


def _take_a_snapshot(harness: VsphereHarness) -> None:
    vm = harness.find("wpf/hill/app-1")
    harness.run(lambda: vm.CreateSnapshot_Task("before", "", False, False))


def _stop_the_tools(harness: VsphereHarness) -> None:
    harness.vcenter.guest("hill/app-1", tools=False)


APP = estate.server(disks=estate.disks(system=100, data=100))
GROWTH = Reconfigure(grow={"system": 300}, owe_restart=True)
SMALLER_THAN_ITS_TEMPLATE = estate.server("app-2", host=12, disks=estate.disks(system=20))


@pytest.mark.parametrize(
    ("happens", "identity", "acts", "named"),
    [
        (_take_a_snapshot, APP.identity, [ShutDownGuest(), GROWTH, PowerOn()], "has a snapshot"),
        (_take_a_snapshot, APP.identity, [ShutDownGuest(), EraseDisk("data"), PowerOn()], "has a snapshot"),
        (_take_a_snapshot, APP.identity, [ShutDownGuest(), Delete()], "has a snapshot"),
        (_stop_the_tools, APP.identity, [ShutDownGuest(), GROWTH, PowerOn()], "Tools do not run"),
        (
            lambda _: None,
            SMALLER_THAN_ITS_TEMPLATE.identity,
            [Build(SMALLER_THAN_ITS_TEMPLATE)],
            "template rhel-9",
        ),
    ],
    ids=["growth", "erasure", "deletion", "tools", "template"],
)
def test_what_a_vcenter_refuses_is_told_before_anybody_is_stopped(
    backend: Backend,
    harness: VsphereHarness,
    happens: Callable[[VsphereHarness], None],
    identity: Identity,
    acts: list[Act],
    named: str,
) -> None:
    """FAQ-16"""
    backend.create(APP)
    others = [estate.server(f"other-{n}", host=40 + n) for n in range(5)]
    happens(harness)
    began = harness.happened(identity)
    alone = backend.rehearse([(identity, acts)])
    among_many = backend.rehearse([*((one.identity, [Build(one)]) for one in others), (identity, acts)])
    assert list(alone) == list(among_many) == [identity]
    assert named in str(alone[identity]) and str(alone[identity]) == str(among_many[identity])
    assert isinstance(alone[identity], Refused)
    assert harness.happened(identity) == began
    met: list[Refused] = []
    try:
        for act in acts:
            backend.delete(identity) if isinstance(act, Delete) else backend.perform(identity, act)
    except Refused as error:
        met.append(error)
    assert [str(error) for error in met] == [str(alone[identity])]


def test_a_vlan_of_somebody_elses_portgroup_is_told_in_a_rehearsal_already(
    backend: Backend, harness: VsphereHarness
) -> None:
    """FAQ-22"""
    (switch,) = harness.hands.read(vim.DistributedVirtualSwitch, ["name"], within=harness.hands.datacenter)
    ports = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(
        vlan=vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(vlanId=300, inherited=False)
    )
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name="theirs", type="earlyBinding", numPorts=8, defaultPortConfig=ports
    )
    harness.run(lambda: switch.AddDVPortgroup_Task([spec]))
    lake = estate.tenant("lake", vlan=300, cidr="10.64.9.0/24")
    told = backend.rehearse([(lake.identity, [Build(lake)])])
    with pytest.raises(Conflict, match="VLAN 300") as met:
        backend.create(lake)
    assert str(met.value) == str(told[lake.identity])
