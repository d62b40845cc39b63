"""What really happened to people's servers, in the order in which it happened; never changed, never shortened.

Here: the events and how they are written and read. Not here: causing them. Tests hold previews against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Connection

from wpf_infra.model.identity import Identity

Detail = str | int | bool | None


class Event(StrEnum):
    CREATED = "created"
    CAPTURED = "captured"
    """An image, of a server that runs on."""
    GUEST_TOLD = "guest-told"
    """A server that is off was given other words to read at its next start."""
    DELETED = "deleted"
    SETTLED = "settled"
    """An object without a power switch was given other settings."""
    GUEST_SHUT_DOWN = "guest-shut-down"
    POWERED_ON = "powered-on"
    POWERED_OFF = "powered-off"
    """The plug was pulled."""
    RESIZED = "resized"
    READDRESSED = "readdressed"
    AVAILABILITY_SET = "availability-set"
    DISK_ADDED = "disk-added"
    DISK_GROWN = "disk-grown"
    DISK_ERASED = "disk-erased"
    MOVED = "moved"
    """To another host, a running server without a stop."""
    STOPPED_BY_FAILURE = "stopped-by-failure"
    RESTARTED = "restarted"
    """By HA, on another host."""
    LEFT_OFF = "left-off"
    """HA found no place for it."""
    DATA_LOST = "data-lost"
    HOST_FAILED = "host-failed"
    HOST_REPAIRED = "host-repaired"
    HOST_IN_MAINTENANCE = "host-in-maintenance"
    PART_FAILED = "part-failed"
    """A power supply, an uplink, a disk of a group: what redundancy is for."""
    PART_REPLACED = "part-replaced"
    REBUILT = "rebuilt"


class Actor(StrEnum):
    """Who did it."""

    LIBRARY = "library"
    HAND = "hand"
    HA = "ha"
    FATE = "fate"


@dataclass(frozen=True, slots=True)
class Entry:
    sequence: int
    identity: Identity
    event: Event
    actor: Actor
    detail: Mapping[str, Detail]


def record(connection: Connection, actor: Actor, identity: Identity, event: Event, **detail: Detail) -> None:
    """Write one event, in the transaction that makes it true."""
    connection.execute(
        "INSERT INTO journal (identity, event, actor, detail) VALUES (?, ?, ?, ?)",
        (str(identity), event, actor, json.dumps(detail) if detail else "{}"),
    )


def read(connection: Connection, after: int = 0) -> tuple[Entry, ...]:
    """Every event behind sequence number `after`, oldest first."""
    rows = connection.execute(
        "SELECT sequence, identity, event, actor, detail FROM journal WHERE sequence > ? ORDER BY sequence", (after,)
    )
    return tuple(
        Entry(sequence, Identity.parse(identity), Event(event), Actor(actor), json.loads(detail))
        for sequence, identity, event, actor, detail in rows
    )
