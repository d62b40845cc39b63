"""The provider's own configuration, and the backend's identity recorded in it.

Here: what CheckConfig answers. Not here: opening the backend (`session`).
A stack belongs to one backend for life: pointed at another, it is refused, for a plan against another world would
find everything gone and build it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.backend.select import location, open_backend
from wpf_infra.errors import Refused
from wpf_infra.language import Text
from wpf_infra.provider.value import Properties, revealed

IDENTITY = "backend_identity"


@dataclass(frozen=True, slots=True)
class BackendIdentity:
    """location: as configured, without secrets; unique: the backend's own identity, once it exists."""

    location: str
    unique: str | None

    def __str__(self) -> str:
        return f"{self.location}#{self.unique}" if self.unique else self.location

    @classmethod
    def parse(cls, text: str) -> BackendIdentity:
        place, _, unique = text.partition("#")
        return cls(place, unique or None)

    def is_same(self, other: BackendIdentity) -> bool:
        """Backends have names for life; only one that did not exist yet is known by its place."""
        if self.unique and other.unique:
            return self.unique == other.unique
        return self.location == other.location and not (self.unique and not other.unique)


def checked_config(recorded: Properties, inputs: Properties, root: Path) -> Properties:
    """The inputs with the backend's identity. Raises Refused when the stack was recorded against another backend."""
    config: Mapping[str, str] = {
        name: value for name, value in revealed(inputs).items() if isinstance(value, str) and name != IDENTITY
    }
    backend = open_backend(config, root)
    try:
        current = BackendIdentity(location(config), backend.identity())
    finally:
        backend.close()
    before = recorded.get(IDENTITY)
    if isinstance(before, str) and not BackendIdentity.parse(before).is_same(current):
        raise Refused(
            Text(
                en=f"this stack was applied to {before} and is now pointed at {current}",
                ja=f"このスタックは {before} に適用されていますが、いまは {current} を指しています",
            ),
            where="wpf:backend",
            remedy=Text(
                en="point it back at the backend it belongs to; to start on another backend, make a new stack there",
                ja="元のバックエンドを指すように戻してください。別のバックエンドで始めるには新しいスタックを作ってください",
            ),
        )
    return {**inputs, IDENTITY: str(current)}
