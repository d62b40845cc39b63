"""An operation in stages, each committed by itself, as a vCenter's tasks are.

Here: the vocabulary. Not here: any operation. A stage looks at what stands and does the next thing missing, so that
an operation that was cut off anywhere is finished by beginning it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A stage was done and more are to come. stage: its name, for injected faults."""

    stage: str


T = TypeVar("T")
Advance = Callable[[Connection], T | Unfinished]
"""Does one stage in the transaction it is given: `Unfinished`, or the operation's result."""

LAST = "last"
"""The name of every operation's last stage."""


def stage_of(outcome: object) -> str:
    """The name of the stage that came out so."""
    return outcome.stage if isinstance(outcome, Unfinished) else LAST
