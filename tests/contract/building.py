"""Building: to the end, once, whoever asks how often; what was cut off is finished; what is taken is a Conflict."""

from __future__ import annotations

import pytest

from tests.contract import estate
from tests.contract.harness import Contract, Happening, Harness
from wpf_infra.backend.contract import Backend
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused, Transient
from wpf_infra.model.availability import Power
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import Resource, VmResource
from wpf_infra.plan.step import Build

FAULTS: dict[str, type[BackendError]] = {"transient": Transient, "refused": Refused, "conflict": Conflict}


class BuildingContract(Contract):
    def test_building_again_is_success_and_does_nothing(self, backend: Backend, harness: Harness) -> None:
        server = estate.server(disks=estate.disks(system=100, data=300))
        for _ in range(3):
            for resource in (*estate.GROUND, estate.policy({"telemetry": "telemetry"}), server):
                backend.create(resource)
        assert harness.happened(server.identity) == [Happening.CREATED, Happening.STARTED]

    def test_a_server_that_its_vendor_stopped_is_the_same_and_stays_off(
        self, backend: Backend, harness: Harness
    ) -> None:
        """FAQ-14"""
        server = estate.server(of="apps")
        backend.create(server)
        harness.power(server.identity, on=False)
        backend.create(server)
        assert estate.seen(backend, server).power is Power.OFF

    def test_a_build_that_was_cut_off_is_finished(self, backend: Backend, other: Backend, harness: Harness) -> None:
        server = estate.server(disks=estate.disks(system=100, data=300, log=100), anti_affinity="app")
        harness.fail("create", server.identity, "partial", times=3)
        for _ in range(3):
            with pytest.raises(BackendError):
                backend.create(server)
            half = estate.seen(backend, server)
            assert not half.built
        other.create(server)
        whole = estate.seen(backend, server)
        assert (whole.resource, whole.built, whole.power) == (server, True, Power.ON)
        assert harness.happened(server.identity) == [Happening.CREATED, Happening.STARTED]

    def test_the_step_build_is_the_same_as_create(self, backend: Backend, harness: Harness) -> None:
        server = estate.server()
        harness.fail("create", server.identity, "partial")
        with pytest.raises(BackendError):
            backend.create(server)
        backend.perform(server.identity, Build(server))
        assert estate.seen(backend, server).built

    def test_a_build_that_was_cut_off_may_be_wanted_differently(self, backend: Backend, harness: Harness) -> None:
        server = estate.server()
        harness.fail("create", server.identity, "partial")
        with pytest.raises(BackendError):
            backend.create(server)
        wanted = estate.server(cpu=4, memory_gib=16, address="10.64.1.99")
        backend.create(wanted)
        assert estate.seen(backend, wanted).resource == wanted

    @pytest.mark.parametrize("kind", FAULTS)
    def test_a_fault_comes_out_as_its_kind_and_leaves_nothing(
        self, backend: Backend, harness: Harness, kind: str
    ) -> None:
        server = estate.server()
        harness.fail("create", server.identity, kind)
        with pytest.raises(FAULTS[kind]):
            backend.create(server)
        assert backend.find(server.identity) is None
        backend.create(server)
        assert estate.seen(backend, server).built

    @pytest.mark.parametrize(
        "different",
        [
            estate.server(cpu=4),
            estate.server(os="rhel-8"),
            estate.server(host=99),
            estate.server(disks=estate.disks(system=300)),
            estate.server(disks=estate.disks(system=100, data=100)),
            estate.server(disks=estate.disks(data=100)),
            estate.server(restart_priority="high"),
            estate.server(anti_affinity="app"),
        ],
        ids=["cpu", "os", "address", "size", "more disks", "other disks", "priority", "group"],
    )
    def test_a_different_server_of_that_name_is_a_conflict(self, backend: Backend, different: VmResource) -> None:
        server = estate.server()
        backend.create(server)
        with pytest.raises(Conflict):
            backend.create(different)
        assert estate.seen(backend, server).resource == server

    @pytest.mark.parametrize(
        "different",
        [
            estate.cluster(hosts=3),
            estate.tenant("hill", vlan=102, cidr="10.64.1.0/24"),
            estate.policy({"telemetry": "other"}),
        ],
        ids=lambda resource: resource.kind,
    )
    def test_a_different_object_of_that_name_is_a_conflict(self, backend: Backend, different: Resource) -> None:
        backend.create(estate.policy({"telemetry": "telemetry"}))
        before = backend.observe(PLATFORM), backend.observe("hill")
        with pytest.raises(Conflict):
            backend.create(different)
        assert (backend.observe(PLATFORM), backend.observe("hill")) == before

    def test_a_vlan_belongs_to_one_tenant(self, backend: Backend) -> None:
        with pytest.raises(Conflict, match="VLAN 101"):
            backend.create(estate.tenant("lake", vlan=101, cidr="10.64.9.0/24"))
        assert backend.observe("lake") == {}

    def test_an_address_belongs_to_one_server(self, backend: Backend) -> None:
        backend.create(estate.server())
        with pytest.raises(Conflict, match="app-1"):
            backend.create(estate.server("app-2"))
        assert backend.find(estate.server("app-2").identity) is None

    @pytest.mark.parametrize(
        "homeless",
        [
            estate.tenant("lake", vlan=300, cidr="10.64.9.0/24", cluster="nowhere"),
            estate.policy({}, of="lake"),
            VmResource.model_validate({**estate.server().data(), "tenant": "lake"}),
        ],
        ids=lambda resource: resource.kind,
    )
    def test_what_it_stands_in_has_to_stand(self, backend: Backend, homeless: Resource) -> None:
        with pytest.raises(NotFound):
            backend.create(homeless)
        assert backend.find(homeless.identity) is None
