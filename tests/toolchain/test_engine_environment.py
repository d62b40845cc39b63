"""The environment that other code runs the engine in, and the real engine in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.toolchain import fakes
from wpf_infra.errors import WpfError
from wpf_infra.toolchain.engine import Engine, version_of
from wpf_infra.toolchain.environment import brings_passphrase, engine_commands, engine_environment
from wpf_infra.toolchain.release import MINIMUM

CHECKOUT = Path(__file__).parents[2]


def test_a_checkout_gives_what_the_person_has_not_set() -> None:
    environ = engine_environment(Path("/c"), {"PATH": "/usr/bin", "HOME": "/h", "PYTHONHOME": "/p"})
    assert environ["PULUMI_BACKEND_URL"] == "file:///c/.wpf/state"
    assert environ["PULUMI_CONFIG_PASSPHRASE_FILE"] == "/c/.wpf/passphrase"
    assert environ["PATH"] == "/c/.venv/bin:/usr/bin"
    assert environ["PULUMI_PYTHON_CMD"] == "/c/.venv/bin/wpf-python"
    assert environ["HOME"] == "/h"
    assert "PYTHONHOME" not in environ


def test_a_passphrase_of_the_persons_own_keeps_ours_away() -> None:
    own = {"PULUMI_CONFIG_PASSPHRASE": "x"}
    assert brings_passphrase(own)
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in engine_environment(Path("/c"), own)


def test_twice_is_once_and_another_checkouts_values_are_not_the_persons() -> None:
    once = engine_environment(Path("/one"), {"PATH": "/usr/bin"})
    assert engine_environment(Path("/one"), once) == once
    assert not brings_passphrase(once)
    two = engine_environment(Path("/two"), once)
    assert two["PULUMI_BACKEND_URL"] == "file:///two/.wpf/state"
    assert two["PATH"].split(":")[0] == "/two/.venv/bin"


def test_a_value_set_over_a_checkouts_is_the_persons() -> None:
    active = engine_environment(Path("/c"), {}) | {"PULUMI_BACKEND_URL": "postgres://state"}
    assert engine_environment(Path("/c"), active)["PULUMI_BACKEND_URL"] == "postgres://state"


def test_a_checkout_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    fakes.pulumi(tmp_path / ".venv" / "bin", "v3.259.0", companions=False)
    with pytest.raises(WpfError, match=r"not set up: pulumi-language-python.*make up"):
        engine_commands(tmp_path)


@pytest.mark.engine
def test_the_engine_of_this_checkout_is_real() -> None:
    engine = engine_commands(CHECKOUT)
    assert engine == Engine.in_folder(CHECKOUT / ".venv" / "bin")
    assert version_of(engine.pulumi, engine_environment(CHECKOUT, os.environ)) >= MINIMUM


@pytest.mark.engine
def test_the_real_engine_finds_its_state_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    root = tmp_path / "水 100% #1?"
    (root / ".wpf" / "state").mkdir(parents=True)
    (root / ".wpf" / "passphrase").write_text("x")
    (root / "Pulumi.yaml").write_text("name: odd\nruntime: python\n")
    own = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    done = subprocess.run(
        [engine_commands(CHECKOUT).pulumi, "stack", "init", "one", "--non-interactive"],
        cwd=root,
        env=engine_environment(root, own | {"PULUMI_HOME": str(tmp_path / "home")}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (root / ".wpf" / "state" / ".pulumi" / "stacks" / "odd" / "one.json").exists()
