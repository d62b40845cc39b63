"""`wpf onboard`: what people and programs read, and the exit codes that a script can rely on."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.onboarding.forms import V, form, named, onboarded
from tests.samples import lay
from wpf_infra.cli import main

WPF = Path(sys.executable).with_name("wpf")


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


@pytest.mark.parametrize(
    "arguments", [[], ["--batch", "empty"], ["--template", "t.txt"], ["--now", "x", "f.yaml"], ["--nope"]]
)
def test_json_is_json_whatever_ends_the_command(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (project / "empty").mkdir()
    code, told = onboarded(*arguments, capsys=capsys)
    assert code == 2
    assert told["errors"] and not told.get("written") and not told.get("forms")


def test_what_was_done_is_told_when_a_folder_of_forms_is_broken_off(project: Path) -> None:
    many = 200  # seconds of work, so that a busy machine does not finish before it is interrupted
    for number in range(many):
        form(project / f"forms/t{number:03}.yaml", named(f"t{number:03}"))
    running = subprocess.Popen(
        [WPF, "onboard", "--batch", "forms", "--json"],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # background jobs ignore it
    )  # fmt: skip
    while not (project / "stacks/tenants/t001.yaml").exists():
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    told = json.loads(out)
    assert running.returncode == 130, err
    assert "stacks/tenants/t000.yaml" in {file for each in told["forms"] for file in each["written"]}
    assert len(told["forms"]) < many and "interrupted" in told["errors"][0]


def test_a_lock_that_cannot_be_taken_is_each_form_s_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".wpf/onboarding.lock").mkdir(parents=True)
    form(project / "forms/hill.yaml")
    (project / "forms/bad.yaml").write_text("a: [")
    code, told = onboarded("--batch", "forms", capsys=capsys)
    assert (code, [each["result"] for each in told["forms"]]) == (3, ["refused", "refused"])
    assert ".wpf/onboarding.lock: nothing was written" in told["forms"][1]["errors"][0]


def test_what_is_not_printed_is_written_out_in_a_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "\x1b[31mx"
    (project / f"{name}.csv").touch()
    for arguments in (
        [f"{name}.csv"],
        ["--template", f"{name}.txt"],
        ["--template", f"{name}.xlsx"],
        ["--batch", name],
    ):
        main(["onboard", *arguments])
        said = capsys.readouterr()
        assert "\x1b" not in said.out + said.err
        assert "\\x1b[31mx" in said.out + said.err


def test_a_file_has_one_name_however_it_is_given(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "forms").mkdir()
    (project / "forms/a.csv").touch()
    (project / "forms/a.yaml").write_text("a: [")
    monkeypatch.chdir(project / "stacks")
    for name in ("a.csv", "a.yaml"):
        for given in (project / "forms" / name, Path("../forms") / name):
            code, told = onboarded(given, capsys=capsys)
            assert (code, told["form"]) == (2, f"forms/{name}")
            assert told["errors"][0].startswith(f"forms/{name}:")


def test_an_unreadable_form_is_told_in_our_words(project: Path, requires: Callable[[bool, str], None]) -> None:
    superuser = os.geteuid() == 0
    requires(not superuser or shutil.which("setpriv") is not None, "setpriv")
    form(project / "f.yaml").chmod(0)
    without = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if superuser else ()
    done = subprocess.run(
        [*without, WPF, "onboard", "f.yaml", "--lang", "ja"],
        cwd=project, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, "f.yaml: ファイルを読めません" in done.stderr) == (2, True), done.stderr
