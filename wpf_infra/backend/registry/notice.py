"""What somebody has to be told: written once, whatever is cut off or run again (FAQ 2, 10).

Here: which notices follow from a change, and their keys. Not here: sending them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from wpf_infra.backend.registry.tables import NOTICE
from wpf_infra.language import Text
from wpf_infra.model.identity import PLATFORM, Identity
from wpf_infra.model.resource import MaintenanceResource, UserRollResource


@dataclass(frozen=True, slots=True)
class Notice:
    """kind: `maintenance`, `maintenance-changed`, `maintenance-withdrawn`, `head-count`; party: the tenant, or
    `platform`; address: where it is sent, None for the operator itself.
    """

    kind: str
    party: str
    address: str | None
    subject: Text
    facts: Mapping[str, Any]


def write(connection: Connection, at: str, about: Identity, notice: Notice) -> None:
    """In the transaction of the change that it tells of, so that it is written once. about: the object."""
    prefix = f"{about}/{notice.party}/"
    earlier = select(func.count()).where(NOTICE.c.key.startswith(prefix, autoescape=True))
    key = f"{prefix}{connection.execute(earlier).scalar_one() + 1}"
    facts = json.dumps(notice.facts, ensure_ascii=False, sort_keys=True)
    subject = json.dumps({"en": notice.subject.en, "ja": notice.subject.ja}, ensure_ascii=False)
    connection.execute(
        insert(NOTICE).values(
            key=key,
            at=at,
            kind=notice.kind,
            party=notice.party,
            address=notice.address,
            subject=subject,
            facts=facts,
        )
    )


def written(connection: Connection) -> tuple[tuple[str, Notice], ...]:
    """When, and what; oldest first."""
    rows = connection.execute(select(NOTICE).order_by(NOTICE.c.number))
    return tuple(
        (row.at, Notice(row.kind, row.party, row.address, Text(**json.loads(row.subject)), json.loads(row.facts)))
        for row in rows
    )


def of_maintenance(
    before: MaintenanceResource | None, after: MaintenanceResource | None, now: datetime
) -> Iterator[Notice]:
    """Who is affected hears of it, of another time or extent, and of its withdrawal while it is not over."""
    was, is_ = (_said(each) for each in (before, after))
    for tenant in sorted({*(before.affected if before else ()), *(after.affected if after else ())}):
        told, still = before is not None and tenant in before.affected, after is not None and tenant in after.affected
        if still and after is not None:
            if told and was == is_:
                continue
            kind = "maintenance-changed" if told else "maintenance"
            yield _notice(kind, after, tenant, is_)
        elif before is not None and before.ends > now:
            yield _notice("maintenance-withdrawn", before, tenant, was)


_WORDS = {
    "maintenance": Text(en="Maintenance", ja="メンテナンスのお知らせ"),
    "maintenance-changed": Text(en="Maintenance changed", ja="メンテナンス変更のお知らせ"),
    "maintenance-withdrawn": Text(en="Maintenance withdrawn", ja="メンテナンス中止のお知らせ"),
}


def _notice(kind: str, of: MaintenanceResource, tenant: str, facts: Mapping[str, Any]) -> Notice:
    words = _WORDS[kind]
    subject = Text(en=f"{words.en}: {of.title.en}", ja=f"{words.ja}: {of.title.ja}")
    return Notice(kind, tenant, of.affected[tenant].notify, subject, facts)


def _said(maintenance: MaintenanceResource | None) -> dict[str, Any]:
    if maintenance is None:
        return {}
    data = maintenance.data()
    return {name: data[name] for name in ("title", "starts", "ends", "targets", "emergency") if name in data}


def of_roll(before: UserRollResource | None, after: UserRollResource) -> Iterator[Notice]:
    """FAQ 10: a change of the number is told to the operator, and none else."""
    was = before.count if before else 0
    if was != after.count:
        tenant = after.tenant
        subject = Text(
            en=f"{tenant}: {was} → {after.count} users of the portal",
            ja=f"{tenant}: ポータル利用者数 {was} → {after.count}",
        )
        yield Notice("head-count", PLATFORM, None, subject, {"tenant": tenant, "before": was, "after": after.count})
