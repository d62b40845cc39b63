"""What is printed to do next does it: typed as it stands, the tenant runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.engine.estate import VENDOR, Estate, server
from tests.samples import to_yaml

pytestmark = pytest.mark.engine


def _as_checked_out(root: Path) -> None:
    """No stack was ever made here: nothing but what git keeps, and the empty folder that `make setup` makes."""
    shutil.rmtree(root / ".wpf")
    (root / ".wpf" / "state").mkdir(parents=True)
    for configuration in root.glob("Pulumi.*.yaml"):
        configuration.unlink()


def test_the_commands_that_are_printed_bring_the_tenant_up(tmp_path: Path) -> None:
    estate = Estate.lay(tmp_path / "estate")
    _as_checked_out(estate.root)
    asked = server("")
    del asked["address"]
    rule = {"from": "app-1", "to": f"{VENDOR}/collector", "ports": ["tcp/443"], "reason": "telemetry"}
    form = {
        "tenant": "lake",
        "kind": "utility",
        "name": {"ja": "湖水道", "en": "Lake Waterworks"},
        "vendor": VENDOR,
        "cluster": "east",
        "quota": {"cpu": 4, "memory_gib": 16, "storage_gb": 300},
        "notify": "ops@hill.example.jp",
        "vms": {"app-1": asked},
        "allowances": {"telemetry": rule},
    }
    (estate.root / "lake.yaml").write_text(to_yaml(form), encoding="utf-8")
    estate.shell("git init -q .").good()
    told = json.loads(estate.shell("wpf onboard lake.yaml --json").good().said)
    commands = [step["command"] for step in told["next"] if step["command"] is not None]
    assert {"wpf up platform", f"wpf up {VENDOR}"} <= set(commands)
    for command in commands:
        typed = command.replace("pulumi up", "pulumi up --yes")  # where a person would press a key
        estate.shell(typed).good()
    assert estate.is_settled("lake") and estate.is_settled(VENDOR)
    assert "lake" in estate.shell("wpf simulator status").good().said
    assert json.loads(estate.shell("wpf onboard lake.yaml --json").good().said)["unchanged"]
