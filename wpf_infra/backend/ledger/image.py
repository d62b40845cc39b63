"""Captured servers: an image holds the disks that its server had, and room for them (FAQ 25).

Here: capturing, and the end of an image, overwritten first. Not here: servers that are made of one (`build`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection

from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.ledger import capacity, server
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.ledger.removal import METHOD
from wpf_infra.backend.ledger.stage import Advance, Unfinished
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import ImageResource, VmResource


@dataclass(frozen=True, slots=True)
class ImageDisk:
    """size_gb in GB; erased: overwritten, still there."""

    name: str
    size_gb: int
    storage_class: str
    erased: bool


def capture(connection: Connection, resource: ImageResource) -> None:
    """The server as it is, running or not, in one commit. NotFound without its server, Refused for one whose build has
    not come to its end or whose data is gone, Conflict for another OS or for want of room.
    """
    identity = resource.identity
    source = server.find(connection, Identity(resource.tenant, Kind.VM, resource.of))
    if source is None or not source.built:
        raise NotFound(
            Text(
                en=f"server {resource.of}, which it is captured from, does not stand yet",
                ja=f"取得元のサーバ {resource.of} がまだありません",
            ),
            where=str(identity),
            row=25,
            remedy=Text(
                en="build the server first: run again", ja="先にサーバを作成してください（再実行してください）"
            ),
        )
    if source.os != resource.os:
        raise Conflict(
            Text(
                en=f"{resource.of} has {source.os}, and the image is declared with {resource.os}",
                ja=f"{resource.of} は {source.os} ですが、イメージの宣言は {resource.os} です",
            ),
            where=str(identity),
            row=25,
            remedy=Text(en="declare the server's OS", ja="サーバと同じOSを宣言してください"),
        )
    disks = [disk for disk in server.disks(connection, source) if not disk.is_foreign]
    for disk in disks:
        if disk.erased or disk.lost:
            raise Refused(
                Text(
                    en=f"the data of disk {disk.name} of {resource.of} is gone: there is nothing to capture",
                    ja=f"{resource.of} のディスク {disk.name} のデータが失われているため、取得できません",
                ),
                where=str(identity),
                row=25,
                remedy=Text(en="restore the server first", ja="先にサーバを復旧してください"),
            )
    connection.execute(
        "INSERT INTO image (tenant, name, of_vm, os, cluster) VALUES (?, ?, ?, ?, ?)",
        (resource.tenant, resource.name, resource.of, resource.os, source.cluster),
    )
    for disk in disks:
        group = capacity.find_group(connection, identity, source.cluster, disk.storage_class, disk.size_gb)
        connection.execute(
            "INSERT INTO image_disk (tenant, image, name, size_gb, class, raid_group) VALUES (?, ?, ?, ?, ?, ?)",
            (resource.tenant, resource.name, disk.name, disk.size_gb, disk.storage_class, group),
        )
    record(connection, Actor.LIBRARY, identity, Event.CAPTURED, of=resource.of)


def images(connection: Connection, tenant: str) -> Iterator[ImageResource]:
    for name, of, os in connection.execute(
        "SELECT name, of_vm, os FROM image WHERE tenant = ? ORDER BY name", (tenant,)
    ):
        yield ImageResource.model_construct(tenant=tenant, name=name, of=of, os=os)


def disks_of(connection: Connection, tenant: str, image: str) -> tuple[ImageDisk, ...]:
    rows = connection.execute(
        "SELECT name, size_gb, class, erased FROM image_disk WHERE tenant = ? AND image = ? ORDER BY name",
        (tenant, image),
    )
    return tuple(ImageDisk(name, size_gb, held, bool(erased)) for name, size_gb, held, erased in rows)


def check_source(connection: Connection, resource: VmResource) -> None:
    """For a server that is made of an image. NotFound without it, Refused when it holds what the server cannot."""
    if resource.from_image is None:
        return
    image = Identity(resource.tenant, Kind.IMAGE, resource.from_image)
    row = connection.execute(
        "SELECT os FROM image WHERE tenant = ? AND name = ?", (image.tenant, image.name)
    ).fetchone()
    if row is None:
        raise NotFound(
            Text(
                en=f"image {image.name}, which it is deployed from, does not stand yet",
                ja=f"作成元のイメージ {image.name} がまだありません",
            ),
            where=str(resource.identity),
            row=25,
            remedy=Text(en="declare and capture the image first", ja="先にイメージを宣言して取得してください"),
        )
    captured = {disk.name: disk for disk in disks_of(connection, image.tenant, image.name)}
    small = [
        name
        for name, disk in captured.items()
        if disk.erased or name not in resource.disks or resource.disks[name].size_gb < disk.size_gb
    ]
    if row[0] != resource.os or small:
        what = ", ".join(small) if small else f"{row[0]} / {resource.os}"
        raise Refused(
            Text(
                en=f"it does not hold what image {image.name} captured ({what})",
                ja=f"イメージ {image.name} の内容（{what}）がこのサーバの宣言に収まりません",
            ),
            where=str(resource.identity),
            row=25,
            remedy=Text(
                en="declare the image's OS and every disk of it, none smaller",
                ja="イメージと同じOSを宣言し、全ディスクを同じかそれ以上の容量で宣言してください",
            ),
        )


def remove(identity: Identity) -> Advance[Erasure | None]:
    """Each disk overwritten in a commit of its own, then all taken away."""
    return partial(_remove, identity)


def _remove(identity: Identity, connection: Connection) -> Unfinished | Erasure | None:
    key = (identity.tenant, identity.name)
    if connection.execute("SELECT 1 FROM image WHERE tenant = ? AND name = ?", key).fetchone() is None:
        return None
    disks = disks_of(connection, *key)
    for disk in disks:
        if not disk.erased:
            connection.execute(
                "UPDATE image_disk SET erased = 1 WHERE tenant = ? AND image = ? AND name = ?", (*key, disk.name)
            )
            record(connection, Actor.LIBRARY, identity, Event.DISK_ERASED, disk=disk.name, size_gb=disk.size_gb)
            return Unfinished("erased")
    connection.execute("DELETE FROM image_disk WHERE tenant = ? AND image = ?", key)
    connection.execute("DELETE FROM image WHERE tenant = ? AND name = ?", key)
    record(connection, Actor.LIBRARY, identity, Event.DELETED)
    return Erasure(identity, {disk.name: disk.size_gb for disk in disks}, METHOD)
