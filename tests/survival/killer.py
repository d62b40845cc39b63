"""Sudden death at a chosen point, from outside the code that dies: seen by SQLite's and the interpreter's own hooks.

Here: points at which something becomes durable (a database's COMMIT, a file put in its place), counted, and SIGKILL
before or after one of them. Not here: what is running.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sqlite3.dbapi2
import sys
from typing import Any

_IN_PLACE = ("os.rename", "os.link")


class Killer:
    """point: which of the durable points, from 1; None only counts. after: once it is durable, not just before."""

    def __init__(self, point: int | None = None, *, after: bool = False) -> None:
        self.points: list[str] = []
        self._point = point
        self._after = after
        self._armed = False

    def install(self) -> None:
        """For the rest of this process's life: such hooks cannot be taken away."""
        connect = sqlite3.connect

        def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **options)
            connection.set_trace_callback(self._statement)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment]
        sys.addaudithook(self._audit)

    def _audit(self, event: str, _: tuple[Any, ...]) -> None:
        if event in _IN_PLACE:
            self._meet(event)

    def _statement(self, statement: str) -> None:
        if statement.strip().upper().startswith("COMMIT"):
            self._meet("COMMIT")
        elif self._armed:
            _die()

    def _meet(self, what: str) -> None:
        """Told before it happens; what comes next tells that it has happened."""
        if self._armed:
            _die()
        self.points.append(what)
        if len(self.points) == self._point:
            if not self._after:
                _die()
            self._armed = True

    def end(self) -> None:
        """The last thing: what was durable last is, by now."""
        if self._armed:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
