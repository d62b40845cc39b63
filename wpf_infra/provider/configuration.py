"""The provider's own configuration, and the backend's identity recorded in it.

Here: what CheckConfig records and what is refused because of it. Not here: opening the backend (`session`).
A stack belongs to one backend for life: pointed at another, it is refused, for a plan against another world would
find everything gone and build it twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wpf_infra.backend.select import location, new_identity, open_machines
from wpf_infra.errors import Refused
from wpf_infra.language import Text
from wpf_infra.provider.value import Properties, revealed

IDENTITY = "backend_identity"


@dataclass(frozen=True, slots=True)
class BackendIdentity:
    """location: as configured, without secrets; unique: the backend's own name for life."""

    location: str
    unique: str

    def __str__(self) -> str:
        return f"{self.location}#{self.unique}"

    @property
    def is_simulated(self) -> bool:
        return self.unique.startswith("simulator:")

    @classmethod
    def parse(cls, text: str) -> BackendIdentity:
        place, _, unique = text.partition("#")
        return cls(place, unique)


def checked_config(recorded: Properties, inputs: Properties, root: Path) -> Properties:
    """The inputs with the backend's identity, which one that is yet to be made gets here.

    Raises Refused when the stack was recorded against another backend. One that is gone from its place is refused when
    a recorded object is asked for (`Session.require_world`): a first run may have ended before it made anything.
    """
    config = {name: value for name, value in revealed(inputs).items() if isinstance(value, str) and name != IDENTITY}
    place = location(config)
    backend = open_machines(config, root)
    try:
        standing = backend.identity()
    finally:
        backend.close()
    before = recorded.get(IDENTITY)
    if not isinstance(before, str):
        return {**inputs, IDENTITY: str(BackendIdentity(place, standing or new_identity()))}
    expected = BackendIdentity.parse(before)
    if standing is None and place != expected.location:
        raise elsewhere(expected, place)
    if standing is not None and standing != expected.unique:
        raise elsewhere(expected, str(BackendIdentity(place, standing)))
    return {**inputs, IDENTITY: str(BackendIdentity(place, expected.unique))}


def elsewhere(expected: BackendIdentity, found: str) -> Refused:
    way_back = (
        Text(
            en="point it back, or put the file it belongs to back in its place",
            ja="元のバックエンドを指すように戻すか、元のファイルを戻してください",
        )
        if expected.is_simulated
        else Text(
            en="point wpf:backend and wpf:vsphere back at it",
            ja="wpf:backend と wpf:vsphere が元のバックエンドを指すように戻してください",
        )
    )
    return Refused(
        Text(
            en=f"this stack was applied to {expected} and is now pointed at {found}",
            ja=f"このスタックは {expected} に適用されていますが、いまは {found} を指しています",
        ),
        where="wpf:backend",
        remedy=Text(
            en=f"{way_back.en}; to give the stack up and begin anew on the other backend: "
            "pulumi stack rm --force STACK",
            ja=f"{way_back.ja}。スタックを破棄して別のバックエンドで始めるには: pulumi stack rm --force STACK",
        ),
    )


def gone(expected: BackendIdentity) -> Refused:
    """For a simulator's world; a vCenter that is gone does not answer, and says so itself."""
    return Refused(
        Text(
            en=f"the world that this stack was applied to ({expected}) is gone: nothing is there",
            ja=f"このスタックを適用した世界（{expected}）がありません",
        ),
        where="wpf:backend",
        remedy=Text(
            en="restore the file; to give up everything recorded and begin anew: make distclean, then make up",
            ja="ファイルを復元してください。記録をすべて破棄して作り直すには、"
            "make distclean の後に make up を実行してください",
        ),
    )
