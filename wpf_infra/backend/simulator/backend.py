"""The simulator as a backend: each call taken apart into stages, each stage committed, faults met on the way.

Here: the contract's calls and which module answers them. Not here: what any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from wpf_infra.backend.contract import Act, Erasure
from wpf_infra.backend.ledger import observation, server
from wpf_infra.backend.ledger.calls import creation, deletion, performance
from wpf_infra.backend.ledger.rehearsal import rehearse
from wpf_infra.backend.ledger.stage import Advance, Unfinished, stage_of
from wpf_infra.backend.simulator.faults import Call
from wpf_infra.backend.simulator.file import PATIENCE_S, WorldFile
from wpf_infra.errors import BackendError
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import Resource
from wpf_infra.plan.step import Step

T = TypeVar("T")


_PREFIX = "simulator:"


class Simulator:
    """The world in one file, as `wpf_infra.backend.contract.Backend`. Safe in many threads and processes at once.

    identity: what a world that is made here will answer to `identity()`.
    """

    def __init__(self, path: Path, *, patience_s: float = PATIENCE_S, identity: str | None = None) -> None:
        unique = identity.removeprefix(_PREFIX) if identity is not None else None
        self._file = WorldFile(path, patience_s=patience_s, identity=unique)

    def identity(self) -> str | None:
        with self._file.read() as connection:
            if connection is None:
                return None
            identity: str = connection.execute("SELECT identity FROM world").fetchone()[0]
            return f"{_PREFIX}{identity}"

    def observe(self, tenant: str) -> Observation:
        call = Call(self._file, ("observe",), tenant)
        with self._file.read() as connection:
            seen = observation.observe(connection, tenant) if connection is not None else {}
        call.end()
        return seen

    def find(self, identity: Identity) -> Observed | None:
        call = Call(self._file, ("find",), str(identity))
        with self._file.read() as connection:
            seen = observation.find(connection, identity) if connection is not None else None
        call.end()
        return seen

    def create(self, resource: Resource, guest: GuestConfig | None = None) -> None:
        call = Call(self._file, ("create",), str(resource.identity))
        self._carry_out(call, creation(resource, guest), create=True)

    def perform(self, identity: Identity, step: Step) -> None:
        call = Call(self._file, ("perform", type(step).__name__), str(identity))
        self._carry_out(call, performance(identity, step))

    def delete(self, identity: Identity) -> Erasure | None:
        call = Call(self._file, ("delete",), str(identity))
        if self.identity() is None:
            return None
        return self._carry_out(call, deletion(identity))

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        with self._file.rehearse() as connection:
            return rehearse(connection, plans) if connection is not None else {}

    def guest(self, identity: Identity) -> GuestConfig | None:
        """What a server was told at its first boot, or is to be told at its next; None where nothing was."""
        with self._file.read() as connection:
            found = server.find(connection, identity) if connection is not None else None
        return found.guest if found else None

    def close(self) -> None:
        self._file.close()

    def _carry_out(self, call: Call, advance: Advance[T], *, create: bool = False) -> T:
        """Stage by stage to the end, each committed before the next."""

        def stage(connection: Connection) -> T | Unfinished:
            outcome = advance(connection)
            call.written(stage_of(outcome))
            return outcome

        while True:
            outcome = self._file.commit(stage, create=create)
            call.committed(stage_of(outcome))
            if not isinstance(outcome, Unfinished):
                call.end()
                return outcome
