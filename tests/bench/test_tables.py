"""The tables of `make bench` come out, on the smallest of projects; what stands in them no test judges."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.engine
def test_the_engines_runs_beside_an_empty_provider() -> None:
    table = _bench("bench", "--servers", "2", "--rounds", "1")
    assert [line.split()[:2] for line in table[1:]] == [["2", "up"], ["2", "preview"], ["2", "refresh"]]


def _bench(*arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()
