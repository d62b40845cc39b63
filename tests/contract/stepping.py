"""The steps of a plan: done once, refused as a vCenter refuses, and an owed restart that nobody forgets."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from netaddr import IPAddress

from tests.contract import estate
from tests.contract.harness import Contract, Happening, Harness
from wpf_infra.backend.contract import Backend
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import Resource, VmResource
from wpf_infra.plan.step import EraseDisk, PowerOn, Reconfigure, SetAvailability, Settle, ShutDownGuest, Step

LARGER = Reconfigure(
    cpu=4, memory_gib=16, address=IPAddress("10.64.1.77"), grow={"system": 300}, add=estate.disks(data=500)
)


@dataclass(frozen=True)
class Standing:
    """A server that was built and runs, and the hands on it."""

    resource: VmResource
    backend: Backend
    harness: Harness

    @property
    def power(self) -> Power:
        return estate.seen(self.backend, self.resource).power

    @property
    def restart_owed(self) -> bool:
        return estate.seen(self.backend, self.resource).restart_owed

    @property
    def now(self) -> VmResource:
        return estate.seen(self.backend, self.resource).resource

    def perform(self, *steps: Step) -> None:
        for step in steps:
            self.backend.perform(self.resource.identity, step)

    def since_built(self) -> list[Happening]:
        return self.harness.happened(self.resource.identity)[2:]


class SteppingContract(Contract):
    @pytest.fixture
    def server(self, backend: Backend, harness: Harness) -> Standing:
        resource = estate.server()
        backend.create(resource)
        return Standing(resource, backend, harness)

    def test_stopped_changed_and_started(self, server: Standing) -> None:
        """FAQ-15, FAQ-16"""
        server.perform(ShutDownGuest(), LARGER, PowerOn())
        assert server.now == estate.server(
            cpu=4, memory_gib=16, address="10.64.1.77", disks=estate.disks(system=300, data=500)
        )
        assert server.power is Power.ON
        happened = server.since_built()
        assert happened[0] is Happening.SHUT_DOWN
        assert happened[-1] is Happening.STARTED
        assert set(happened[1:-1]) == {
            Happening.RESIZED,
            Happening.READDRESSED,
            Happening.DISK_GROWN,
            Happening.DISK_ADDED,
        }

    @pytest.mark.parametrize(
        "step", [ShutDownGuest(), LARGER, EraseDisk("data"), PowerOn()], ids=lambda s: type(s).__name__
    )
    def test_every_step_may_be_repeated(self, server: Standing, step: Step) -> None:
        server.perform(ShutDownGuest(), LARGER)
        if isinstance(step, PowerOn):
            server.perform(step)
        server.perform(step)
        before = server.since_built()
        server.perform(step, step)
        assert server.since_built() == before

    def test_what_a_running_server_refuses(self, server: Standing) -> None:
        for step in (
            Reconfigure(cpu=4),
            Reconfigure(memory_gib=16),
            Reconfigure(address=IPAddress("10.64.1.77")),
            Reconfigure(grow={"system": 300}),
            Reconfigure(add=estate.disks(data=100)),
        ):
            with pytest.raises(Refused):
                server.perform(step)
        assert server.now == server.resource
        assert server.since_built() == []

    def test_a_running_servers_disk_is_not_erased(self, server: Standing) -> None:
        server.perform(ShutDownGuest(), Reconfigure(add=estate.disks(data=100)), PowerOn())
        with pytest.raises(Refused):
            server.perform(EraseDisk("data"))
        assert "data" in server.now.disks

    def test_a_disk_never_shrinks(self, server: Standing) -> None:
        """FAQ-15"""
        server.perform(ShutDownGuest())
        with pytest.raises(Refused) as caught:
            server.perform(Reconfigure(grow={"system": 50}))
        assert caught.value.row == 15

    def test_an_unknown_disk_does_not_grow(self, server: Standing) -> None:
        server.perform(ShutDownGuest())
        with pytest.raises(Refused, match="data"):
            server.perform(Reconfigure(cpu=4, grow={"data": 300}))
        assert server.now.cpu == 2

    def test_a_disk_of_a_taken_name_is_a_conflict(self, server: Standing) -> None:
        server.perform(ShutDownGuest(), Reconfigure(add=estate.disks(system=100)))
        with pytest.raises(Conflict):
            server.perform(Reconfigure(add=estate.disks(system=300)))

    def test_the_last_disk_is_not_erased(self, server: Standing) -> None:
        server.perform(ShutDownGuest())
        with pytest.raises(Refused):
            server.perform(EraseDisk("system"))

    def test_a_disk_is_overwritten_before_it_goes(self, server: Standing) -> None:
        """FAQ-13, FAQ-15"""
        server.perform(ShutDownGuest(), Reconfigure(add=estate.disks(data=100)), EraseDisk("data"), PowerOn())
        assert server.now == server.resource
        assert server.since_built().count(Happening.DISK_ERASED) == 1

    def test_an_erasure_that_was_cut_off_is_finished(self, server: Standing) -> None:
        server.perform(ShutDownGuest(), Reconfigure(add=estate.disks(data=100)))
        server.harness.fail("perform", server.resource.identity, "partial")
        with pytest.raises(BackendError):
            server.perform(EraseDisk("data"))
        server.perform(EraseDisk("data"), PowerOn())
        assert server.now == server.resource
        assert server.since_built().count(Happening.DISK_ERASED) == 1

    def test_somebody_elses_disk_is_not_seen_grown_or_erased(self, server: Standing) -> None:
        server.harness.hang_foreign_disk(server.resource.identity, "theirs")
        server.perform(ShutDownGuest())
        for step in (EraseDisk("theirs"), Reconfigure(grow={"theirs": 500})):
            with pytest.raises(Refused):
                server.perform(step)
        with pytest.raises(Conflict):
            server.perform(Reconfigure(add=estate.disks(theirs=100)))
        assert server.now == server.resource

    def test_a_restart_is_owed_from_the_shutdown_to_the_start(self, server: Standing) -> None:
        """FAQ-16"""
        assert not server.restart_owed
        server.perform(ShutDownGuest())
        assert (server.power, server.restart_owed) == (Power.OFF, True)
        server.perform(Reconfigure(cpu=4))
        assert server.restart_owed
        server.perform(PowerOn())
        assert (server.power, server.restart_owed) == (Power.ON, False)

    def test_the_mark_is_set_before_the_server_stops(self, server: Standing) -> None:
        server.harness.fail("perform", server.resource.identity, "partial")
        with pytest.raises(BackendError):
            server.perform(ShutDownGuest())
        assert server.restart_owed

    def test_a_shutdown_that_was_cut_off_is_finished(self, server: Standing) -> None:
        server.harness.fail("perform", server.resource.identity, "partial")
        with pytest.raises(BackendError):
            server.perform(ShutDownGuest())
        server.perform(ShutDownGuest())
        assert (server.power, server.restart_owed) == (Power.OFF, True)

    def test_a_start_clears_the_mark_of_a_server_that_runs(self, server: Standing) -> None:
        server.harness.fail("perform", server.resource.identity, "partial")
        with pytest.raises(BackendError):
            server.perform(ShutDownGuest())
        server.perform(PowerOn())
        assert (server.power, server.restart_owed) == (Power.ON, False)
        assert server.since_built().count(Happening.SHUT_DOWN) == server.since_built().count(Happening.STARTED)

    def test_nothing_is_owed_to_a_server_that_was_off(self, server: Standing) -> None:
        """FAQ-14: what its vendor stopped is the vendor's to start."""
        server.harness.power(server.resource.identity, on=False)
        server.perform(ShutDownGuest(), Reconfigure(grow={"system": 300}))
        assert (server.power, server.restart_owed) == (Power.OFF, False)

    def test_a_change_may_owe_a_start_to_a_server_that_was_off(self, server: Standing) -> None:
        """FAQ-16: the vendor shuts down, the platform changes and starts."""
        server.harness.power(server.resource.identity, on=False)
        server.perform(Reconfigure(cpu=4, owe_restart=True))
        assert server.restart_owed
        server.perform(PowerOn())
        assert (server.power, server.restart_owed) == (Power.ON, False)

    def test_availability_is_set_on_a_running_server(self, server: Standing) -> None:
        """FAQ-12"""
        server.perform(SetAvailability(RestartPriority.HIGHEST, "app"))
        assert server.now == estate.server(restart_priority="highest", anti_affinity="app")
        assert server.power is Power.ON
        server.perform(SetAvailability(RestartPriority.MEDIUM, None))
        assert server.now == server.resource
        assert Happening.SHUT_DOWN not in server.since_built()

    @pytest.mark.parametrize(
        "step",
        [ShutDownGuest(), LARGER, EraseDisk("data"), SetAvailability(RestartPriority.HIGH, None), PowerOn()],
        ids=lambda step: type(step).__name__,
    )
    def test_a_server_that_is_gone_is_not_found(self, server: Standing, step: Step) -> None:
        server.harness.remove(server.resource.identity)
        with pytest.raises(NotFound):
            server.perform(step)
        assert server.backend.find(server.resource.identity) is None


