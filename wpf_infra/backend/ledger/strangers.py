"""What stands there and is not ours: it takes room and a name, and is never touched.

Here: rows of it, and copies of our servers that somebody made by hand. Not here: servers of ours (`server`), whose
disks may be somebody else's too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from sqlite3 import Connection

from wpf_infra.errors import Conflict
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import Copy


@dataclass(frozen=True, slots=True)
class Stranger:
    """A server, or only disk space (without a host), that is not ours. tenant: the room it stands in, if any; copy_of:
    the identity that it bears and is not; memory in GiB, space in GB of one RAID group.
    """

    name: str
    tenant: str | None = None
    copy_of: str | None = None
    cluster: str | None = None
    host: str | None = None
    cpu: int = 0
    memory_gib: int = 0
    power: str = "off"
    storage_class: str | None = None
    raid_group: str | None = None
    size_gb: int = 0


def add(connection: Connection, strangers: Iterable[Stranger]) -> None:
    connection.executemany(
        "INSERT INTO stranger (name, tenant, copy_of, cluster, host, cpu, memory_gib, power, class, raid_group, "
        "size_gb) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        map(astuple, strangers),
    )


def in_room(connection: Connection, tenant: str) -> tuple[str, ...]:
    """Names of those that stand in a tenant's room."""
    rows = connection.execute("SELECT name FROM stranger WHERE tenant = ? ORDER BY name", (tenant,))
    return tuple(name for (name,) in rows)


def copies(connection: Connection, tenant: str) -> tuple[Copy, ...]:
    """Those in a tenant's room that bear the mark of a server of ours, by name."""
    rows = connection.execute(
        "SELECT name, copy_of FROM stranger WHERE tenant = ? AND copy_of IS NOT NULL ORDER BY name", (tenant,)
    )
    return tuple(Copy(name, Identity.parse(of)) for name, of in rows)


def check_host(connection: Connection, identity: Identity, host: str) -> None:
    """Whether a host of the cluster `identity` can be emptied: what is not ours is not moved. Raises Conflict."""
    rows = connection.execute(
        "SELECT name FROM stranger WHERE cluster = ? AND host = ? ORDER BY name", (identity.name, host)
    ).fetchall()
    if rows:
        names = ", ".join(name for (name,) in rows)
        raise Conflict(
            Text(
                en=f"host {host} carries servers that are not ours to move: {names}",
                ja=f"ホスト {host} には本ライブラリのものではないサーバがあり、移動できません: {names}",
            ),
            where=str(identity),
            row=12,
            remedy=Text(en="have their owners move them first", ja="先に所有者に移動を依頼してください"),
        )


def check_name(connection: Connection, identity: Identity) -> None:
    """A folder holds a name once, whoever took it first. Raises Conflict."""
    if identity.name in in_room(connection, identity.tenant):
        raise Conflict(
            Text(
                en="a server of that name, which is not ours, stands in the tenant's folder",
                ja="テナントのフォルダに、本ライブラリが作成したものではない同名のサーバがあります",
            ),
            where=str(identity),
            remedy=Text(
                en="have whoever made it rename or remove it, or declare another name",
                ja="作成した方に名前の変更か削除を依頼するか、別の名前で宣言してください",
            ),
        )
