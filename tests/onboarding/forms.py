"""A form for the small world, and what a run of the verb answers."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.samples import GONE, to_yaml
from wpf_infra.cli import main
from wpf_infra.loading.yaml12 import decode

U, V = "minami-suido", "kawa-systems"
SERVER = {"os": "rhel-9", "cpu": 2, "memory_gib": 8, "disks": {"system": {"size_gb": 100, "storage_class": "raid6"}}}
FORM: dict[str, Any] = {
    "tenant": "hill",
    "kind": "utility",
    "name": {"ja": "丘水道", "en": "Hill"},
    "vendor": V,
    "cluster": "c2",
    "quota": {"cpu": 4, "memory_gib": 16, "storage_gb": 200},
    "notify": "ops@minami-suido.example.jp",
    "vms": {"app-1": SERVER, "app-2": SERVER},
    "lines": {"north": {"kind": "fixed", "ordered": "2026-01-05", "wanted": "2026-12-20"}},
    "gateways": {"north-gw": {"line": "north"}},
    "allowances": {"telemetry": {"from": "app-1", "to": f"{V}/collector", "ports": ["tcp/443"], "reason": "telemetry"}},
}
PEM = "trust/scada-app.pem"


def form(path: Path, changes: dict[str, Any] | None = None, base: dict[str, Any] = FORM) -> Path:
    """A form with some dotted paths set to other values, or GONE."""
    data = json.loads(json.dumps(base))
    for dotted, value in (changes or {}).items():
        *around, last = dotted.split(".")
        place = data
        for step in around:
            place = place.setdefault(step, {})
        if value is GONE:
            del place[last]
        else:
            place[last] = deepcopy(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_yaml(data), encoding="utf-8")
    return path


def onboarded(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main(["onboard", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def found(told: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["rule"], each["path"]) for each in told["findings"] if each["severity"] == "error"}


def files(root: Path) -> dict[str, bytes]:
    """Every file of the project, but the lock's."""
    every = (path for path in root.rglob("*") if path.is_file() and ".wpf" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in every if "__pycache__" not in path.parts}


def tenant(root: Path, name: str) -> dict[str, Any]:
    data: dict[str, Any] = decode((root / f"stacks/tenants/{name}.yaml").read_bytes(), name).data
    return data


def named(name: str, **changes: Any) -> dict[str, Any]:
    return {"tenant": name, "vms": {"app-1": SERVER}, "quota.storage_gb": 100, **changes}
