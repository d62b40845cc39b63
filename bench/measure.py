"""Wall time of a command, and the memory of the processes it starts.

Here: one run's figures. Not here: what is run (`project`) and how it is shown (`__main__`).
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_EVERY_S = 0.03


@dataclass(frozen=True, slots=True)
class Figures:
    """peak_mib: the highest sum of the resident memory of engine, program and provider; provider_peak_mib: the
    provider's alone. Both 0 where the system has no /proc.
    """

    wall_s: float
    peak_mib: float
    provider_peak_mib: float


def run(command: Sequence[str], root: Path, environ: Mapping[str, str]) -> Figures:
    """Runs to the end. Raises RuntimeError with the command's own words when it fails."""
    watch = _Watch(environ["PULUMI_HOME"])
    began = perf_counter()
    with watch:
        done = subprocess.run(
            command, cwd=root, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        wall_s = perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return Figures(wall_s, watch.peak_kib / 1024, watch.provider_peak_kib / 1024)


class _Watch(threading.Thread):
    """Samples the process table. home: the engine's home of this project; every process of the run has it in its
    environment.
    """

    def __init__(self, home: str) -> None:
        super().__init__(daemon=True)
        self.peak_kib = 0
        self.provider_peak_kib = 0
        self._mark = f"PULUMI_HOME={home}".encode()
        self._is_ours: dict[str, bool] = {}
        self._over = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(_EVERY_S):
            sampled = list(self._resident_kib())
            self.peak_kib = max(self.peak_kib, sum(kib for _, kib in sampled))
            self.provider_peak_kib = max([self.provider_peak_kib, *(kib for provider, kib in sampled if provider)])

    def _resident_kib(self) -> Iterator[tuple[bool, int]]:
        """Of each of our processes: is it the provider, and its resident memory in KiB."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if process.name not in self._is_ours:
                    self._is_ours[process.name] = self._mark in (process / "environ").read_bytes()
                if not self._is_ours[process.name]:
                    continue
                command = (process / "cmdline").read_bytes()
                pages = int((process / "statm").read_text().split()[1])
            except (OSError, IndexError):
                continue
            yield b"provider" in command, pages * 4
