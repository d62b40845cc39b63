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

from wpf_infra.provider.handlers import resource_handlers
from wpf_infra.provider.schema import package_schema
from wpf_infra.provider.wire import VERSION, serve

_LOOK_S = 1.0


def announce(port: int) -> None:
    """The engine reads the port from the first line of standard output."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def _follow_the_engine(parent: int) -> None:
    """Ends the process when the engine is gone without a word: a killed engine leaves no provider behind."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def main() -> None:
    """`pulumi-resource-wpf ENGINE-ADDRESS`, called by the engine alone."""
    # The engine has its providers in a process group of their own: an interrupt is its word to end, after Cancel.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    threading.Thread(target=_follow_the_engine, args=(os.getppid(),), daemon=True).start()
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    engine_address = addresses[-1] if addresses else ""
    serve(engine_address, resource_handlers, functools.partial(package_schema, VERSION), announce)


if __name__ == "__main__":
    main()
