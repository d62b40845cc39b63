"""What a test wants to go wrong: latency, errors and sudden death, call by call, from any process.

Here: the faults kept in the world's file, and how a call meets them. Not here: any call. Without a fault a call pays
one look into an empty table.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from sqlite3 import Connection

from wpf_infra.backend.simulator.file import WorldFile
from wpf_infra.errors import BackendError, Conflict, Refused, Transient
from wpf_infra.language import Text


class FaultKind(StrEnum):
    LATENCY = "latency"
    """Nothing but slowness."""
    TRANSIENT = "transient"
    REFUSED = "refused"
    CONFLICT = "conflict"
    PARTIAL = "partial"
    """A stage is committed, and then the call fails for good."""
    DIE_BEFORE = "die-before"
    """The calling process is killed before anything is done."""
    DIE_IN_STAGE = "die-in-stage"
    """Killed when a stage is written and not committed."""
    DIE_BETWEEN_STAGES = "die-between-stages"
    """Killed when a stage is committed."""
    DIE_AFTER = "die-after"
    """Killed when all is committed and nothing answered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """call: a glob on the call or step (`create`, `delete`, `observe`, `perform`, `PowerOn`); identity: a glob on
    `tenant/kind/name` (for observe, the tenant); stage: a glob on stages; times: None is for ever.
    """

    kind: FaultKind
    call: str = "*"
    identity: str = "*"
    stage: str = "*"
    latency_ms: int = 0
    times: int | None = 1


def inject(connection: Connection, fault: Fault) -> None:
    connection.execute(
        "INSERT INTO fault (call, identity, kind, stage, latency_ms, times) VALUES (?, ?, ?, ?, ?, ?)",
        (fault.call, fault.identity, fault.kind, fault.stage, fault.latency_ms, fault.times),
    )


def read(connection: Connection) -> tuple[tuple[int, Fault], ...]:
    """The faults still to come, by number."""
    rows = connection.execute(
        "SELECT number, kind, call, identity, stage, latency_ms, times FROM fault "
        "WHERE times IS NULL OR times > 0 ORDER BY number"
    ).fetchall()
    return tuple((number, Fault(FaultKind(kind), *rest)) for number, kind, *rest in rows)


class Call:
    """One call on its way past the faults that wait for it."""

    def __init__(self, file: WorldFile, names: tuple[str, ...], identity: str) -> None:
        self._file = file
        with file.read() as connection:
            waiting = read(connection) if connection is not None else ()
        self._faults = [
            (number, fault)
            for number, fault in waiting
            if fnmatchcase(identity, fault.identity) and any(fnmatchcase(name, fault.call) for name in names)
        ]
        self._deadly_stages: list[str] = []
        if self._faults:
            self._begin()

    def written(self, stage: str) -> None:
        """A stage is written, not committed."""
        if any(fnmatchcase(stage, pattern) for pattern in self._deadly_stages):
            _die()

    def committed(self, stage: str) -> None:
        for number, fault in self._of(FaultKind.DIE_BETWEEN_STAGES):
            if fnmatchcase(stage, fault.stage) and self._use(number):
                _die()
        for number, fault in self._of(FaultKind.PARTIAL):
            if fnmatchcase(stage, fault.stage) and self._use(number):
                raise _injected(BackendError, FaultKind.PARTIAL)

    def end(self) -> None:
        for number, _ in self._of(FaultKind.DIE_AFTER):
            if self._use(number):
                _die()

    def _begin(self) -> None:
        for number, fault in self._of(FaultKind.LATENCY):
            if self._use(number):
                time.sleep(fault.latency_ms / 1000)
        for number, _ in self._of(FaultKind.DIE_BEFORE):
            if self._use(number):
                _die()
        for kind, error in _ERRORS.items():
            for number, fault in self._of(kind):
                if self._use(number):
                    time.sleep(fault.latency_ms / 1000)
                    raise _injected(error, kind)
        # counted before the stage: what dies inside a transaction takes its own count back
        self._deadly_stages = [fault.stage for number, fault in self._of(FaultKind.DIE_IN_STAGE) if self._use(number)]

    def _of(self, kind: FaultKind) -> list[tuple[int, Fault]]:
        return [(number, fault) for number, fault in self._faults if fault.kind is kind]

    def _use(self, number: int) -> bool:
        """Take one of the fault's times, in a commit of its own; False when another call took the last."""
        with self._file.write() as connection:
            used = connection.execute(
                "UPDATE fault SET times = times - 1 WHERE number = ? AND (times IS NULL OR times > 0)", (number,)
            )
            return used.rowcount == 1


_ERRORS: dict[FaultKind, type[BackendError]] = {
    FaultKind.TRANSIENT: Transient,
    FaultKind.REFUSED: Refused,
    FaultKind.CONFLICT: Conflict,
}


def _injected(error: type[BackendError], kind: str) -> BackendError:
    return error(
        Text(en=f"an injected fault ({kind})", ja=f"注入された障害です（{kind}）"),
        remedy=Text(en="see `wpf simulator clear-faults`", ja="`wpf simulator clear-faults` を参照してください"),
    )


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
