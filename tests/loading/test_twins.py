"""A tenant in Python and its twin in YAML: the same model, the same findings, whatever is wrong around them."""

from __future__ import annotations

import shutil
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


def test_what_the_schema_refuses_of_a_tenant_in_python_it_refuses_in_yaml(tmp_path: Path) -> None:
    python = project(tmp_path / "python", "")
    yaml = in_yaml(project(tmp_path / "yaml", ""))
    refused = []
    for root, file in ((python, "nishi-suido.py"), (yaml, "nishi-suido.yaml")):
        path = root / "stacks" / "tenants" / file
        text = path.read_text(encoding="utf-8").replace(
            "suishitsu@nishi-suido.example.jp", "a@nishi-suido.example.jp, b@nishi-suido.example.jp"
        )
        path.write_text(text, encoding="utf-8")
        refused.append([placeless(each) for each in load(root).findings])
    of_python, of_yaml = refused
    assert of_python == of_yaml
    assert [each[:3] for each in of_python] == [("schema", 5, "nishi-suido.notify")]
