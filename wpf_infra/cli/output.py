"""Lines to people and machines.

Here: writing to the terminal, whether it may have colour, noticing that nobody reads. Not here: what is said.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any

_CODES = {"red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_STANDARD_STREAMS = 3


class NobodyReads(Exception):
    """The other end of our output has gone (`wpf check | head`): there is nothing more to say, and nothing wrong."""


def prepare_streams() -> None:
    """Whatever text is said can be written; what was closed before we began (`wpf check >&-`) leads nowhere, or else
    the next file that is opened would take its place and get what was meant for people.
    """
    for number in range(_STANDARD_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def close_output() -> None:
    """Nobody takes our output any more: the interpreter's last flush must not complain about it again."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str, *, error: bool = False) -> None:
    """One line (or several) to standard output, or to standard error. Raises NobodyReads."""
    stream = sys.stderr if error else sys.stdout
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def say_data(data: Mapping[str, Any]) -> None:
    """One JSON object to standard output, for programs. Raises NobodyReads."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def asks_for_json(arguments: list[str]) -> bool:
    """Do programs read what is said of these arguments? Every verb has the option, and may not get to read it."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def coloured() -> bool:
    """Only on a terminal, and not where people asked for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: str | None = None, *, bold: bool = False) -> str:
    """The text in a colour, where there is colour."""
    codes = ";".join(code for code in ("1" if bold else "", _CODES.get(colour or "", "")) if code)
    return f"\033[{codes}m{text}\033[0m" if codes and coloured() else text


def _nowhere() -> TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")
