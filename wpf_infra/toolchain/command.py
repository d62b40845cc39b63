"""The command line of the toolchain: `setup` and `engine`.

Here: arguments, refusals as sentences, exit codes. Not here: the work, and the Python that is too old (`__main__`).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from wpf_infra.errors import WpfError
from wpf_infra.language import spoken
from wpf_infra.toolchain.acquire import acquire_engine
from wpf_infra.toolchain.checkout import set_up
from wpf_infra.toolchain.complaint import from_os_error
from wpf_infra.toolchain.progress import Progress
from wpf_infra.toolchain.way import Traveller

_INTERRUPTED = 130
_TERMINATED = 143


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask; returns the exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _leave)
    language = spoken()
    progress = Progress(sys.stderr, language)
    try:
        if options.verb == "setup":
            set_up(options.root, os.environ, progress)
        else:
            engine = acquire_engine(Traveller(os.environ, Path(sys.executable), progress))
            sys.stdout.write("".join(f"{command}\n" for command in engine.commands()))
    except WpfError as error:
        sys.stderr.write(error.sentence(language) + "\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(from_os_error(error).sentence(language) + "\n")
        return WpfError.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m wpf_infra.toolchain", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    setup = verbs.add_parser("setup", help="set up a checkout: .venv, the engine's command, .wpf")
    setup.add_argument("--root", type=Path, default=Path.cwd(), help="the checkout (default: this folder)")
    verbs.add_parser("engine", help="find, install or build the engine's command, and print where it is")
    return parser


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave through every `finally`, so that children end and leftovers go."""
    sys.exit(_TERMINATED)
