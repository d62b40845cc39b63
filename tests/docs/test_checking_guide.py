"""The guide to checking is followed as a stranger would, in a copy of the sample; its hook is what a forge expects."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.docs.test_readme import ROOT, blocks

GUIDE, GUIDE_JA = "docs/guide/checking.md", "docs/guide/checking.ja.md"
_YAML = re.compile(r"^```yaml\n(.*?)^```", re.M | re.S)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    (tmp_path / ".wpf").mkdir()
    return tmp_path


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "WPF_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_both_languages_have_the_same_commands() -> None:
    assert blocks(GUIDE) == blocks(GUIDE_JA)
    assert _YAML.findall((ROOT / GUIDE).read_text("utf-8")) == _YAML.findall((ROOT / GUIDE_JA).read_text("utf-8"))


def test_the_guide_does_what_it_says(project: Path) -> None:
    for block in blocks(GUIDE):
        ran = shell(block.commands, project)
        assert (ran.returncode != 0) is block.fails, ran.stdout
        for part in block.quoted:
            assert flat(part) in flat(ran.stdout), ran.stdout
    assert (project / ".wpf" / "tenant.schema.json").stat().st_size > 10_000


def test_the_hook_judges_the_whole_of_stacks(project: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["pass_filenames"], hook["files"]) == ("wpf-check", False, "^stacks/")
    assert shell(hook["entry"], project).returncode == 0
    tenant = project / "stacks" / "tenants" / "higashi-suido.yaml"
    tenant.write_text(tenant.read_text("utf-8").replace("size_gb: 300", "size_gb: 200"), "utf-8")
    assert shell(hook["entry"], project).returncode == 1
    configured = yaml.safe_load(_YAML.findall((ROOT / GUIDE).read_text("utf-8"))[0])["repos"][0]["hooks"][0]
    assert {key: configured[key] for key in ("id", "name", "files", "pass_filenames")} == {
        key: hook[key] for key in ("id", "name", "files", "pass_filenames")
    }
