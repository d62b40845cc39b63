"""What is said to a person who waits.

Here: lines on a stream, in the person's language, with the time since the start. Not here: what is worth saying.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from wpf_infra.language import Language, Text


def duration(seconds: float) -> str:
    """Seconds as people read them: `8s`, `2m05s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"


class Progress:
    """Lines to `stream`, each with the time since this object was made."""

    def __init__(self, stream: TextIO, language: Language, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._language = language
        self._clock = clock
        self._start = clock()

    def say(self, text: Text) -> None:
        """One line, shown at once."""
        elapsed = duration(self._clock() - self._start)
        self._stream.write(f"[{elapsed:>6}] {text.in_(self._language)}\n")
        self._stream.flush()
