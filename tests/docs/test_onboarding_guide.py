"""The guide to onboarding is followed as a stranger would, in a copy of the sample."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.test_checking_guide import flat, shell
from tests.docs.test_readme import ROOT, blocks

GUIDE, GUIDE_JA = "docs/guide/onboarding.md", "docs/guide/onboarding.ja.md"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("stacks", "docs/examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    return tmp_path


def test_both_languages_have_the_same_commands() -> None:
    assert blocks(GUIDE) == blocks(GUIDE_JA)


def test_the_guide_does_what_it_says(project: Path) -> None:
    for block in blocks(GUIDE):
        ran = shell(block.commands, project)
        assert (ran.returncode != 0) is block.fails, ran.stdout
        for part in block.quoted:
            assert flat(part) in flat(ran.stdout), ran.stdout
    assert (project / "stacks/tenants/kita-suido.yaml").is_file()
    assert not (project / "stacks/tenants/oki-suido.yaml").exists()
