"""FAQ 12: two disks of a group may fail at once; the third takes the group's data with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import power_of, server, vm
from wpf_infra.backend.ledger.journal import Event
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.hand import World
from wpf_infra.backend.simulator.status import status
from wpf_infra.errors import Conflict, Refused
from wpf_infra.model.disk import Disk
from wpf_infra.plan.step import PowerOn, Reconfigure, Settle, ShutDownGuest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "simulator.db"


@pytest.fixture
def simulator(path: Path) -> Iterator[Simulator]:
    """Two groups of 6 × 1,000 GB; `a` stands on east-a, `b` on east-b, `c` on both."""
    simulator = worlds.lay(path)
    simulator.create(server("a", 1, disks={"system": 1000}))
    simulator.create(server("b", 2, disks={"system": 900}))
    simulator.create(server("c", 3, disks={"system": 500, "zdata": 500}))
    yield simulator
    simulator.close()


@pytest.fixture
def world(path: Path) -> Iterator[World]:
    world = World(path)
    yield world
    world.close()
    worlds.sound(path)


def test_capacity_is_that_of_all_disks_but_two(simulator: Simulator, path: Path) -> None:
    (group, _) = (one.load for one in status(path).groups)
    assert (group.usable_gb, group.survives) == (4000, 2)


def test_two_failures_are_survived_and_the_third_is_not(simulator: Simulator, world: World, path: Path) -> None:
    """FAQ-12"""
    assert world.fail_disk("east-a") == ()
    assert world.fail_disk("east-a") == ()
    assert all(power_of(simulator, vm(name)) == "on" for name in "abc")
    lost = world.fail_disk("east-a")
    assert vm("a") in lost and vm("b") not in lost
    for one in status(path).servers:
        assert (one.power == "off") == bool(one.lost) == (one.identity in lost)
    assert {entry.identity for entry in world.journal() if entry.event is Event.DATA_LOST} == set(lost)


def test_three_at_once_are_three(simulator: Simulator, world: World) -> None:
    assert vm("a") in world.fail_disk("east-a", 3)


def test_a_rebuild_in_time_saves_the_data(simulator: Simulator, world: World) -> None:
    """FAQ-12"""
    world.fail_disk("east-a", 2)
    world.replace_disk("east-a", 2)
    world.finish_rebuild("east-a")
    assert world.fail_disk("east-a", 2) == ()
    assert power_of(simulator, vm("a")) == "on"


def test_a_disk_that_is_not_rebuilt_yet_protects_nothing(simulator: Simulator, world: World) -> None:
    world.fail_disk("east-a", 2)
    world.replace_disk("east-a", 2)
    assert vm("a") in world.fail_disk("east-a")


def test_a_disk_that_works_is_not_replaced(simulator: Simulator, world: World) -> None:
    world.fail_disk("east-a")
    with pytest.raises(Conflict, match="no disk of group east-a has failed"):
        world.replace_disk("east-a", 2)


def test_lost_data_stays_lost_when_the_group_is_whole_again(simulator: Simulator, world: World, path: Path) -> None:
    world.fail_disk("east-a", 3)
    world.replace_disk("east-a", 3)
    assert not any(group.load.lost for group in status(path).groups)
    with pytest.raises(Refused, match="was lost with RAID group east-a"):
        simulator.perform(vm("a"), PowerOn())
    with pytest.raises(Refused):
        world.power_on(vm("a"))


def test_ha_does_not_start_what_has_no_data(simulator: Simulator, world: World) -> None:
    world.fail_disk("east-a", 3)
    for host in ("east-1", "east-2"):
        assert vm("a") not in {one.identity for one in world.fail_host(host).placed}
        world.repair_host(host)
    assert power_of(simulator, vm("a")) == "off"


def test_a_server_without_its_data_is_taken_away_and_built_anew(simulator: Simulator, world: World) -> None:
    world.fail_disk("east-a", 3)
    erasure = simulator.delete(vm("a"))
    assert erasure is not None
    assert dict(erasure.disks) == {}
    simulator.create(server("a", 1, disks={"system": 1000}))
    assert power_of(simulator, vm("a")) == "on"


def test_nothing_new_stands_on_a_dead_group(simulator: Simulator, world: World) -> None:
    for group in ("east-a", "east-b"):
        world.fail_disk(group, 3)
    with pytest.raises(Conflict, match="storage class raid6 has no room"):
        simulator.create(server("d", 4))
    assert simulator.find(vm("d")) is None


def test_a_disk_wants_room_in_one_group(simulator: Simulator, world: World) -> None:
    with pytest.raises(Conflict, match="4000 GB are wanted"):
        simulator.create(server("d", 4, disks={"system": 4000}))
    simulator.perform(vm("a"), ShutDownGuest())
    with pytest.raises(Conflict, match="wants 9000 GB more"):
        simulator.perform(vm("a"), Reconfigure(grow={"system": 10000}))
    with pytest.raises(Conflict):
        simulator.perform(vm("a"), Reconfigure(cpu=4, add={"data": Disk(size_gb=9000, storage_class="raid6")}))
    with pytest.raises(Conflict):
        simulator.perform(vm("a"), Reconfigure(add={"data": Disk(size_gb=1, storage_class="nvme")}))
    found = simulator.find(vm("a"))
    assert found is not None and found.resource == server("a", 1, disks={"system": 1000})


def test_a_group_does_not_shrink_under_its_disks(simulator: Simulator, world: World) -> None:
    for wanted in (worlds.storage(groups=1), worlds.storage(disk_gb=200)):
        with pytest.raises(Conflict, match="RAID group east-"):
            simulator.perform(wanted.identity, Settle(wanted))
    larger = worlds.storage(disks=8)
    simulator.perform(larger.identity, Settle(larger))
