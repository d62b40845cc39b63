"""The command, given what no person would write: a code and sentences, never a traceback, never a changed file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.test_readers import FORMS, TENANTS
from tests.fuzz.wrong_input import fuzzed, in_time, unchanged, wrong_bytes
from wpf_infra.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, to be read only."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Pulumi.yaml", root)
    return root


@fuzzed(40)
@given(wrong_bytes(*TENANTS), st.sampled_from(("text", "json", "github")), st.sampled_from(("en", "ja")))
def test_check(project: Path, tmp_path: Path, content: bytes, form: str, language: str) -> None:
    draft = tmp_path / "aqua-systems.yaml"
    draft.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch, in_time(), unchanged(project), unchanged(tmp_path):
        patch.chdir(project)
        assert main(["check", "--format", form, "--lang", language, str(draft)]) in (0, 1, 2)


@fuzzed(15)
@given(wrong_bytes(*FORMS))
def test_onboard_without_writing(project: Path, tmp_path: Path, content: bytes) -> None:
    form = tmp_path / "kita-suido.yaml"
    form.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch, in_time(), unchanged(project / "stacks"), unchanged(tmp_path):
        patch.chdir(project)
        assert main(["onboard", "--dry-run", str(form)]) in (0, 1, 2)


@fuzzed(30)
@given(st.lists(st.text(max_size=12) | st.sampled_from(("check", "--now", "--format", "rules", "--lang", "--", "-h"))))
def test_any_words(project: Path, arguments: list[str]) -> None:
    """Of verbs that change nothing."""
    verb = arguments[:1] if arguments and arguments[0] in ("rules", "schema") else ["check"]
    with pytest.MonkeyPatch.context() as patch, in_time(), unchanged(project):
        patch.chdir(project)
        assert main([*verb, *arguments[1:]]) in (0, 1, 2)
