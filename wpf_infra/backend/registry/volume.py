"""A mobile line's volume: contracted, used, and what happens beyond it (FAQ 31, 32).

Here: rows of volumes and usage. Not here: orders and their dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from wpf_infra.backend.registry.tables import USAGE, VOLUME
from wpf_infra.calendar.month import first_of_next_month
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import LineIssued

THROTTLED_KBPS = 30


@dataclass(frozen=True, slots=True)
class Month:
    """used_gb and volume_gb of the month that `today` lies in; throttled to 30 kbps until it ends, never cut."""

    used_gb: int
    volume_gb: int
    throttled: bool


def contract(connection: Connection, identity: Identity, gb: int, today: date) -> None:
    """The first volume counts at once, another from the 1st of the next month; of several in a month the last."""
    rows = VOLUME.c.identity == str(identity)
    stands = connection.execute(select(VOLUME.c.first_day).where(rows)).first() is not None
    first = first_of_next_month(today) if stands else today.replace(day=1)
    connection.execute(delete(VOLUME).where(rows, VOLUME.c.first_day >= first.isoformat()))
    if not stands or effective(connection, identity, today) != gb:
        connection.execute(insert(VOLUME).values(identity=str(identity), first_day=first.isoformat(), gb=gb))


def effective(connection: Connection, identity: Identity, today: date) -> int | None:
    query = select(VOLUME.c.gb).where(VOLUME.c.identity == str(identity), VOLUME.c.first_day <= today.isoformat())
    return connection.execute(query.order_by(VOLUME.c.first_day.desc())).scalars().first()


def issued(connection: Connection, identity: Identity, today: date) -> LineIssued:
    query = select(VOLUME.c.gb, VOLUME.c.first_day).where(
        VOLUME.c.identity == str(identity), VOLUME.c.first_day > today.isoformat()
    )
    coming = connection.execute(query.order_by(VOLUME.c.first_day)).first()
    return LineIssued(
        effective_gb=effective(connection, identity, today),
        next_gb=coming.gb if coming else None,
        next_from=date.fromisoformat(coming.first_day) if coming else None,
    )


def use(connection: Connection, identity: Identity, gb: int, today: date) -> None:
    """gb: more that went over the line in this month."""
    where = (USAGE.c.identity == str(identity), USAGE.c.month == today.isoformat()[:7])
    used = connection.execute(select(USAGE.c.gb).where(*where)).scalar()
    if used is None:
        connection.execute(insert(USAGE).values(identity=str(identity), month=today.isoformat()[:7], gb=gb))
    else:
        connection.execute(update(USAGE).where(*where).values(gb=used + gb))


def month(connection: Connection, identity: Identity, today: date) -> Month | None:
    """None for a line without a volume."""
    volume_gb = effective(connection, identity, today)
    if volume_gb is None:
        return None
    where = (USAGE.c.identity == str(identity), USAGE.c.month == today.isoformat()[:7])
    used_gb = connection.execute(select(USAGE.c.gb).where(*where)).scalar() or 0
    return Month(used_gb, volume_gb, used_gb > volume_gb)


def forget(connection: Connection, identity: Identity) -> None:
    connection.execute(delete(VOLUME).where(VOLUME.c.identity == str(identity)))
    connection.execute(delete(USAGE).where(USAGE.c.identity == str(identity)))
