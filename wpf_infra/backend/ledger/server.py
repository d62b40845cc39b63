"""A server and its disks, as rows.

Here: reading them one by one. Not here: what is done to them (`build`, `steps`, `removal`), nor reading many at once
(`observation`).
"""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from wpf_infra.backend.ledger.placement import Demand
from wpf_infra.errors import Conflict, NotFound
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity, Kind


@dataclass(frozen=True, slots=True)
class DiskRow:
    """size_gb in GB; is_foreign: hung on by hand; erased: overwritten, still there; lost: its RAID group died."""

    name: str
    size_gb: int
    storage_class: str
    raid_group: str
    is_foreign: bool
    erased: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Server:
    """address: the IPv4 address as a number; left_off: it ran when its host failed, and found no other place."""

    tenant: str
    name: str
    cluster: str
    os: str
    cpu: int
    memory_gib: int
    address: int
    restart_priority: str
    anti_affinity: str | None
    host: str
    power: str
    configured: bool
    built: bool
    restart_owed: bool
    left_off: bool
    from_image: str | None
    guest_meta: str | None
    guest_user: str | None

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, Kind.VM, self.name)

    @property
    def key(self) -> tuple[str, str]:
        return (self.tenant, self.name)

    @property
    def guest(self) -> GuestConfig | None:
        """What it was told, or is to be told at its next start."""
        if self.guest_meta is None or self.guest_user is None:
            return None
        return GuestConfig(self.guest_meta, self.guest_user)

    @property
    def running(self) -> bool:
        return self.power == "on"

    @property
    def demand(self) -> Demand:
        return Demand(self.cpu, self.memory_gib, (self.tenant, self.anti_affinity) if self.anti_affinity else None)


_COLUMNS = (
    "tenant, name, cluster, os, cpu, memory_gib, address, restart_priority, anti_affinity, host, power, "
    "configured, built, restart_owed, left_off, from_image, guest_meta, guest_user"
)
_ONE = f"SELECT {_COLUMNS} FROM vm WHERE tenant = ? AND name = ?"  # noqa: S608 - literal columns
_ON_HOST = f"SELECT {_COLUMNS} FROM vm WHERE cluster = ? AND host = ? ORDER BY tenant, name"  # noqa: S608
_LEFT_OFF = f"SELECT {_COLUMNS} FROM vm WHERE cluster = ? AND left_off = 1 ORDER BY tenant, name"  # noqa: S608


def _server(row: tuple[Any, ...]) -> Server:
    flags = (bool(each) for each in row[11:15])
    values = (*row[:11], *flags, *row[15:])
    return Server(*values)


def find(connection: Connection, identity: Identity) -> Server | None:
    row = connection.execute(_ONE, (identity.tenant, identity.name)).fetchone()
    return _server(row) if row else None


def get(connection: Connection, identity: Identity) -> Server:
    """Raises NotFound."""
    found = find(connection, identity)
    if found is None:
        raise gone(str(identity))
    return found


def gone(where: str) -> NotFound:
    return NotFound(
        Text(en="there is no such server", ja="そのサーバはありません"),
        where=where,
        remedy=Text(
            en="it was taken away behind this run; run again to see what is left to do",
            ja="実行中に外部で削除されました。再実行して残りの作業を確認してください",
        ),
    )


def on_host(connection: Connection, cluster: str, host: str) -> tuple[Server, ...]:
    """Every server that stands there, running or not."""
    return tuple(_server(row) for row in connection.execute(_ON_HOST, (cluster, host)))


def left_off(connection: Connection, cluster: str) -> tuple[Server, ...]:
    """Those that HA could not restart yet."""
    return tuple(_server(row) for row in connection.execute(_LEFT_OFF, (cluster,)))


def disks(connection: Connection, server: Server) -> tuple[DiskRow, ...]:
    """All its disks by name, foreign ones too."""
    rows = connection.execute(
        "SELECT name, size_gb, class, raid_group, is_foreign, erased, lost FROM disk "
        "WHERE tenant = ? AND vm = ? ORDER BY name",
        server.key,
    )
    return tuple(
        DiskRow(name, size_gb, storage_class, group, bool(is_foreign), bool(erased), bool(lost))
        for name, size_gb, storage_class, group, is_foreign, erased, lost in rows
    )


def check_address(connection: Connection, identity: Identity, address: int) -> None:
    """One address, one server, within a tenant's network. Raises Conflict."""
    holder = connection.execute(
        "SELECT name FROM vm WHERE tenant = ? AND address = ? AND name != ?", (identity.tenant, address, identity.name)
    ).fetchone()
    if holder:
        other = Identity(identity.tenant, Kind.VM, holder[0])
        raise Conflict(
            Text(en=f"{other} already has its address", ja=f"アドレスは {other} が使用中です"),
            where=str(identity),
            remedy=Text(en="declare a free address", ja="空いているアドレスを宣言してください"),
        )
