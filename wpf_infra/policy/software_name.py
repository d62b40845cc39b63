"""What a piece of software is, as far as its name tells: which product's edition, or a stranger's antivirus or backup.

Here: reading names against the platform's menu. Not here: whose licence it needs (`software`). Decision 0055.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wpf_infra.model.menu import Brought, Menu, OwnKind, Product

_VERSION = re.compile("[0-9].*")
_NUMBER = re.compile("(v|r|sp|cu|ru|x)?[0-9].*")
_EDITIONS = frozenset({
    "advanced", "base", "basic", "business", "compact", "core", "corporate", "database", "datacenter", "db",
    "developer", "edition", "ee", "engine", "ent", "enterprise", "evaluation", "express", "free", "ga", "home",
    "license", "lite", "lts", "per", "personal", "prod", "production", "pro", "professional", "rdbms", "release",
    "se", "server", "service", "small", "standalone", "standard", "std", "ultimate", "version", "web", "workgroup",
    "xe",
})  # fmt: skip
"""Words beside a product's name that leave it the same product."""
_MEANS = frozenset({
    "agent", "app", "appliance", "application", "client", "cloud", "console", "engine", "exec", "for", "linux",
    "mac", "manager", "product", "program", "protection", "security", "server", "service", "software", "solution",
    "suite", "system", "tool", "tools", "utility", "windows",
})  # fmt: skip
"""Words behind `backup` or `antivirus` that leave it one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """product: of the menu, whose terms hold; own_kind: what the platform provides itself instead. unclear: the name
    has such a word and others that may make something else of it, so that people are asked.
    """

    product: Product | None = None
    own_kind: OwnKind | None = None
    unclear: bool = False


class SoftwareNames:
    """A reader of names for one menu; each name is read once."""

    def __init__(self, menu: Menu) -> None:
        self._products = menu.software
        self._aliases = [(_joined(product.known_as), product) for product in menu.software.values()]
        self._strangers = {word.replace("-", ""): kind for word, kind in menu.foreign_software.items()}
        self._companions = _joined(menu.companions)
        self._read: dict[str, Reading] = {}

    def read(self, name: str) -> Reading:
        if name not in self._read:
            self._read[name] = self._reading(name)
        return self._read[name]

    def _reading(self, name: str) -> Reading:
        """What is on the menu by its very name is itself; then what is certain comes before what is not."""
        if name in self._products:
            return Reading(self._products[name])
        words = name.split("-")
        runs = tuple(_runs(words))
        readings = sorted((*self._kinds(words, runs), *self._editions(words, runs)), key=lambda each: each.unclear)
        if not readings or (readings[0].unclear and any(run in self._companions for _, _, run in runs)):
            return Reading()
        return readings[0]

    def _kinds(self, words: Sequence[str], runs: Iterable[tuple[int, int, str]]) -> Iterator[Reading]:
        """A stranger's product is one whatever stands beside it; `backup` itself only where nothing but its means
        follows: what follows is what the thing is, as in `backup-report`.
        """
        for _, last, run in runs:
            if run in self._strangers:
                yield Reading(own_kind=self._strangers[run])
            elif run in list(OwnKind):
                clear = all(word in _MEANS or _beside(word) for word in words[last:])
                yield Reading(own_kind=OwnKind(run), unclear=not clear)

    def _editions(self, words: Sequence[str], runs: Iterable[tuple[int, int, str]]) -> Iterator[Reading]:
        """The strictest first, should a name be several products'."""
        strictest = sorted(self._aliases, key=lambda each: each[1].brought is not Brought.NEVER)
        for known_as, product in strictest:
            for first, last, run in runs:
                if run in known_as:
                    rest = (*words[:first], *words[last:])
                    yield Reading(product, unclear=not all(_beside(word) for word in rest))


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of words as one word, with and without a version behind (people write `anti-virus`, `oracle19c`), and
    between which words it stands.
    """
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            whole = "".join(words[first:last])
            cut = "".join(words[first : last - 1]) + _VERSION.sub("", words[last - 1])
            yield from ((first, last, run) for run in {whole: None, cut: None})


def _beside(word: str) -> bool:
    return word in _EDITIONS or _NUMBER.fullmatch(word) is not None


def _joined(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.replace("-", "") for name in names)
