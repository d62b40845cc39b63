"""Rehearsing: told beforehand what the real call would raise, and nothing changed by the asking."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.contract import estate
from tests.contract.harness import Contract, Happening, Harness
from wpf_infra.backend.contract import Act, Backend, Delete
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused
from wpf_infra.model.identity import PLATFORM, Identity
from wpf_infra.model.resource import VmResource
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Reconfigure, Settle, ShutDownGuest

Plan = tuple[Identity, Sequence[Act]]

APP = estate.server()
MISSING_TENANT = VmResource.model_validate({**APP.data(), "tenant": "lake"})
NEW_ADDRESS = estate.server("app-2", host=12)
RESIZE = (ShutDownGuest(), Reconfigure(cpu=4, grow={"system": 300}, owe_restart=True), PowerOn())

GO_THROUGH: dict[str, Plan] = {
    "nothing": (APP.identity, ()),
    "build": (NEW_ADDRESS.identity, [Build(NEW_ADDRESS)]),
    "build again": (APP.identity, [Build(APP)]),
    "resize": (APP.identity, RESIZE),
    "disk comes and goes": (
        APP.identity,
        [ShutDownGuest(), Reconfigure(add=estate.disks(data=300)), EraseDisk("data"), PowerOn()],
    ),
    "settle": (estate.CLUSTER.identity, [Settle(estate.cluster(failover_hosts=2))]),
    "delete": (APP.identity, [ShutDownGuest(), Delete()]),
    "delete what is not there": (MISSING_TENANT.identity, [Delete()]),
    "delete what is empty": (estate.APPS.identity, [Delete()]),
}

REFUSED: dict[str, tuple[type[BackendError], Identity, Sequence[Act]]] = {
    "no host with room": (Conflict, APP.identity, [ShutDownGuest(), Reconfigure(cpu=64, owe_restart=True), PowerOn()]),
    "no storage": (Conflict, APP.identity, [ShutDownGuest(), Reconfigure(add=estate.disks(data=99_000)), PowerOn()]),
    "admission control": (Refused, NEW_ADDRESS.identity, [Build(estate.server("app-2", host=12, cpu=16))]),
    "taken address": (Conflict, estate.server("app-2").identity, [Build(estate.server("app-2"))]),
    "different server": (Conflict, APP.identity, [Build(estate.server(cpu=4))]),
    "no tenant": (NotFound, MISSING_TENANT.identity, [Build(MISSING_TENANT)]),
    "running": (Refused, APP.identity, [Reconfigure(cpu=4)]),
    "shrink": (Refused, APP.identity, [ShutDownGuest(), Reconfigure(grow={"system": 50}), PowerOn()]),
    "gone": (NotFound, NEW_ADDRESS.identity, [ShutDownGuest()]),
    "taken vlan": (
        Conflict,
        estate.HILL.identity,
        [Settle(estate.tenant("hill", vlan=3001, cidr="10.64.1.0/24"))],
    ),
    "host cannot be emptied": (Conflict, estate.CLUSTER.identity, [Settle(estate.cluster(hosts=2))]),
    "delete running": (Refused, APP.identity, [Delete()]),
    "delete tenant": (Refused, estate.HILL.identity, [Delete()]),
    "delete cluster": (Refused, estate.CLUSTER.identity, [Delete()]),
    "delete storage class": (Refused, estate.STORAGE.identity, [Delete()]),
    "delete policy": (Refused, estate.policy({}).identity, [Delete()]),
}


def carry_out(backend: Backend, identity: Identity, acts: Sequence[Act]) -> None:
    for act in acts:
        if isinstance(act, Delete):
            backend.delete(identity)
        else:
            backend.perform(identity, act)


def hall(number: int) -> VmResource:
    """A server that fills a host."""
    return estate.server(f"hall-{number}", host=21 + number, cpu=32, memory_gib=128)


class RehearsingContract(Contract):
    @pytest.fixture
    def town(self, backend: Backend) -> Backend:
        """A world with a small server, two that fill a host each, and a policy."""
        backend.create(estate.policy({"telemetry": "telemetry"}))
        backend.create(APP)
        for number in range(2):
            backend.create(hall(number))
        backend.create(estate.server("annex", host=31, cpu=16, memory_gib=64))
        return backend

    @pytest.mark.parametrize("case", GO_THROUGH)
    def test_what_goes_through_is_told_so(self, town: Backend, case: str) -> None:
        identity, acts = GO_THROUGH[case]
        assert town.rehearse([(identity, acts)]) == {}
        carry_out(town, identity, acts)

    @pytest.mark.parametrize("case", REFUSED)
    def test_a_refusal_is_the_one_that_the_real_call_meets(self, town: Backend, case: str) -> None:
        """FAQ-16: nobody's server is shut down for what cannot be done."""
        kind, identity, acts = REFUSED[case]
        told = town.rehearse([(identity, acts)])
        assert list(told) == [identity]
        with pytest.raises(kind) as met:
            carry_out(town, identity, acts)
        assert type(told[identity]) is type(met.value)
        assert str(told[identity]) == str(met.value)

    def test_nothing_is_changed(self, town: Backend, other: Backend, harness: Harness) -> None:
        def picture() -> object:
            happened = {name: harness.happened(name) for name in town.observe("hill")}
            return other.identity(), other.observe(PLATFORM), other.observe("hill"), other.observe("apps"), happened

        before = picture()
        plans: list[Plan] = [*GO_THROUGH.values(), *(refused[1:] for refused in REFUSED.values())]
        for plan in plans:
            town.rehearse([plan])
        town.rehearse(plans)
        assert picture() == before

    def test_a_fault_waits_for_the_real_call(self, town: Backend, harness: Harness) -> None:
        for call, kind in (("perform", "refused"), ("create", "transient"), ("delete", "partial")):
            harness.fail(call, APP.identity, kind)
        end: Plan = (APP.identity, [ShutDownGuest(), Delete()])
        assert town.rehearse([(APP.identity, [Build(APP)]), (APP.identity, RESIZE), end]) == {}
        with pytest.raises(Refused):
            town.perform(APP.identity, ShutDownGuest())

    def test_what_fits_alone_and_not_together_is_told(self, backend: Backend) -> None:
        """FAQ-12"""
        plans: list[Plan] = [(hall(number).identity, [Build(hall(number))]) for number in range(4)]
        assert [backend.rehearse([plan]) for plan in plans] == [{}, {}, {}, {}]
        told = backend.rehearse(plans)
        assert list(told) == [hall(3).identity]
        for number in range(3):
            backend.create(hall(number))
        with pytest.raises(type(told[hall(3).identity])):
            backend.create(hall(3))

    def test_what_an_earlier_plan_builds_stands_for_a_later_one(self, backend: Backend) -> None:
        lake = estate.tenant("lake", vlan=300, cidr="10.64.9.0/24")
        plans: list[Plan] = [(MISSING_TENANT.identity, [Build(MISSING_TENANT)]), (lake.identity, [Build(lake)])]
        assert isinstance(backend.rehearse(plans)[MISSING_TENANT.identity], NotFound)
        assert backend.rehearse(plans[::-1]) == {}

    def test_what_an_earlier_plan_takes_away_is_gone_for_a_later_one(self, backend: Backend) -> None:
        backend.create(APP)
        end: Plan = (APP.identity, [ShutDownGuest(), Delete()])
        room: Plan = (estate.HILL.identity, [Delete()])
        assert list(backend.rehearse([room, end])) == [estate.HILL.identity]
        assert backend.rehearse([end, room]) == {}

    def test_a_refused_plan_leaves_nothing_to_the_next(self, backend: Backend) -> None:
        backend.create(APP)
        too_much: Sequence[Act] = [ShutDownGuest(), Reconfigure(address=NEW_ADDRESS.address), Reconfigure(cpu=999)]
        told = backend.rehearse([(APP.identity, too_much), (NEW_ADDRESS.identity, [Build(NEW_ADDRESS)])])
        assert list(told) == [APP.identity]

    def test_others_go_on_after_a_rehearsal(self, backend: Backend, other: Backend, harness: Harness) -> None:
        backend.rehearse([(APP.identity, [Build(APP)])])
        other.create(APP)
        assert isinstance(backend.rehearse([(APP.identity, [Build(estate.server(cpu=4))])])[APP.identity], Conflict)
        assert harness.happened(APP.identity) == [Happening.CREATED, Happening.STARTED]
