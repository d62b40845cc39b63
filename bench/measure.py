"""Wall time of a command, and the peak memory of the provider it starts.

Here: one run's figures. Not here: what is run (`project`) and how it is shown (`__main__`).
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Figures:
    """provider_peak_mib: the highest resident memory of a provider process; 0 where the system does not tell."""

    wall_s: float
    provider_peak_mib: float


def run(command: Sequence[str], root: Path, environ: Mapping[str, str]) -> Figures:
    """Runs to the end. Raises RuntimeError with the command's own words when it fails."""
    watch = _Watch(str(root / "plugin"), environ)
    began = perf_counter()
    with watch:
        done = subprocess.run(
            command, cwd=root, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return Figures(perf_counter() - began, watch.peak_kib / 1024)


class _Watch(threading.Thread):
    """Samples the high-water mark of provider processes of this project from the process table."""

    def __init__(self, plugin: str, environ: Mapping[str, str]) -> None:
        super().__init__(daemon=True)
        self.peak_kib = 0
        self._mark = environ["PULUMI_HOME"].encode()
        self._plugin = plugin
        self._over = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(_EVERY_S):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    command = (process / "cmdline").read_bytes()
                    if b"provider" not in command or self._mark not in (process / "environ").read_bytes():
                        continue
                    status = (process / "status").read_text()
                except OSError:
                    continue
                for line in status.splitlines():
                    if line.startswith("VmHWM:"):
                        self.peak_kib = max(self.peak_kib, int(line.split()[1]))
