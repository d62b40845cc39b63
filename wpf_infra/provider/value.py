"""Property values as the core sees them: plain data, and the two things the engine adds to it.

Here: unknowns, secrets and walks over them. Not here: their wire forms (`wire`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

Properties = dict[str, Any]
Path = tuple[str | int, ...]


class Unknown(Enum):
    """A value that is known only after another resource has been applied."""

    UNKNOWN = "unknown"


_VEIL = "[secret]"
UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is stored encrypted and never shown; not even by a debugger's repr."""

    value: Any = field(repr=False)


def revealed(value: Any) -> Any:
    """The value with its secrets unwrapped, for the core to work on."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def unknown_paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Where the unknowns stand."""
    if value is UNKNOWN:
        yield at
    elif isinstance(value, Secret):
        yield from unknown_paths(value.value, at)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from unknown_paths(item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown_paths(item, (*at, index))


def filled(value: Any, recorded: Any) -> Any:
    """The value, each unknown replaced by what was recorded in its place; without one it stays unknown."""
    if value is UNKNOWN:
        return UNKNOWN if recorded is None else recorded
    if isinstance(value, Mapping):
        before = recorded if isinstance(recorded, Mapping) else {}
        return {name: filled(item, before.get(name)) for name, item in value.items()}
    if isinstance(value, list):
        rows = recorded if isinstance(recorded, list) and len(recorded) == len(value) else [None] * len(value)
        return [filled(item, row) for item, row in zip(value, rows, strict=True)]
    return value


def kept_secret(value: Any, recorded: Any) -> Any:
    """The value, a secret again wherever the record held one in its place."""
    if isinstance(recorded, Secret):
        return Secret(value)
    if isinstance(value, Mapping) and isinstance(recorded, Mapping):
        return {name: kept_secret(item, recorded.get(name)) for name, item in value.items()}
    if isinstance(value, list) and isinstance(recorded, list) and len(value) == len(recorded):
        return [kept_secret(item, before) for item, before in zip(value, recorded, strict=True)]
    return value


def veiled(text: str, value: Any) -> str:
    """The text without anything that a secret in `value` holds: no sentence is worth a password."""
    for word in sorted(set(_secret_words(value)), key=lambda word: (-len(str(word)), str(word))):
        pattern = re.escape(str(word))
        # A number is hidden where it stands alone: 4 in `cpu 4`, not in 2024.
        text = re.sub(pattern if isinstance(word, str) else rf"(?<!\d){pattern}(?!\d)", _VEIL, text)
    return text


def _secret_words(value: Any, *, inside: bool = False) -> Iterator[str | float]:
    """Every text and number in a secret, a mapping's keys among them."""
    if isinstance(value, Secret):
        yield from _secret_words(value.value, inside=True)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _secret_words(name, inside=inside)
            yield from _secret_words(item, inside=inside)
    elif isinstance(value, list):
        for item in value:
            yield from _secret_words(item, inside=inside)
    elif inside and isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
        yield value


def dotted(path: Path) -> str:
    """The path as the engine writes it: `disks.data.size_gb`, `allowances["a/b"]`, `rows[2]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not part or set(part) & set('."[]/'):
            quoted = part.replace('"', r"\"")
            text += f'["{quoted}"]'
        else:
            text += f".{part}" if text else part
    return text
