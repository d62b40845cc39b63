"""A tenant's room on the backend: folder, pool and portgroup.

Here: building, settling and taking away. Not here: what stands in it (`build`, `firewall`).
"""

from __future__ import annotations

from sqlite3 import Connection

from netaddr import IPAddress

from wpf_infra.backend.ledger import strangers
from wpf_infra.backend.ledger.inventory import in_the_way
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import TenantResource


def build_tenant(connection: Connection, resource: TenantResource) -> None:
    """Raises NotFound without its cluster, Conflict when its VLAN is another tenant's."""
    _check(connection, resource)
    insert_tenant(connection, resource)
    record(connection, Actor.LIBRARY, resource.identity, Event.CREATED)


def insert_tenant(connection: Connection, resource: TenantResource) -> None:
    connection.execute(
        "INSERT INTO tenant (owner, name_ja, name_en, cluster, cidr, vlan, cpu, memory_gib, storage_gb, name) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _row(resource),
    )


def settle_tenant(connection: Connection, standing: TenantResource, wanted: TenantResource) -> None:
    """Raises Refused for another cluster or network while servers stand in the one there is."""
    _check(connection, wanted)
    if wanted.cluster != standing.cluster and _servers(connection, wanted.tenant):
        raise Refused(
            Text(
                en=f"its servers stand in cluster {standing.cluster}: it cannot move to {wanted.cluster}",
                ja=f"サーバがクラスタ {standing.cluster} にあるため、{wanted.cluster} へは移せません",
            ),
            where=str(wanted.identity),
            remedy=Text(
                en="declare a new tenant there and retire this one's servers",
                ja="移行先に新しいテナントを宣言し、こちらのサーバを廃止してください",
            ),
        )
    for name, address in _servers(connection, wanted.tenant):
        if IPAddress(address, 4) not in wanted.network.cidr:
            raise Refused(
                Text(
                    en=f"server {name} has the address {IPAddress(address, 4)}, outside {wanted.network.cidr}",
                    ja=f"サーバ {name} のアドレス {IPAddress(address, 4)} は {wanted.network.cidr} の外にあります",
                ),
                where=str(wanted.identity),
                remedy=Text(
                    en="declare a network that holds every server",
                    ja="すべてのサーバを含むネットワークを宣言してください",
                ),
            )
    connection.execute(
        "UPDATE tenant SET owner = ?, name_ja = ?, name_en = ?, cluster = ?, cidr = ?, vlan = ?, cpu = ?, "
        "memory_gib = ?, storage_gb = ? WHERE name = ?",
        _row(wanted),
    )
    record(connection, Actor.LIBRARY, wanted.identity, Event.SETTLED)


def remove_tenant(connection: Connection, identity: Identity) -> None:
    """Raises Refused while servers, anybody's, or firewall rules stand in it."""
    names = server_names(connection, identity.tenant)
    if connection.execute("SELECT 1 FROM firewall WHERE tenant = ?", (identity.tenant,)).fetchone():
        names.append(str(Identity(identity.tenant, Kind.FIREWALL, identity.tenant)))
    names += [
        str(Identity(identity.tenant, Kind.IMAGE, name))
        for (name,) in connection.execute("SELECT name FROM image WHERE tenant = ? ORDER BY name", (identity.tenant,))
    ]
    names += strangers.in_room(connection, identity.tenant)
    if names:
        raise in_the_way(identity, names)
    connection.execute("DELETE FROM tenant WHERE name = ?", (identity.tenant,))
    record(connection, Actor.LIBRARY, identity, Event.DELETED)


def server_names(connection: Connection, tenant: str) -> list[str]:
    """The tenant's servers, as a message names them."""
    return [str(Identity(tenant, Kind.VM, name)) for name, _ in _servers(connection, tenant)]


def cluster_of(connection: Connection, identity: Identity) -> str:
    """The cluster of the room that something is to stand in. Raises NotFound without a room."""
    row = connection.execute("SELECT cluster FROM tenant WHERE name = ?", (identity.tenant,)).fetchone()
    if row is None:
        raise NotFound(
            Text(
                en=f"tenant {identity.tenant} does not stand yet, and this stands in it",
                ja=f"テナント {identity.tenant} がまだないため、作成できません",
            ),
            where=str(identity),
            remedy=Text(
                en="build the tenant first: run `up` again", ja="先にテナントを作成してください（`up` の再実行）"
            ),
        )
    cluster: str = row[0]
    return cluster


def _check(connection: Connection, resource: TenantResource) -> None:
    if connection.execute("SELECT 1 FROM cluster WHERE name = ?", (resource.cluster,)).fetchone() is None:
        raise NotFound(
            Text(en=f"there is no cluster {resource.cluster}", ja=f"クラスタ {resource.cluster} がありません"),
            where=str(resource.identity),
            remedy=Text(
                en="bring the platform's stack up first: `pulumi up -s platform`",
                ja="先に基盤のスタックを構築してください: `pulumi up -s platform`",
            ),
        )
    holder = connection.execute(
        "SELECT name FROM tenant WHERE vlan = ? AND name != ?", (resource.network.vlan, resource.tenant)
    ).fetchone()
    if holder:
        raise Conflict(
            Text(
                en=f"VLAN {resource.network.vlan} is tenant {holder[0]}'s",
                ja=f"VLAN {resource.network.vlan} はテナント {holder[0]} が使用中です",
            ),
            where=str(resource.identity),
            row=22,
            remedy=Text(en="declare a free VLAN", ja="空いているVLANを宣言してください"),
        )


def _servers(connection: Connection, tenant: str) -> list[tuple[str, int]]:
    return connection.execute("SELECT name, address FROM vm WHERE tenant = ? ORDER BY name", (tenant,)).fetchall()


def _row(resource: TenantResource) -> tuple[str | int, ...]:
    return (
        resource.owner,
        resource.name.ja,
        resource.name.en,
        resource.cluster,
        str(resource.network.cidr),
        resource.network.vlan,
        resource.quota.cpu,
        resource.quota.memory_gib,
        resource.quota.storage_gb,
        resource.tenant,
    )
