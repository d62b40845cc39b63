"""Lines to people and machines.

Here: writing to the terminal, whether it may have colour, noticing that nobody reads any more. Not here: what is said.
"""

from __future__ import annotations

import os
import sys

_CODES = {"red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class NobodyReads(Exception):
    """The other end of our output has gone (`wpf check | head`): there is nothing more to say, and nothing wrong."""


def say(text: str, *, error: bool = False) -> None:
    """One line (or several) to standard output, or to standard error. Raises NobodyReads."""
    stream = sys.stderr if error else sys.stdout
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def coloured() -> bool:
    """Only on a terminal, and not where people asked for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: str | None = None, *, bold: bool = False) -> str:
    """The text in a colour, where there is colour."""
    codes = ";".join(code for code in ("1" if bold else "", _CODES.get(colour or "", "")) if code)
    return f"\033[{codes}m{text}\033[0m" if codes and coloured() else text
