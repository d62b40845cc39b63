"""What a change does to people, and the change that does it.

Here: the words of a plan. Not here: how they are found (`vm`, `tenant`, `platform`, `firewall`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wpf_infra.language import Language, Text
from wpf_infra.model.identity import Identity
from wpf_infra.plan.step import Step


class Disturbance(StrEnum):
    """From the least to the worst."""

    NONE = "none"
    """Only what is recorded changes."""
    ONLINE = "online"
    """Nobody's server is stopped."""
    STOP = "stop"
    """A running server is shut down and started again."""
    ERASE = "erase"
    """Data is overwritten."""
    WAITING = "waiting"
    """A vendor's server runs, and its vendor has not consented."""
    REFUSED = "refused"
    """It is never done; the change says the way out."""


BLOCKING = frozenset({Disturbance.WAITING, Disturbance.REFUSED})
_BY_WEIGHT = tuple(Disturbance)


@dataclass(frozen=True, slots=True)
class StopRequest:
    """What is asked of a vendor whose server has to be off. platform_starts: after the vendor's own shutdown."""

    vendor: str
    server: str
    changes: tuple[Text, ...]
    platform_starts: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One property's change. path: dotted inside the resource; what: the change and who does what; row: the FAQ row;
    request: what to send to the vendor it waits for.
    """

    path: str
    disturbance: Disturbance
    what: Text
    row: int | None = None
    request: StopRequest | None = None

    def line(self, name: str, language: Language) -> str:
        """`stop: app-1 memory_gib 16 → 32: … FAQ-16`: the word, the object, what happens, the row."""
        row = f" FAQ-{self.row}" if self.row is not None else ""
        return f"{self.disturbance}: {name} {self.what.in_(language)}{row}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands between what was observed and what is declared: changes for people, steps for the backend.
    A plan that waits or is refused has no steps. notes: what is to be known and is no change.
    """

    identity: Identity
    changes: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def worst(self) -> Disturbance:
        return max((change.disturbance for change in self.changes), key=_BY_WEIGHT.index, default=Disturbance.NONE)

    @property
    def blocking(self) -> tuple[Change, ...]:
        """The changes because of which nothing of this plan may be carried out."""
        return tuple(change for change in self.changes if change.disturbance in BLOCKING)

    def lines(self, language: Language) -> tuple[str, ...]:
        return tuple(change.line(self.identity.name, language) for change in self.changes)

    def note_lines(self, language: Language) -> tuple[str, ...]:
        return tuple(f"note: {note.in_(language)}" for note in self.notes)
