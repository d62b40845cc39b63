"""FAQ 12: what HA needs for a failed host is kept free, and HA itself may use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import power_of, server, vm
from wpf_infra.backend.ledger.availability import Reserve, admit
from wpf_infra.backend.ledger.placement import Demand
from wpf_infra.backend.simulator.hand import World
from wpf_infra.errors import Refused
from wpf_infra.plan.step import PowerOn, ShutDownGuest

CONNECTED = [(16, 64), (16, 64), (32, 128)]


@pytest.mark.parametrize(
    ("reserve", "cpu", "memory_gib"),
    [
        (Reserve(failover_hosts=1), 32, 128),
        (Reserve(failover_hosts=2), 16, 64),
        (Reserve(failover_hosts=3), 0, 0),
        (Reserve(failover_hosts=9), 0, 0),
        (Reserve(reserved_percent=25), 48, 192),
        (Reserve(reserved_percent=50), 32, 128),
    ],
)
def test_what_may_run_beside_the_reserve(reserve: Reserve, cpu: int, memory_gib: int) -> None:
    """The largest hosts are the ones that fail."""
    assert admit(CONNECTED, reserve, Demand(0, 0), Demand(cpu, memory_gib)) is None
    assert admit(CONNECTED, reserve, Demand(1, 0), Demand(cpu, memory_gib)) is not None
    assert admit(CONNECTED, reserve, Demand(0, 1), Demand(cpu, memory_gib)) is not None


def test_a_build_beyond_the_reserve_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    simulator = worlds.lay(path, worlds.cluster(failover_hosts=1))
    for number, name in enumerate("abcd"):
        simulator.create(server(name, number + 1, cpu=8))
    with pytest.raises(Refused) as caught:
        simulator.create(server("e", 5, cpu=8))
    assert caught.value.row == 12
    assert "32 CPU and 32 GiB run" in str(caught.value)
    assert simulator.find(vm("e")) is None
    worlds.sound(path)
    simulator.close()


def test_a_start_by_hand_is_refused_too_and_an_owed_one_is_not(tmp_path: Path) -> None:
    """What a change has stopped is given back, also on a day when a host is down."""
    path = tmp_path / "simulator.db"
    simulator, world = worlds.lay(path, worlds.cluster(failover_hosts=1)), World(path)
    for number, name in enumerate("abcd"):
        simulator.create(server(name, number + 1, cpu=6))
    world.power_off(vm("b"))
    simulator.perform(vm("c"), ShutDownGuest())
    world.fail_host("east-1")
    with pytest.raises(Refused):
        world.power_on(vm("b"))
    with pytest.raises(Refused):
        simulator.perform(vm("b"), PowerOn())
    simulator.perform(vm("c"), PowerOn())
    assert (power_of(simulator, vm("b")), power_of(simulator, vm("c"))) == ("off", "on")
    world.repair_host("east-1")
    world.power_on(vm("b"))
    worlds.sound(path)
    world.close()
    simulator.close()


def test_ha_uses_what_was_kept_for_it(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    simulator, world = worlds.lay(path, worlds.cluster(failover_hosts=1)), World(path)
    for number, name in enumerate("abcd"):
        simulator.create(server(name, number + 1, cpu=8))
    for host in ("east-1", "east-2"):
        world.fail_host(host)
    running = [name for name in "abcd" if power_of(simulator, vm(name)) == "on"]
    assert len(running) == 2
    worlds.sound(path)
    world.close()
    simulator.close()
