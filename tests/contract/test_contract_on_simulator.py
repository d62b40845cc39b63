"""The contract, on the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import estate
from tests.contract.harness import Happening
from tests.contract.suite import BackendContract
from wpf_infra.backend.contract import Backend
from wpf_infra.backend.ledger.journal import Actor
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity

_WORDS = {str(happening) for happening in Happening}


class SimulatorHarness:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._world = World(path)

    def backend(self) -> Backend:
        return Simulator(self._path)

    def happened(self, identity: Identity) -> list[Happening]:
        return [
            Happening(entry.event)
            for entry in self._world.journal()
            if entry.identity == identity and entry.actor is Actor.LIBRARY and entry.event in _WORDS
        ]

    def power(self, identity: Identity, *, on: bool) -> None:
        (self._world.power_on if on else self._world.power_off)(identity)

    def resize(self, identity: Identity, *, memory_gib: int) -> None:
        self._world.resize(identity, memory_gib=memory_gib)

    def remove(self, identity: Identity) -> None:
        self._world.remove(identity)

    def hang_foreign_disk(self, identity: Identity, name: str) -> None:
        self._world.add_disk(identity, name, Disk(size_gb=100, storage_class="raid6"))

    def copy(self, identity: Identity, name: str) -> None:
        self._world.copy(identity, name)

    def copies(self) -> frozenset[str]:
        return frozenset(copy.name for copy in self._world.copies())

    def alter_allowance(self, tenant: str, name: str, *, reason: str) -> None:
        allowance = estate.policy({"any": reason}).allowances["hill/any"]
        self._world.put_allowance(tenant, name, allowance)

    def remove_allowance(self, tenant: str, name: str) -> None:
        self._world.remove_allowance(tenant, name)

    def remove_line(self, tenant: str, name: str) -> None:
        self._world.remove_line(tenant, name)

    def fail(self, call: str, identity: Identity, kind: str, *, times: int = 1) -> None:
        self._world.inject(Fault(FaultKind(kind), call, str(identity), times=times))

    def close(self) -> None:
        self._world.close()


class TestSimulator(BackendContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> Iterator[SimulatorHarness]:
        harness = SimulatorHarness(tmp_path / "world" / "simulator.db")
        yield harness
        harness.close()
