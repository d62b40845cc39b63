"""The audit trail: who did what to what, when and why, before and after; and what was erased. Only ever added to.

Here: rows and how they are read. Not here: what happens between begin and end (`wpf_infra.backend.whole`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.registry.tables import ERASURE, ERASURE_END, TRAIL, TRAIL_END
from wpf_infra.model.identity import Identity

DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """at: ISO 8601; before and after: plain data; outcome: `done`, what was said when it failed, None when it was cut
    off.
    """

    number: int
    at: str
    actor: str
    reason: str | None
    identity: Identity
    call: str
    before: Any
    after: Any
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """disks: name to size in GB; ended: ISO 8601, None while it is under way or was cut off."""

    number: int
    begun: str
    identity: Identity
    disks: Mapping[str, int]
    ended: str | None
    method: str | None


def begin(
    connection: Connection,
    at: str,
    actor: str,
    reason: str | None,
    identity: Identity,
    call: str,
    before: Any,
    after: Any,
) -> int:
    row = connection.execute(
        insert(TRAIL).values(
            at=at,
            actor=actor,
            reason=reason,
            identity=str(identity),
            call=call,
            before=None if before is None else json.dumps(before, ensure_ascii=False),
            after=None if after is None else json.dumps(after, ensure_ascii=False),
        )
    )
    assert row.inserted_primary_key is not None
    return int(row.inserted_primary_key[0])


def end(connection: Connection, number: int, at: str, outcome: str) -> None:
    connection.execute(insert(TRAIL_END).values(number=number, at=at, outcome=outcome))


def entries(connection: Connection, tenant: str | None = None, since: str | None = None) -> tuple[Entry, ...]:
    """Oldest first. since: ISO 8601 of the platform's zone."""
    query = select(TRAIL, TRAIL_END.c.outcome).outerjoin(TRAIL_END).order_by(TRAIL.c.number)
    if tenant is not None:
        query = query.where(TRAIL.c.identity.startswith(f"{tenant}/", autoescape=True))
    if since is not None:
        query = query.where(TRAIL.c.at >= since)
    return tuple(
        Entry(
            row.number,
            row.at,
            row.actor,
            row.reason,
            Identity.parse(row.identity),
            row.call,
            None if row.before is None else json.loads(row.before),
            None if row.after is None else json.loads(row.after),
            row.outcome,
        )
        for row in connection.execute(query)
    )


def begin_erasure(connection: Connection, at: str, identity: Identity, disks: Mapping[str, int]) -> int:
    """The open record of the object, or a new one: a removal that was cut off goes on with the record it began."""
    opened = (
        select(ERASURE.c.number)
        .outerjoin(ERASURE_END)
        .where(ERASURE.c.identity == str(identity), ERASURE_END.c.number.is_(None))
    )
    number = connection.execute(opened.order_by(ERASURE.c.number)).scalars().first()
    if number is not None:
        return int(number)
    row = connection.execute(
        insert(ERASURE).values(at=at, identity=str(identity), disks=json.dumps(dict(sorted(disks.items()))))
    )
    assert row.inserted_primary_key is not None
    return int(row.inserted_primary_key[0])


def open_erasure(connection: Connection, identity: Identity) -> ErasureRecord | None:
    return next((each for each in erasures(connection, identity) if each.ended is None), None)


def end_erasure(connection: Connection, number: int, at: str, erasure: Erasure) -> None:
    """Who took an object away at the same time as others shares the record that one of them began. What was overwritten
    is recorded all the same: where the record has an end already, as one of its own.
    """
    disks = json.dumps(dict(sorted(erasure.disks.items())))
    ended = connection.execute(select(ERASURE_END.c.number).where(ERASURE_END.c.number == number)).scalar()
    if ended is not None:
        if not erasure.disks:
            return
        row = connection.execute(insert(ERASURE).values(at=at, identity=str(erasure.identity), disks=disks))
        assert row.inserted_primary_key is not None
        number = int(row.inserted_primary_key[0])
    connection.execute(insert(ERASURE_END).values(number=number, at=at, disks=disks, method=erasure.method))


def erasures(connection: Connection, identity: Identity | None = None) -> tuple[ErasureRecord, ...]:
    """Oldest first."""
    query = (
        select(ERASURE, ERASURE_END.c.at.label("ended"), ERASURE_END.c.disks.label("erased"), ERASURE_END.c.method)
        .outerjoin(ERASURE_END)
        .order_by(ERASURE.c.number)
    )
    if identity is not None:
        query = query.where(ERASURE.c.identity == str(identity))
    return tuple(
        ErasureRecord(
            row.number, row.at, Identity.parse(row.identity), json.loads(row.erased or row.disks), row.ended, row.method
        )
        for row in connection.execute(query)
    )
