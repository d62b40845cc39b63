"""Eight processes on one file, none of which waits for the others' convenience."""

from __future__ import annotations

from pathlib import Path

from tests.backend.simulator import worlds
from tests.backend.simulator.processes import Create, Operation, Wander, together
from wpf_infra.backend.ledger.journal import Event
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.hand import World

EIGHT = 8


def test_a_world_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    together(path, [Create(worlds.cluster())] * EIGHT)
    world = World(path)
    assert [entry.event for entry in world.journal()] == [Event.CREATED]
    world.close()


def test_one_server_is_built_once(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    together(path, [Create(worlds.server("app-1", 1, disks={"data": 100, "system": 100}))] * EIGHT)
    world = World(path)
    happened = [entry.event for entry in world.journal() if entry.identity == worlds.vm("app-1")]
    assert happened == [Event.CREATED, Event.POWERED_ON]
    world.close()


def test_wandering_processes_leave_a_sound_world(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    wanderers: list[Operation] = [Wander(seed, steps=40) for seed in range(EIGHT)]
    together(path, wanderers)
    picture = worlds.sound(path)
    simulator, world = Simulator(path), World(path)
    standing = {identity for tenant in worlds.TENANTS for identity in simulator.observe(tenant)}
    entries = world.journal()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    for one in picture.servers:
        events = [entry.event for entry in entries if entry.identity == one.identity]
        assert events.count(Event.CREATED) == events.count(Event.DELETED) + 1
        starts, stops = events.count(Event.POWERED_ON), events.count(Event.GUEST_SHUT_DOWN)
        assert starts - stops == (1 if one.power == "on" else 0)
        assert one.identity in standing
    world.close()
    simulator.close()
