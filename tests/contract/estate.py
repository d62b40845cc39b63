"""The small platform that the contract is tried on.

Here: values. Not here: building them, testing anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netaddr import IPAddress

from wpf_infra.backend.contract import Backend
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)


def cluster(*, hosts: int = 4, **admission_control: int) -> ClusterResource:
    return ClusterResource.model_validate(
        {
            "name": "tokyo-1",
            "hosts": {f"tokyo-1-{n + 1}": {"cpu": 32, "memory_gib": 128} for n in range(hosts)},
            "admission_control": admission_control or {"failover_hosts": 1},
        }
    )


CLUSTER = cluster()
STORAGE = StorageClassResource.model_validate(
    {"name": "raid6", "groups": {"raid6-a": {"cluster": "tokyo-1", "disks": 8, "disk_gb": 2000}}}
)


def tenant(name: str, *, vlan: int, cidr: str, **more: Any) -> TenantResource:
    return TenantResource.model_validate(
        {
            "tenant": name,
            "owner": "utility",
            "name": {"ja": "水道", "en": "Waterworks"},
            "cluster": "tokyo-1",
            "network": {"cidr": cidr, "vlan": vlan},
            "quota": {"cpu": 32, "memory_gib": 128, "storage_gb": 4000},
            **more,
        }
    )


HILL = tenant("hill", vlan=101, cidr="10.64.1.0/24")
APPS = tenant("apps", vlan=3001, cidr="10.96.1.0/24", owner="vendor")
GROUND: tuple[Resource, ...] = (CLUSTER, STORAGE, HILL, APPS)


def disks(**sizes_gb: int) -> dict[str, Disk]:
    return {name: Disk(size_gb=size_gb, storage_class="raid6") for name, size_gb in sizes_gb.items()}


def server(name: str = "app-1", *, of: str = "hill", host: int = 11, **more: Any) -> VmResource:
    """host: the last part of its address."""
    second = 64 if of == "hill" else 96
    return VmResource.model_validate(
        {
            "tenant": of,
            "owner": "utility" if of == "hill" else "vendor",
            "name": name,
            "cluster": "tokyo-1",
            "os": "rhel-9",
            "cpu": 2,
            "memory_gib": 8,
            "address": IPAddress(f"10.{second}.1.{host}"),
            "disks": disks(system=100),
            **more,
        }
    )


def policy(reasons: Mapping[str, str], of: str = "hill", **more: Any) -> FirewallResource:
    """Allowances by name, with their reasons, and the tenant's line."""
    return FirewallResource.model_validate(
        {
            "tenant": of,
            "network": (HILL if of == "hill" else APPS).network.cidr,
            "lines": {"plant": "10.160.1.0/28"} if of == "hill" else {},
            "allowances": {
                f"{of}/{name}": {
                    "direction": "out",
                    "peer": "apps",
                    "source": "10.64.1.11/32",
                    "destination": "10.96.1.10/32",
                    "ports": ["tcp/443", "tcp/8883-8884", "icmp"],
                    "reason": reason,
                }
                for name, reason in reasons.items()
            },
            **more,
        }
    )


def service(**more: Any) -> dict[str, Any]:
    """What a tenant's servers may say to a server of the platform: nobody's policy follows it."""
    return {
        "direction": "out",
        "source": "10.64.1.0/24",
        "destination": "10.32.0.11/32",
        "ports": ["udp/123"],
        "reason": "ntp (FAQ-1)",
        **more,
    }


BASE = tenant(PLATFORM, vlan=10, cidr="10.32.0.0/24", owner="platform")
"""The room of the platform's own servers."""
PLATFORM_POLICY = FirewallResource.model_validate(
    {
        "tenant": PLATFORM,
        "network": BASE.network.cidr,
        "allowances": {
            "utilities.ntp/ntp-1": service(direction="in", source="10.64.0.0/12"),
            "utilities.zabbix-polls/zabbix-1": service(
                source="10.32.0.12/32", destination="10.64.0.0/12", ports=["icmp", "tcp/10050"]
            ),
            "platform/time": service(peer=PLATFORM, source="10.33.0.0/24"),
        },
    }
)


def seen(backend: Backend, resource: VmResource) -> ObservedVm:
    """The server as it stands now; it has to."""
    found = backend.find(resource.identity)
    assert isinstance(found, ObservedVm)
    return found
