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


_HEAD = "servers run       ours s  empty s  ratio   ours MiB empty MiB  ratio   provider MiB  empty's"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--servers", type=int, nargs="+", default=[10, 100, 300])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(_HEAD)
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
    wall = _columns([(ours.wall_s, empty.wall_s) for ours, empty in rows])
    memory = _columns([(ours.peak_mib, empty.peak_mib) for ours, empty in rows])
    provider = _columns([(ours.provider_peak_mib, empty.provider_peak_mib) for ours, empty in rows])
    print(
        f"{servers:>7} {verb:<8}{wall[0]:8.2f} {wall[1]:8.2f} {wall[2]:6.2f}   "
        f"{memory[0]:8.0f} {memory[1]:9.0f} {memory[2]:6.2f}   {provider[0]:12.0f} {provider[1]:8.0f}",
        flush=True,
    )


def _columns(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    ratios = [ours / empty for ours, empty in pairs if empty]
    return median(ours for ours, _ in pairs), median(empty for _, empty in pairs), median(ratios) if ratios else 0.0


if __name__ == "__main__":
    main()
