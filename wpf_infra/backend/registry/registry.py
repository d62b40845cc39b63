"""The registry as a carrier: each call one transaction.

Here: the contract's calls for users, their number, lines, monitoring and maintenance. Not here: what follows from a
change (`notice`, `account`, `volume`), nor the trail around it (`wpf_infra.backend.whole`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from wpf_infra.backend.contract import Act, Delete, Erasure
from wpf_infra.backend.registry import account, notice, trail, volume
from wpf_infra.backend.registry.tables import ACCOUNT, OBJECT, TABLES, VERSION
from wpf_infra.backend.store import Store
from wpf_infra.errors import BackendError, Conflict, NotFound
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import (
    RESOURCES,
    Issued,
    LineResource,
    MaintenanceResource,
    Resource,
    UserIssued,
    UserResource,
    UserRollResource,
)
from wpf_infra.plan.step import Build, Settle, Step

KINDS = frozenset({Kind.USER, Kind.USER_ROLL, Kind.LINE, Kind.MONITORING, Kind.MAINTENANCE})
_NAME = Text(en="the registry", ja="登録簿")


class Registry:
    """As `wpf_infra.backend.contract.Backend`, for its kinds. url: SQLAlchemy's; world: the machine backend's name for
    life; now: in Asia/Tokyo.
    """

    def __init__(self, url: str, *, world: Callable[[], str | None], now: Callable[[], datetime]) -> None:
        self._store = Store(_NAME, url, TABLES, VERSION, world, "wpf:registry")
        self._now = now

    def identity(self) -> str | None:
        return self._store.world()

    def observe(self, tenant: str) -> Observation:
        with self._store.read() as connection:
            if connection is None:
                return {}
            query = select(OBJECT, ACCOUNT.c.number).outerjoin(ACCOUNT).where(OBJECT.c.tenant == tenant)
            rows = connection.execute(query.order_by(OBJECT.c.identity)).all()
            seen = (self._observed(connection, row) for row in rows)
            return {each.resource.identity: each for each in seen}

    def find(self, identity: Identity) -> Observed | None:
        with self._store.read() as connection:
            return None if connection is None else self._find(connection, identity)

    def create(self, resource: Resource, guest: GuestConfig | None = None) -> None:  # noqa: ARG002
        with self._store.write() as connection:
            self._create(connection, resource)

    def perform(self, identity: Identity, step: Step) -> None:
        with self._store.write() as connection:
            self._play(connection, identity, step)

    def delete(self, identity: Identity) -> Erasure | None:
        if self.find(identity) is not None:
            with self._store.write() as connection:
                self._delete(connection, identity)
        return None

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        """What stands otherwise is refused; nothing else ever is, so nothing is tried out."""
        told: dict[Identity, BackendError] = {}
        made: dict[Identity, Resource | None] = {}
        for identity, acts in plans:
            for act in acts:
                if identity not in made:
                    found = self.find(identity)
                    made[identity] = found.resource if found else None
                try:
                    made[identity] = _foreseen(made[identity], identity, act)
                except BackendError as error:
                    told.setdefault(identity, error)
                    break
        return told

    def close(self) -> None:
        self._store.close()

    # What no plan asks for.

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """For `trail`, `notice`, `volume` and the portal: one consistent view; None while nothing was written."""
        with self._store.read() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._store.write() as connection:
            yield connection

    def begin(self, actor: str, reason: str | None, identity: Identity, call: str, before: Any, after: Any) -> int:
        with self._store.write() as connection:
            return trail.begin(connection, self._at(), actor, reason, identity, call, before, after)

    def end(self, number: int, outcome: str) -> None:
        with self._store.write() as connection:
            trail.end(connection, number, self._at(), outcome)

    def begin_erasure(self, identity: Identity, disks: Mapping[str, int]) -> int:
        with self._store.write() as connection:
            return trail.begin_erasure(connection, self._at(), identity, disks)

    def end_erasure(self, number: int, erasure: Erasure) -> None:
        with self._store.write() as connection:
            trail.end_erasure(connection, number, self._at(), erasure)

    def open_erasure(self, identity: Identity) -> trail.ErasureRecord | None:
        with self._store.read() as connection:
            return None if connection is None else trail.open_erasure(connection, identity)

    def now(self) -> datetime:
        return self._now()

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")

    # One transaction each.

    def _observed(self, connection: Connection, row: Row[Any]) -> Observed:
        resource = RESOURCES[Kind(row.kind)].model_validate(json.loads(row.inputs))
        issued: Issued | None = None
        if isinstance(resource, UserResource):
            issued = UserIssued(user_id=account.shown(row.number))
        elif isinstance(resource, LineResource):
            issued = volume.issued(connection, resource.identity, self._now().date())
        return Observed(resource, issued=issued)

    def _find(self, connection: Connection, identity: Identity) -> Observed | None:
        query = select(OBJECT, ACCOUNT.c.number).outerjoin(ACCOUNT).where(OBJECT.c.identity == str(identity))
        row = connection.execute(query).first()
        return None if row is None else self._observed(connection, row)

    def _play(self, connection: Connection, identity: Identity, step: Step) -> None:
        match step:
            case Build(resource):
                self._create(connection, resource)
            case Settle(resource):
                found = self._find(connection, identity)
                if found is None:
                    raise _gone(identity)
                if found.resource != resource:
                    self._put(connection, found.resource, resource)
            case _:
                raise AssertionError(f"a step that nobody carries out: {step}")

    def _create(self, connection: Connection, resource: Resource) -> None:
        found = self._find(connection, resource.identity)
        if found is None:
            self._put(connection, None, resource)
        elif found.resource != resource and not isinstance(resource, UserResource):
            raise _different(resource.identity)

    def _put(self, connection: Connection, before: Resource | None, after: Resource) -> None:
        identity, inputs = after.identity, json.dumps(after.data(), ensure_ascii=False)
        if before is None:
            row = {"identity": str(identity), "tenant": identity.tenant, "kind": identity.kind, "inputs": inputs}
            connection.execute(insert(OBJECT).values(**row))
        else:
            connection.execute(update(OBJECT).where(OBJECT.c.identity == str(identity)).values(inputs=inputs))
        match before, after:
            case None, UserResource():
                account.issue(connection, identity, self._at())
            case (None | UserRollResource()) as was, UserRollResource():
                self._tell(connection, identity, notice.of_roll(was, after))
            case (None | MaintenanceResource()) as was, MaintenanceResource():
                self._tell(connection, identity, notice.of_maintenance(was, after, self._now()))
            case (None | LineResource()) as was, LineResource() if after.capacity_gb is not None:
                if was is None or was.capacity_gb != after.capacity_gb:
                    volume.contract(connection, identity, after.capacity_gb, self._now().date())

    def _delete(self, connection: Connection, identity: Identity) -> None:
        found = self._find(connection, identity)
        if found is None:
            return
        match found.resource:
            case UserResource():
                account.remove(connection, identity)
            case LineResource():
                volume.forget(connection, identity)
            case MaintenanceResource() as withdrawn:
                self._tell(connection, identity, notice.of_maintenance(withdrawn, None, self._now()))
        connection.execute(delete(OBJECT).where(OBJECT.c.identity == str(identity)))

    def _tell(self, connection: Connection, identity: Identity, notices: Iterator[notice.Notice]) -> None:
        for each in notices:
            notice.write(connection, self._at(), identity, each)


def _foreseen(stands: Resource | None, identity: Identity, act: Act) -> Resource | None:
    """What stands after the act. Raises what the act would raise."""
    match act:
        case Delete():
            return None
        case Build(resource):
            if stands is not None and stands != resource and not isinstance(resource, UserResource):
                raise _different(identity)
            return stands or resource
        case Settle(resource):
            if stands is None:
                raise _gone(identity)
            return resource
    raise AssertionError(f"a step that nobody carries out: {act}")


def _different(identity: Identity) -> Conflict:
    return Conflict(
        Text(en="it stands in the registry already, with other settings", ja="設定の異なるものが既に登録されています"),
        where=str(identity),
        remedy=Text(
            en="import it (`pulumi import`), then change it", ja="取り込み（`pulumi import`）の後に変更してください"
        ),
    )


def _gone(identity: Identity) -> NotFound:
    return NotFound(
        Text(en="it is not in the registry", ja="登録がありません"),
        where=str(identity),
        remedy=Text(en="it was taken away behind this run; run again", ja="実行中に削除されました。再実行してください"),
    )
