"""A small platform with two tenants in a folder of its own, and the real engine to run it with.

Here: the project on disk, edits of it, and runs of the engine's command. Not here: the stories (`test_*`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.engine.carrier import Carrier, OnSimulator
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.model.identity import Identity, Kind

BIN = Path(sys.executable).parent
UTILITY, VENDOR = "hill", "apps"

PULUMI_YAML = f"""
name: wpf
runtime: python
main: stacks/
plugins:
  providers:
    - name: wpf
      path: {BIN}
config:
  wpf:now: "2026-11-24T10:00:00+09:00"
"""

MAIN = """
from wpf_infra.declare.program import run

run()
"""

PLATFORM = """
from wpf_infra.model import (
    AddressSpace, AdmissionControl, BilingualName, Disk, HaCluster, Host, Menu, Platform, Product, Quota, RaidGroup,
    Space, StorageClass, TenantNetwork, VirtualMachine,
)
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
            hosts={f"east-{n}": Host(cpu=32, memory_gib=128) for n in (1, 2, 3)},
            admission_control=AdmissionControl(failover_hosts=1),
        )
    },
    storage_classes={"raid6": StorageClass(groups={"east-a": RaidGroup(cluster="east", disks=8, disk_gb=2000)})},
    menu=Menu(
        disk_gb={100, 300, 500},
        cpu={1, 2, 4, 8, 16},
        memory_gib={2, 4, 8, 16, 32, 64, 128},
        os={"windows-server-2019", "windows-server-2022", "rhel-8", "rhel-9"},
        software={"oracle-database": Product(), "sqlserver-standard": Product()},
    ),
    space=AddressSpace(
        utilities=Space(cidr="10.64.0.0/12", vlan_first=100, vlan_last=2999),
        vendors=Space(cidr="10.96.0.0/12", vlan_first=3000, vlan_last=3999),
        fixed_lines="10.160.0.0/12",
        mobile_lines="10.176.0.0/12",
    ),
    vms={"ntp-1": time_server("10.0.0.11"), "ntp-2": time_server("10.0.0.12")},
    services={Function.NTP: ("ntp-1", "ntp-2")},
    mail_whitelist={"hill.example.jp", "apps.example.jp"},
)
"""


def server(address: str, **more: Any) -> dict[str, Any]:
    return {
        "os": "rhel-9",
        "cpu": 2,
        "memory_gib": 8,
        "address": address,
        "disks": {"system": {"size_gb": 100, "storage_class": "raid6"}},
        **more,
    }


TENANTS: Mapping[str, dict[str, Any]] = {
    UTILITY: {
        "version": 1,
        "tenant": UTILITY,
        "kind": "utility",
        "name": {"ja": "丘水道", "en": "Hill Waterworks"},
        "vendor": VENDOR,
        "cluster": "east",
        "network": {"cidr": "10.64.1.0/24", "vlan": 101},
        "quota": {"cpu": 32, "memory_gib": 128, "storage_gb": 4000},
        "notify": "ops@hill.example.jp",
        "vms": {
            "app-1": server("10.64.1.11", anti_affinity="app"),
            "app-2": server("10.64.1.12", anti_affinity="app"),
        },
        "allowances": {
            "telemetry": {"from": "app-1", "to": f"{VENDOR}/collector", "ports": ["tcp/443"], "reason": "telemetry"}
        },
    },
    VENDOR: {
        "version": 1,
        "tenant": VENDOR,
        "kind": "vendor",
        "name": {"ja": "アプリ", "en": "Apps"},
        "cluster": "east",
        "network": {"cidr": "10.96.1.0/24", "vlan": 3001},
        "quota": {"cpu": 32, "memory_gib": 128, "storage_gb": 4000},
        "notify": "noc@apps.example.jp",
        "vms": {
            "collector": server("10.96.1.10"),
            "old-batch": server("10.96.1.12", retire={"ordered": "2026-09-20", "ends": "2026-10-31"}),
            "new-batch": server("10.96.1.13", retire={"ordered": "2026-10-20", "ends": "2026-11-30"}),
        },
    },
}


@dataclass(frozen=True)
class Ran:
    """One run of the engine. said: what a person sees, both streams."""

    code: int
    said: str

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.said.splitlines()]

    def disturbances(self) -> list[str]:
        """The plan's lines, as shown on the resources, each once."""
        words = ("none: ", "online: ", "stop: ", "erase: ", "waiting: ", "refused: ")
        found = (line[line.index(word) :] for line in self.lines for word in words if f" {word}" in f" {line}")
        return sorted(set(found))

    def good(self) -> Ran:
        assert self.code == 0, self.said
        return self

    def bad(self) -> Ran:
        assert self.code != 0, self.said
        assert "Traceback" not in self.said, self.said
        return self


