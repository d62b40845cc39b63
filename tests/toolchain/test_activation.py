"""The activate script, sourced by a real shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from wpf_infra.toolchain.activation import patch_activate
from wpf_infra.toolchain.environment import engine_environment

SHELLS = [shell for shell in ("bash", "dash", "zsh") if shutil.which(shell)]
OURS = {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_PYTHON_CMD", "PULUMI_SKIP_UPDATE_CHECK"}


def checkout(folder: Path) -> Path:
    """A folder with a virtual environment whose activate script is patched."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    patch_activate(folder / ".venv" / "bin" / "activate", folder)
    return folder


def variables(shell: str, script: str, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a shell's children see after `script`."""
    done = subprocess.run(
        [shell, "-ec", f"{script}\nenv"],
        env={"PATH": "/usr/bin:/bin", **(environ or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def pulumi(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith("PULUMI_")}


def sourced(root: Path) -> str:
    return f". '{root}/.venv/bin/activate'"


@pytest.mark.parametrize("shell", SHELLS)
def test_activated_carries_what_the_engine_needs_and_deactivated_does_not(tmp_path: Path, shell: str) -> None:
    root = checkout(tmp_path / "my water 水 100%")
    before = variables(shell, "")
    active = variables(shell, sourced(root))
    assert active["PULUMI_BACKEND_URL"] == (root / ".wpf" / "state").as_uri()
    assert active["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(root / ".wpf" / "passphrase")
    assert active["PULUMI_SKIP_UPDATE_CHECK"] == "true"
    assert active["PATH"].split(":")[0] == str(root / ".venv" / "bin")
    after = variables(shell, sourced(root) + "\ndeactivate")
    assert {name: value for name, value in after.items() if name != "PS1"} == before


def test_the_same_as_engine_environment(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    active = variables("bash", sourced(root))
    computed = engine_environment(root, {"PATH": "/usr/bin:/bin"})
    assert computed.items() <= active.items()


@pytest.mark.parametrize(
    ("own", "not_ours"),
    [
        ({"PULUMI_BACKEND_URL": "postgres://state"}, "PULUMI_BACKEND_URL"),
        ({"PULUMI_CONFIG_PASSPHRASE": "secret"}, "PULUMI_CONFIG_PASSPHRASE_FILE"),
        ({"PULUMI_CONFIG_PASSPHRASE_FILE": "/mine"}, "PULUMI_CONFIG_PASSPHRASE_FILE"),
    ],
)
def test_what_the_person_set_stays_theirs(tmp_path: Path, own: dict[str, str], not_ours: str) -> None:
    root = checkout(tmp_path)
    active = variables("bash", sourced(root), own)
    assert own.items() <= active.items()
    assert pulumi(active).keys() == (OURS - {not_ours}) | own.keys()
    assert pulumi(variables("bash", sourced(root) + "\ndeactivate", own)) == own


def test_what_the_person_sets_while_active_stays_theirs(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    after = variables("bash", sourced(root) + "\nPULUMI_BACKEND_URL=postgres://state\ndeactivate")
    assert pulumi(after) == {"PULUMI_BACKEND_URL": "postgres://state"}


def test_another_checkout_activated_over_it(tmp_path: Path) -> None:
    one, two = checkout(tmp_path / "one"), checkout(tmp_path / "two")
    active = variables("bash", sourced(one) + "\n" + sourced(two))
    assert active["PULUMI_BACKEND_URL"] == (two / ".wpf" / "state").as_uri()
    in_a_child = variables("bash", sourced(two), variables("bash", sourced(one)))
    assert in_a_child["PULUMI_BACKEND_URL"] == (two / ".wpf" / "state").as_uri()
    after = variables("bash", sourced(one) + "\n" + sourced(two) + "\ndeactivate")
    assert pulumi(after) == {}


def test_patching_again_changes_nothing_and_moving_the_checkout_renews_it(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    script = root / ".venv" / "bin" / "activate"
    once, written = script.read_text(), script.stat().st_mtime_ns
    patch_activate(script, root)
    assert script.stat().st_mtime_ns == written
    patch_activate(script, Path("/elsewhere"))
    assert script.read_text().replace("/elsewhere/", f"{root}/") == once
