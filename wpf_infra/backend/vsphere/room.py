"""A tenant's room on the vCenter: its folder, resource pool and distributed portgroup with a VLAN (FAQ 22).

Here: building, settling and removing, each of which finishes what was cut off, and the pure check whether the vCenter
has what a room needs. Not here: rules on the portgroup (`firewall`), and whether the room may change or go while
servers stand in it (`wpf_infra.backend.ledger`).
What blocks others comes first and says whose it is from the start: a portgroup is named after its VLAN, so that the
vCenter itself gives a VLAN to one tenant only. What makes the room seen comes last: the folder's mark.
A folder or pool of the right name without a mark is taken while it is empty; nothing unmarked is ever removed. The
folder that holds all tenants' is made with the first, bears no mark and stays when the last one goes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere import attributes, inscription, portgroup
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.destruction import destroy
from wpf_infra.backend.vsphere.ground import ROOT_FOLDER, ClusterSeen, FolderSeen, Ground, PoolSeen
from wpf_infra.backend.vsphere.inscription import RoomTerms
from wpf_infra.backend.vsphere.survey import read_ground
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import TenantResource


def build_tenant(connection: Connection, ground: Ground, resource: TenantResource) -> None:
    """Also settles it, and touches only what differs.

    Raises what `check` raises, before anything is made, and Conflict when another tenant has its VLAN.
    """
    cluster = check(ground, resource)
    portgroup.build(connection, ground, resource, cluster)
    folder = _folder(connection, ground, resource)
    pool = _pool(connection, ground, resource, cluster)
    for other in ground.pools:
        if other.claim == resource.identity and other.ref != pool:
            _destroy_pool(connection, other, resource.identity)
    _inscribe(connection, ground, folder, resource)


def check(ground: Ground, resource: TenantResource) -> ClusterSeen:
    """The cluster that its pool stands in, or can stand in. The VLANs of foreign portgroups count as far as they were
    read (`survey.with_vlans`).

    Raises NotFound without its cluster or a switch for it, Conflict when its VLAN or a name is held by what is not the
    library's, Unsupported when it would change switches.
    """
    cluster = _cluster(ground, resource)
    portgroup.check(ground, resource, cluster)
    root = ground.root_folder
    if ground.room(resource.tenant).folder is None and root is not None:
        _free(ground.folder_in(root.ref, resource.tenant), resource.identity)
    if _own_pool(ground, resource, cluster) is None:
        _free(ground.pool_in(cluster.root_pool, resource.tenant), resource.identity)
    return cluster


def remove_tenant(connection: Connection, ground: Ground, identity: Identity) -> None:
    """Raises Refused while anything stands in it, whoever put it there, Conflict when its portgroup is in use.

    The folder goes last: until then its mark says whose the rest is. What comes into it at the last moment is
    unregistered with it, and its files stay: plain destruction would take them too (vim.Folder.unregisterAndDestroy).
    """
    room = ground.room(identity.tenant)
    pools = [pool for pool in ground.pools if pool.claim == identity]
    _require_empty(connection, [*pools, *([room.folder] if room.folder else [])], identity)
    for pool in pools:
        _destroy_pool(connection, pool, identity)
    portgroup.remove(connection, ground, identity)
    if room.folder is not None:
        _require_empty(connection, [room.folder], identity)
        folder = room.folder.ref
        destroy(connection, folder, folder.UnregisterAndDestroy_Task, where=str(identity))


def _cluster(ground: Ground, resource: TenantResource) -> ClusterSeen:
    cluster = ground.clusters.get(resource.cluster)
    if cluster is None:
        raise NotFound(
            Text(
                en=f"the vCenter has no cluster {resource.cluster}",
                ja=f"vCenterにクラスタ {resource.cluster} がありません",
            ),
            where=str(resource.identity),
            remedy=Text(
                en="bring the platform's stack up first: `pulumi up -s platform`",
                ja="先に基盤のスタックを構築してください: `pulumi up -s platform`",
            ),
        )
    return cluster


def _folder(connection: Connection, ground: Ground, resource: TenantResource) -> Any:
    where = str(resource.identity)
    if (standing := ground.room(resource.tenant).folder) is not None:
        return standing.ref
    above = ground.server_folder
    assert above is not None, "every datacenter has a folder of servers"
    root = _found_or_made(
        connection,
        ground,
        lambda seen: seen.root_folder.ref if seen.root_folder else None,
        functools.partial(above.ref.CreateFolder, name=ROOT_FOLDER),
        where,
    )
    return _found_or_made(
        connection,
        ground,
        lambda seen: _free(seen.folder_in(root, resource.tenant), resource.identity),
        functools.partial(root.CreateFolder, name=resource.tenant),
        where,
    )


def _pool(connection: Connection, ground: Ground, resource: TenantResource, cluster: ClusterSeen) -> Any:
    """The tenant's pool in its cluster, marked."""
    where = str(resource.identity)
    if (standing := _own_pool(ground, resource, cluster)) is not None:
        return standing.ref
    ref = _found_or_made(
        connection,
        ground,
        lambda seen: _free(seen.pool_in(cluster.root_pool, resource.tenant), resource.identity),
        functools.partial(cluster.root_pool.CreateResourcePool, name=resource.tenant, spec=_unlimited()),
        where,
    )
    attributes.write(connection, ground.fields, ref, {inscription.IDENTITY: where}, where=where)
    return ref


