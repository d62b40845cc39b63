"""How wide text stands in a drawing, without knowing the reader's fonts: estimated from above.

Here: widths, and text cut or wrapped to them. Not here: where text stands (`drawing`).
The estimate is that of DejaVu Sans, the widest of the sans-serif fonts that readers usually have.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from math import ceil
from unicodedata import combining, east_asian_width

ELLIPSIS = "…"
_EMS = dict(
    chain(
        dict.fromkeys(" ',./:;IJ\\fijl|", 0.36).items(),
        dict.fromkeys('!"()*-[]_`rstz·', 0.53).items(),
        dict.fromkeys("$0123456789?EFLPSTYabcdeghknopquvxy{}", 0.65).items(),
        dict.fromkeys("&ABCDGHKNOQRUVXZ", 0.80).items(),
        dict.fromkeys("#%+<=>@MW^mw~←→…", 1.0).items(),
    )
)
_BOLD = 1.12


def width_of(text: str, size: int, *, bold: bool = False) -> int:
    """In the drawing's units, as is `size`."""
    return ceil(sum(map(_em, text)) * size * (_BOLD if bold else 1))


def certain(text: str) -> bool:
    """Is the width no guess: is all of it plain Latin or East Asian text?"""
    return all(sign in _EMS or "\u3000" <= sign <= "\u9fff" or "\uff01" <= sign <= "\uff60" for sign in text)


def cut(text: str, width: int, size: int, *, bold: bool = False) -> str:
    """As much of the text as there is room for, with an ellipsis where something is left out."""
    if width_of(text, size, bold=bold) <= width:
        return text
    fits = len(text)
    while fits and width_of(text[:fits].rstrip() + ELLIPSIS, size, bold=bold) > width:
        fits -= 1
    return text[:fits].rstrip() + ELLIPSIS


def wrapped(words: Iterable[str], width: int, size: int, between: str = ", ") -> tuple[str, ...]:
    """The words in lines, each word whole as far as it fits a line."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]}{between}{word}" if lines else word
        if lines and width_of(longer + between, size) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, width, size))
    return tuple(lines)


def _em(sign: str) -> float:
    if sign in _EMS:
        return _EMS[sign]
    if combining(sign):
        return 0.0
    return 1.0 if east_asian_width(sign) in "WFA" and ord(sign) < 0x1F000 else 1.4
