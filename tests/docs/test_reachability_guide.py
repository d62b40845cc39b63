"""The guide to reachability is followed as a stranger would, in a committed copy of the sample; its tests are run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_checking_guide import flat, shell
from tests.docs.test_readme import ROOT, blocks

GUIDE, GUIDE_JA = "docs/guide/reachability.md", "docs/guide/reachability.ja.md"
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    (tmp_path / ".gitignore").write_text("/.wpf/\n__pycache__/\n")
    committed = shell(
        "git init -q && git add -A && git -c user.name=x -c user.email=x@example.jp commit -q -m first", tmp_path
    )
    assert committed.returncode == 0, committed.stdout
    return tmp_path


def examples(guide: str) -> list[str]:
    return _PYTHON.findall((ROOT / guide).read_text("utf-8"))


def test_both_languages_have_the_same_commands() -> None:
    assert blocks(GUIDE) == blocks(GUIDE_JA)
    assert examples(GUIDE) == examples(GUIDE_JA)


def test_the_guide_does_what_it_says(project: Path) -> None:
    for block in blocks(GUIDE):
        ran = shell(block.commands, project)
        assert (ran.returncode != 0) is block.fails, ran.stdout
        for part in block.quoted:
            assert flat(part) in flat(ran.stdout), ran.stdout
    assert (project / ".wpf" / "reach.svg").read_text("utf-8").rstrip().endswith("</svg>")
    (example,) = examples(GUIDE)
    (project / "test_reachability.py").write_text(example)
    done = pytest_in(project)
    assert (done.returncode, "3 passed" in done.stdout) == (0, True), done.stdout
    # One declaration more, and the test that says "nothing else" says which.
    tenant = project / "stacks" / "tenants" / "higashi-suido.yaml"
    more = "  extra: {from: aqua-systems/collector-2, to: app-1, ports: [udp/514], reason: logs}\n"
    tenant.write_text(tenant.read_text("utf-8").replace("allowances:", "allowances:\n" + more.rstrip(), 1), "utf-8")
    done = pytest_in(project)
    assert done.returncode == 1 and "1 failed, 2 passed" in done.stdout
    assert "higashi-suido.allowances.extra (logs, FAQ-22)" in done.stdout


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    return shell(f"{sys.executable} -m pytest -q -p no:cacheprovider test_reachability.py", folder)
