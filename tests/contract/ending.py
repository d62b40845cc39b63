"""Ends: overwritten first, never under a running server, never under what still stands, never twice."""

from __future__ import annotations

import pytest

from tests.contract import estate
from tests.contract.harness import Contract, Happening, Harness
from wpf_infra.backend.contract import Backend, Erasure
from wpf_infra.errors import BackendError, Refused
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import Resource
from wpf_infra.plan.step import ShutDownGuest

_OF_MACHINES = (Kind.STORAGE_CLASS, Kind.CLUSTER, Kind.TENANT, Kind.VM, Kind.FIREWALL, Kind.IMAGE)
"""The kinds that a backend of machines carries."""


class EndingContract(Contract):
    def test_a_server_ends_with_its_disks_overwritten(self, backend: Backend, harness: Harness) -> None:
        """FAQ-13"""
        server = estate.server(disks=estate.disks(system=100, data=300))
        backend.create(server)
        backend.perform(server.identity, ShutDownGuest())
        erasure = backend.delete(server.identity)
        assert isinstance(erasure, Erasure)
        assert (erasure.identity, dict(erasure.disks)) == (server.identity, {"system": 100, "data": 300})
        assert erasure.method
        assert backend.find(server.identity) is None
        assert harness.happened(server.identity)[3:] == [
            Happening.DISK_ERASED,
            Happening.DISK_ERASED,
            Happening.DELETED,
        ]

    def test_an_end_that_was_cut_off_is_finished_and_told_whole(
        self, backend: Backend, other: Backend, harness: Harness
    ) -> None:
        server = estate.server(disks=estate.disks(system=100, data=300))
        backend.create(server)
        backend.perform(server.identity, ShutDownGuest())
        harness.fail("delete", server.identity, "partial", times=2)
        for _ in range(2):
            with pytest.raises(BackendError):
                backend.delete(server.identity)
            assert backend.find(server.identity) is not None
        erasure = other.delete(server.identity)
        assert erasure is not None
        assert dict(erasure.disks) == {"system": 100, "data": 300}
        assert harness.happened(server.identity).count(Happening.DISK_ERASED) == 2

    def test_a_running_server_is_never_erased(self, backend: Backend, harness: Harness) -> None:
        """FAQ-13"""
        server = estate.server()
        backend.create(server)
        with pytest.raises(Refused):
            backend.delete(server.identity)
        assert harness.happened(server.identity) == [Happening.CREATED, Happening.STARTED]

    def test_a_server_with_somebody_elses_disk_is_not_erased(self, backend: Backend, harness: Harness) -> None:
        server = estate.server()
        backend.create(server)
        harness.hang_foreign_disk(server.identity, "theirs")
        seen = backend.observe(server.tenant)[server.identity]
        assert isinstance(seen, ObservedVm) and seen.foreign_disks == ("theirs",)
        assert seen == backend.find(server.identity)
        backend.perform(server.identity, ShutDownGuest())
        with pytest.raises(Refused, match="theirs"):
            backend.delete(server.identity)
        assert Happening.DISK_ERASED not in harness.happened(server.identity)

    def test_its_name_and_address_are_free_again(self, backend: Backend) -> None:
        server = estate.server()
        backend.create(server)
        backend.perform(server.identity, ShutDownGuest())
        backend.delete(server.identity)
        successors = (estate.server("app-9"), estate.server(host=12, os="rhel-8"))
        for successor in successors:
            backend.create(successor)
        seen = [backend.find(successor.identity) for successor in successors]
        assert [each.resource for each in seen if each] == list(successors)

    @pytest.mark.parametrize("kind", _OF_MACHINES)
    def test_what_is_not_there_is_gone_already(self, backend: Backend, kind: Kind) -> None:
        assert backend.delete(Identity("nobody", kind, "nobody")) is None

    @pytest.mark.parametrize("resource", [estate.HILL, estate.CLUSTER, estate.STORAGE], ids=lambda one: one.kind)
    def test_what_something_stands_in_stays(self, backend: Backend, resource: Resource) -> None:
        backend.create(estate.server())
        with pytest.raises(Refused, match="hill"):
            backend.delete(resource.identity)
        assert backend.find(resource.identity) is not None

    def test_a_policy_stays_while_a_server_of_its_tenant_stands(self, backend: Backend) -> None:
        """FAQ-22"""
        server, policy, others = (
            estate.server(),
            estate.policy({"telemetry": "telemetry"}),
            estate.policy({}, of="apps"),
        )
        for resource in (policy, others, server):
            backend.create(resource)
        backend.delete(others.identity)
        with pytest.raises(Refused, match="app-1"):
            backend.delete(policy.identity)
        backend.perform(server.identity, ShutDownGuest())
        with pytest.raises(Refused, match="app-1"):
            backend.delete(policy.identity)
        found = backend.find(policy.identity)
        assert found is not None
        assert found.resource == policy

    def test_everything_ends_from_the_top_down(self, backend: Backend) -> None:
        server, policy = estate.server(), estate.policy({"telemetry": "telemetry"})
        backend.create(policy)
        backend.create(server)
        with pytest.raises(Refused):
            backend.delete(estate.HILL.identity)
        backend.perform(server.identity, ShutDownGuest())
        for resource in (server, policy, estate.HILL, estate.APPS, estate.STORAGE, estate.CLUSTER):
            backend.delete(resource.identity)
            assert backend.find(resource.identity) is None
        assert backend.observe("platform") == backend.observe("hill") == {}
