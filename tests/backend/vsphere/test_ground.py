"""The survey: one read, whatever stands; what is not whole, or not ours, is not seen as ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import vim

from tests.backend.vsphere.rack import HOSTS, Process
from tests.contract import estate
from tests.vcsim.server import VCenter
from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.backend.vsphere.ground import SwitchSeen
from wpf_infra.backend.vsphere.mirror import ledger_of
from wpf_infra.backend.vsphere.picture import Picture
from wpf_infra.backend.vsphere.survey import ground_of, kept_free, restart_priorities, vlan_of
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.hardware import AdmissionControl
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.resource import Resource, TenantResource

POLICY = estate.policy({"telemetry": "telemetry"})


class TestWhatStands:
    def test_what_was_there_before_us_is_seen_and_is_not_ours(self, library: Process) -> None:
        ground = library.ground()
        assert ground.resources(PLATFORM) == {}
        assert set(ground.clusters) == {"tokyo-1", "osaka-1"}
        tokyo = ground.clusters["tokyo-1"]
        assert set(tokyo.hosts) == set(HOSTS)
        assert all(host.usable for host in tokyo.hosts.values())
        assert (tokyo.claimed_hosts, tokyo.claim) == ({}, None)
        assert ground.datastores["raid6-a"].mounts == tokyo.host_refs
        assert (ground.datastores["raid6-a"].capacity_gb, ground.datastores["raid6-a"].free_gb) == (12000, 12000)
        assert [switch.name for switch in ground.switches_of(tokyo)] == ["dvs"]
        assert ground.root_folder is None
        assert ground.rooms == {}

    def test_everything_is_read_as_it_was_declared(self, library: Process) -> None:
        library.build(*estate.GROUND, POLICY)
        ground = library.ground()
        for resource in (*estate.GROUND, POLICY):
            assert ground.resource(resource.identity) == resource
        assert {one.resource.identity for one in ground.resources("hill").values()} == {
            estate.HILL.identity,
            POLICY.identity,
        }
        assert set(ground.resources(PLATFORM)) == {estate.CLUSTER.identity, estate.STORAGE.identity}
        assert ground.firewall("apps") is None

    def test_the_platform_may_have_a_room_too(self, library: Process) -> None:
        own = estate.tenant(PLATFORM, vlan=10, cidr="10.80.0.0/24", owner="platform")
        library.build(estate.CLUSTER, own, estate.policy({}, of=PLATFORM))
        assert {one.kind for one in library.ground().resources(PLATFORM)} == {Kind.CLUSTER, Kind.TENANT, Kind.FIREWALL}

    @pytest.mark.parametrize("identity", ["hill/tenant/lake", "hill/cluster/tokyo-1", "platform/vm/app-1"])
    def test_nothing_is_known_by_a_name_that_is_not_its_own(self, library: Process, identity: str) -> None:
        library.build(*estate.GROUND)
        assert library.ground().resource(Identity.parse(identity)) is None

    def test_many_rooms_cost_no_more_calls_than_one(self, library: Process, racked: VCenter) -> None:
        library.build(*estate.GROUND, POLICY)
        library.ground()
        racked.reset_calls()
        library.ground()
        assert racked.calls()["RetrievePropertiesEx"] == 3
        assert sum(racked.calls().values()) <= 6

    def test_policies_are_read_of_those_who_are_asked_about(self, library: Process) -> None:
        library.build(*estate.GROUND, POLICY)
        ground = library.ground(policies_of=["apps"])
        assert ground.firewall("hill") is None
        assert ground.tenant("hill") == estate.HILL
        assert library.ground(policies_of=["hill"]).firewall("hill") == POLICY


class TestWhatPeopleDid:
    def _write(self, people: Process, ref: Any, **words: str) -> None:
        named = {f"wpf.{name.replace('_', '-')}": word for name, word in words.items()}
        attributes.write(people.connection, people.ground().fields, ref, named, where="people")

    @pytest.mark.parametrize(
        "words",
        [
            {"owner": "somebody"},
            {"cidr": "10.64.1.1/24"},
            {"cidr": "::/0"},
            {"quota": "32 cpu"},
            {"quota": "0 cpu, 128 GiB, 4000 GB"},
            {"name_ja": ""},
            {"identity": ""},
            {"identity": "hill"},
        ],
    )
    def test_a_room_whose_words_are_not_ours_is_not_seen(
        self, library: Process, people: Process, words: dict[str, str]
    ) -> None:
        library.build(*estate.GROUND)
        folder = library.ground().room("hill").folder
        assert folder is not None
        self._write(people, folder.ref, **words)
        assert library.find(estate.HILL) is None
        assert library.find(estate.APPS) == estate.APPS
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL

    def test_a_renamed_folder_is_still_the_tenants(self, library: Process, people: Process) -> None:
        library.build(*estate.GROUND)
        folder = library.ground().room("hill").folder
        assert folder is not None
        people.run(folder.ref.Rename_Task, newName="hill-by-hand")
        assert library.find(estate.HILL) == estate.HILL

    def test_another_vlan_by_hand_is_a_difference_and_is_put_right(self, library: Process, people: Process) -> None:
        library.build(*estate.GROUND)
        portgroup = people.ground().room("hill").portgroup
        assert portgroup is not None
        settings = portgroup.port_config
        settings.vlan = vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(inherited=False, vlanId=777)
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
            name=portgroup.name, configVersion=portgroup.config_version, defaultPortConfig=settings
        )
        people.run(portgroup.ref.ReconfigureDVPortgroup_Task, spec=spec)
        assert library.find(estate.HILL) == estate.tenant("hill", vlan=777, cidr="10.64.1.0/24")
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL

    @pytest.mark.parametrize("description", ["trunk", "no VLAN"])
    def test_a_portgroup_without_a_vlan_of_its_own_is_a_difference(
        self, library: Process, people: Process, description: str
    ) -> None:
        """Its name says otherwise, and does not count."""
        switch = vim.dvs.VmwareDistributedVirtualSwitch
        trunk = switch.TrunkVlanSpec(inherited=False, vlanId=[vim.NumericRange(start=0, end=4094)])
        library.build(*estate.GROUND)
        portgroup = people.ground().room("hill").portgroup
        assert portgroup is not None
        settings = portgroup.port_config
        settings.vlan = trunk if description == "trunk" else switch.VlanIdSpec(inherited=False, vlanId=0)
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
            configVersion=portgroup.config_version, defaultPortConfig=settings
        )
        people.run(portgroup.ref.ReconfigureDVPortgroup_Task, spec=spec)
        found = library.find(estate.HILL)
        assert isinstance(found, TenantResource)
        assert found.network.vlan == 0
        assert library.ground(policies_of=()).tenant("hill") == estate.HILL
        library.build(estate.HILL)
        assert library.find(estate.HILL) == estate.HILL

    def test_a_renamed_portgroup_is_still_the_tenants(self, library: Process, people: Process) -> None:
        library.build(*estate.GROUND)
        portgroup = people.ground().room("hill").portgroup
        assert portgroup is not None
        people.run(portgroup.ref.Rename_Task, newName="VLAN of the hill")
        assert library.find(estate.HILL) == estate.HILL
        assert library.ground(policies_of=()).tenant("hill") is not None

    def test_several_switches_leave_the_choice_to_a_mark(self, library: Process) -> None:
        ground = library.ground()
        (one,) = ground.switches
        tokyo = ground.clusters["tokyo-1"]
        other = SwitchSeen(vim.DistributedVirtualSwitch("dvs-other"), "storage", "u", one.hosts)
        two = dataclasses.replace(ground, switches=(one, other))
        assert two.switches_of(tokyo) == (one, other)
        marked = dataclasses.replace(other, claim=estate.CLUSTER.identity)
        assert dataclasses.replace(ground, switches=(one, marked)).switches_of(tokyo) == (marked,)
        library.build(*estate.GROUND)
        taken = library.ground()
        assert dataclasses.replace(taken, switches=(*taken.switches, other)).switches_of(tokyo) == taken.switches


class TestPureMapping:
    def test_a_trunk_has_no_vlan_of_its_own(self) -> None:
        trunk = vim.dvs.VmwareDistributedVirtualSwitch.TrunkVlanSpec(
            inherited=False, vlanId=[vim.NumericRange(start=0, end=4094)]
        )
        assert vlan_of(vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(vlan=trunk)) is None
        assert vlan_of(None) is None

    @pytest.mark.parametrize(
        ("policy", "kept"),
        [
            (None, None),
            (vim.cluster.FailoverLevelAdmissionControlPolicy(failoverLevel=2), AdmissionControl(failover_hosts=2)),
            (vim.cluster.FailoverLevelAdmissionControlPolicy(failoverLevel=0), None),
            (
                vim.cluster.FailoverResourcesAdmissionControlPolicy(
                    cpuFailoverResourcesPercent=25, memoryFailoverResourcesPercent=25
                ),
                AdmissionControl(reserved_percent=25),
            ),
            (
                vim.cluster.FailoverResourcesAdmissionControlPolicy(
                    cpuFailoverResourcesPercent=25, memoryFailoverResourcesPercent=30
                ),
                None,
            ),
            (
                vim.cluster.FailoverResourcesAdmissionControlPolicy(
                    cpuFailoverResourcesPercent=25, memoryFailoverResourcesPercent=25, autoComputePercentages=True
                ),
                None,
            ),
            (vim.cluster.FailoverHostAdmissionControlPolicy(), None),
        ],
        ids=["none", "hosts", "no host", "share", "two shares", "share by the vCenter", "named hosts"],
    )
    def test_what_is_kept_free_is_one_of_our_two_policies_or_nothing(
        self, policy: Any, kept: AdmissionControl | None
    ) -> None:
        """FAQ-12; vim.cluster.DasAdmissionControlPolicy and its kinds."""
        assert kept_free(vim.cluster.DasConfigInfo(admissionControlPolicy=policy)) == kept

    def test_overrides_are_read_in_new_words_and_old(self) -> None:
        """vim.cluster.DasVmConfigInfo: `restartPriority` until API 4.1's `dasSettings`."""
        refs = [vim.VirtualMachine(f"vm-{n}") for n in range(4)]
        overrides = [
            vim.cluster.DasVmConfigInfo(key=refs[0], dasSettings=vim.cluster.DasVmSettings(restartPriority="highest")),
            vim.cluster.DasVmConfigInfo(key=refs[1], restartPriority="low"),
            vim.cluster.DasVmConfigInfo(key=refs[2], dasSettings=vim.cluster.DasVmSettings(restartPriority="disabled")),
            vim.cluster.DasVmConfigInfo(
                key=refs[3], dasSettings=vim.cluster.DasVmSettings(restartPriority="clusterRestartPriority")
            ),
        ]
        assert restart_priorities(overrides) == {
            refs[0]: RestartPriority.HIGHEST,
            refs[1]: RestartPriority.LOW,
            refs[2]: RestartPriority.LOWEST,
        }

    @pytest.mark.parametrize("resource", [estate.HILL, estate.APPS], ids=lambda resource: resource.tenant)
    def test_a_tenants_words_are_read_as_they_were_written(self, resource: Resource) -> None:
        terms = inscription.RoomTerms.of(estate.HILL)
        assert inscription.RoomTerms.read(terms.words) == terms


