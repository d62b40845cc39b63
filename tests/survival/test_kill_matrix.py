"""Killed anywhere, one more run converges: nothing doubled, orphaned, half erased or lost.

Every point at which something of a making, a change or a destruction of one of each kind becomes durable.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_SHARDS = 2
_ROOT = Path(__file__).parents[2]
_FEWEST = {"create": 75, "change": 63, "destroy": 72}
"""Fewer durable points than these and something is no longer on record: look before you lower it."""


@pytest.mark.parametrize("shard", range(_SHARDS))
@pytest.mark.parametrize("stage", _FEWEST)
def test_killed_anywhere_one_more_run_converges(tmp_path: Path, stage: str, shard: int) -> None:
    command = [sys.executable, "-m", "tests.survival.matrix", stage, str(tmp_path), str(shard), str(_SHARDS)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["failures"] == []
    assert told["points"] >= _FEWEST[stage]
    assert told["tried"] >= told["points"] // _SHARDS
