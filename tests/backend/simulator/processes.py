"""Calls made by processes of their own, so that they can really die, and really meet.

Here: what such a process runs, and starting it. Not here: tests. The processes are forked from a server that has
imported everything once: a death costs milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import server, vm
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import Resource
from wpf_infra.plan.step import PowerOn, Reconfigure, SetAvailability, ShutDownGuest, Step

Operation = Callable[[Simulator], object]

_NOBODY = 65534
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.backend.simulator.processes"])


def killed(path: Path, operation: Operation) -> bool:
    """Run the operation in a process of its own: was it killed? operation: anything picklable."""
    process = _FORKING.Process(target=_run, args=(path, operation))
    process.start()
    process.join(60)
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), code
    return code == -signal.SIGKILL


def together(path: Path, operations: list[Operation]) -> None:
    """Run the operations at once, each in a process of its own, all to their ends."""
    processes = [_FORKING.Process(target=_run, args=(path, operation)) for operation in operations]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
        process.close()


def sentence_as_nobody(path: Path, operation: Operation) -> str:
    """What the operation complains of when it is called by a user who may write nothing: nobody, where we are root."""
    ours, theirs = _FORKING.Pipe()
    process = _FORKING.Process(target=_complain, args=(path, operation, theirs))
    process.start()
    theirs.close()
    said: str = ours.recv()
    process.join(60)
    process.close()
    ours.close()
    return said


def _complain(path: Path, operation: Operation, to: Connection) -> None:
    if os.getuid() == 0:
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    try:
        _run(path, operation)
    except BackendError as error:
        to.send(str(error))
    else:
        to.send("nothing to complain of")


@dataclass(frozen=True)
class Create:
    resource: Resource

    def __call__(self, simulator: Simulator) -> None:
        simulator.create(self.resource)


@dataclass(frozen=True)
class Perform:
    identity: Identity
    step: Step

    def __call__(self, simulator: Simulator) -> None:
        simulator.perform(self.identity, self.step)


@dataclass(frozen=True)
class Delete:
    identity: Identity

    def __call__(self, simulator: Simulator) -> None:
        simulator.delete(self.identity)


def _run(path: Path, operation: Operation) -> None:
    simulator = Simulator(path)
    operation(simulator)
    simulator.close()


class Wander:
    """Random calls on servers that every process knows, refusals and conflicts taken as they come."""

    def __init__(self, seed: int, steps: int) -> None:
        self._seed = seed
        self._steps = steps

    def __call__(self, simulator: Simulator) -> None:
        chance = random.Random(self._seed)
        simulator.create(worlds.cluster(cpu=12, memory_gib=48))
        simulator.create(worlds.storage(disk_gb=400))
        for number, name in enumerate(worlds.TENANTS):
            simulator.create(worlds.tenant(name, number + 1))
        for _ in range(self._steps):
            try:
                self._step(simulator, chance)
            except (Conflict, Refused, NotFound):
                pass
            except BackendError as error:
                raise AssertionError(str(error)) from error

    def _step(self, simulator: Simulator, chance: random.Random) -> None:
        number = chance.randrange(8)
        identity = vm(f"app-{number}")
        match chance.randrange(7):
            case 0 | 1:
                simulator.create(self._server(number, chance))
            case 2:
                simulator.perform(identity, ShutDownGuest())
            case 3:
                more = worlds.server("x", 1, disks={"data": 100}).disks
                simulator.perform(identity, Reconfigure(memory_gib=chance.choice([4, 8, 16]), add=more))
            case 4:
                simulator.perform(identity, PowerOn())
            case 5:
                group = chance.choice([None, "app", "db"])
                simulator.perform(identity, SetAvailability(chance.choice(list(RestartPriority)), group))
            case 6:
                simulator.delete(identity)

    def _server(self, number: int, chance: random.Random) -> Any:
        return server(
            f"app-{number}", number + 1, cpu=chance.choice([2, 4]), anti_affinity=chance.choice([None, "app"])
        )
