"""`python -m bench.rules`: what it costs to read, judge and check very many tenants, beside a bare YAML parse of them.

Here: each step in a process of its own, which reports its seconds and its peak of memory. Not here: the files
(`many_tenants`).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.many_tenants import lay

MIB = 1024 if sys.platform != "darwin" else 1024 * 1024
"""ru_maxrss counts KiB, or bytes on macOS."""


def _yaml(root: Path) -> None:
    import yaml

    for path in sorted((root / "stacks" / "tenants").glob("*.yaml")):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def _load(root: Path) -> Callable[[], None]:
    from wpf_infra.loading.catalogue import load
    from wpf_infra.loading.project import read_project
    from wpf_infra.policy import judge

    loaded = load(root)
    assert loaded.catalogue is not None and loaded.sound, (loaded.findings[:3], loaded.unreadable[:3])
    catalogue, now = loaded.catalogue, read_project(root).now()

    def judging() -> None:
        findings = judge(catalogue, now)
        assert not findings, findings[:3]

    return judging


def _check(root: Path) -> None:
    from wpf_infra.cli import main

    os.chdir(root)
    assert main(["check"]) == 0


def _child(step: str, root: Path) -> None:
    """Runs one step and reports. Imports count for a whole `check` only: they are the same for one tenant."""
    if step == "judge":
        judging = _load(root)
        began = perf_counter()
        judging()
    else:
        import wpf_infra.loading.catalogue
        import wpf_infra.policy  # noqa: F401

        began = perf_counter()
        {"yaml": _yaml, "load": _load, "check": _check}[step](root)
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    sys.stderr.write(json.dumps([seconds, peak]))


def _measured(step: str, root: Path) -> tuple[float, float]:
    """Seconds and MiB of one step, by a process of its own; `whole` is the command as a shell sees it."""
    command = [sys.executable, "-m", "bench.rules", "--step", "check" if step == "whole" else step, "--root", str(root)]
    began = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    seconds, peak = json.loads(done.stderr.splitlines()[-1])
    return (wall if step == "whole" else seconds), peak


def _compare(tenants: int, rounds: int) -> None:
    steps: Sequence[str] = ("yaml", "load", "judge", "whole")
    with tempfile.TemporaryDirectory(prefix="wpf-bench-") as folder:
        root = Path(folder)
        files = lay(root, tenants)
        size = sum(path.stat().st_size for path in files) / 2**20
        taken: dict[str, list[tuple[float, float]]] = {step: [] for step in steps}
        for _ in range(rounds):
            for step in steps:
                taken[step].append(_measured(step, root))
        print(f"{tenants} tenants of 10 servers, {size:.1f} MiB of YAML")
        print("step         s  ratio    peak MiB  ratio")
        floor_s, floor_mib = (median(each[part] for each in taken["yaml"]) for part in (0, 1))
        for step, pairs in taken.items():
            seconds, mib = (median(each[part] for each in pairs) for part in (0, 1))
            print(f"{step:<6}{seconds:8.2f} {seconds / floor_s:6.2f}   {mib:9.0f} {mib / floor_mib:6.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    parser.add_argument("--tenants", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        _child(asked.step, asked.root)
    else:
        for tenants in asked.tenants:
            _compare(tenants, asked.rounds)


if __name__ == "__main__":
    main()
