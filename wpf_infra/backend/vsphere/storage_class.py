"""A storage class: datastores that people made of RAID6 groups, taken into management (FAQ 12).

Here: claiming, settling and releasing. A datastore is named as its group. Not here: choosing a datastore for a disk,
and whether anything still stands on one (`wpf_infra.backend.ledger`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import ClusterSeen, DatastoreSeen, Ground
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.language import Text
from wpf_infra.model.hardware import RaidGroup
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import StorageClassResource

_BLANK = dict.fromkeys(
    (
        inscription.IDENTITY,
        inscription.CLUSTER,
        inscription.RAID_DISKS,
        inscription.DISK_GB,
        inscription.BUILT,
    ),
    "",
)
"""In this order: a class is seen until every datastore is free for another, and words that are left are found again."""


def claim(connection: Connection, ground: Ground, resource: StorageClassResource) -> None:
    """Every datastore's mark, and then on each that the class is whole: cut off before, it is not seen as ours. Also
    settles it: a group that is left out is given back.

    Raises NotFound for a datastore or cluster that is not there, Conflict for one of another class, Refused for one
    that not all hosts of its cluster reach, or that holds less than its group would.
    """
    where = str(resource.identity)
    standing = check(ground, resource)
    for name, group in resource.groups.items():
        seen = standing[name]
        if seen.claim != resource.identity or seen.group != group:
            words = inscription.group_words(group)
            if seen.claim != resource.identity:
                words |= {inscription.BUILT: "", inscription.IDENTITY: where}  # an earlier claim's, if any
            attributes.write(connection, ground.fields, seen.ref, words, where=where)
    for seen in standing.values():
        if not seen.complete:
            attributes.write(connection, ground.fields, seen.ref, {inscription.BUILT: where}, where=where)
    _give_back(connection, ground, resource.identity, keep=resource.groups.keys())


def check(ground: Ground, resource: StorageClassResource) -> dict[str, DatastoreSeen]:
    """The datastores, when each can be the group that is declared of it. Raises NotFound, Conflict, Refused."""
    return {name: _standing(ground, resource.identity, name, group) for name, group in resource.groups.items()}


def release(connection: Connection, ground: Ground, identity: Identity) -> None:
    """Takes our marks away; nothing is destroyed."""
    _give_back(connection, ground, identity)


def _give_back(connection: Connection, ground: Ground, identity: Identity, keep: Collection[str] = ()) -> None:
    """Also what an earlier call began to give back."""
    for name, seen in ground.datastores.items():
        if name not in keep and (seen.claim or seen.built) == identity:
            attributes.write(connection, ground.fields, seen.ref, _BLANK, where=str(identity))


def _standing(ground: Ground, identity: Identity, name: str, group: RaidGroup) -> DatastoreSeen:
    """The datastore, when it can be that group."""
    seen, cluster = ground.datastores.get(name), ground.clusters.get(group.cluster)
    if seen is None:
        raise _missing(identity, f"datastore {name}", f"データストア {name}")
    if cluster is None:
        raise _missing(identity, f"cluster {group.cluster}", f"クラスタ {group.cluster}")
    if seen.claim is not None and seen.claim != identity:
        raise _marked_otherwise(identity, seen)
    if away := sorted(host.name for host in cluster.hosts.values() if host.ref not in seen.mounts):
        raise _not_mounted(identity, seen, cluster, away)
    if seen.capacity_gb < group.usable_gb:
        raise _too_small(identity, seen, group)
    return seen


def _missing(identity: Identity, what: str, what_ja: str) -> NotFound:
    return NotFound(
        Text(en=f"the vCenter has no {what}", ja=f"vCenterに{what_ja}がありません"),
        where=str(identity),
        row=12,
        remedy=Text(
            en="make it in the vCenter under that name first, then run it again",
            ja="先にvCenterでその名前で用意してから、再実行してください",
        ),
    )


def _marked_otherwise(identity: Identity, seen: DatastoreSeen) -> Conflict:
    return Conflict(
        Text(
            en=f"datastore {seen.name} is marked as {seen.claim}",
            ja=f"データストア {seen.name} には {seen.claim} の印があります",
        ),
        where=str(identity),
        row=12,
        remedy=Text(
            en="a group belongs to one storage class: leave it out of one of the two, and run that one first",
            ja="グループは1つのストレージクラスに属します。一方の宣言から外し、先に適用してください",
        ),
    )


def _not_mounted(identity: Identity, seen: DatastoreSeen, cluster: ClusterSeen, away: Sequence[str]) -> Refused:
    names = ", ".join(away)
    return Refused(
        Text(
            en=f"datastore {seen.name} is not reached by {names} of cluster {cluster.name}",
            ja=f"データストア {seen.name} に、クラスタ {cluster.name} の {names} から接続できません",
        ),
        where=str(identity),
        row=12,
        remedy=Text(
            en="mount it on every host of the cluster, so that HA can restart servers anywhere",
            ja="HAで再起動できるよう、クラスタの全ホストに接続してください",
        ),
    )


def _too_small(identity: Identity, seen: DatastoreSeen, group: RaidGroup) -> Refused:
    return Refused(
        Text(
            en=f"datastore {seen.name} has {seen.capacity_gb} GB, less than the {group.usable_gb} GB of "
            f"{group.disks} × {group.disk_gb} GB in RAID6",
            ja=f"データストア {seen.name} は {seen.capacity_gb} GB で、"
            f"RAID6（{group.disks} × {group.disk_gb} GB）の {group.usable_gb} GB に足りません",
        ),
        where=str(identity),
        row=12,
        remedy=Text(
            en="declare the disks that are in it, their size in GB as vCenter counts (2^30 bytes: a drive sold as "
            "3,840 GB has 3,576)",
            ja="実際のディスク構成を宣言してください。容量はvCenterと同じGB（2^30バイト）で書きます"
            "（3,840 GBとして販売されるドライブは3,576）",
        ),
    )
