"""The sample's stacks through the real engine: every kind there is, made, settled, refreshed, found again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.test_readme import ROOT
from tests.engine.carrier import OnSimulator
from tests.engine.estate import BIN, Estate
from wpf_infra.model.resource import RESOURCES

AQUA, HIGASHI = "aqua-systems", "higashi-suido"
STACKS = ("platform", AQUA, HIGASHI)
pytestmark = pytest.mark.engine


@pytest.fixture
def sample(tmp_path: Path) -> Estate:
    """The sample as it is checked in, on a world of its own; its stacks are made by the first run."""
    root = tmp_path / "sample"
    shutil.copytree(ROOT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".wpf" / "state").mkdir(parents=True)
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    project["plugins"]["providers"][0]["path"] = str(BIN)
    (root / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    return Estate(root, OnSimulator(root / ".wpf" / "simulator.db"))


def _resources(sample: Estate, stack: str, *flags: str) -> list[dict[str, Any]]:
    state = json.loads(sample.pulumi("stack", "export", "--stack", stack, *flags).good().said)
    return [each for each in state["deployment"]["resources"] if each["type"].startswith("wpf:")]


def test_every_kind_is_made_settled_and_found_again(sample: Estate) -> None:
    for stack in STACKS:
        sample.pulumi("stack", "init", stack).good()
        sample.up(stack, "--skip-preview").good()
    made = {each["type"] for stack in STACKS for each in _resources(sample, stack)}
    assert made == {model.type_name for model in RESOURCES.values()}
    for stack in STACKS:
        assert sample.is_settled(stack)
        before = [(each["id"], each["outputs"].keys()) for each in _resources(sample, stack)]
        sample.pulumi("refresh", "--yes", "--stack", stack).good()
        assert [(each["id"], each["outputs"].keys()) for each in _resources(sample, stack)] == before
        assert sample.is_settled(stack)
    _what_is_issued_is_an_output_and_its_key_a_secret(sample)


def _what_is_issued_is_an_output_and_its_key_a_secret(sample: Estate) -> None:
    """FAQ-3, FAQ-10"""
    outputs = {each["id"]: each["outputs"] for each in _resources(sample, HIGASHI)}
    certificate = outputs[f"{HIGASHI}/certificate/plant-north-gw"]
    assert certificate["certificate"].startswith("-----BEGIN CERTIFICATE-----")
    assert "ciphertext" in certificate["private_key"]
    assert outputs[f"{HIGASHI}/user/sato"]["user_id"].startswith("U-")
    assert outputs[f"{HIGASHI}/line/patrol-car"]["effective_gb"] == 7
    shown = {each["id"]: each["outputs"] for each in _resources(sample, HIGASHI, "--show-secrets")}
    key = json.loads(shown[f"{HIGASHI}/certificate/plant-north-gw"]["private_key"]["plaintext"])
    assert key.startswith("-----BEGIN PRIVATE KEY-----")
    middle = key.splitlines()[1]
    plain = [
        file for file in (sample.root / ".wpf").rglob("*") if file.is_file() and middle.encode() in file.read_bytes()
    ]
    assert plain == []
