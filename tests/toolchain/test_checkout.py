"""A whole checkout, set up by the command that `make` runs; the packages are the test's own, so no index is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toolchain import fakes
from wpf_infra.toolchain.environment import engine_commands

BACKEND = """
import zipfile
from pathlib import Path

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    info = "tiny-1.0.dist-info"
    files = {
        "tiny.pth": str(Path.cwd()) + "\\n",
        info + "/METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n",
        info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        info + "/RECORD": "",
    }
    name = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / name, "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
    return name

build_wheel = build_editable
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "check out"
    root.mkdir()
    (root / "requirements.lock").write_text("# nothing\n")
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "tiny"\nversion = "1.0"\n'
    )
    return root


def set_up(root: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    home = root.parent / "home"
    fakes.pulumi(root.parent / "bin", "v3.259.0")
    return subprocess.run(
        [sys.executable, "-m", "wpf_infra.toolchain", "setup", "--root", root],
        env={**fakes.environment(home, root.parent / "bin"), "WPF_LANG": "en", **environ},
        cwd=root.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_set_up_once_then_nothing_is_left_to_do(root: Path) -> None:
    first = set_up(root)
    assert first.returncode == 0, first.stderr
    assert [line[9:] for line in first.stderr.splitlines()] == [
        f"making .venv with Python {sys.version.split()[0]}",
        "installing the locked packages",
        "installing wpf-infra, editable",
    ]
    engine = engine_commands(root)
    assert engine.pulumi.readlink() == root.parent / "bin" / "pulumi"
    assert "PULUMI_BACKEND_URL" in (root / ".venv" / "bin" / "activate").read_text()
    assert (root / ".wpf" / "passphrase").exists()

    second = set_up(root)
    assert (second.returncode, second.stderr) == (0, "")

    (root / "requirements.lock").write_text("# still nothing\n")
    assert [line[9:] for line in set_up(root).stderr.splitlines()] == ["installing the locked packages"]

    other = fakes.pulumi(root.parent / "other", "v3.260.0")
    (root.parent / "bin" / "pulumi").unlink()
    again = set_up(root, PATH=str(other.parent))
    assert again.returncode == 0, again.stderr
    assert engine.pulumi.readlink() == other


def test_two_at_once_set_it_up_once(root: Path) -> None:
    command = [sys.executable, "-m", "wpf_infra.toolchain", "setup", "--root", str(root)]
    fakes.pulumi(root.parent / "bin", "v3.259.0")
    environ = {**fakes.environment(root.parent / "home", root.parent / "bin"), "WPF_LANG": "en"}
    both = [subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum("making .venv" in errors for errors in told) == 1


def test_packages_that_cannot_be_had(root: Path) -> None:
    (root / "requirements.lock").write_text("nothing-of-that-name==1.0 --hash=sha256:" + "0" * 64 + "\n")
    done = set_up(root, PIP_INDEX_URL="http://127.0.0.1:1/", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert "the locked packages cannot be installed: no network: nothing answers" in done.stderr
    assert "see to it that pip reaches a package index" in done.stderr
    assert "Traceback" not in done.stderr
    notes = json.loads((root / ".venv" / "wpf-setup.json").read_text())
    assert list(notes) == ["interpreter"]


def test_a_folder_that_is_no_checkout(tmp_path: Path) -> None:
    done = set_up(tmp_path / "home")
    assert done.returncode == 1
    assert "this is no checkout of wpf-infra" in done.stderr
    assert not (tmp_path / "home" / ".wpf").exists()


def test_a_folder_that_cannot_be_written(root: Path) -> None:
    (root / ".wpf").write_text("in the way")
    done = set_up(root)
    assert done.returncode == 1
    assert str(root / ".wpf") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_passphrase_is_refused_before_anything_is_made(root: Path) -> None:
    stacks = root / ".wpf" / "state" / ".pulumi" / "stacks" / "wpf"
    stacks.mkdir(parents=True)
    (stacks / "platform.json").touch()
    done = set_up(root)
    assert done.returncode == 1
    assert "the passphrase is missing" in done.stderr
    assert not (root / ".venv").exists()


def test_a_bare_python_is_enough() -> None:
    command = [sys.executable, "-S", "-m", "wpf_infra.toolchain", "--help"]
    environ = {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_python_that_is_too_old_is_refused_in_both_languages() -> None:
    code = (
        "import sys; sys.version_info = (3, 10, 1, 'final', 0); "
        "from wpf_infra.toolchain.__main__ import main; sys.exit(main(['setup']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Python 3.11 以上が必要です" in done.stderr
