"""Faults and latency: met by the calls they name, as often as they say, and by no other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import server, vm
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused, Transient
from wpf_infra.plan.step import PowerOn, ShutDownGuest


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    simulator = worlds.lay(tmp_path / "simulator.db")
    simulator.create(server("app-1", 1))
    yield simulator
    simulator.close()


@pytest.fixture
def world(tmp_path: Path, simulator: Simulator) -> Iterator[World]:
    world = World(tmp_path / "simulator.db")
    yield world
    world.close()


@pytest.mark.parametrize(
    ("kind", "error"),
    [(FaultKind.TRANSIENT, Transient), (FaultKind.REFUSED, Refused), (FaultKind.CONFLICT, Conflict)],
)
def test_a_fault_comes_as_often_as_it_says(
    simulator: Simulator, world: World, kind: FaultKind, error: type[BackendError]
) -> None:
    world.inject(Fault(kind, "perform", "hill/vm/*", times=2))
    for _ in range(2):
        with pytest.raises(error, match="injected"):
            simulator.perform(vm("app-1"), ShutDownGuest())
    simulator.perform(vm("app-1"), ShutDownGuest())
    assert world.faults() == ()


def test_a_fault_meets_only_what_it_names(simulator: Simulator, world: World) -> None:
    world.inject(Fault(FaultKind.TRANSIENT, "PowerOn", "hill/vm/app-1"))
    simulator.create(server("app-2", 2))
    simulator.perform(vm("app-2"), PowerOn())
    simulator.perform(vm("app-1"), ShutDownGuest())
    with pytest.raises(Transient):
        simulator.perform(vm("app-1"), PowerOn())


@pytest.mark.parametrize("call", ["observe", "find"])
def test_reading_may_fail_too(simulator: Simulator, world: World, call: str) -> None:
    world.inject(Fault(FaultKind.TRANSIENT, call))
    with pytest.raises(Transient):
        simulator.observe("hill") if call == "observe" else simulator.find(vm("app-1"))
    assert simulator.find(vm("app-1")) is not None
    assert simulator.observe("hill")


def test_one_for_ever_until_it_is_cleared(simulator: Simulator, world: World) -> None:
    fault = Fault(FaultKind.TRANSIENT, times=None)
    world.inject(fault)
    for _ in range(3):
        with pytest.raises(Transient):
            simulator.find(vm("app-1"))
    assert world.faults() == (fault,)
    world.clear_faults()
    assert simulator.find(vm("app-1")) is not None


def test_a_slow_call_is_slow_and_holds_nobody_up(simulator: Simulator, world: World) -> None:
    world.inject(Fault(FaultKind.LATENCY, "create", "hill/vm/app-2", latency_ms=200))
    started = time.monotonic()
    simulator.find(vm("app-1"))
    simulator.create(server("app-2", 2))
    assert time.monotonic() - started >= 0.2


def test_a_partial_call_leaves_its_stage(simulator: Simulator, world: World) -> None:
    world.inject(Fault(FaultKind.PARTIAL, "create", stage="configured"))
    with pytest.raises(BackendError) as caught:
        simulator.create(server("app-2", 2))
    assert not isinstance(caught.value, Transient)
    seen = simulator.find(vm("app-2"))
    assert seen is not None and not getattr(seen, "built", True)


def test_nothing_is_cleared_where_nothing_is(tmp_path: Path) -> None:
    world = World(tmp_path / "none.db")
    assert world.faults() == ()
    assert world.journal() == ()
    with pytest.raises(NotFound, match="no simulated world"):
        world.clear_faults()
    assert list(tmp_path.iterdir()) == []
