"""From the empty workbook to a tenant, and findings at its cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.onboarding.forms import form, onboarded
from wpf_infra.cli import main


def test_from_the_empty_workbook_to_a_tenant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form(project / "hill.yaml")
    assert main(["onboard", "--template", "empty.xlsx"]) == 0
    assert capsys.readouterr().out.startswith("empty.xlsx: the application form")
    assert main(["onboard", "--template", "filled.xlsx", "hill.yaml"]) == 0
    capsys.readouterr()
    code, told = onboarded("filled.xlsx", capsys=capsys)
    assert (code, told["addresses"]) == (0, {"app-1": "10.64.0.11", "app-2": "10.64.0.12"})
    assert onboarded("hill.yaml", capsys=capsys)[1]["unchanged"]
    code, told = onboarded("empty.xlsx", capsys=capsys)
    assert code == 1 and all("!" in each["cell"] for each in told["findings"])


def test_a_workbook_is_never_written_over_a_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "form.xlsx").write_text("hours of work")
    assert main(["onboard", "--template", "form.xlsx"]) == 1
    assert (project / "form.xlsx").read_text() == "hours of work"
    assert main(["onboard", "--template", "form.txt"]) == 2
    form(project / "hill.yaml", {"quota.cpu": "many"})
    assert main(["onboard", "--template", "new.xlsx", "hill.yaml"]) == 1
    assert "hill.yaml:" in capsys.readouterr().out
    assert not (project / "new.xlsx").exists()


def test_findings_in_a_workbook_are_at_its_cells(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form(project / "hill.yaml", {"vms.app-1.disks.system.size_gb": 200, "quota.storage_gb": 300})
    assert main(["onboard", "--template", "filled.xlsx", "hill.yaml"]) == 0
    capsys.readouterr()
    code, told = onboarded("filled.xlsx", capsys=capsys)
    (finding,) = told["findings"]
    assert (code, finding["rule"], finding["file"]) == (1, "disk-size-menu", "filled.xlsx")
    assert finding["cell"].startswith("ディスク!")
