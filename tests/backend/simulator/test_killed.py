"""A process is killed at every point at which it could be: nothing committed is lost, one more call ends it."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.processes import Create, Delete, Perform, killed
from tests.backend.simulator.worlds import server, vm
from wpf_infra.backend.ledger.journal import Event
from wpf_infra.backend.ledger.stage import LAST
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.resource import FirewallResource, Resource
from wpf_infra.plan.step import (
    Build,
    EraseDisk,
    PowerOn,
    Reconfigure,
    SetAvailability,
    Settle,
    ShutDownGuest,
)

BUILT = server("app-1", 1, disks={"data": 300, "log": 100, "system": 100}, anti_affinity="app")
NEW = server("app-2", 2, disks={"data": 300, "log": 100, "system": 100}, anti_affinity="app", of="lake")
POLICY = FirewallResource.model_validate(
    {"tenant": "hill", "network": worlds.tenant("hill", 1).network.cidr, "lines": {"plant": "10.160.1.0/28"}}
)
MOVED = worlds.tenant("hill", 1).model_copy(update={"name": worlds.tenant("lake", 2).name})


@dataclass(frozen=True)
class Case:
    """An operation, whether the server is off before it, and its stages in order."""

    name: str
    operation: Create | Perform | Delete
    stages: tuple[str, ...] = (LAST,)
    off: bool = False


BUILD_STAGES = ("placed", "configured", "disk", "started", LAST)
LARGER = Reconfigure(cpu=4, grow={"data": 500}, add={"more": Disk(size_gb=100, storage_class="raid6")})
CASES = [
    Case("create a server", Create(NEW), BUILD_STAGES),
    Case("build a server", Perform(NEW.identity, Build(NEW)), BUILD_STAGES),
    Case("create a policy", Create(POLICY)),
    Case("create a tenant", Create(worlds.tenant("pond", 9))),
    Case("settle a tenant", Perform(MOVED.identity, Settle(MOVED))),
    Case("settle a cluster", Perform(worlds.cluster().identity, Settle(worlds.cluster(hosts=5)))),
    Case("settle storage", Perform(worlds.storage().identity, Settle(worlds.storage(disks=8)))),
    Case("shut down", Perform(vm("app-1"), ShutDownGuest()), ("owed", LAST)),
    Case("reconfigure", Perform(vm("app-1"), LARGER), off=True),
    Case("set availability", Perform(vm("app-1"), SetAvailability(RestartPriority.HIGH, None))),
    Case("erase a disk", Perform(vm("app-1"), EraseDisk("data")), ("erased", LAST), off=True),
    Case("start", Perform(vm("app-1"), PowerOn()), off=True),
    Case("delete a server", Delete(vm("app-1")), ("erased", LAST), off=True),
    Case("delete a tenant", Delete(worlds.tenant("lake", 2).identity)),
]
POINTS = [
    pytest.param(case, kind, stage, id=f"{case.name}, {kind}, {stage}")
    for case in CASES
    for kind in (FaultKind.DIE_BEFORE, FaultKind.DIE_IN_STAGE, FaultKind.DIE_BETWEEN_STAGES, FaultKind.DIE_AFTER)
    for stage in (case.stages if "stage" in kind else ("*",))
]


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The world before each case: its server runs, or is off."""
    grounds = {off: tmp_path_factory.mktemp("ground") / "simulator.db" for off in (False, True)}
    for off, path in grounds.items():
        simulator = worlds.lay(path)
        simulator.create(BUILT)
        if off:
            simulator.perform(BUILT.identity, ShutDownGuest())
        simulator.close()
    return grounds


@pytest.fixture(scope="module")
def ends(grounds: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """How each case ends when nobody is killed."""
    ends: dict[str, object] = {}
    for case in CASES:
        path = Path(shutil.copy(grounds[case.off], tmp_path_factory.mktemp("whole")))
        simulator = Simulator(path)
        case.operation(simulator)
        simulator.close()
        ends[case.name] = _picture(path)
    return ends


def _picture(path: Path) -> object:
    """All that can be seen of a world, and how often each thing happened."""
    simulator, world = Simulator(path), World(path)
    seen = [simulator.observe(tenant) for tenant in ("platform", "hill", "lake", "pond")]
    happened = Counter((entry.identity, entry.event) for entry in world.journal())
    world.close()
    simulator.close()
    return seen, happened


@pytest.mark.parametrize(("case", "kind", "stage"), POINTS)
def test_killed_and_called_again(
    tmp_path: Path, grounds: dict[bool, Path], ends: dict[str, object], case: Case, kind: FaultKind, stage: str
) -> None:
    path = Path(shutil.copy(grounds[case.off], tmp_path))
    world = World(path)
    before = world.journal()
    world.inject(Fault(kind, "[!o]*", stage=stage))
    assert killed(path, case.operation)
    after = world.journal()
    assert after[: len(before)] == before
    if kind is FaultKind.DIE_BEFORE:
        assert after == before
    world.close()
    worlds.sound(path)
    assert not killed(path, case.operation)
    assert _picture(path) == ends[case.name]
    worlds.sound(path)


@pytest.mark.parametrize("kind", [FaultKind.DIE_BEFORE, FaultKind.DIE_IN_STAGE, FaultKind.DIE_AFTER])
def test_killed_in_the_first_call_of_all(tmp_path: Path, kind: FaultKind) -> None:
    path = tmp_path / "new" / "simulator.db"
    world = World(path)
    world.inject(Fault(kind))
    world.close()
    assert killed(path, Create(worlds.cluster()))
    assert not killed(path, Create(worlds.cluster()))
    assert worlds.sound(path).hosts


def test_killed_again_and_again_and_still_built_once(tmp_path: Path) -> None:
    """Every commit of a build is the last one of a process."""
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    world = World(path)
    world.inject(Fault(FaultKind.DIE_BETWEEN_STAGES, "create", times=None))
    deaths = 0
    while killed(path, Create(NEW)):
        deaths += 1
        assert deaths < 20
        simulator = Simulator(path)
        seen = simulator.find(NEW.identity)
        simulator.close()
        if seen is not None and getattr(seen, "built", False):
            break
    world.clear_faults()
    assert not killed(path, Create(NEW))
    happened = [entry.event for entry in world.journal() if entry.identity == NEW.identity]
    assert happened == [Event.CREATED, Event.POWERED_ON]
    assert deaths >= len(BUILD_STAGES)
    world.close()
    worlds.sound(path)


def test_a_kill_is_a_kill(tmp_path: Path) -> None:
    """The proofs above rest on this: an operation that is left alone is not killed."""
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    assert not killed(path, partial(_touch, worlds.cluster()))


def _touch(resource: Resource, simulator: Simulator) -> None:
    simulator.create(resource)
