"""The `pulumi-resource-wpf` command: starts the provider, prints its port, serves until the engine is done.

Here: the process. Not here: anything it serves.
"""

from __future__ import annotations

import functools
import signal
import sys

from wpf_infra.provider.handlers import resource_handlers
from wpf_infra.provider.schema import package_schema
from wpf_infra.provider.wire import VERSION, serve


def announce(port: int) -> None:
    """The engine reads the port from the first line of standard output."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def main() -> None:
    """`pulumi-resource-wpf ENGINE-ADDRESS`, called by the engine alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine decides when to stop, by Cancel
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    engine_address = addresses[-1] if addresses else ""
    serve(engine_address, resource_handlers, functools.partial(package_schema, VERSION), announce)


if __name__ == "__main__":
    main()
