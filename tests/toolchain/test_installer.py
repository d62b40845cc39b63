"""Way two: the SDK's installer is let work while something arrives, and given up when nothing does."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.toolchain import fakes
from wpf_infra.toolchain.cache import Workplace
from wpf_infra.toolchain.engine import Engine
from wpf_infra.toolchain.installer import install_engine
from wpf_infra.toolchain.way import WayClosed

INSTALLS = """
import os, sys, time
from pathlib import Path

bin = Path(sys.argv[3]) / "bin"
bin.mkdir(parents=True)
for beat in range({beats}):
    time.sleep(0.2)
    with (Path(os.environ["TMPDIR"]) / "download").open("a") as download:
        download.write("x" * 1000)
for name in {names}:
    (bin / name).write_text("#!/bin/sh\\necho v" + sys.argv[4] + "\\n")
    (bin / name).chmod(0o755)
"""
ALL = ["pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-language-go"]


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    work = Workplace(result=tmp_path / "result", scratch=tmp_path / "scratch", lock=os.open(os.devnull, os.O_RDONLY))
    work.result.mkdir()
    work.scratch.mkdir()
    return work


def install(tmp_path: Path, work: Workplace, body: str, patience_seconds: float = 10.0) -> None:
    python = fakes.executable(tmp_path / "python", body)
    try:
        install_engine(fakes.traveller(tmp_path / "home", python=python), work, patience_seconds)
    finally:
        os.close(work.lock)


def test_what_it_installs_is_kept_and_nothing_else(tmp_path: Path, work: Workplace) -> None:
    install(tmp_path, work, INSTALLS.format(beats=0, names=ALL))
    assert not Engine.in_folder(work.result).missing()
    assert sorted(path.name for path in work.result.iterdir()) == sorted(ALL[:3])


def test_a_slow_one_is_let_finish(tmp_path: Path, work: Workplace) -> None:
    install(tmp_path, work, INSTALLS.format(beats=18, names=ALL), patience_seconds=3)
    assert not Engine.in_folder(work.result).missing()


def test_a_silent_one_is_given_up_and_ended_with_its_children(tmp_path: Path, work: Workplace) -> None:
    pid_file = tmp_path / "pid"
    body = f"""
    import subprocess, sys
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open({str(pid_file)!r}, "w").write(str(child.pid))
    child.wait()
    """
    start = time.monotonic()
    with pytest.raises(WayClosed, match="nothing arrived for"):
        install(tmp_path, work, body, patience_seconds=3)
    assert time.monotonic() - start < 20
    assert_gone(int(pid_file.read_text()))


def test_its_failure_is_told_in_a_sentence(tmp_path: Path, work: Workplace) -> None:
    with pytest.raises(WayClosed, match="no network: the name cannot be resolved"):
        install(tmp_path, work, fakes.python_without_network(tmp_path).read_text())


def test_half_an_engine_is_none(tmp_path: Path, work: Workplace) -> None:
    with pytest.raises(WayClosed, match="it brought no pulumi-language-python-exec"):
        install(tmp_path, work, INSTALLS.format(beats=0, names=ALL[:2]))


def assert_gone(pid: int) -> None:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return  # ended; whoever inherited it has not asked for its code yet
        time.sleep(0.05)
    raise AssertionError(f"process {pid} is still there")