class SettlingContract(Contract):
    @pytest.mark.parametrize(
        "wanted",
        [
            estate.HILL.model_copy(update={"name": estate.HILL.name.model_copy(update={"en": "Hill"})}),
            estate.tenant("hill", vlan=102, cidr="10.64.1.0/25"),
            estate.policy({"telemetry": "a better reason", "update": "updates"}),
            estate.policy({}),
            estate.cluster(failover_hosts=2),
            estate.STORAGE,
        ],
        ids=["name", "network", "allowances", "no allowances", "admission control", "the same"],
    )
    def test_an_object_takes_other_settings_as_often_as_asked(self, backend: Backend, wanted: Resource) -> None:
        backend.create(estate.policy({"telemetry": "telemetry"}))
        backend.create(estate.server())
        for _ in range(2):
            backend.perform(wanted.identity, Settle(wanted))
            found = backend.find(wanted.identity)
            assert found is not None
            assert found.resource == wanted

    def test_a_taken_vlan_is_a_conflict(self, backend: Backend) -> None:
        with pytest.raises(Conflict):
            backend.perform(estate.HILL.identity, Settle(estate.tenant("hill", vlan=3001, cidr="10.64.1.0/24")))
        found = backend.find(estate.HILL.identity)
        assert found is not None
        assert found.resource == estate.HILL

    def test_a_policy_becomes_what_is_declared(self, backend: Backend) -> None:
        """FAQ-22, FAQ-35"""
        ntp, other = {"platform.ntp/ntp-1": estate.service()}, "10.160.1.16/28"
        wanted = (
            estate.policy({"telemetry": "telemetry"}, lines={"plant": "10.160.1.0/28", "annex": other}),
            estate.policy({"telemetry": "telemetry"}, lines={"annex": "10.160.1.32/28", "plant": "10.160.1.0/28"}),
            estate.policy({}, lines={"plant": other}, allowances=ntp),
            estate.policy({}, lines={}, network="10.64.0.0/23", allowances=ntp),
            estate.policy({"telemetry": "telemetry"}),
        )
        backend.create(wanted[-1])
        for policy in wanted:
            backend.perform(policy.identity, Settle(policy))
            found = backend.find(policy.identity)
            assert found is not None
            assert found.resource == policy

    @pytest.mark.parametrize("kind", [Kind.TENANT, Kind.FIREWALL, Kind.CLUSTER, Kind.STORAGE_CLASS])
    def test_what_is_gone_is_not_found(self, empty: Backend, harness: Harness, kind: Kind) -> None:
        empty.create(estate.CLUSTER)
        resources: dict[Kind, Resource] = {
            Kind.TENANT: estate.HILL,
            Kind.FIREWALL: estate.policy({}),
            Kind.CLUSTER: estate.CLUSTER.model_copy(update={"name": "osaka-1"}),
            Kind.STORAGE_CLASS: estate.STORAGE,
        }
        identity: Identity = resources[kind].identity
        with pytest.raises(NotFound):
            empty.perform(identity, Settle(resources[kind]))
