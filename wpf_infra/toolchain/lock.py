"""One process at a time: an advisory lock on a file.

Here: taking it, waiting for it, saying for whom. Not here: what is done under it.

The lock belongs to the open file, not to the process, so that a child which is handed the descriptor goes on holding it
when its parent is killed: what that child still writes is never swept away under it.
"""

from __future__ import annotations

import fcntl
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE_SECONDS = 0.2


@contextmanager
def held(path: Path, waiting: Callable[[str], None], patience_seconds: float = math.inf) -> Iterator[int]:
    """Hold the lock on `path`; yields its descriptor.

    waiting: called once, with the holder's process id, when somebody else holds it. Raises TimeoutError, with that id,
    when it is held longer than patience lasts.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _take(descriptor):
            waiting(_holder(descriptor))
            last = time.monotonic() + patience_seconds
            while not _take(descriptor):
                if time.monotonic() > last:
                    raise TimeoutError(_holder(descriptor))
                time.sleep(_PAUSE_SECONDS)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode(errors="replace") or "?"
