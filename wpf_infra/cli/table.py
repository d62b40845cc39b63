"""A table: drawn on a terminal, aligned columns elsewhere.

Here: the printing. Not here: what stands in the cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

from wpf_infra.cli.output import coloured, say
from wpf_infra.language import Text, spoken


def print_table(
    title: Text, heads: Sequence[Text], rows: Sequence[Sequence[str]], colours: Mapping[str, str] | None = None
) -> None:
    """colours: of cells with that very text, where there is colour."""
    language = spoken()
    names = [head.in_(language) for head in heads]
    if coloured():
        _draw(title.in_(language), names, rows, colours or {})
        return
    widths = [max(map(_width, column)) for column in zip(names, *rows, strict=True)]
    say(title.in_(language))
    for row in (names, *rows):
        say("  " + "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())
    say("")


def _draw(title: str, names: Sequence[str], rows: Sequence[Sequence[str]], colours: Mapping[str, str]) -> None:
    from rich.console import Console  # only a terminal pays for it
    from rich.table import Table
    from rich.text import Text as Cell

    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Cell(cell, style=colours.get(cell, "")) for cell in row))
    Console().print(table)


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
