"""What is not ours: a clone of one of our servers bears our mark, is told of, and is never touched."""

from __future__ import annotations

import pytest

from tests.contract import estate
from tests.contract.harness import Contract, Happening, Harness
from wpf_infra.backend.contract import Backend
from wpf_infra.errors import Conflict, Refused
from wpf_infra.model.observation import Copy, ObservedTenant
from wpf_infra.plan.step import EraseDisk, PowerOn, Reconfigure, SetAvailability, ShutDownGuest

APP = estate.server(disks=estate.disks(system=100, data=100), anti_affinity="app")


class OwningContract(Contract):
    @pytest.fixture
    def copied(self, backend: Backend, harness: Harness) -> Backend:
        """A world in which somebody cloned a server of ours."""
        backend.create(APP)
        harness.copy(APP.identity, "app-1-test")
        return backend

    def test_a_copy_is_told_of_and_is_no_server_of_ours(self, copied: Backend) -> None:
        room = copied.find(estate.HILL.identity)
        assert isinstance(room, ObservedTenant)
        assert room.copies == (Copy("app-1-test", APP.identity),)
        seen = copied.observe("hill")
        assert set(seen) == {estate.HILL.identity, APP.identity}
        assert seen[estate.HILL.identity] == room
        assert seen[APP.identity].resource == APP

    def test_a_room_without_copies_says_so(self, backend: Backend) -> None:
        backend.create(APP)
        assert backend.find(estate.HILL.identity) == ObservedTenant(estate.HILL)

    def test_what_is_done_to_the_server_is_not_done_to_its_copy(self, copied: Backend, harness: Harness) -> None:
        for step in (
            SetAvailability(APP.restart_priority, None),
            ShutDownGuest(),
            Reconfigure(cpu=4, grow={"system": 300}),
            EraseDisk("data"),
            PowerOn(),
            ShutDownGuest(),
        ):
            copied.perform(APP.identity, step)
        assert harness.copies() == {"app-1-test"}
        copied.delete(APP.identity)
        assert harness.copies() == {"app-1-test"}
        assert harness.happened(APP.identity).count(Happening.DELETED) == 1

    def test_a_copy_does_not_take_the_place_of_its_server(self, copied: Backend, harness: Harness) -> None:
        harness.remove(APP.identity)
        assert copied.find(APP.identity) is None
        copied.create(APP)
        assert estate.seen(copied, APP).resource == APP
        assert harness.copies() == {"app-1-test"}

    def test_its_name_is_taken(self, copied: Backend) -> None:
        wanted = estate.server("app-1-test", host=12)
        with pytest.raises(Conflict, match="not ours"):
            copied.create(wanted)
        assert copied.find(wanted.identity) is None

    def test_its_room_stays(self, copied: Backend, harness: Harness) -> None:
        copied.perform(APP.identity, ShutDownGuest())
        copied.delete(APP.identity)
        with pytest.raises(Refused, match="app-1-test"):
            copied.delete(estate.HILL.identity)
        assert harness.copies() == {"app-1-test"}