_FIELDS = {name: number for number, name in enumerate(sorted(inscription.NAMES))}
_LONG = "x" * 80
_WORD = (
    st.text()
    | st.integers(0, 10**40).map(str)
    | st.sampled_from(
        [
            "platform/cluster/tokyo-1",
            f"platform/storage-class/{_LONG}",
            "hill/storage-class/raid6",
            "hill/tenant/lake",
            f"{_LONG}/tenant/{_LONG}",
            "platform/tenant/platform",
            "hill/vm/app-1",
            "9" * 5000,
            "0.0.0.0/0",
        ]
    )
)
_NAME = st.text(min_size=1) | st.sampled_from(["Tokyo Cluster", "RAID6 A (old)", "wpf-vlan-" + "9" * 5000, _LONG])
_ROOM = inscription.RoomTerms.of(estate.HILL).words
_GROUP = inscription.group_words(estate.STORAGE.groups["raid6-a"])
_MARKS = {
    "cluster": {inscription.IDENTITY: "platform/cluster/tokyo-1"},
    "host": {inscription.IDENTITY: "platform/cluster/tokyo-1", inscription.CPU: "32", inscription.MEMORY_GIB: "128"},
    "datastore": {**_GROUP, **dict.fromkeys((inscription.IDENTITY, inscription.BUILT), "platform/storage-class/raid6")},
    "portgroup": {inscription.IDENTITY: "hill/tenant/hill"},
    "folder": {**_ROOM, inscription.IDENTITY: "hill/tenant/hill"},
    "pool": {inscription.IDENTITY: "hill/tenant/hill"},
}
_NAMES = {
    "cluster": "tokyo-1",
    "host": "tokyo-1-1",
    "datastore": "raid6-a",
    "portgroup": "wpf-vlan-0101",
    "folder": "hill",
    "pool": "hill",
}