def _own_pool(ground: Ground, resource: TenantResource, cluster: ClusterSeen) -> PoolSeen | None:
    """The marked one in that cluster."""
    pools = (one for one in ground.pools if one.claim == resource.identity and one.parent == cluster.root_pool)
    return next(pools, None)


def _found_or_made(
    connection: Connection, ground: Ground, find: Callable[[Ground], Any], make: Callable[[], Any], where: str
) -> Any:
    """What `find` finds, else what `make` makes, else what somebody else made at the same moment."""
    found = find(ground)
    if found is not None:
        return found
    try:
        return connection.call(make, where=where)
    except Conflict:
        found = find(read_ground(connection, policies_of=()))
        if found is None:
            raise
        return found


def _free(there: FolderSeen | PoolSeen | None, identity: Identity) -> Any | None:
    """The object of that name, when it may be taken: ours, or nobody's and empty. None when there is none."""
    if there is None or there.claim == identity:
        return there.ref if there else None
    inside = there.children if isinstance(there, FolderSeen) else there.contents
    if there.claim is None and not inside:
        return there.ref
    kind = Text(en="folder", ja="フォルダ") if isinstance(there, FolderSeen) else Text(en="pool", ja="リソースプール")
    raise Conflict(
        Text(
            en=f"the vCenter has a {kind.en} {there.name} there that is not the library's, with something in it",
            ja=f"vCenterに管理外の{kind.ja} {there.name} が既にあり、中身もあります",
        ),
        where=str(identity),
        remedy=Text(
            en="empty or rename it in the vSphere Client, or choose another tenant id",
            ja="vSphere Clientで空にするか名前を変えてください。またはテナントIDを変えてください",
        ),
    )


def _inscribe(connection: Connection, ground: Ground, folder: Any, resource: TenantResource) -> None:
    """What differs, the mark last."""
    standing = next((one for one in ground.folders if one.ref == folder), None)
    written = standing.attributes if standing else {}
    wanted = {**RoomTerms.of(resource).words, inscription.IDENTITY: str(resource.identity)}
    words = {name: word for name, word in wanted.items() if written.get(name) != word}
    attributes.write(connection, ground.fields, folder, words, where=str(resource.identity))


def _require_empty(connection: Connection, holders: Iterable[FolderSeen | PoolSeen], identity: Identity) -> None:
    """As it is at this moment. One that is gone is empty."""
    inside: list[Any] = []
    for holder in holders:
        paths = ["childEntity"] if isinstance(holder, FolderSeen) else ["vm", "resourcePool"]
        for found in connection.read_objects([holder.ref], paths).values():
            inside += [ref for path in paths for ref in found.get(path, ())]
    if not inside:
        return
    found = connection.read_objects(list(dict.fromkeys(inside))[:_SHOWN], ["name"])
    names = ", ".join(sorted(one["name"] for one in found.values() if "name" in one)) or "?"
    raise Refused(
        Text(en=f"it is still in use by {names}", ja=f"まだ使用されています: {names}"),
        where=str(identity),
        remedy=Text(
            en="take these away or move them out first, in the vSphere Client where they are not declared",
            ja="先にこれらを削除または移動してください（宣言にないものはvSphere Clientで）",
        ),
    )


_SHOWN = 5


def _destroy_pool(connection: Connection, pool: PoolSeen, identity: Identity) -> None:
    _require_empty(connection, [pool], identity)
    if pool.claim == identity:
        destroy(connection, pool.ref, pool.ref.Destroy_Task, where=str(identity))


def _unlimited() -> Any:
    """A pool that neither reserves nor limits: the quota is policy's, a pool throttles where it should refuse."""
    return vim.ResourceConfigSpec(cpuAllocation=_unbounded(), memoryAllocation=_unbounded())


def _unbounded() -> Any:
    shares = vim.SharesInfo(level=vim.SharesInfo.Level.normal, shares=0)
    return vim.ResourceAllocationInfo(reservation=0, expandableReservation=True, limit=-1, shares=shares)
