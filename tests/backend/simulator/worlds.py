"""Small worlds to break, and what must be true of every world.

Here: builders, and `sound`, which every test of the simulator may end with. Not here: tests.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.status import Status, status
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import ClusterResource, StorageClassResource, TenantResource, VmResource

TENANTS = ("hill", "lake")


def cluster(*, hosts: int = 3, cpu: int = 16, memory_gib: int = 64, **admission_control: int) -> ClusterResource:
    return ClusterResource.model_validate(
        {
            "name": "east",
            "hosts": {f"east-{n + 1}": {"cpu": cpu, "memory_gib": memory_gib} for n in range(hosts)},
            "admission_control": admission_control or {"reserved_percent": 1},
        }
    )


def storage(*, groups: int = 2, disks: int = 6, disk_gb: int = 1000) -> StorageClassResource:
    return StorageClassResource.model_validate(
        {
            "name": "raid6",
            "groups": {
                f"east-{'ab'[n]}": {"cluster": "east", "disks": disks, "disk_gb": disk_gb} for n in range(groups)
            },
        }
    )


def tenant(name: str, number: int) -> TenantResource:
    return TenantResource.model_validate(
        {
            "tenant": name,
            "owner": "utility",
            "name": {"ja": name, "en": name},
            "cluster": "east",
            "network": {"cidr": f"10.64.{number}.0/24", "vlan": 100 + number},
            "quota": {"cpu": 999, "memory_gib": 999, "storage_gb": 99999},
        }
    )


def server(name: str, host: int, *, of: str = "hill", disks: dict[str, int] | None = None, **more: Any) -> VmResource:
    """host: the last part of its address; disks: sizes in GB."""
    return VmResource.model_validate(
        {
            "tenant": of,
            "owner": "utility",
            "name": name,
            "cluster": "east",
            "os": "rhel-9",
            "cpu": 2,
            "memory_gib": 8,
            "address": f"10.64.{TENANTS.index(of) + 1}.{host}",
            "disks": {
                disk: Disk(size_gb=size_gb, storage_class="raid6")
                for disk, size_gb in (disks or {"system": 100}).items()
            },
            **more,
        }
    )


def vm(name: str, of: str = "hill") -> Identity:
    return Identity(of, Kind.VM, name)


def lay(path: Path, cluster_: ClusterResource | None = None, storage_: StorageClassResource | None = None) -> Simulator:
    """A world with a cluster, its storage and two tenants' rooms."""
    simulator = Simulator(path)
    simulator.create(cluster_ or cluster())
    simulator.create(storage_ or storage())
    for number, name in enumerate(TENANTS):
        simulator.create(tenant(name, number + 1))
    return simulator


def host_of(simulator: Simulator, identity: Identity) -> str:
    seen = simulator.find(identity)
    assert isinstance(seen, ObservedVm) and seen.host is not None
    return seen.host


def power_of(simulator: Simulator, identity: Identity) -> str:
    seen = simulator.find(identity)
    assert isinstance(seen, ObservedVm)
    return seen.power.value


def sound(path: Path) -> Status:
    """Nothing is over-committed, nobody shares a host who must not, nothing runs where nothing can."""
    picture = status(path)
    for host in picture.hosts:
        assert host.cpu_used <= host.cpu, host
        assert host.memory_used_gib <= host.memory_gib, host
        assert host.running == 0 or host.state == "connected", host
    for group in picture.groups:
        assert group.load.used_gb <= group.load.usable_gb, group
        assert group.load.lost == (group.load.failed + group.load.rebuilding > 2) or group.load.lost, group
    for one in picture.servers:
        assert not (one.power == "on" and (one.lost or one.left_off)), one
    with closing(sqlite3.connect(path)) as connection:
        apart = connection.execute("SELECT tenant, anti_affinity, host FROM vm WHERE anti_affinity IS NOT NULL")
        assert all(count == 1 for count in Counter(apart.fetchall()).values())
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return picture
