"""The README is run as a stranger would: a copy of the tree in a new folder, every command, every quoted answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```sh(?P<fails> fails)?\n(?P<commands>.*?)^```\n(?P<rest>(?:\n?>[^\n]*\n)*)", re.M | re.S)
_PROMISE = "make test"


@dataclass(frozen=True)
class Block:
    commands: str
    fails: bool
    quoted: tuple[str, ...]


def blocks(readme: str) -> list[Block]:
    """The shell blocks in order; a quotation right behind one is part of what it prints, up to an ellipsis."""
    found = []
    for match in _BLOCK.finditer((ROOT / readme).read_text(encoding="utf-8")):
        quoted = " ".join(line.lstrip("> ") for line in match["rest"].splitlines() if line.startswith(">"))
        parts = tuple(part.strip() for part in quoted.split("…") if part.strip())
        found.append(Block(match["commands"], bool(match["fails"]), parts))
    return found


def test_both_languages_have_the_same_commands() -> None:
    def commands(readme: str) -> list[tuple[str, bool]]:
        return [(re.sub(r" +#.*", "", block.commands), block.fails) for block in blocks(readme)]

    assert commands("README.md") == commands("README.ja.md")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that git knows or would add, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = tmp_path / "checkout"
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.mark.engine
def test_every_command_of_the_readme_does_what_it_says(checkout: Path) -> None:
    """One shell from the first command to the last; `make test` is the run that this test is part of."""
    script = ["set -e"]
    for number, block in enumerate(blocks("README.md")):
        commands = "\n".join(line for line in block.commands.splitlines() if not line.startswith(_PROMISE))
        script.append(f"echo '=== {number}'")
        script.append(f"set +e\n{commands}\ncode=$?\nset -e\ntest $code -ne 0" if block.fails else commands)
    ran = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=checkout,
        env=_a_strangers_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:]
    said = dict(re.findall(r"^=== (\d+)\n(.*?)(?=^=== |\Z)", ran.stdout, re.M | re.S))
    for number, block in enumerate(blocks("README.md")):
        for words in block.quoted:
            assert words in said[str(number)], f"{words!r} is quoted and was not said:\n{said[str(number)]}"


def _a_strangers_environment() -> dict[str, str]:
    """This process's, without what an activated shell or a test run adds to it."""
    left_out = ("PULUMI_", "WPF_", "VIRTUAL_ENV", "PYTEST_", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    venv = str(ROOT / ".venv")
    kept["PATH"] = os.pathsep.join(part for part in kept["PATH"].split(os.pathsep) if not part.startswith(venv))
    return kept
