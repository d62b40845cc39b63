"""`wpf up` around the engine, which is a script here: the order of what is said, and what to do when it ends badly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.samples import lay
from wpf_infra.cli import main
from wpf_infra.cli.stack_run import StackRun
from wpf_infra.errors import BackendError
from wpf_infra.language import Language

WPF = Path(sys.executable).with_name("wpf")
P, U, V = "platform", "minami-suido", "kawa-systems"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose engine finds nothing to change."""
    lay(tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    engine(tmp_path, """echo '{"changeSummary": {"same": 3}}'""")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WPF_LANG", "en")
    return tmp_path


def engine(project: Path, *lines: str) -> None:
    """A shell script in the engine's place. It is called as `pulumi preview --json --stack NAME …`, and knows no stacks
    when it is asked which stand.
    """
    script = project / ".venv" / "bin" / "pulumi"
    none_stand = "[ $1 = stack ] && [ $2 = ls ] && echo '[]' && exit 0"
    script.write_text("\n".join(("#!/bin/sh", none_stand, "stack=$4", 'echo "$1 $stack" >> calls', *lines, "")))
    script.chmod(0o755)


def test_the_summary_has_one_order_whoever_ends_first(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine(project, f"[ $stack = {V} ] && sleep 0.5", """echo '{"changeSummary": {"same": 3}}'""")
    assert main(["up", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines if "servers run on" in line] == [P, V, U]
    assert main(["up", U, V, P, "--json"]) == 0
    assert [each["stack"] for each in json.loads(capsys.readouterr().out)["stacks"]] == [P, V, U]


def test_without_an_engine_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(BackendError) as caught:
        StackRun(tmp_path, {"PATH": str(tmp_path)}).bring_up(P)
    assert caught.value.exit_code == 3
    assert caught.value.sentence(Language.ENGLISH) == (
        "the engine's command `pulumi` is not on the PATH → run `make setup` in a checkout, or install Pulumi 3.231 or "
        "newer"
    )
    assert "`make setup`" in caught.value.sentence(Language.JAPANESE)


@pytest.mark.parametrize(
    "words", ["the stack is currently locked by 1 lock(s)", "unmarshalling lock: unexpected end of JSON input"]
)
def test_a_lock_that_was_left_behind_has_a_way_out(
    project: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    engine(project, f"echo 'error: {words}' >&2", "exit 255")
    assert main(["up", V]) == 3
    said = capsys.readouterr().err
    assert words in said
    assert f"release it: pulumi cancel --stack {V} --yes" in said
    assert main(["up", V, "--json", "--lang", "ja"]) == 3
    (stack,) = json.loads(capsys.readouterr().out)["stacks"]
    assert f"解除してください: pulumi cancel --stack {V} --yes" in stack["failure"]


def test_other_failures_have_no_such_hint(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine(project, "echo 'error: no' >&2", "exit 255")
    assert main(["up", V]) == 3
    assert "cancel" not in capsys.readouterr().err


def test_an_interrupt_lets_the_engine_end_and_starts_nothing_more(project: Path) -> None:
    engine(project, "trap 'sleep 0.5; echo ended >> calls; exit 1' INT", "echo up >> running", "sleep 30", "exit 1")
    done = subprocess.Popen(
        [WPF, "up", "--all"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    limit = monotonic() + 30
    while not (project / "running").exists() and monotonic() < limit:
        sleep(0.05)
    os.killpg(done.pid, signal.SIGINT)
    _, said = done.communicate(timeout=30)
    assert done.returncode == 130
    assert said.startswith("wpf: interrupted: ") and said.count("\n") == 1
    assert (project / "calls").read_text().splitlines() == [f"preview {P}", "ended"]
