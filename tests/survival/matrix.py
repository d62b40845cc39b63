"""The matrix of one stage: every durable point of it, killed before and after, then run once more.

Here: a process of its own that forks one child for each death; prints what it found as one JSON object. Not here: what
is durable (`killer`), what runs (`engine`).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.survival import engine, stack
from tests.survival.killer import Killer
from wpf_infra.backend.registry import notice, trail
from wpf_infra.backend.simulator.hand import World
from wpf_infra.model.resource import Resource, VmResource

Stage = Callable[[Path], None]


def main(stage_name: str, folder: Path, shard: int, shards: int, *, twice: bool) -> None:
    """twice: killed before and after each point; else before each and after the last, for what is durable after one is
    what is durable before the next.
    """
    pem = stack.anchor_pem()
    declared = {"create": stack.first(pem), "change": stack.second(pem), "destroy": []}[stage_name]
    start = folder / "start"
    start.mkdir()
    if stage_name != "create":
        engine.up(start, stack.first(pem))
    if stage_name == "destroy":
        _switch_off(start)

    points = _counted(start, folder / "counted", declared)
    failures: list[str] = []
    tried = 0
    for number in range(1 + shard, points + 1, shards):
        for after in (False, True) if twice or number == points else (False,):
            root = folder / f"{number}-{after}"
            shutil.copytree(start, root)
            if _killed(root, declared, number, after=after):
                tried += 1
            else:
                failures.append(f"point {number}: nobody was killed")
            engine.up(root, declared)
            place = f"{stage_name} point {number} of {points} {'after' if after else 'before'}"
            failures += [f"{place}: {each}" for each in wrong(root, stage_name, declared)]
            shutil.rmtree(root)
    sys.stdout.write(json.dumps({"points": points, "tried": tried, "failures": failures}) + "\n")


def _switch_off(root: Path) -> None:
    """By its customer, as FAQ 13 asks."""
    world = World(root / ".wpf" / "simulator.db")
    for each in stack.first(""):
        if isinstance(each, VmResource):
            world.power_off(each.identity)
    world.close()


def _counted(start: Path, root: Path, declared: Sequence[Resource]) -> int:
    """How many points the stage has, by a run in a process of its own."""
    shutil.copytree(start, root)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        killer = Killer()
        killer.install()
        engine.up(root, declared)
        os.write(writer, str(len(killer.points)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        points = int(said.read())
    assert os.waitpid(child, 0)[1] == 0
    return points


def _killed(root: Path, declared: Sequence[Resource], number: int, *, after: bool) -> bool:
    child = os.fork()
    if child == 0:
        killer = Killer(number, after=after)
        killer.install()
        engine.up(root, declared)
        killer.end()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def wrong(root: Path, stage_name: str, declared: Sequence[Resource]) -> list[str]:
    """What is lost, doubled, orphaned or half done; nothing is the only good answer."""
    found = [f"left to do: {line}" for line in engine.left_to_do(root, declared)]
    with engine.session(root) as (opened, _):
        backend = opened.backend
        seen = {**backend.observe("platform"), **backend.observe("hill")}
        wanted = {each.identity for each in declared}
        found += [f"{each} is nobody's" for each in seen.keys() - wanted]
        found += [f"{each} is lost" for each in wanted - seen.keys()]
        with backend.registry.reading() as connection:  # type: ignore[attr-defined]
            assert connection is not None
            entries, erasures = trail.entries(connection), trail.erasures(connection)
            notices = Counter(each.kind for _, each in notice.written(connection))
    open_rows = [each for each in entries if each.outcome is None]
    if len(open_rows) > 1:
        found.append(f"{len(open_rows)} rows of the trail have no end")
    if stage_name == "destroy":
        found += [f"the erasure of {each.identity} has no end" for each in erasures if each.ended is None]
    found += _wrong_counts(root, stage_name, notices, Counter(str(each.identity) for each in erasures))
    return found


_NOTICES = {
    "create": {"head-count": 1, "maintenance": 1},
    "change": {"head-count": 2, "maintenance": 1, "maintenance-changed": 1},
    "destroy": {"head-count": 1, "maintenance": 1, "maintenance-withdrawn": 1},
}
_ERASED = {
    "create": {},
    "change": {"hill/vm/app-1": 1},
    "destroy": {"hill/vm/app-1": 1, "hill/vm/app-2": 1, "hill/image/golden": 1},
}


def _wrong_counts(root: Path, stage_name: str, notices: Counter[str], erased: Counter[str]) -> list[str]:
    """What happened once in a life happened once, whatever died."""
    world = World(root / ".wpf" / "simulator.db")
    happened = Counter((entry.event.value, str(entry.identity)) for entry in world.journal())
    world.close()
    found = [
        f"{what} {count} times"
        for what, count in happened.items()
        if what[0] in ("created", "captured", "deleted") and count != 1
    ]
    if dict(notices) != _NOTICES[stage_name]:
        found.append(f"notices {dict(notices)}")
    if dict(erased) != _ERASED[stage_name]:
        found.append(f"erasures {dict(erased)}")
    found += [
        f"{rows} rows of {table}"
        for file, table, expected in (
            ("registry.db", "user_id", {"create": 1, "change": 1, "destroy": 1}),
            ("issuer/issuer.db", "signed", {"create": 1, "change": 2, "destroy": 1}),
            ("issuer/issuer.db", "revoked", {"create": 0, "change": 1, "destroy": 1}),
        )
        if (rows := _rows(root / ".wpf" / file, table)) != expected[stage_name]
    ]
    return found


def _rows(file: Path, table: str) -> int:
    connection = sqlite3.connect(file)
    try:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    finally:
        connection.close()
    return int(count)


def _arguments() -> Any:
    stage_name, folder, shard, shards = sys.argv[1:]
    return stage_name, Path(folder), int(shard), int(shards)


if __name__ == "__main__":
    main(*_arguments(), twice="WPF_FUZZ" in os.environ)
