"""Text in the operator's two languages, and which one this process speaks.

Here: the bilingual value every message is made of. Not here: the sentences themselves; they stand where they are said.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category


class Language(StrEnum):
    ENGLISH = "en"
    JAPANESE = "ja"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, its values already filled in."""

    en: str
    ja: str

    def in_(self, language: Language) -> str:
        return self.ja if language is Language.JAPANESE else self.en


def same(text: str) -> Text:
    """A text that reads alike in both languages: an id, a path, another program's own words."""
    return Text(en=text, ja=text)


def visible(text: str) -> str:
    """What people wrote, fit to be repeated in a message: nothing in it moves the cursor, hides or turns text."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or category(sign) == "Zs" else ascii(sign)[1:-1] for sign in text)


def spoken(environ: Mapping[str, str] = os.environ) -> Language:
    """The language of this process: `WPF_LANG`, else the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`), else English."""
    for name in ("WPF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return Language.JAPANESE if value.lower().startswith("ja") else Language.ENGLISH
    return Language.ENGLISH
