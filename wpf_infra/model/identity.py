"""Who a thing is, everywhere and for ever: `tenant/kind/name`.

Here: identities and the kinds there are. Not here: a MoRef, a row number, a URN; those are other people's names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

PLATFORM = "platform"
_FORM = re.compile(r"(?P<tenant>[a-z][a-z0-9-]*)/(?P<kind>[a-z-]+)/(?P<name>[a-z][a-z0-9-]*)")


class Kind(StrEnum):
    """What the engine manages. The value stands in identities."""

    STORAGE_CLASS = "storage-class"
    CLUSTER = "cluster"
    TENANT = "tenant"
    VM = "vm"
    FIREWALL = "firewall"
    IMAGE = "image"
    AUTHORITY = "authority"
    CERTIFICATE = "certificate"
    ANCHOR = "anchor"
    LINE = "line"
    MONITORING = "monitoring"
    USER = "user"
    USER_ROLL = "user-roll"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """`tenant/kind/name`; the tenant is `platform` for what belongs to the operator."""

    tenant: str
    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.tenant}/{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Identity:
        """Raises ValueError for anything that is not `tenant/kind/name` of a known kind."""
        match = _FORM.fullmatch(text)
        if match is None or match["kind"] not in list(Kind):
            raise ValueError(f"{text!r} is not tenant/kind/name, the kind one of {', '.join(Kind)}")
        return cls(match["tenant"], Kind(match["kind"]), match["name"])