class Estate:
    def __init__(self, root: Path, carrier: Carrier | None = None, **variables: str) -> None:
        self.root = root
        self.carrier = carrier or OnSimulator(root / ".wpf" / "simulator.db")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "WPF_"))},
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{root / '.wpf' / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase of the tests",
            "PULUMI_HOME": str(root / ".wpf" / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_PYTHON_CMD": str(BIN / "wpf-python"),
            "LC_ALL": "C",
            **variables,
        }

    @classmethod
    def lay(cls, root: Path) -> Estate:
        """The project's files, and stacks that nothing has been applied to."""
        (root / "stacks" / "tenants").mkdir(parents=True)
        (root / ".wpf" / "state").mkdir(parents=True)
        (root / "Pulumi.yaml").write_text(PULUMI_YAML)
        (root / "stacks" / "__main__.py").write_text(MAIN)
        (root / "stacks" / "platform.py").write_text(PLATFORM)
        estate = cls(root)
        for name, tenant in TENANTS.items():
            estate.write(name, tenant)
        for stack in ("platform", *TENANTS):
            estate.pulumi("stack", "init", stack).good()
        return estate

    def copy(self, root: Path, carrier: Carrier | None = None) -> Estate:
        shutil.copytree(self.root, root, symlinks=True)
        return Estate(root, carrier)

    def tenant_file(self, name: str) -> Path:
        return self.root / "stacks" / "tenants" / f"{name}.yaml"

    def write(self, name: str, tenant: Mapping[str, Any]) -> None:
        self.tenant_file(name).write_text(yaml.safe_dump(dict(tenant), allow_unicode=True, sort_keys=False))

    def edit(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        tenant = yaml.safe_load(self.tenant_file(name).read_text())
        change(tenant)
        self.write(name, tenant)

    def pulumi(self, *arguments: str, **variables: str) -> Ran:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.root,
            env={**self.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout)

    def shell(self, commands: str) -> Ran:
        """Lines as a person types them; the first that fails ends them."""
        done = subprocess.run(
            ["bash", "-ec", commands],
            cwd=self.root,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout)

    def preview(self, stack: str, *flags: str, **variables: str) -> Ran:
        return self.pulumi("preview", "--stack", stack, *flags, **variables)

    def up(self, stack: str, *flags: str, **variables: str) -> Ran:
        return self.pulumi("up", "--yes", "--stack", stack, *flags, **variables)

    def is_settled(self, stack: str) -> bool:
        """Is a further preview empty?"""
        return self.preview(stack, "--expect-no-changes").code == 0

    def state(self, stack: str) -> dict[str, Any]:
        exported = self.pulumi("stack", "export", "--stack", stack).good()
        parsed: dict[str, Any] = json.loads(exported.said)
        return parsed

    @contextmanager
    def world(self) -> Iterator[World]:
        """The simulated world, for hands and fate; where the simulator carries the estate."""
        world = World(self.root / ".wpf" / "simulator.db")
        try:
            yield world
        finally:
            world.close()

    def resources(self, stack: str) -> list[dict[str, Any]]:
        return [each for each in self.state(stack)["deployment"]["resources"] if each["type"].startswith("wpf:")]

    def happened(self) -> list[tuple[str, str]]:
        """Everything that happened on the backend so far, in order: (event, identity)."""
        return self.carrier.happened()

    def servers(self) -> set[tuple[str, str]]:
        """(tenant, name) of every server that stands."""
        return self.carrier.servers(TENANTS)

    def power(self, tenant: str, vm: str, *, on: bool) -> None:
        """As the vendor does in the management console."""
        self.carrier.power(Identity(tenant, Kind.VM, vm), on=on)

    def inject(self, call: str, tenant: str, vm: str, kind: FaultKind) -> None:
        """The next such call for the server meets this fault, once."""
        with self.world() as world:
            world.inject(Fault(call=call, identity=f"{tenant}/vm/{vm}", kind=kind, times=1))
