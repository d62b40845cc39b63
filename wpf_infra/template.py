"""Texts made from `templates/`: letters now, guest configuration and reports as they come.

Here: finding a template and filling it. Not here: the words of a template, and what goes into one. A value that a
template names and nobody gave is an error, never an empty place.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from wpf_infra.language import Language

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = Path(__file__).parent


def render_document(name: str, language: Language, **values: object) -> str:
    """The document `templates/documents/LANGUAGE/NAME.j2`, filled; without a last line break."""
    return _environment().get_template(f"documents/{language}/{name}.j2").render(values).rstrip("\n")


def render_report(name: str, **values: object) -> str:
    """The page or drawing `templates/report/NAME.j2`, filled; what is filled in is only ever text."""
    return _environment().get_template(f"report/{name}.j2").render(values)


def render_guest(document: str, **values: object) -> str:
    """The document `templates/guest/DOCUMENT.j2` that a guest reads, filled."""
    return _environment().get_template(f"guest/{document}.j2").render(values)


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # few runs write a document

    # In an installed package the templates lie inside it, in a checkout beside it.
    folders = [_PACKAGE / "templates", _PACKAGE.parent / "templates"]
    return Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("svg.j2",)),  # letters are plain text
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
