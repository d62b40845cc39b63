"""A project of a given size, runnable with our provider or with the empty one.

Here: files in a temporary folder. Not here: measuring (`measure`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_BIN = Path(sys.executable).parent
_TENANT = "bench"

_PULUMI_YAML = """
name: wpf
runtime: python
main: stacks/
plugins:
  providers:
    - {{name: wpf, path: {plugin}}}
config:
  wpf:now: "2026-11-24T10:00:00+09:00"
"""
_PLATFORM = """
from wpf_infra.model import *
from wpf_infra.model.function import Function


def time_server(address):
    disks = {"system": Disk(size_gb=100, storage_class="raid6")}
    return VirtualMachine(os="rhel-9", cpu=1, memory_gib=2, address=address, anti_affinity="ntp", disks=disks)


platform = Platform(
    name=BilingualName(ja="基盤", en="Platform"),
    cluster="east",
    network=TenantNetwork(cidr="10.0.0.0/24", vlan=10),
    quota=Quota(cpu=16, memory_gib=64, storage_gb=2000),
    clusters={
        "east": HaCluster(
            hosts={f"east-{n}": Host(cpu=256, memory_gib=1024) for n in range(8)},
            admission_control=AdmissionControl(failover_hosts=1),
        )
    },
    storage_classes={"raid6": StorageClass(groups={"a": RaidGroup(cluster="east", disks=14, disk_gb=8000)})},
    menu=Menu(disk_gb={100}, cpu={1, 2}, memory_gib={2, 4}, os={"rhel-9"}, software={}),
    space=AddressSpace(
        utilities=Space(cidr="10.64.0.0/12", vlan_first=100, vlan_last=2999),
        vendors=Space(cidr="10.96.0.0/12", vlan_first=3000, vlan_last=3999),
        fixed_lines="10.160.0.0/12",
        mobile_lines="10.176.0.0/12",
    ),
    vms={"ntp-1": time_server("10.0.0.11"), "ntp-2": time_server("10.0.0.12")},
    services={Function.NTP: ("ntp-1", "ntp-2")},
    mail_whitelist={"bench.example.jp"},
)
"""
_HEAD = """
version: 1
tenant: bench
kind: utility
name: {ja: 計測, en: Bench}
cluster: east
network: {cidr: 10.64.0.0/22, vlan: 100}
quota: {cpu: 2000, memory_gib: 8000, storage_gb: 80000}
notify: ops@bench.example.jp
vms:
"""
_VM = """  vm-{number}:
    os: rhel-9
    cpu: 2
    memory_gib: 4
    address: 10.64.{high}.{low}
    disks: {{system: {{size_gb: 100, storage_class: raid6}}}}
"""


class BenchProject:
    """stack `bench` of `servers` servers; empty: with the provider that does nothing."""

    stack = _TENANT

    def __init__(self, root: Path, servers: int, *, empty: bool) -> None:
        self.root = root
        plugin = root / "plugin"
        for folder in (plugin, root / "stacks" / "tenants", root / "state"):
            folder.mkdir(parents=True)
        module = "bench.empty_provider" if empty else "wpf_infra.provider.server"
        command = plugin / "pulumi-resource-wpf"
        start = f"from {module} import main; main()"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -c "{start}" "$@"\n')
        command.chmod(0o755)
        (root / "Pulumi.yaml").write_text(_PULUMI_YAML.format(plugin=plugin))
        (root / "stacks" / "__main__.py").write_text("from wpf_infra.declare.program import run\n\nrun()\n")
        (root / "stacks" / "platform.py").write_text(_PLATFORM)
        numbers = range(servers)
        vms = "".join(_VM.format(number=n, high=n // 200, low=10 + n % 200) for n in numbers)
        (root / "stacks" / "tenants" / f"{_TENANT}.yaml").write_text(_HEAD + vms)
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "WPF_"))},
            "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "PULUMI_BACKEND_URL": f"file://{root / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_HOME": str(root / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_PYTHON_CMD": str(_BIN / "wpf-python"),
            "LC_ALL": "C",
        }
