"""What a piece of software is, as far as its name tells: which product's edition, or a stranger's antivirus or backup.

Here: reading names against the platform's menu. Not here: whose licence it needs (`software`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wpf_infra.model.menu import Brought, Menu, OwnKind, Product

_VERSION = re.compile("[0-9].*")


class SoftwareNames:
    """A reader of names for one menu; each name is read once."""

    def __init__(self, menu: Menu) -> None:
        self._products = menu.software
        self._strangers = {word.replace("-", ""): kind for word, kind in menu.foreign_software.items()}
        self._strangers |= {kind.value: kind for kind in OwnKind}
        self._own: dict[str, OwnKind | None] = {}
        self._related: dict[str, Product | None] = {}

    def own_kind(self, name: str) -> OwnKind | None:
        """The kind for which the platform's own is used, when the name has a word that says so (`veeam-agent`)."""
        if name not in self._own:
            words = () if name in self._products else _runs(name)
            self._own[name] = next((self._strangers[word] for word in words if word in self._strangers), None)
        return self._own[name]

    def product(self, name: str) -> Product | None:
        """The product of the menu whose terms hold for the name: itself, or another of its family (`oracle-19c`)."""
        if name not in self._related:
            self._related[name] = self._products.get(name) or self._of_family(name)
        return self._related[name]

    def _of_family(self, name: str) -> Product | None:
        """The strictest, should a family have several."""
        beginnings = set(_beginnings(name.split("-")))
        related = [product for product in self._products.values() if product.family in beginnings]
        return min(related, key=lambda product: product.brought is not Brought.NEVER, default=None)


def _runs(name: str) -> Iterator[str]:
    """Every run of words in the name as one word, with and without a version behind: people write `anti-virus`."""
    words = name.split("-")
    return (run for first in range(len(words)) for run in _beginnings(words[first:], between=""))


def _beginnings(words: list[str], between: str = "-") -> Iterator[str]:
    for last in range(1, len(words) + 1):
        yield between.join(words[:last])
        yield _VERSION.sub("", "".join(words[:last]))
