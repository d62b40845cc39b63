"""The contract's calls, each taken apart into stages.

Here: which module answers which call. Not here: what any of them does, nor the transactions around a stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from sqlite3 import Connection

from wpf_infra.backend.contract import Act, Delete, Erasure
from wpf_infra.backend.ledger import image, observation, removal
from wpf_infra.backend.ledger.build import build
from wpf_infra.backend.ledger.firewall import build_firewall, remove_firewall, settle_firewall
from wpf_infra.backend.ledger.inventory import (
    build_cluster,
    build_storage_class,
    remove_cluster,
    remove_storage_class,
    settle_cluster,
    settle_storage_class,
)
from wpf_infra.backend.ledger.room import build_tenant, remove_tenant, settle_tenant
from wpf_infra.backend.ledger.stage import Advance, Unfinished
from wpf_infra.backend.ledger.steps import step as server_step
from wpf_infra.errors import Conflict, NotFound, Unsupported
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    ImageResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.plan.step import Build, EraseDisk, Settle, Step


def play(connection: Connection, identity: Identity, acts: Sequence[Act]) -> None:
    """Every stage of every act, in the one transaction it is given. Raises what the real calls would."""
    for act in acts:
        advance: Advance[object] = deletion(identity) if isinstance(act, Delete) else performance(identity, act)
        while isinstance(advance(connection), Unfinished):
            pass


def creation(resource: Resource, guest: GuestConfig | None = None) -> Advance[None]:
    return build(resource, guest) if isinstance(resource, VmResource) else partial(_create, resource)


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
        case ImageResource():
            image.capture(connection, resource)
        case _:
            raise AssertionError(f"a kind that is carried elsewhere: {resource.identity}")


def performance(identity: Identity, step: Step) -> Advance[None]:
    match step:
        case Build(resource):
            return creation(resource)
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
                Text(
                    en="this is not settled but changed step by step, or never",
                    ja="手順ごとの変更のみ、または変更不可です",
                ),
                where=str(identity),
                remedy=Text(en="send the steps of its plan", ja="計画の手順を送ってください"),
            )


def deletion(identity: Identity) -> Advance[Erasure | None]:
    match identity.kind:
        case Kind.VM:
            return removal.remove(identity)
        case Kind.IMAGE:
            return image.remove(identity)
    return partial(_remove, identity)


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
