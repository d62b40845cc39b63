"""A project of very many tenants, as files: utilities and their vendors in pairs, with all that people declare.

Here: files in a folder, none of which breaks a rule. Not here: measuring (`rules`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wpf_infra.loading.rule_examples import read_examples
from wpf_infra.loading.tenant_writer import data_text

_SERVERS = 10
_PULUMI_YAML = 'name: wpf\nruntime: python\nconfig:\n  wpf:now: "2026-11-24T10:00:00+09:00"\n'
_PLATFORM = "from wpf_infra.model import Platform\n\nplatform = Platform.model_validate({data!r})\n"


def lay(root: Path, tenants: int) -> tuple[Path, ...]:
    """Writes the project; the tenants' files by name."""
    base = read_examples().base
    folder = root / "stacks" / "tenants"
    folder.mkdir(parents=True)
    (root / "Pulumi.yaml").write_text(_PULUMI_YAML)
    (root / "stacks" / "platform.py").write_text(_PLATFORM.format(data=_platform(base["platform"], tenants)))
    for name, content in base["files"].items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    for number in range(tenants):
        (folder / f"t{number}.yaml").write_text(data_text(_tenant(base, number)), encoding="utf-8")
    return tuple(sorted(folder.glob("*.yaml")))


def _platform(base: Mapping[str, Any], tenants: int) -> dict[str, Any]:
    """The examples' platform with hosts, disks and a whitelist for so many."""
    return {
        **base,
        "clusters": {
            **base["clusters"],
            "tokyo-1": {
                "hosts": {f"esx-{number}": {"cpu": 64, "memory_gib": 512} for number in range(tenants + 3)},
                "admission_control": {"failover_hosts": 1},
            },
        },
        "storage_classes": {
            "raid6": {
                "groups": {
                    f"raid6-{number}": {"cluster": "tokyo-1", "disks": 10, "disk_gb": 3840}
                    for number in range(tenants // 5 + 3)
                }
            }
        },
        "maintenance": {},
        "mail_whitelist": [f"t{number}.example.jp" for number in range(tenants)],
    }


def _tenant(base: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Even ones are utilities, the odd one after each its vendor; each allows something with the other."""
    vendor, pair = number % 2 == 1, number // 2
    name, block = f"t{number}", f"10.{(96 if vendor else 64) + pair // 256}.{pair % 256}"
    return {
        "version": 1,
        "tenant": name,
        "kind": "vendor" if vendor else "utility",
        "name": {"ja": f"事業者{number}", "en": f"Tenant {number}"},
        **({} if vendor else {"vendor": f"t{number + 1}"}),
        "cluster": "tokyo-1",
        "network": {"cidr": f"{block}.0/24", "vlan": (3000 if vendor else 100) + pair},
        "quota": {"cpu": 200, "memory_gib": 1000, "storage_gb": 9000},
        "notify": f"ops@{name}.example.jp",
        "options": ["monitoring", "snapshot", "antivirus"] if vendor else ["monitoring", "smtp"],
        "endpoints": {"desk": {"cidr": f"{block}.240/28"}},
        "vms": dict(_servers(base, block, vendor)),
        **({"trust": base["aqua-systems"]["trust"]} if vendor else {"lines": dict(_lines(base, pair))}),
        **({} if vendor else _on_lines(name, pair)),
        "allowances": dict(_allowances(f"t{number - 1 if vendor else number + 1}")),
        "users": dict(_users(base, name)),
    }


def _servers(base: Mapping[str, Any], block: str, vendor: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    like = base["higashi-suido"]["vms"]["app-1"]
    for number in range(_SERVERS):
        yield (
            f"vm-{number}",
            {
                **like,
                "cpu": (2, 4, 8)[number % 3],
                "memory_gib": (8, 16, 32, 64)[number % 4],
                "address": f"{block}.{11 + number}",
                "anti_affinity": f"pair-{number // 2}",
                **({"antivirus": True} if vendor else {}),
            },
        )


def _lines(base: Mapping[str, Any], pair: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Two of each kind; a /28 is the sixteenth part of a third byte."""
    like = base["higashi-suido"]["lines"]
    for kind, second, name in (("plant-north", 160, "plant"), ("patrol-car", 176, "car")):
        for number in range(2):
            place = pair * 2 + number
            cidr = f"10.{second + place // 4096}.{place // 16 % 256}.{place % 16 * 16}/28"
            yield f"{name}-{number}", {**like[kind], "cidr": cidr}


def _on_lines(name: str, pair: int) -> dict[str, Any]:
    place = pair * 2
    address = f"10.{160 + place // 4096}.{place // 16 % 256}.{place % 16 * 16 + 5}"
    return {
        "gateways": {"plant-gw": {"line": "plant-0", "address": address}},
        "certificates": {
            "plant-gw": {"path": "gateway-to-platform", "common_name": f"plant-gw.{name}.wpf.internal"},
        },
    }


def _allowances(other: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(5):
        yield (
            f"telemetry-{number}",
            {
                "from": f"vm-{number}",
                "to": f"{other}/vm-{number}",
                "ports": [f"tcp/{8000 + number}", "tcp/8883-8884"],
                "reason": "telemetry",
            },
        )


def _users(base: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    like = base["higashi-suido"]["users"]["sato"]
    for number in range(3):
        who = {**like["name"], "kanji": f"佐藤 {number}"}
        yield f"user-{number}", {**like, "name": who, "email": f"user{number}@{name}.example.jp"}
