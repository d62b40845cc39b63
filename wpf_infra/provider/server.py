"""The `pulumi-resource-wpf` command: starts the provider, prints its port, serves until the engine is done.

Here: the process. Not here: anything it serves.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from wpf_infra.backend.leaving import end_process
from wpf_infra.provider.handlers import resource_handlers
from wpf_infra.provider.schema import package_schema
from wpf_infra.provider.wire import VERSION, serve

_LOOK_S = 1.0


class Process:
    """This process, from its first line to its end."""

    def __init__(self) -> None:
        self._leave: Callable[[], None] = lambda: None
        self._ending = False

    def announce(self, port: int, leave: Callable[[], None]) -> None:
        """Calls are answered: the engine reads the port from the first line of standard output. leave: gives back what
        the backend lent us.
        """
        self._leave = leave
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()

    def end(self, code: int) -> None:
        """Ends now: a session is given back where that is quick, nothing else is waited for. Told twice, at once."""
        if self._ending:
            os._exit(code)
        self._ending = True
        end_process(code, self._leave)

    def follow(self, engine: int) -> None:
        """Ends when the engine is gone without a word: a killed engine leaves no provider behind."""
        while os.getppid() == engine:
            time.sleep(_LOOK_S)
        self.end(1)


def main() -> None:
    """`pulumi-resource-wpf ENGINE-ADDRESS`, called by the engine alone."""
    process = Process()
    # The engine has its providers in a process group of their own: an interrupt is its word to end, after Cancel.
    signal.signal(signal.SIGINT, lambda *_: process.end(0))
    threading.Thread(target=process.follow, args=(os.getppid(),), daemon=True).start()
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    engine_address = addresses[-1] if addresses else ""
    serve(engine_address, resource_handlers, functools.partial(package_schema, VERSION), process.announce)