def _inventory(names: Mapping[str, str], marks: Mapping[str, Mapping[str, str]], port_config: Any) -> dict[Any, Any]:
    """One of each, linked as in a vCenter."""

    def said(what: str, **more: Any) -> dict[str, Any]:
        words = {**_MARKS[what], **marks.get(what, {})}
        values = [
            vim.CustomFieldsManager.StringValue(key=_FIELDS[name], value=word) for name, word in words.items() if word
        ]
        return {"name": names.get(what, _NAMES[what]), "customValue": values, **more}

    root, cluster, host = vim.ResourcePool("root"), vim.ClusterComputeResource("cluster"), vim.HostSystem("host")
    mounted = vim.Datastore.HostMount(
        key=host, mountInfo=vim.host.MountInfo(path="/", accessMode="readWrite", accessible=True)
    )
    return {
        cluster: said("cluster", resourcePool=root),
        host: said("host", parent=cluster),
        vim.Datastore("ds"): said("datastore", host=[mounted]),
        vim.dvs.DistributedVirtualPortgroup("pg"): said("portgroup", **{"config.defaultPortConfig": port_config}),
        vim.Folder("tenants"): said("folder", parent=vim.Datacenter("dc"), childEntity=[]),
        vim.ResourcePool("pool"): said("pool", parent=root),
    }


