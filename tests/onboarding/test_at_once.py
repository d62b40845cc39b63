"""Several runs at once, and runs that are cut off."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from tests.onboarding.forms import PEM, files, form, named, onboarded
from wpf_infra.cli import main
from wpf_infra.loading.catalogue import load

WPF = Path(sys.executable).with_name("wpf")


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([WPF, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def test_eight_at_once_take_eight_networks(project: Path) -> None:
    names = [f"t{number}" for number in range(8)]
    for name in names:
        form(project / f"forms/{name}.yaml", named(name, cluster="c1" if int(name[1]) % 2 else "c2"))
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda name: run("onboard", f"forms/{name}.yaml", "--json", cwd=project), names))
    assert [each.returncode for each in done] == [0] * 8, [each.stdout for each in done]
    loaded = load(project)
    assert loaded.sound and loaded.catalogue is not None
    networks = [network.cidr for _, network in loaded.catalogue.networks()]
    lines = [line.cidr for each in loaded.catalogue.tenants.values() for line in each.lines.values()]
    every = [*networks, *lines]
    assert len({each.first for each in every}) == len(every) == 11 + 8 + 2
    assert len({network.vlan for _, network in loaded.catalogue.networks()}) == 11


def test_whoever_comes_second_waits_and_says_for_whom(project: Path) -> None:
    form(project / "hill.yaml")
    (project / ".wpf").mkdir()
    with (project / ".wpf/onboarding.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        lock.write("4711")
        lock.flush()
        waiting = subprocess.Popen(
            [WPF, "onboard", "hill.yaml"], cwd=project, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with closing(waiting.stderr) as said:  # type: ignore[type-var]
            assert said is not None
            assert "4711" in said.readline()
            assert not (project / "stacks/tenants/hill.yaml").exists()
            flock(lock, 8)
            assert waiting.wait(60) == 0
        assert waiting.stdout is not None
        waiting.stdout.close()
    assert (project / "stacks/tenants/hill.yaml").exists()


CUT_OFF = """
import os, signal, sys
left, how = int(sys.argv[1]), sys.argv[2]
from wpf_infra.cli import main

def watch(event, arguments):
    global left
    where = str(arguments[0]) if arguments else ""
    if event in ("open", "os.link", "os.remove", "os.mkdir", "os.rename") and ".onboarding-" in where:
        left -= 1
        if left == 0:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device", where)

sys.addaudithook(watch)
sys.exit(main(["onboard", "forms/lake.yaml"]))
"""


def cut_off(project: Path, how: str) -> Iterator[int]:
    """The verb ended at the first thing it asks of the system about its files, then at the second, …"""
    at = 1
    code = -1
    while code != 0:
        done = subprocess.run(
            [sys.executable, "-c", CUT_OFF, str(at), how], cwd=project, capture_output=True, check=False, timeout=60
        )
        code = done.returncode
        yield code
        at += 1


def test_a_run_that_is_killed_leaves_no_tenant_or_a_whole_one(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(project)
    first = project / "stacks/tenants/lake.yaml"
    codes = []
    for code in cut_off(project, "kill"):
        codes.append(code)
        assert first.exists() == (code == 0 or len(codes) >= 7), codes
        assert main(["check"]) == 0
        capsys.readouterr()
        if first.exists():
            assert onboarded(anchored, capsys=capsys)[1]["unchanged"]
        for name in set(files(project)) - set(before):
            (project / name).unlink()
    assert codes[:6] == [-signal.SIGKILL] * 6
    assert onboarded(anchored, capsys=capsys)[0] == 0
    assert set(files(project)) - set(before) == {
        f"stacks/tenants/{PEM}",
        "Pulumi.lake.yaml",
        "stacks/tenants/lake.yaml",
    }


def test_a_full_disk_leaves_nothing(project: Path, anchored: Path) -> None:
    before = files(project)
    codes = []
    for code in cut_off(project, "full"):
        codes.append(code)
        if code:
            assert (code, files(project)) == (3, before)
    assert len(codes) > 6


def test_a_folder_that_may_not_be_written_is_told(project: Path, requires: Callable[[bool, str], None]) -> None:
    """Also to the superuser, once without the right to write everywhere."""
    superuser = os.geteuid() == 0
    requires(not superuser or shutil.which("setpriv") is not None, "setpriv")
    form(project / "hill.yaml")
    (project / "stacks/tenants").chmod(0o500)
    done = subprocess.run(
        [*(("setpriv", "--bounding-set=-dac_override") if superuser else ()), WPF, "onboard", "hill.yaml"],
        cwd=project, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    (project / "stacks/tenants").chmod(0o700)
    assert done.returncode == 3 and "nothing was written" in done.stderr, done.stderr
