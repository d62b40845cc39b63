"""The end of a disk and of a server: overwritten first, then taken away (FAQ 13, 15).

Here: erasing, and what a vCenter refuses to delete. Not here: whether an end is due; that was decided long before.
Each disk is overwritten in a commit of its own and marked, so that a removal that was cut off goes on where it was.
"""

from __future__ import annotations

from functools import partial
from sqlite3 import Connection

from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.ledger import server
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.ledger.server import DiskRow, Server
from wpf_infra.backend.ledger.stage import Advance, Unfinished
from wpf_infra.backend.ledger.steps import running
from wpf_infra.errors import Refused
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity

METHOD = "one pass of zeros over each virtual disk (a logical overwrite)"


def remove(identity: Identity) -> Advance[Erasure | None]:
    """Raises Refused for a running server, and for one that carries somebody else's disk."""
    return partial(_remove, identity)


def _remove(identity: Identity, connection: Connection) -> Unfinished | Erasure | None:
    found = server.find(connection, identity)
    if found is None:
        return None
    if found.running:
        raise running(identity)
    disks = server.disks(connection, found)
    for disk in disks:
        if disk.is_foreign:
            raise not_ours(identity, disk.name)
    for disk in disks:
        if not disk.erased and not disk.lost:
            _overwrite(connection, found, disk)
            return Unfinished("erased")
    take_away(connection, found, Actor.LIBRARY)
    return Erasure(identity, {disk.name: disk.size_gb for disk in disks if disk.erased}, METHOD)


def take_away(connection: Connection, found: Server, actor: Actor) -> None:
    """The rows of a server and its disks; what was on them is the caller's business."""
    connection.execute("DELETE FROM disk WHERE tenant = ? AND vm = ?", found.key)
    connection.execute("DELETE FROM vm WHERE tenant = ? AND name = ?", found.key)
    record(connection, actor, found.identity, Event.DELETED)


def erase_disk(identity: Identity, name: str) -> Advance[None]:
    """Raises Refused for a running server, for its last disk, and for a disk that is not ours."""
    return partial(_erase_disk, identity, name)


def _erase_disk(identity: Identity, name: str, connection: Connection) -> Unfinished | None:
    found = server.get(connection, identity)
    disks = {disk.name: disk for disk in server.disks(connection, found)}
    disk = disks.get(name)
    if disk is None:
        return None
    if found.running:
        raise running(identity)
    if disk.is_foreign:
        raise not_ours(identity, name)
    if not any(other.name != name and not other.is_foreign for other in disks.values()):
        raise Refused(
            Text(en=f"{name} is the server's last disk", ja=f"{name} はこのサーバの最後のディスクです"),
            where=str(identity),
            row=15,
            remedy=Text(en="retire the server instead", ja="サーバ自体を廃止してください"),
        )
    if not disk.erased and not disk.lost:
        _overwrite(connection, found, disk)
        return Unfinished("erased")
    connection.execute("DELETE FROM disk WHERE tenant = ? AND vm = ? AND name = ?", (*found.key, name))
    return None


def _overwrite(connection: Connection, found: Server, disk: DiskRow) -> None:
    connection.execute("UPDATE disk SET erased = 1 WHERE tenant = ? AND vm = ? AND name = ?", (*found.key, disk.name))
    record(connection, Actor.LIBRARY, found.identity, Event.DISK_ERASED, disk=disk.name, size_gb=disk.size_gb)


def not_ours(identity: Identity, name: str) -> Refused:
    return Refused(
        Text(
            en=f"disk {name} was hung on by hand and is not ours to erase",
            ja=f"ディスク {name} は手作業で追加されたもので、このライブラリからは消去できません",
        ),
        where=str(identity),
        row=13,
        remedy=Text(en="have its owner take it off first", ja="先に追加した方に取り外しを依頼してください"),
    )
