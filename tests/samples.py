"""A small world for tests: a platform and two tenants as plain data, and ways to change one thing in it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from wpf_infra.calendar import TOKYO
from wpf_infra.loading.yaml12 import plain
from wpf_infra.model import Catalogue, Platform, Tenant

NOW = datetime(2026, 11, 24, 10, tzinfo=TOKYO)


class Change(Enum):
    """What a value is changed to where it is no value; one name in every process that collects tests."""

    GONE = "gone"


GONE = Change.GONE
"""As a changed value: the key is left out."""


def _disk(size_gb: int = 100) -> dict[str, Any]:
    return {"size_gb": size_gb, "storage_class": "raid6"}


def _server(address: str, os: str = "rhel-9", **more: Any) -> dict[str, Any]:
    return {"os": os, "cpu": 2, "memory_gib": 8, "address": address, "disks": {"system": _disk()}, **more}


WORLD: dict[str, Any] = {
    "platform": {
        "name": {"ja": "基盤", "en": "Platform"},
        "cluster": "c1",
        "network": {"cidr": "10.32.0.0/24", "vlan": 10},
        "quota": {"cpu": 16, "memory_gib": 64, "storage_gb": 1000},
        "clusters": {
            "c1": {
                "hosts": {f"h{number}": {"cpu": 16, "memory_gib": 64} for number in (1, 2, 3, 4)},
                "admission_control": {"failover_hosts": 1},
            },
            "c2": {
                "hosts": {f"k{number}": {"cpu": 16, "memory_gib": 64} for number in (1, 2, 3, 4)},
                "admission_control": {"reserved_percent": 25},
            },
        },
        "storage_classes": {
            "raid6": {
                "groups": {
                    "g1": {"cluster": "c1", "disks": 6, "disk_gb": 500},
                    "g2": {"cluster": "c2", "disks": 6, "disk_gb": 500},
                }
            },
            "archive": {"groups": {"g3": {"cluster": "c2", "disks": 6, "disk_gb": 500}}},
        },
        "menu": {
            "disk_gb": [100, 300, 500],
            "cpu": [1, 2, 4, 8, 16],
            "memory_gib": [2, 4, 8, 16, 32, 64, 128],
            "os": ["rhel-8", "rhel-9", "windows-server-2022"],
            "software": {
                "oracle-database": {"known_as": ["oracle"], "brought": "never"},
                "sqlserver-standard": {"known_as": ["sqlserver", "ms-sql"], "brought": "software-assurance"},
            },
        },
        "space": {
            "utilities": {"cidr": "10.64.0.0/12", "vlan_first": 100, "vlan_last": 2999},
            "vendors": {"cidr": "10.96.0.0/12", "vlan_first": 3000, "vlan_last": 3999},
            "fixed_lines": "10.160.0.0/12",
            "mobile_lines": "10.176.0.0/12",
        },
        "vms": {
            "ntp-1": _server("10.32.0.11", anti_affinity="ntp"),
            "ntp-2": _server("10.32.0.12", anti_affinity="ntp"),
        },
        "services": {"ntp": ["ntp-1", "ntp-2"], "smtp": ["ntp-2"], "zabbix": ["ntp-2"]},
        "mail_whitelist": ["kawa-systems.example.jp", "minami-suido.example.jp"],
    },
    "minami-suido": {
        "version": 1,
        "tenant": "minami-suido",
        "kind": "utility",
        "name": {"ja": "南水道", "en": "Minami Waterworks"},
        "vendor": "kawa-systems",
        "cluster": "c1",
        "network": {"cidr": "10.64.1.0/24", "vlan": 101},
        "quota": {"cpu": 16, "memory_gib": 64, "storage_gb": 1000},
        "notify": "ops@minami-suido.example.jp",
        "options": ["monitoring", "smtp"],
        "endpoints": {"desk": {"cidr": "10.64.1.240/28"}},
        "vms": {
            "app-1": _server("10.64.1.11", anti_affinity="app"),
            "app-2": _server("10.64.1.12", anti_affinity="app"),
        },
        "lines": {
            "north": {
                "kind": "fixed",
                "ordered": "2026-01-05",
                "wanted": "2026-09-01",
                "delivered": "2026-08-31",
                "cidr": "10.160.1.0/28",
            },
            "car": {
                "kind": "mobile",
                "ordered": "2026-07-01",
                "wanted": "2026-09-01",
                "delivered": "2026-08-31",
                "cidr": "10.176.1.0/28",
                "capacity_gb": 7,
            },
        },
        "gateways": {"north-gw": {"line": "north", "address": "10.160.1.5"}},
        "allowances": {
            "maintenance": {
                "from": "kawa-systems/maintenance",
                "to": "app-1",
                "ports": ["tcp/3389", "icmp", "tcp/3389"],
                "reason": "maintenance",
            },
            "telemetry": {
                "from": "app-1",
                "to": "kawa-systems/collector",
                "ports": ["tcp/8883-8884", "tcp/443"],
                "reason": "telemetry",
                "agreed": {"by": "Kawa Systems", "on": "2019-01-07", "reason": "app-1 itself refuses RDP from there"},
            },
        },
        "users": {
            "sato": {
                "name": {"kanji": "佐藤 花子", "kana": "サトウ ハナコ", "romaji": "SATO HANAKO"},
                "email": "sato@minami-suido.example.jp",
                "phone": "+81-3-0000-0000",
                "role": "admin",
            }
        },
    },
    "kawa-systems": {
        "version": 1,
        "tenant": "kawa-systems",
        "kind": "vendor",
        "name": {"ja": "カワ", "en": "Kawa Systems"},
        "cluster": "c1",
        "network": {"cidr": "10.96.1.0/24", "vlan": 3001},
        "quota": {"cpu": 16, "memory_gib": 64, "storage_gb": 1000},
        "notify": "noc@kawa-systems.example.jp",
        "options": ["snapshot"],
        "endpoints": {"maintenance": {"cidr": "10.96.1.240/28"}},
        "vms": {
            "collector": _server("10.96.1.10"),
            "collector-2": _server("10.96.1.11", from_image="golden"),
        },
        "images": {"golden": {"of": "collector"}},
    },
}


def world(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The small world with some dotted paths (`minami-suido.vms.app-1.cpu`) set to other values, or GONE."""
    data = deepcopy(WORLD)
    for path, value in (changes or {}).items():
        *around, last = path.split(".")
        place = data
        for step in around:
            place = place.setdefault(step, {})
        if value is GONE:
            del place[last]
        else:
            place[last] = deepcopy(value)
    return data


def catalogue(changes: Mapping[str, Any] | None = None) -> Catalogue:
    data = world(changes)
    platform = Platform.model_validate(data.pop("platform"))
    return Catalogue(platform, {name: Tenant.model_validate(tenant) for name, tenant in data.items()})


def lay(root: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """The small world as a project on disk: the platform in Python, tenants as YAML. Returns the root."""
    data = world(changes)
    tenants = root / "stacks" / "tenants"
    tenants.mkdir(parents=True)
    (root / "Pulumi.yaml").write_text("name: wpf\nruntime: python\nconfig:\n  wpf:now: 2026-11-24T10:00:00+09:00\n")
    (root / "stacks" / "platform.py").write_text(
        f"from wpf_infra.model import Platform\n\nplatform = Platform.model_validate({data.pop('platform')!r})\n"
    )
    for name, tenant in data.items():
        (tenants / f"{name}.yaml").write_text(to_yaml(tenant), encoding="utf-8")
    return root


class _Dumper(yaml.SafeDumper):
    """Quotes what the core rules of YAML 1.2 would read as something else than text (`1e3`, `0o7`)."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if plain(text) == text and isinstance(plain(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(data: Any) -> str:
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
