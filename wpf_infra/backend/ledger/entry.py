"""Entering what was observed elsewhere: a backend that is a world of its own copies it here to ask what may be done.

Here: rows from what stands, without a question asked. Not here: building by the rules (`build`, `room`, `inventory`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from wpf_infra.backend.ledger.firewall import insert_firewall
from wpf_infra.backend.ledger.room import insert_tenant
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import ClusterResource, FirewallResource, StorageClassResource, TenantResource


@dataclass(frozen=True, slots=True)
class DiskPlace:
    """Where a disk stands. size_gb in GB; is_foreign: hung on by hand; erased: overwritten, still there."""

    size_gb: int
    storage_class: str
    raid_group: str
    is_foreign: bool = False
    erased: bool = False


def enter_cluster(connection: Connection, cluster: ClusterResource, unusable: Iterable[str] = ()) -> None:
    """unusable: hosts on which nothing may be placed now."""
    kept = cluster.admission_control
    connection.execute(
        "INSERT INTO cluster (name, failover_hosts, reserved_percent) VALUES (?, ?, ?)",
        (cluster.name, kept.failover_hosts, kept.reserved_percent),
    )
    gone = frozenset(unusable)
    connection.executemany(
        "INSERT INTO host (cluster, name, cpu, memory_gib, state) VALUES (?, ?, ?, ?, ?)",
        [
            (cluster.name, name, host.cpu, host.memory_gib, "maintenance" if name in gone else "connected")
            for name, host in cluster.hosts.items()
        ],
    )


def enter_storage_class(connection: Connection, storage_class: StorageClassResource) -> None:
    connection.execute("INSERT INTO storage_class (name) VALUES (?)", (storage_class.name,))
    connection.executemany(
        "INSERT INTO raid_group (class, name, cluster, disks, disk_gb) VALUES (?, ?, ?, ?, ?)",
        [
            (storage_class.name, name, group.cluster, group.disks, group.disk_gb)
            for name, group in storage_class.groups.items()
        ],
    )


def enter_tenant(connection: Connection, tenant: TenantResource) -> None:
    insert_tenant(connection, tenant)


def enter_firewall(connection: Connection, policy: FirewallResource) -> None:
    insert_firewall(connection, policy)


def enter_server(connection: Connection, server: ObservedVm, disks: Mapping[str, DiskPlace]) -> None:
    """In the place of what is there of that identity. Its place in HA and DRS counts once its build has ended."""
    resource = server.resource
    leave_server(connection, resource.identity)
    connection.execute(
        "INSERT INTO vm (tenant, name, cluster, os, cpu, memory_gib, address, restart_priority, anti_affinity, host, "
        "power, configured, built, restart_owed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            resource.tenant,
            resource.name,
            resource.cluster,
            resource.os,
            resource.cpu,
            resource.memory_gib,
            int(resource.address),
            resource.restart_priority,
            resource.anti_affinity,
            server.host or "",
            server.power,
            server.built,
            server.built,
            server.restart_owed,
        ),
    )
    connection.executemany(
        "INSERT INTO disk (tenant, vm, name, size_gb, class, raid_group, is_foreign, erased) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                resource.tenant,
                resource.name,
                name,
                disk.size_gb,
                disk.storage_class,
                disk.raid_group,
                disk.is_foreign,
                disk.erased,
            )
            for name, disk in disks.items()
        ],
    )


def leave_server(connection: Connection, identity: Identity) -> None:
    """Strike a server out, with its disks."""
    key = (identity.tenant, identity.name)
    connection.execute("DELETE FROM disk WHERE tenant = ? AND vm = ?", key)
    connection.execute("DELETE FROM vm WHERE tenant = ? AND name = ?", key)
