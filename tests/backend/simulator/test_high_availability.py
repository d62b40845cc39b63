"""FAQ 12: the servers of a failed host restart on the others, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import host_of, power_of, server, vm
from wpf_infra.backend.ledger.journal import Event
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.hand import World
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.hardware import Host
from wpf_infra.plan.step import PowerOn, Reconfigure, SetAvailability, Settle, ShutDownGuest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "simulator.db"


@pytest.fixture
def world(path: Path) -> Iterator[World]:
    """Ends sound, whatever was done to it."""
    world = World(path)
    yield world
    world.close()
    worlds.sound(path)


@pytest.fixture
def simulator(path: Path) -> Iterator[Simulator]:
    """Three hosts of 16 CPU and 64 GiB."""
    simulator = worlds.lay(path)
    yield simulator
    simulator.close()


@pytest.fixture
def full(path: Path) -> Iterator[Simulator]:
    """Three hosts, each full with two servers of half its size; east-1 carries `a` and `d`."""
    simulator = worlds.lay(path)
    for number, name in enumerate("abcdef"):
        priority = {"a": "low", "d": "highest"}.get(name, "medium")
        simulator.create(server(name, number + 1, cpu=7, memory_gib=31, restart_priority=priority))
    assert host_of(simulator, vm("a")) == host_of(simulator, vm("d")) == "east-1"
    yield simulator
    simulator.close()


def test_servers_spread_over_the_hosts(simulator: Simulator) -> None:
    for number, name in enumerate("abc"):
        simulator.create(server(name, number + 1))
    assert {host_of(simulator, vm(name)) for name in "abc"} == {"east-1", "east-2", "east-3"}


def test_what_ran_on_a_failed_host_runs_elsewhere(simulator: Simulator, world: World) -> None:
    """FAQ-12"""
    for number, name in enumerate("abcdef"):
        simulator.create(server(name, number + 1))
    world.power_off(vm("d"))
    restarts = world.fail_host("east-1")
    assert [(one.identity, one.source) for one in restarts.placed] == [(vm("a"), "east-1")]
    assert host_of(simulator, vm("a")) == restarts.placed[0].destination != "east-1"
    assert power_of(simulator, vm("a")) == "on"
    assert (host_of(simulator, vm("d")), power_of(simulator, vm("d"))) == ("east-1", "off")


def test_the_highest_priority_comes_first_and_the_rest_is_named(full: Simulator, world: World) -> None:
    """FAQ-12"""
    for name in "bc":
        full.perform(vm(name), ShutDownGuest())
        full.delete(vm(name))
    full.create(server("g", 7, cpu=7, memory_gib=31))
    restarts = world.fail_host("east-1")
    assert [one.identity for one in restarts.placed] == [vm("d")]
    assert restarts.left_off == (vm("a"),)
    assert power_of(full, vm("a")) == "off"


def test_an_order_of_restarts_is_kept_in_the_journal(simulator: Simulator, world: World) -> None:
    names = ["lowest", "highest", "medium", "low", "high"]
    for number, name in enumerate(names):
        simulator.create(server(name, number + 1, restart_priority=name))
    for host in ("east-2", "east-3"):
        world.enter_maintenance(host)
    for host in ("east-2", "east-3"):
        world.repair_host(host)
    restarts = world.fail_host("east-1")
    order = ["highest", "high", "medium", "low", "lowest"]
    assert [one.identity.name for one in restarts.placed] == order
    restarted = [entry for entry in world.journal() if entry.event is Event.RESTARTED]
    assert [entry.identity.name for entry in restarted] == order


def test_redundant_servers_stay_apart_even_then(simulator: Simulator, world: World) -> None:
    for number, name in enumerate("abc"):
        simulator.create(server(name, number + 1, anti_affinity="app"))
    host = host_of(simulator, vm("a"))
    restarts = world.fail_host(host)
    assert restarts.placed == ()
    assert restarts.left_off == (vm("a"),)


def test_a_repaired_host_starts_those_left_off_and_takes_nobody_back(full: Simulator, world: World) -> None:
    world.fail_host("east-1")
    assert power_of(full, vm("a")) == power_of(full, vm("d")) == "off"
    restarts = world.repair_host("east-1")
    assert [one.identity for one in restarts.placed] == [vm("d"), vm("a")]
    assert power_of(full, vm("a")) == power_of(full, vm("d")) == "on"
    moved = host_of(full, vm("b"))
    world.fail_host("east-3")
    assert host_of(full, vm("b")) == moved


def test_those_left_off_by_hand_stay_off_after_a_repair(simulator: Simulator, world: World) -> None:
    simulator.create(server("a", 1))
    world.power_off(vm("a"))
    host = host_of(simulator, vm("a"))
    world.fail_host(host)
    assert world.repair_host(host).placed == ()
    assert power_of(simulator, vm("a")) == "off"


def test_a_new_host_starts_those_left_off(full: Simulator, world: World) -> None:
    world.fail_host("east-1")
    wanted = worlds.cluster(hosts=5)
    full.perform(wanted.identity, Settle(wanted))
    assert power_of(full, vm("a")) == power_of(full, vm("d")) == "on"


def test_a_server_off_on_a_failed_host_starts_on_another(simulator: Simulator, world: World) -> None:
    simulator.create(server("a", 1))
    simulator.perform(vm("a"), ShutDownGuest())
    world.fail_host("east-1")
    simulator.perform(vm("a"), PowerOn())
    assert host_of(simulator, vm("a")) == "east-2"


def test_a_host_fails_once(simulator: Simulator, world: World) -> None:
    simulator.create(server("a", 1))
    world.fail_host("east-1")
    assert world.fail_host("east-1").placed == ()
    assert [entry.event for entry in world.journal()].count(Event.HOST_FAILED) == 1


@pytest.mark.parametrize("part", ["fail_power_supply", "fail_uplink"])
def test_one_part_of_two_is_survived_and_the_second_is_not(simulator: Simulator, world: World, part: str) -> None:
    """Redundant power and uplinks (FAQ 12)."""
    simulator.create(server("a", 1))
    assert getattr(world, part)("east-1").placed == ()
    assert host_of(simulator, vm("a")) == "east-1"
    assert [one.identity for one in getattr(world, part)("east-1").placed] == [vm("a")]
    world.repair_host("east-1")
    assert getattr(world, part)("east-1").placed == ()


def test_maintenance_moves_servers_without_a_stop(simulator: Simulator, world: World) -> None:
    simulator.create(server("a", 1))
    world.enter_maintenance("east-1")
    assert (host_of(simulator, vm("a")), power_of(simulator, vm("a"))) == ("east-2", "on")
    happened = [entry.event for entry in world.journal() if entry.identity == vm("a")]
    assert happened == [Event.CREATED, Event.POWERED_ON, Event.MOVED]


def test_maintenance_of_a_host_that_cannot_be_emptied_is_a_conflict(full: Simulator, world: World) -> None:
    with pytest.raises(Conflict, match="7 CPU"):
        world.enter_maintenance("east-1")
    assert host_of(full, vm("a")) == "east-1"


def test_a_host_that_is_taken_out_is_emptied_first(simulator: Simulator, world: World) -> None:
    simulator.create(server("c", 3))
    wanted = worlds.cluster().model_copy(update={"hosts": {f"east-{n}": Host(cpu=16, memory_gib=64) for n in (2, 3)}})
    simulator.perform(wanted.identity, Settle(wanted))
    assert (host_of(simulator, vm("c")), power_of(simulator, vm("c"))) == ("east-2", "on")
    with pytest.raises(NotFound):
        world.fail_host("east-1")


def test_a_host_that_cannot_be_emptied_stays(full: Simulator, world: World) -> None:
    wanted = worlds.cluster(hosts=2)
    with pytest.raises(Conflict):
        full.perform(wanted.identity, Settle(wanted))
    found = full.find(wanted.identity)
    assert found is not None and found.resource == worlds.cluster()


def test_a_host_does_not_shrink_under_its_servers(full: Simulator, world: World) -> None:
    wanted = worlds.cluster(cpu=8)
    with pytest.raises(Conflict, match="14 CPU"):
        full.perform(wanted.identity, Settle(wanted))


def test_a_server_that_outgrows_its_host_moves(simulator: Simulator, world: World) -> None:
    for number, name in enumerate("abcd"):
        simulator.create(server(name, number + 1, cpu=8, memory_gib=20))
    assert host_of(simulator, vm("d")) == host_of(simulator, vm("a")) == "east-1"
    simulator.perform(vm("d"), ShutDownGuest())
    simulator.perform(vm("d"), Reconfigure(memory_gib=40))
    simulator.perform(vm("d"), PowerOn())
    assert host_of(simulator, vm("d")) == "east-1"
    with pytest.raises(Refused):
        simulator.perform(vm("d"), Reconfigure(memory_gib=44))
    simulator.perform(vm("d"), ShutDownGuest())
    with pytest.raises(Conflict, match="64 GiB"):
        simulator.perform(vm("d"), Reconfigure(memory_gib=64))
    world.power_off(vm("b"))
    world.remove(vm("b"))
    simulator.perform(vm("d"), Reconfigure(memory_gib=64))
    assert host_of(simulator, vm("d")) == "east-2"


def test_a_group_drawn_together_afterwards_is_moved_apart_running(simulator: Simulator, world: World) -> None:
    for number, name in enumerate("abcd"):
        simulator.create(server(name, number + 1))
    for name in "ad":
        simulator.perform(vm(name), SetAvailability(RestartPriority.MEDIUM, "app"))
    assert host_of(simulator, vm("a")) != host_of(simulator, vm("d"))
    assert Event.MOVED in [entry.event for entry in world.journal() if entry.identity == vm("d")]
    assert power_of(simulator, vm("d")) == "on"


def test_a_group_of_more_servers_than_hosts_is_a_conflict(simulator: Simulator, world: World) -> None:
    for number, name in enumerate("abc"):
        simulator.create(server(name, number + 1, anti_affinity="app"))
    with pytest.raises(Conflict, match="anti-affinity group app"):
        simulator.create(server("d", 4, anti_affinity="app"))
    assert simulator.find(vm("d")) is None
    simulator.create(server("d", 4, of="lake", anti_affinity="app"))
