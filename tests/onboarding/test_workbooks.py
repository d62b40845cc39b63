"""From the empty workbook to a tenant, and findings at its cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.onboarding.forms import U, V, files, form, found, onboarded
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


def test_a_template_tells_all_that_is_wrong_with_its_form(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"quota.cpu": "many", "vms.app-1.cpu": "x", "vms.app-2.power": "off", "options": ["sms"]}
    form(project / "hill.yaml", wrong)
    code, told = onboarded("--template", "new.xlsx", "hill.yaml", capsys=capsys)
    assert (code, told["written"], told["errors"]) == (1, [], [])
    assert {path for _, path in found(told)} == {
        "hill.quota.cpu", "hill.vms.app-1.cpu", "hill.vms.app-2.power", "hill.options.0",
    }  # fmt: skip
    assert {each["file"] for each in told["findings"]} == {"hill.yaml"}
    assert not (project / "new.xlsx").exists()


def test_a_form_with_nothing_but_warnings_is_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form(project / "hill.yaml")
    assert main(["onboard", "--template", "first.xlsx", "hill.yaml"]) == 0
    workbook = load_workbook(project / "first.xlsx")
    workbook["サーバ"].row_dimensions[7].hidden = True
    workbook.save(project / "hidden.xlsx")
    capsys.readouterr()
    code, told = onboarded("--template", "second.xlsx", "hidden.xlsx", capsys=capsys)
    assert (code, told["written"]) == (0, ["second.xlsx"])
    assert [(each["severity"], each["cell"]) for each in told["findings"]] == [("warning", "サーバ!7:7")]


@pytest.mark.parametrize(("arguments", "words"), [(["x.xlsx", "--dry-run"], "--dry-run"), (["a/b/x.xlsx"], "folder")])
def test_where_a_template_may_not_be_written_nothing_is(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    before = files(project)
    assert main(["onboard", "--template", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert files(project) == before and not (project / "a").exists()


def test_the_empty_form_names_no_tenant_but_vendors(project: Path) -> None:
    assert main(["onboard", "--template", "empty.xlsx"]) == 0
    lists = load_workbook(project / "empty.xlsx")["選択肢"]
    words = {cell.value for row in lists.iter_rows() for cell in row}
    assert V in words and U not in words


@pytest.mark.parametrize("title", ["サーバ", "ディスク", "回線", "ゲートウェイ"])
def test_a_renamed_sheet_gives_one_finding_and_no_more(
    project: Path, capsys: pytest.CaptureFixture[str], title: str
) -> None:
    watched = {"kind": "ping", "severity": "major"}
    form(project / "hill.yaml", {"options": ["monitoring"], "gateways.north-gw.monitoring": {"alive": watched}})
    assert main(["onboard", "--template", "filled.xlsx", "hill.yaml"]) == 0
    workbook = load_workbook(project / "filled.xlsx")
    workbook[title].title = "別名"
    workbook.save(project / "renamed.xlsx")
    capsys.readouterr()
    code, told = onboarded("renamed.xlsx", capsys=capsys)
    assert (code, [each["cell"] for each in told["findings"]]) == (1, ["別名!A1"])


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".ods", ".XLS"])
def test_the_name_says_what_a_form_is(project: Path, capsys: pytest.CaptureFixture[str], suffix: str) -> None:
    assert main(["onboard", "--template", "empty.xlsx"]) == 0
    (project / "empty.xlsx").rename(project / f"form{suffix}")
    capsys.readouterr()
    code, told = onboarded(f"form{suffix}", capsys=capsys)
    assert code == 2 and ".xlsx" in told["errors"][0]
