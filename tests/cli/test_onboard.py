"""`wpf onboard`: what people and programs read, and the exit codes that a script can rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.onboarding.forms import V, form, onboarded
from tests.samples import lay
from wpf_infra.cli import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.chdir(lay(tmp_path))
    return tmp_path


def test_people_read_what_was_allocated_and_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["onboard", str(form(project / "forms/hill.yaml"))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "hill: onboarded (forms/hill.yaml)"
    assert "  network 10.64.0.0/24 (allocated), VLAN 100 (allocated)" in lines
    assert "  vms.app-1 10.64.0.11 (allocated)" in lines
    commands = [line.partition("  # ")[0].strip() for line in lines if "  # " in line]
    assert commands == [
        "wpf check",
        "git add -- stacks/tenants/hill.yaml",
        "wpf up platform",
        "pulumi stack init hill --no-select",
        "pulumi up -s hill",
        f"wpf up {V}",
    ]
    assert "three visits" in lines[-1] and lines[-1].endswith("FAQ-27")
    assert main(["onboard", "forms/hill.yaml", "--lang", "ja"]) == 0
    assert capsys.readouterr().out == "hill: 登録済みで、変更はありません (forms/hill.yaml)\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--batch", "d", "f.yaml"], ["nothing.yaml"], ["stacks"], ["f.txt"], ["--now", "x", "f.yaml"]],
)
def test_wrong_usage_is_told_as_such(project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    (project / "f.txt").touch()
    form(project / "f.yaml")
    assert main(["onboard", *arguments]) == 2
    assert "→" in capsys.readouterr().err


def test_an_unreadable_form_has_its_json_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "f.yaml").write_text("a: [")
    code, told = onboarded("f.yaml", capsys=capsys)
    assert code == 2
    assert told["errors"][0].startswith("f.yaml:") and told["findings"] == [] and not told["written"]
