"""What is written on clusters, hosts, datastores, folders, pools and portgroups: words both ways.

Here: our custom attributes' names, a portgroup's name and description, and pure encoding. Not here: defining, reading
and writing attributes (`attributes`), the marks of servers (`mark`).
A value that nobody of us would have written reads as absent: then the object is not seen as ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from netaddr import IPNetwork
from pydantic import ValidationError

from wpf_infra.model.hardware import Host, RaidGroup
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import OwnerKind, TenantResource
from wpf_infra.model.tenancy import BilingualName, Quota, TenantNetwork

IDENTITY = "wpf.identity"
CPU = "wpf.cpu"
MEMORY_GIB = "wpf.memory-gib"
CLUSTER = "wpf.cluster"
RAID_DISKS = "wpf.raid-disks"
DISK_GB = "wpf.disk-gb"
BUILT = "wpf.built"
OWNER = "wpf.owner"
NAME_JA = "wpf.name-ja"
NAME_EN = "wpf.name-en"
CIDR = "wpf.cidr"
QUOTA = "wpf.quota"

NAMES = frozenset(
    {IDENTITY, CPU, MEMORY_GIB, CLUSTER, RAID_DISKS, DISK_GB, BUILT, OWNER, NAME_JA, NAME_EN, CIDR, QUOTA}
)

_COUNT = re.compile(r"[1-9][0-9]{0,8}")
_QUOTA = re.compile(rf"({_COUNT.pattern}) cpu, ({_COUNT.pattern}) GiB, ({_COUNT.pattern}) GB")
_PORTGROUP = re.compile(r"wpf-vlan-([0-9]{4})")


def portgroup_name(vlan: int) -> str:
    """One name a VLAN, so that the vCenter's own refusal of a second one keeps it to one tenant."""
    return f"wpf-vlan-{vlan:04d}"


def vlan_of_name(name: str) -> int | None:
    """The VLAN that one of our portgroups' names carries."""
    match = _PORTGROUP.fullmatch(name)
    return int(match[1]) if match else None


def portgroup_description(identity: Identity) -> str:
    return f"wpf {identity}"


def identity(written: Mapping[str, str], name: str = IDENTITY) -> Identity | None:
    """The identity that this attribute names."""
    try:
        return Identity.parse(written.get(name, ""))
    except ValueError:
        return None


def host_words(host: Host) -> dict[str, str]:
    return {CPU: str(host.cpu), MEMORY_GIB: str(host.memory_gib)}


def host(written: Mapping[str, str]) -> Host | None:
    cpu, memory_gib = _count(written.get(CPU)), _count(written.get(MEMORY_GIB))
    return Host(cpu=cpu, memory_gib=memory_gib) if cpu and memory_gib else None


def group_words(group: RaidGroup) -> dict[str, str]:
    return {CLUSTER: group.cluster, RAID_DISKS: str(group.disks), DISK_GB: str(group.disk_gb)}


def group(written: Mapping[str, str]) -> RaidGroup | None:
    disks, disk_gb = _count(written.get(RAID_DISKS)), _count(written.get(DISK_GB))
    try:
        return RaidGroup(cluster=written.get(CLUSTER, ""), disks=disks or 0, disk_gb=disk_gb or 0)
    except ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class RoomTerms:
    """What a tenant's folder says of the tenant; its cluster and VLAN show where its pool and portgroup stand."""

    owner: OwnerKind
    name: BilingualName
    cidr: IPNetwork
    quota: Quota

    @classmethod
    def of(cls, resource: TenantResource) -> RoomTerms:
        return cls(resource.owner, resource.name, resource.network.cidr, resource.quota)

    @classmethod
    def read(cls, written: Mapping[str, str]) -> RoomTerms | None:
        quota = _QUOTA.fullmatch(written.get(QUOTA, ""))
        if quota is None:
            return None
        try:
            return cls(
                OwnerKind(written.get(OWNER, "")),
                BilingualName(ja=written.get(NAME_JA, ""), en=written.get(NAME_EN, "")),
                TenantNetwork.model_validate({"cidr": written.get(CIDR, ""), "vlan": 1}).cidr,
                Quota(cpu=int(quota[1]), memory_gib=int(quota[2]), storage_gb=int(quota[3])),
            )
        except ValueError:  # pydantic's is one
            return None

    @property
    def words(self) -> dict[str, str]:
        quota = self.quota
        return {
            OWNER: str(self.owner),
            NAME_JA: self.name.ja,
            NAME_EN: self.name.en,
            CIDR: str(self.cidr),
            QUOTA: f"{quota.cpu} cpu, {quota.memory_gib} GiB, {quota.storage_gb} GB",
        }


def _count(text: str | None) -> int | None:
    return int(text) if text and _COUNT.fullmatch(text) else None
