"""`python -m bench`: prints the table of the engine's runs, ours beside the empty provider's."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.measure import Figures, run
from bench.project import BenchProject

_VERBS: dict[str, tuple[str, ...]] = {
    "up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "refresh": ("refresh", "--yes", "--skip-preview"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--servers", type=int, nargs="+", default=[10, 100, 300])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(f"{'servers':>7} {'run':<8} {'ours s':>8} {'empty s':>8} {'ratio':>6} ", end="")
    print(f"{'ours MiB':>9} {'empty MiB':>9} {'ratio':>6}")
    for servers in asked.servers:
        for verb, rows in _compare(servers, asked.rounds).items():
            _print(servers, verb, rows)


def _compare(servers: int, rounds: int) -> dict[str, list[tuple[Figures, Figures]]]:
    """Every verb's pairs of runs, ours first, taken in turn so that a slow moment of the machine hits both."""
    pairs: dict[str, list[tuple[Figures, Figures]]] = {verb: [] for verb in _VERBS}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="wpf-bench-") as folder:
            ours = BenchProject(Path(folder) / "ours", servers, empty=False)
            empty = BenchProject(Path(folder) / "empty", servers, empty=True)
            for project in (ours, empty):
                for stack in ("platform", project.stack):
                    _engine(project, "stack", "init", stack)
                _engine(project, "up", "--yes", "--skip-preview", "--stack", "platform")
            for verb, command in _VERBS.items():
                pairs[verb].append(
                    (_engine(ours, *command, "--stack", ours.stack), _engine(empty, *command, "--stack", empty.stack))
                )
    return pairs


def _engine(project: BenchProject, *arguments: str) -> Figures:
    return run(["pulumi", *arguments, "--non-interactive"], project.root, project.environ)


def _print(servers: int, verb: str, rows: Sequence[tuple[Figures, Figures]]) -> None:
    """Medians, and the median of the ratios pair by pair."""
    ours = median(each.wall_s for each, _ in rows)
    empty = median(each.wall_s for _, each in rows)
    ratio = median(our.wall_s / floor.wall_s for our, floor in rows)
    our_mib = median(each.provider_peak_mib for each, _ in rows)
    empty_mib = median(each.provider_peak_mib for _, each in rows)
    memory = f"{our_mib / empty_mib:6.2f}" if empty_mib else f"{'-':>6}"
    print(
        f"{servers:>7} {verb:<8} {ours:8.2f} {empty:8.2f} {ratio:6.2f} {our_mib:9.0f} {empty_mib:9.0f} {memory}",
        flush=True,
    )


if __name__ == "__main__":
    main()
