"""What a backend sees: nothing where nothing is, everything of ours where something is, and never by writing."""

from __future__ import annotations

import pytest

from tests.contract import estate
from tests.contract.harness import Contract, Harness
from wpf_infra.backend.contract import Backend
from wpf_infra.model.availability import Power
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.resource import FirewallResource, Resource, VmResource


class ObservingContract(Contract):
    def test_a_world_in_which_nothing_stands_is_empty(self, empty: Backend) -> None:
        assert empty.observe(PLATFORM) == {}
        assert empty.observe("hill") == {}
        assert empty.find(estate.HILL.identity) is None

    @pytest.mark.parametrize("kind", Kind)
    def test_what_is_not_there_is_not_found(self, backend: Backend, kind: Kind) -> None:
        assert backend.find(Identity("nobody", kind, "nobody")) is None

    def test_its_identity_stays(self, backend: Backend, other: Backend) -> None:
        first = backend.identity()
        assert first
        backend.create(estate.server())
        assert backend.identity() == other.identity() == first

    @pytest.mark.parametrize(
        "resource",
        [
            estate.CLUSTER,
            estate.STORAGE,
            estate.HILL,
            estate.policy({"telemetry": "telemetry"}),
            estate.policy({}),
            estate.policy({}, lines={}, allowances={"platform.ntp/ntp-1": estate.service()}),
            estate.PLATFORM_POLICY,
            estate.server(disks=estate.disks(system=100, data=300), anti_affinity="app", restart_priority="high"),
        ],
        ids=lambda resource: f"{resource.identity.tenant} {resource.kind}",
    )
    def test_what_was_built_is_seen_as_it_was_declared(self, backend: Backend, resource: Resource) -> None:
        if resource.identity.tenant == PLATFORM and resource.identity.kind is Kind.FIREWALL:
            backend.create(estate.BASE)
        backend.create(resource)
        found = backend.find(resource.identity)
        assert found is not None
        assert found.resource == resource
        assert found.resource.data() == resource.data()
        assert backend.observe(resource.identity.tenant)[resource.identity] == found

    def test_a_tenant_is_seen_whole_and_alone(self, backend: Backend) -> None:
        mine: list[VmResource | FirewallResource] = [
            estate.server(),
            estate.server("app-2", host=12),
            estate.policy({}),
        ]
        for resource in mine:
            backend.create(resource)
        backend.create(estate.server("collector", of="apps"))
        assert set(backend.observe("hill")) == {estate.HILL.identity, *(one.identity for one in mine)}

    def test_the_platform_is_seen_with_its_hardware(self, backend: Backend) -> None:
        seen = backend.observe(PLATFORM)
        assert seen == {one.identity: Observed(one) for one in (estate.CLUSTER, estate.STORAGE)}

    def test_agreements_are_not_on_the_backend(self, backend: Backend) -> None:
        """FAQ-13, FAQ-15"""
        plain = estate.server()
        retire = {"ordered": "2026-09-20", "ends": "2026-10-31"}
        agreed = estate.server(retire=retire, consent={"by": "Sato", "on": "2026-11-20"})
        backend.create(agreed)
        assert estate.seen(backend, agreed).resource == plain

    def test_a_server_is_seen_with_its_power_and_host(self, backend: Backend, harness: Harness) -> None:
        server = estate.server()
        backend.create(server)
        observed = estate.seen(backend, server)
        assert (observed.power, observed.built, observed.restart_owed) == (Power.ON, True, False)
        assert observed.host in estate.CLUSTER.hosts
        harness.power(server.identity, on=False)
        off = estate.seen(backend, server)
        assert (off.power, off.restart_owed) == (Power.OFF, False)

    def test_drift_is_seen(self, backend: Backend, harness: Harness) -> None:
        server, gone = estate.server(), estate.server("app-2", host=12)
        backend.create(server)
        backend.create(gone)
        harness.resize(server.identity, memory_gib=16)
        harness.remove(gone.identity)
        seen = backend.observe("hill")
        assert isinstance(observed := seen[server.identity], ObservedVm)
        assert observed.resource.memory_gib == 16
        assert gone.identity not in seen

    def test_what_was_altered_and_removed_of_a_policy_is_seen(self, backend: Backend, harness: Harness) -> None:
        policy = estate.policy({"telemetry": "telemetry", "update": "updates"})
        backend.create(policy)
        harness.alter_allowance("hill", "hill/telemetry", reason="somebody's")
        harness.remove_allowance("hill", "hill/update")
        harness.remove_line("hill", "plant")
        found = backend.find(policy.identity)
        assert found is not None
        assert found.resource == estate.policy({"telemetry": "somebody's"}, lines={})
