"""The `wpf` command around its verbs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples import lay
from wpf_infra.cli import VERBS, main

U = "minami-suido"


def test_help_lists_every_verb_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert main(["--lang=ja", "--help"]) == 0
    japanese = capsys.readouterr().out
    for name, verb in VERBS.items():
        assert f"  {name}" in english
        assert verb.does.en in english
        assert verb.does.ja in japanese


def test_the_language_asked_for_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WPF_LANG", raising=False)
    main(["--lang", "ja", "--help"])
    assert "WPF_LANG" not in os.environ


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("wpf 0.")


def test_a_verb_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_every_exit_code_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("en", "ja"):
        assert main(["--help", "--lang", language]) == 0
        told = capsys.readouterr().out.partition("Exit codes" if language == "en" else "終了コード")[2]
        assert all(str(code) in told for code in range(5))


UNHEARD = [["check", "--lang", "xx", "--json"], ["--json", "--lang"], ["nothing", "--json"], ["check", "--json", "-x"]]


@pytest.mark.parametrize("arguments", UNHEARD, ids=" ".join)
def test_programs_are_told_what_no_verb_got_to_read(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(arguments) == 2
    caught = capsys.readouterr()
    (error,) = json.loads(caught.out)["errors"]
    assert caught.err == f"wpf: {error}\n"


def test_after_two_dashes_nothing_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing", "--", "--json"]) == 2
    assert capsys.readouterr().out == ""


def run(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """A line of the shell, `wpf` being ours."""
    wpf = f'"{sys.executable}" -c "import sys; from wpf_infra.cli import main; sys.exit(main())"'
    return subprocess.run(
        ["sh", "-c", line.replace("wpf", wpf, 1)],
        cwd=folder,
        env={**os.environ, "WPF_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )


CLOSED = [
    ("wpf check >&-", 0),
    ("wpf --help >&- 2>&-", 0),
    ("wpf nothing --json >&- 2>&-", 2),
    (f"wpf reach {U}/app-1 {U}/app-2 <&- >&- 2>&-", 0),
]


@pytest.mark.parametrize(("line", "code"), CLOSED, ids=[line for line, _ in CLOSED])
def test_closed_streams_change_no_exit_code(tmp_path: Path, line: str, code: int) -> None:
    done = run(lay(tmp_path), line)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_is_refused_is_one_sentence(tmp_path: Path) -> None:
    done = run(lay(tmp_path), "wpf check --json >/dev/full")
    assert done.returncode == 3 and done.stderr.count("\n") == 1 and "the system refused" in done.stderr
