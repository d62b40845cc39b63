"""The calls that are under way in a provider process, and the end of them.

Here: counting, and letting go in good order. Not here: what a call does, and the wire it came over (`wire`).
"""

from __future__ import annotations

import threading

from wpf_infra.errors import Transient
from wpf_infra.language import Text


class Calls:
    """The calls under way; after `drain` no further one is begun."""

    def __init__(self) -> None:
        self._count = 0
        self._draining = False
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            if self._draining:
                raise Transient(
                    Text(en="the run was cancelled", ja="実行は中止されました"),
                    remedy=Text(
                        en="run it again: what stands is left as it is",
                        ja="再実行してください。できたものはそのままです",
                    ),
                )
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def drain(self) -> None:
        """Begins nothing more, and waits for the others than the caller's own call."""
        with self._changed:
            self._draining = True
            self._changed.wait_for(lambda: self._count <= 1)
