"""Mizu Control: the vendor of Nishi's supervision system and of a leak analysis. Exposes `tenant`."""

from __future__ import annotations

from wpf_infra.model import (
    Allowance,
    BilingualName,
    Disk,
    Endpoint,
    Quota,
    Tenant,
    TenantNetwork,
    VirtualMachine,
)
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.model.tenant import Option

SYSTEM = Disk(size_gb=100, storage_class="raid6")


def ingest(address: str) -> VirtualMachine:
    """One of the two receivers of measurements; they never share a host."""
    return VirtualMachine(
        os="rhel-9",
        cpu=4,
        memory_gib=16,
        address=address,
        restart_priority=RestartPriority.HIGH,
        anti_affinity="ingest",
        disks={"system": SYSTEM, "queue": Disk(size_gb=100, storage_class="raid6")},
    )


def database(address: str) -> VirtualMachine:
    """One of the database pair; the second follows the first, on another host."""
    return VirtualMachine(
        os="rhel-9",
        cpu=8,
        memory_gib=64,
        address=address,
        restart_priority=RestartPriority.HIGH,
        anti_affinity="database",
        disks={"system": SYSTEM, "data": Disk(size_gb=500, storage_class="raid6")},
    )


tenant = Tenant(
    tenant="mizu-control",
    kind=TenantKind.VENDOR,
    name=BilingualName(ja="ミズコントロール", en="Mizu Control"),
    cluster="osaka-1",
    network=TenantNetwork(cidr="10.96.8.0/24", vlan=3008),
    quota=Quota(cpu=64, memory_gib=256, storage_gb=4000),
    notify="support@mizu-control.example.jp",
    options={Option.MONITORING, Option.SNAPSHOT},
    endpoints={"terminals": Endpoint(cidr="10.96.8.240/28")},
    vms={
        "ingest-1": ingest("10.96.8.11"),
        "ingest-2": ingest("10.96.8.12"),
        "db-1": database("10.96.8.21"),
        "db-2": database("10.96.8.22"),
        "analysis-1": VirtualMachine(
            os="rhel-9",
            cpu=16,
            memory_gib=32,
            address="10.96.8.31",
            restart_priority=RestartPriority.LOW,
            disks={"system": SYSTEM, "scratch": Disk(size_gb=300, storage_class="raid6")},
        ),
        "portal-1": VirtualMachine(
            os="rhel-9",
            cpu=4,
            memory_gib=8,
            address="10.96.8.41",
            disks={"system": SYSTEM},
        ),
    },
    allowances={
        "leak-reports": Allowance(
            source="analysis-1",
            destination="nishi-suido/report-1",
            ports=("tcp/443",),
            reason="daily leak reports to the utility",
        ),
        "portal-for-nishi": Allowance(
            source="nishi-suido/patrol-van",
            destination="portal-1",
            ports=("tcp/443", "icmp"),
            reason="patrols look up leak candidates on site",
        ),
    },
)
