"""Nishi Water Supply Authority: supervision of two treatment plants, served by Mizu Control. Exposes `tenant`."""

from __future__ import annotations

from wpf_infra.model import (
    Allowance,
    BilingualName,
    Disk,
    Quota,
    Tenant,
    TenantNetwork,
    VirtualMachine,
)
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.line import FixedLine, Gateway, MobileLine
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.model.tenant import Option

SYSTEM = Disk(size_gb=100, storage_class="raid6")
RECORDS = Disk(size_gb=500, storage_class="raid6")

tenant = Tenant(
    tenant="nishi-suido",
    kind=TenantKind.UTILITY,
    name=BilingualName(ja="西水道企業団", en="Nishi Water Supply Authority"),
    vendor="mizu-control",
    cluster="osaka-1",
    network=TenantNetwork(cidr="10.64.16.0/24", vlan=1116),
    quota=Quota(cpu=48, memory_gib=192, storage_gb=5000),
    notify="suishitsu@nishi-suido.example.jp",
    options={Option.MONITORING, Option.SMTP, Option.BACKUP},
    vms={
        # The supervision pair: one takes over from the other, so they must not fall together.
        "scada-1": VirtualMachine(
            os="windows-server-2022",
            cpu=8,
            memory_gib=32,
            address="10.64.16.11",
            restart_priority=RestartPriority.HIGHEST,
            anti_affinity="scada",
            disks={"system": SYSTEM, "data": Disk(size_gb=300, storage_class="raid6")},
        ),
        "scada-2": VirtualMachine(
            os="windows-server-2022",
            cpu=8,
            memory_gib=32,
            address="10.64.16.12",
            restart_priority=RestartPriority.HIGHEST,
            anti_affinity="scada",
            disks={"system": SYSTEM, "data": Disk(size_gb=300, storage_class="raid6")},
        ),
        "historian-1": VirtualMachine(
            os="windows-server-2022",
            cpu=8,
            memory_gib=32,
            address="10.64.16.21",
            restart_priority=RestartPriority.HIGH,
            disks={"system": SYSTEM, "records": RECORDS, "archive": RECORDS},
        ),
        "web-1": VirtualMachine(
            os="rhel-9",
            cpu=4,
            memory_gib=8,
            address="10.64.16.31",
            anti_affinity="web",
            disks={"system": SYSTEM},
        ),
        "web-2": VirtualMachine(
            os="rhel-9",
            cpu=4,
            memory_gib=8,
            address="10.64.16.32",
            anti_affinity="web",
            disks={"system": SYSTEM},
        ),
        "report-1": VirtualMachine(
            os="windows-server-2022",
            cpu=4,
            memory_gib=16,
            address="10.64.16.41",
            restart_priority=RestartPriority.LOW,
            disks={"system": SYSTEM, "data": Disk(size_gb=100, storage_class="raid6")},
        ),
    },
    lines={
        "kawara-plant": FixedLine(
            kind="fixed",
            ordered="2026-03-02",
            wanted="2026-10-01",
            delivered="2026-09-24",
            cidr="10.160.16.0/28",
            spare_router=True,
        ),
        "patrol-van": MobileLine(
            kind="mobile",
            ordered="2026-08-03",
            wanted="2026-09-14",
            delivered="2026-09-11",
            cidr="10.176.16.0/28",
            capacity_gb=20,
            wifi_clients=4,
        ),
    },
    gateways={"kawara-gw": Gateway(line="kawara-plant", address="10.160.16.5")},
    allowances={
        "vendor-rdp": Allowance(
            source="mizu-control/terminals",
            destination="scada-1",
            ports=("tcp/3389",),
            reason="maintenance of the supervision servers by the vendor",
        ),
        "vendor-rdp-2": Allowance(
            source="mizu-control/terminals",
            destination="scada-2",
            ports=("tcp/3389",),
            reason="maintenance of the supervision servers by the vendor",
        ),
        "measurements": Allowance(
            source="historian-1",
            destination="mizu-control/ingest-1",
            ports=("tcp/8883",),
            reason="water quality measurements for the leak analysis",
        ),
        "measurements-2": Allowance(
            source="historian-1",
            destination="mizu-control/ingest-2",
            ports=("tcp/8883",),
            reason="water quality measurements for the leak analysis",
        ),
    },
)
