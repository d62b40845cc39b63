"""`wpf check`: what people and machines read, and the exit codes that a script can rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.samples import lay, to_yaml, world
from wpf_infra.cli import main
from wpf_infra.cli.findings import as_annotations, as_json, as_lines
from wpf_infra.language import same
from wpf_infra.model.finding import Finding, Position, Severity

ROOT = Path(__file__).parents[2]
WPF = Path(sys.executable).with_name("wpf")
U, V = "minami-suido", "kawa-systems"
BAD_DISK = {f"{U}.vms.app-1.disks.system.size_gb": 200}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "en")


def run(*arguments: str | Path, cwd: Path, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The installed command, as a user has it."""
    return subprocess.run(
        [WPF, *arguments],
        cwd=cwd,
        env={**os.environ, "WPF_LANG": "", "LC_ALL": "C", **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def findings(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["findings"]
    found: list[dict[str, Any]] = printed["findings"]
    return found


def test_the_projects_own_stacks_pass_from_any_folder() -> None:
    done = run("check", cwd=ROOT / "stacks" / "tenants")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\n0 errors, 1 warning · the platform and 4 tenants, judged as of 2026-11-24 10:00\n")
    assert "higashi-suido.yaml:46:3: warning: allowances.telemetry\n" in done.stdout  # what it says is true


def test_people_read_where_what_what_to_do_and_why(tmp_path: Path) -> None:
    done = run("check", cwd=lay(tmp_path, BAD_DISK))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        U,
        f"  stacks/tenants/{U}.yaml:31:9: error: vms.app-1.disks.system.size_gb",
        "    200 GB is not on the menu (100, 300, 500 GB)",
        "    → order 300 GB, the next larger size (FAQ-15, disk-size-menu)",
        "",
        "1 error · the platform and 2 tenants, judged as of 2026-11-24 10:00",
    ]


def test_people_may_read_it_in_japanese(tmp_path: Path) -> None:
    done = run("check", "--lang", "ja", cwd=lay(tmp_path, BAD_DISK))
    assert "200 GB はメニューにありません（100, 300, 500 GB）" in done.stdout
    assert "エラー 1 件、警告 0 件 · 基盤と2テナントを 2026-11-24 10:00 の時点で検査" in done.stdout
    assert run("check", cwd=tmp_path, environ={"LC_ALL": "ja_JP.UTF-8"}).stdout == done.stdout


def test_machines_read_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(lay(tmp_path, {**BAD_DISK, f"{U}.quota.cpu": 3}))
    assert main(["check", "--json"]) == 1
    quota, disk = findings(capsys)
    assert disk == {
        "rule": "disk-size-menu",
        "row": 15,
        "path": f"{U}.vms.app-1.disks.system.size_gb",
        "severity": "error",
        "summary": "200 GB is not on the menu (100, 300, 500 GB)",
        "remedy": "order 300 GB, the next larger size",
        "file": f"stacks/tenants/{U}.yaml",
        "line": 31,
        "column": 9,
    }
    assert (quota["rule"], quota["row"], quota["path"]) == ("quota", None, f"{U}.quota.cpu")


def test_a_forge_reads_annotations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that would end a property or the command is escaped as its runner wants it."""
    late = {f"{U}.vms.app-2.retire": {"ordered": "2026-09-01", "ends": "2026-11-23"}}
    root = lay(tmp_path, {**BAD_DISK, **late})
    (root / "stacks" / "tenants" / "a,b: 100%\n.yaml").write_text("a: 1\na: 2\n")
    monkeypatch.chdir(root)
    assert main(["check", "--format", "github"]) == 2
    captured = capsys.readouterr()
    *commands, summary = captured.out.splitlines()
    unreadable, disk, retirement = sorted(commands, key=lambda line: ("unreadable" not in line, line))
    assert unreadable == (
        "::error file=stacks/tenants/a%2Cb%3A 100%25\\n.yaml,line=2,col=1,title=unreadable"
        "::`a` stands here twice, first in line 1 → keep one of the two"
    )
    assert disk == (
        f"::error file=stacks/tenants/{U}.yaml,line=31,col=9,title=disk-size-menu (FAQ-15)"
        f"::{U}.vms.app-1.disks.system.size_gb: 200 GB is not on the menu (100, 300, 500 GB)"
        " → order 300 GB, the next larger size"
    )
    assert retirement.startswith(
        f"::warning file=stacks/tenants/{U}.yaml,line=44,col=5,title=retire-overdue (FAQ-13)::"
    )
    assert summary.startswith("1 error, 1 warning, 1 unreadable file")
    assert captured.err == ""


def test_a_finding_in_a_workbook_names_its_cell() -> None:
    place = Position("form.xlsx", cell="サーバ!C5")
    finding = Finding("form-cell", 16, "a.vms.x.cpu", Severity.ERROR, same("four?"), same("write 4\r\n"), place)
    (row,) = json.loads(as_json((finding,)))["findings"]
    assert (row["file"], row["line"], row["cell"]) == ("form.xlsx", None, "サーバ!C5")
    assert list(as_annotations((finding,), ())) == [
        "::error file=form.xlsx,title=form-cell (FAQ-16)::サーバ!C5: a.vms.x.cpu: four? → write 4%0D%0A"
    ]
    assert "form.xlsx:サーバ!C5: error: vms.x.cpu" in "\n".join(as_lines((finding,)))


def test_one_form_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(lay(tmp_path))
    assert main(["check", "--format", "json"]) == 0
    assert findings(capsys) == []
    assert main(["check", "--json", "--format", "json"]) == 0
    assert findings(capsys) == []
    assert main(["check", "--json", "--format", "github"]) == 2
    assert "two forms at once" in capsys.readouterr().err


def test_a_forge_is_told_that_there_is_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--format", "github"]) == 2
    assert capsys.readouterr().out.startswith("::error file=")


def test_a_tenant_is_one_group_beside_one_whose_id_begins_alike() -> None:
    def at(path: str) -> Finding:
        return Finding("schema", None, path, Severity.ERROR, same("?"), same("!"))

    heads = [line for line in as_lines([at("a"), at("a-b.vms"), at("a.vms")]) if line and line[0] != " "]
    assert heads == ["a", "a-b"]


def test_warnings_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(lay(tmp_path, {f"{U}.vms.app-2.retire": {"ordered": "2026-09-01", "ends": "2026-12-01"}}))
    assert main(["check", "--json"]) == 0
    assert findings(capsys) == []
    assert main(["check", "--json", "--now", "2026-12-02"]) == 0
    assert [(each["rule"], each["severity"]) for each in findings(capsys)] == [("retire-overdue", "warning")]


def test_undecodable_is_two_and_the_findings_there_are_still_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay(tmp_path, BAD_DISK)
    (root / "stacks" / "tenants" / f"{V}.yaml").write_text("a: 1\na: 2\n")
    monkeypatch.chdir(root)
    assert main(["check", "--json"]) == 2
    captured = capsys.readouterr()
    assert [each["rule"] for each in json.loads(captured.out)["findings"]] == ["disk-size-menu"]
    assert captured.err == (
        f"wpf: stacks/tenants/{V}.yaml:2:1: `a` stands here twice, first in line 1 → keep one of the two\n"
    )


def test_a_file_is_checked_as_if_it_stood_among_the_tenants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(lay(tmp_path / "project"))
    draft = tmp_path / "draft.yaml"
    draft.write_text(to_yaml(world({**BAD_DISK, f"{U}.kind": "farm"})[U]))
    assert main(["check", "--json", str(draft)]) == 1
    kind, disk = findings(capsys)
    assert (kind["path"], kind["row"], kind["file"]) == (f"{U}.kind", None, str(draft))
    assert (disk["rule"], disk["file"]) == ("disk-size-menu", str(draft))
    assert main(["check", "--json"]) == 0


TWO: tuple[tuple[str, list[str], str], ...] = (
    ("no such file", ["check", "absent.yaml"], "there is no such file"),
    ("a folder", ["check", "stacks"], "no tenant's file"),
    ("no instant", ["check", "--now", "soon"], "`soon` is no instant"),
    ("no verb", ["chek"], "use one of check"),
    ("no language", ["check", "--lang", "fr"], "`fr` is no language here"),
    ("no option", ["check", "--frobnicate"], "no such option: --frobnicate"),
    ("nothing", [], "Usage: wpf VERB"),
)


@pytest.mark.parametrize(("arguments", "says"), [case[1:] for case in TWO], ids=[case[0] for case in TWO])
def test_wrong_usage_is_two_and_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(lay(tmp_path))
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert says in captured.err + captured.out
    assert "Traceback" not in captured.err


def test_json_is_printed_even_where_there_is_no_project(tmp_path: Path) -> None:
    done = run("check", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout) == {"findings": []}
    assert "no Pulumi.yaml here" in done.stderr


def test_a_declaration_that_prints_does_not_break_the_object(tmp_path: Path) -> None:
    root = lay(tmp_path)
    with (root / "stacks" / "platform.py").open("a") as file:
        file.write("print('hello')\n")
    done = run("check", "--json", cwd=root)
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, {"findings": []}, "hello\n")


def test_checking_changes_nothing_on_disk(tmp_path: Path) -> None:
    root = lay(tmp_path, BAD_DISK)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    run("check", cwd=root)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_output_that_finds_no_room_is_one_sentence(tmp_path: Path, requires: Callable[[bool, str], None]) -> None:
    requires(Path("/dev/full").exists(), "/dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [WPF, "check"], cwd=lay(tmp_path), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [WPF, "check"], cwd=lay(tmp_path), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_colour_is_for_terminals_only(tmp_path: Path) -> None:
    assert "\033" not in run("check", cwd=lay(tmp_path, BAD_DISK)).stdout


def test_check_pays_for_no_engine(tmp_path: Path) -> None:
    """A cold check is felt at every save; the engine's SDK alone costs half a second."""
    program = (
        "import sys\nfrom wpf_infra.cli import main\ncode = main(['check'])\n"
        "heavy = {'pulumi', 'grpc', 'sqlite3', 'rich'} & set(sys.modules)\nassert not heavy, heavy\nsys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=lay(tmp_path), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
