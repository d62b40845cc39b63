"""A program that is run and watched.

Here: starting it, its output in a file, a beat to say something at, its end together with all it started.
Not here: what its output means (`complaint`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

_POLL_SECONDS = 0.05


class Child:
    """A running program, in a session of its own, killed with everything it started when the block is left.

    log: gets both its output streams. inherit: descriptors it is handed (a lock that must outlive this process).
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environ: Mapping[str, str],
        folder: Path,
        inherit: Sequence[int] = (),
    ) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environ),
                cwd=folder,
                pass_fds=inherit,
                start_new_session=True,
            )

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def beats(self, every: float) -> Iterator[float]:
        """The seconds since the start, each `every` seconds until the program has ended."""
        start = time.monotonic()
        due = every
        while self._process.poll() is None:
            elapsed = time.monotonic() - start
            if elapsed >= due:
                due += every
                yield elapsed
            time.sleep(_POLL_SECONDS)

    def succeeded(self) -> bool:
        """Whether it ended well; waits for the end."""
        return self._process.wait() == 0

    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")
