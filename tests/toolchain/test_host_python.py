"""The script the language host starts instead of Python: everything goes through, one answer is kept."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.toolchain import fakes
from wpf_infra.toolchain.host_python import NAME, write_host_python

LIST = ("-m", "pip", "list", "-v", "--format", "json")


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment whose Python says how often it was started, and with what."""
    venv = tmp_path / "a b"
    fakes.executable(
        venv / "bin" / "python3",
        f"""
        import sys
        with open({str(tmp_path / "starts")!r}, "a+") as starts:
            starts.write("x")
            starts.seek(0)
            print(len(starts.read()), *sys.argv[1:], sep="|")
        sys.exit(7 if "fail" in sys.argv else 0)
        """,
    )
    (venv / "packages").mkdir()
    os.utime(venv / "packages", (1, 1))
    write_host_python(venv, venv / "packages")
    return venv


def run(venv: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([venv / "bin" / NAME, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout.strip()


def test_everything_goes_through_with_its_arguments_and_code(venv: Path) -> None:
    assert run(venv, "exec", "two words", "") == (0, "1|exec|two words|")
    assert run(venv, "fail") == (7, "2|fail")
    assert run(venv, "-m", "pip", "list") == (0, "3|-m|pip|list")


def test_the_list_is_asked_for_once_until_a_package_comes_or_goes(venv: Path) -> None:
    first = run(venv, *LIST)
    assert first == (0, "1|-m|pip|list|-v|--format|json")
    assert run(venv, *LIST) == first
    later = (venv / "wpf-packages.json").stat().st_mtime + 10
    os.utime(venv / "packages", (later, later))
    assert run(venv, *LIST)[1].startswith("2|")
