"""The simulator as a backend: each call taken apart into stages, each stage committed, faults met on the way.

Here: the contract's calls and which module answers them. Not here: what any of them does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from wpf_infra.backend.contract import Act, Delete, Erasure
from wpf_infra.backend.simulator import observation, removal
from wpf_infra.backend.simulator.batch import Change
from wpf_infra.backend.simulator.build import build
from wpf_infra.backend.simulator.faults import Call
from wpf_infra.backend.simulator.file import PATIENCE_S, WorldFile
from wpf_infra.backend.simulator.firewall import build_firewall, remove_firewall, settle_firewall
from wpf_infra.backend.simulator.inventory import (
    build_cluster,
    build_storage_class,
    remove_cluster,
    remove_storage_class,
    settle_cluster,
    settle_storage_class,
)
from wpf_infra.backend.simulator.room import build_tenant, remove_tenant, settle_tenant
from wpf_infra.backend.simulator.stage import Advance, Unfinished, stage_of
from wpf_infra.backend.simulator.steps import step as server_step
from wpf_infra.errors import BackendError, Conflict, NotFound, Unsupported
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.plan.step import Build, EraseDisk, Settle, Step

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

    def create(self, resource: Resource) -> None:
        call = Call(self._file, ("create",), str(resource.identity))
        self._carry_out(call, _creation(resource), create=True)

    def perform(self, identity: Identity, step: Step) -> None:
        call = Call(self._file, ("perform", type(step).__name__), str(identity))
        self._carry_out(call, _performance(identity, step))

    def delete(self, identity: Identity) -> Erasure | None:
        call = Call(self._file, ("delete",), str(identity))
        if self.identity() is None:
            return None
        return self._carry_out(call, _deletion(identity))

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        refusals: dict[Identity, BackendError] = {}
        with self._file.rehearse() as connection:
            if connection is None:
                return refusals
            for identity, acts in plans:
                change = Change(partial(_play, identity, acts))
                change.attempt(connection)
                try:
                    change.result()
                except BackendError as error:
                    refusals.setdefault(identity, error)
        return refusals

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


def _play(identity: Identity, acts: Sequence[Act], connection: Connection) -> None:
    """Every stage of every act, in the one transaction it is given."""
    for act in acts:
        advance: Advance[object] = _deletion(identity) if isinstance(act, Delete) else _performance(identity, act)
        while isinstance(advance(connection), Unfinished):
            pass


def _creation(resource: Resource) -> Advance[None]:
    return build(resource) if isinstance(resource, VmResource) else partial(_create, resource)


def _create(resource: Resource, connection: Connection) -> None:
    """An object without a power switch, in one stage. Raises Conflict when a different one stands there."""
    standing = observation.find(connection, resource.identity)
    if standing is not None:
        if standing.resource == resource:
            return
        raise Conflict(
            Text(
                en="it stands there already, with other settings",
                ja="設定の異なるものが既にあります",
            ),
            where=str(resource.identity),
            remedy=Text(
                en="import it (`pulumi import`), then change it", ja="取り込み（`pulumi import`）の後に変更してください"
            ),
        )
    match resource:
        case ClusterResource():
            build_cluster(connection, resource)
        case StorageClassResource():
            build_storage_class(connection, resource)
        case TenantResource():
            build_tenant(connection, resource)
        case FirewallResource():
            build_firewall(connection, resource)


def _performance(identity: Identity, step: Step) -> Advance[None]:
    match step:
        case Build(resource):
            return _creation(resource)
        case Settle(resource):
            return partial(_settle, identity, resource)
        case EraseDisk(disk):
            return removal.erase_disk(identity, disk)
    advance = server_step(identity, step)
    if advance is None:
        raise AssertionError(f"a step that nobody carries out: {step}")
    return advance


def _settle(identity: Identity, wanted: Resource, connection: Connection) -> None:
    """Raises NotFound, and what the kind's own settling raises."""
    found = observation.find(connection, identity)
    if found is None:
        raise NotFound(
            Text(en="there is nothing of that name to change", ja="変更対象がありません"),
            where=str(identity),
            remedy=Text(
                en="it was taken away behind this run; run again", ja="実行中に外部で削除されました。再実行してください"
            ),
        )
    if found.resource == wanted:
        return
    match found.resource, wanted:
        case ClusterResource() as cluster, ClusterResource():
            settle_cluster(connection, cluster, wanted)
        case StorageClassResource() as storage_class, StorageClassResource():
            settle_storage_class(connection, storage_class, wanted)
        case TenantResource() as tenant, TenantResource():
            settle_tenant(connection, tenant, wanted)
        case FirewallResource() as firewall, FirewallResource():
            settle_firewall(connection, firewall, wanted)
        case _:
            raise Unsupported(
                Text(en="a server is not settled but changed step by step", ja="サーバは手順ごとに変更します"),
                where=str(identity),
                remedy=Text(en="send the steps of its plan", ja="計画の手順を送ってください"),
            )


def _deletion(identity: Identity) -> Advance[Erasure | None]:
    return removal.remove(identity) if identity.kind is Kind.VM else partial(_remove, identity)


def _remove(identity: Identity, connection: Connection) -> None:
    if observation.find(connection, identity) is None:
        return
    match identity.kind:
        case Kind.CLUSTER:
            remove_cluster(connection, identity)
        case Kind.STORAGE_CLASS:
            remove_storage_class(connection, identity)
        case Kind.TENANT:
            remove_tenant(connection, identity)
        case Kind.FIREWALL:
            remove_firewall(connection, identity)
