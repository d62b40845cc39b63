"""`wpf schema`: what an editor is given, inside a project and anywhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.samples import lay
from wpf_infra.cli import main


@pytest.mark.parametrize("file", ["tenant", "form", "platform"])
def test_each_file_has_a_schema(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["schema", file, "--json", "--now", "2026-11-24"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["$id"] == f"urn:wpf-infra:schema:{file}:1"
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$id"] == "urn:wpf-infra:schema:tenant:1"


def test_inside_a_project_its_menus_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(lay(tmp_path))
    assert main(["schema"]) == 0
    disk = json.loads(capsys.readouterr().out)["$defs"]["Disk"]["properties"]
    assert disk["size_gb"]["examples"] == [100, 300, 500]
    assert disk["storage_class"]["examples"] == ["archive", "raid6"]


def test_a_project_that_cannot_be_read_has_a_schema_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "platform.py").write_text("platform = nothing\n")
    monkeypatch.chdir(root)
    assert main(["schema"]) == 0
    assert "examples" not in capsys.readouterr().out


def test_no_such_file_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "tenants"]) == 2
    assert "Traceback" not in capsys.readouterr().err