def _vlan(number: int) -> Any:
    switch = vim.dvs.VmwareDistributedVirtualSwitch
    return switch.VmwarePortConfigPolicy(vlan=switch.VlanIdSpec(inherited=False, vlanId=number))


class TestAnythingPeopleType:
    def test_what_nobody_touched_is_seen(self) -> None:
        ground = ground_of(vim.Datacenter("dc"), _FIELDS, _inventory({}, {}, _vlan(101)))
        assert set(ground.resources(PLATFORM)) == {estate.CLUSTER.identity, estate.STORAGE.identity}
        assert ground.tenant("hill") == estate.HILL

    @given(
        st.dictionaries(st.sampled_from(sorted(_NAMES)), _NAME, max_size=2),
        st.dictionaries(
            st.sampled_from(sorted(_MARKS)),
            st.dictionaries(st.sampled_from(sorted(_FIELDS)), _WORD, max_size=2),
            max_size=2,
        ),
        st.none() | st.integers(-1, 2**31 - 1).map(_vlan),
    )
    def test_no_name_and_no_word_fails_an_observation(
        self, names: dict[str, str], marks: dict[str, dict[str, str]], port_config: Any
    ) -> None:
        ground = ground_of(vim.Datacenter("dc"), _FIELDS, _inventory(names, marks, port_config))
        for tenant in {PLATFORM, "hill", *ground.rooms}:
            for identity, observed in ground.resources(tenant).items():
                assert observed.resource.identity == identity
                assert ground.resource(identity) == observed.resource
                observed.resource.data()
        ledger_of(Picture(ground, {})).close()
