"""A tenant in Python and its twin in YAML: the same model, the same findings, whatever is wrong around them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.samples import NOW
from wpf_infra.loading.catalogue import load
from wpf_infra.loading.tenant_writer import tenant_text
from wpf_infra.model.finding import Finding
from wpf_infra.policy import judge

ROOT = Path(__file__).parents[2]
IN_PYTHON = ("mizu-control", "nishi-suido")
TIGHTER = {
    "as it is": "",
    "a smaller menu": "menu=platform.menu.model_copy(update={'os': frozenset({'rhel-9'})})",
    "nobody whitelisted": "mail_whitelist=frozenset()",
    "other clusters": "clusters={'tokyo-1': platform.clusters['tokyo-1']}",
    "another space": "space=platform.space.model_copy(update={'fixed_lines': platform.space.mobile_lines})",
    "no servers of its own": "vms={}, services={}",
}
"""What is changed of the sample's platform, so that the tenants have something wrong."""


def project(root: Path, tightened: str) -> Path:
    shutil.copytree(ROOT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    if tightened:
        with (root / "stacks" / "platform.py").open("a") as platform:
            platform.write(f"\nplatform = platform.model_copy(update=dict({tightened}))\n")
    return root


def in_yaml(root: Path) -> Path:
    for name in IN_PYTHON:
        path = root / "stacks" / "tenants" / f"{name}.py"
        tenants = load(root).catalogue
        assert tenants is not None
        path.with_suffix(".yaml").write_text(tenant_text(tenants.tenants[name]), encoding="utf-8")
        path.unlink()
    return root


def placeless(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.row, finding.path, finding.severity, finding.summary, finding.remedy


@pytest.mark.parametrize("tightened", TIGHTER.values(), ids=TIGHTER)
def test_the_samples_in_python_are_found_the_same_as_their_twins_in_yaml(tmp_path: Path, tightened: str) -> None:
    python = load(project(tmp_path / "python", tightened))
    yaml = load(in_yaml(project(tmp_path / "yaml", tightened)))
    assert python.catalogue is not None
    assert yaml.catalogue is not None
    assert yaml.catalogue.tenants == python.catalogue.tenants
    found = judge(python.catalogue, NOW)
    assert [placeless(each) for each in judge(yaml.catalogue, NOW)] == [placeless(each) for each in found]
    of_theirs = [each for each in found if each.path.partition(".")[0] in IN_PYTHON]
    assert bool(of_theirs) == bool(tightened)


def wrong_twins(root: Path, edits: Sequence[tuple[str, str, str, str]]) -> Sequence[Finding]:
    """What the schema finds in nishi-suido after edits of it in Python and of its twin in YAML, which is the same."""
    python, yaml = project(root / "python", ""), in_yaml(project(root / "yaml", ""))
    loaded = []
    for folder, file, columns in ((python, "nishi-suido.py", (0, 1)), (yaml, "nishi-suido.yaml", (2, 3))):
        path = folder / "stacks" / "tenants" / file
        text = path.read_text(encoding="utf-8")
        for edit in edits:
            was, wrong = (edit[column] for column in columns)
            assert was in text
            text = text.replace(was, wrong, 1)
        path.write_text(text, encoding="utf-8")
        loaded.append(load(folder))
    of_python, of_yaml = loaded
    assert list(map(placeless, of_python.findings)) == list(map(placeless, of_yaml.findings))
    assert of_python.catalogue is not None and of_yaml.catalogue is not None
    assert of_python.catalogue.tenants == of_yaml.catalogue.tenants, "the rest is judged alike"
    return of_python.findings


WRONG = {
    "two addresses": ("suishitsu@", "a@x.jp, b@", "suishitsu@", "a@x.jp, b@"),
    "deep inside": ("wifi_clients=4", 'wifi_clients="x"', "wifi_clients: 4", "wifi_clients: x"),
    "a barred key": (
        'address="10.160.16.5"',
        'address="10.160.16.5", antivirus=True',
        "address: 10.160.16.5",
        "address: 10.160.16.5, antivirus: true",
    ),
    "a key left out": ('line="kawara-plant", ', "", "line: kawara-plant, ", ""),
    "an alias": ('ports=("tcp/3389",)', 'ports=("tcp/0",)', "ports: [tcp/3389]", "ports: [tcp/0]"),
    "a bare address": (
        'source="mizu-control/terminals"',
        'source="192.168.1.1"',
        "from: mizu-control/terminals",
        "from: 192.168.1.1",
    ),
}
REFUSED = {
    "two addresses": ("notify", 5),
    "deep inside": ("lines.patrol-van.wifi_clients", 34),
    "a barred key": ("gateways.kawara-gw.antivirus", 19),
    "a key left out": ("gateways.kawara-gw.line", None),
    "an alias": ("allowances.vendor-rdp.ports.0", 22),
    "a bare address": ("allowances.vendor-rdp.from", 22),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_schema_refuses_in_python_it_refuses_in_yaml(tmp_path: Path, name: str) -> None:
    (found,) = wrong_twins(tmp_path, [WRONG[name]])
    assert (found.path.removeprefix("nishi-suido."), found.row) == REFUSED[name]
    assert found.position is not None and found.position.line is not None


def test_everything_that_is_wrong_in_python_is_said_at_once(tmp_path: Path) -> None:
    assert len(wrong_twins(tmp_path, list(WRONG.values()))) == len(WRONG)
