"""What is written on a server so that it is known again: its identity, its disks, how far its build or removal came.

Here: the keys of a VM's extraConfig, reading and writing them as values. Not here: the VM they stand on (`machine`).
A clone copies extraConfig, so a mark alone proves nothing: a server is ours when its `instanceUuid` is the one that its
identity gives (docs/decisions/0044).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from wpf_infra.model.identity import Identity, Kind

NAMESPACE = UUID("a56e294e-78e6-43a7-878b-70888f83f71b")
"""Of the UUIDs of identities. It stands in every server that was ever built: it is never changed."""

IDENTITY = "wpf.identity"
OS = "wpf.os"
ADDRESS = "wpf.address"
GUEST_ADDRESS = "guestinfo.wpf.address"
"""The same address, for the guest: whoever is root there may overwrite it, so that it is only ever written."""
ANTI_AFFINITY = "wpf.anti-affinity"
BUILT = "wpf.built"
BUILD = "wpf.build"
RESTART_OWED = "wpf.restart-owed"
_DISK = "wpf.disk."
_ERASING = "wpf.erasing."
_ERASED = "wpf.erased."
_OURS = ("wpf.", "guestinfo.wpf.")
_YES = "1"
_SLOT = re.compile(r"(?P<bus>[0-9]+):(?P<unit>[0-9]+) (?P<storage_class>[a-z][a-z0-9-]*)(?: (?P<uuid>\S+))?")


def instance_uuid(identity: Identity) -> str:
    """The `instanceUuid` of the server of that identity, and of no other."""
    return str(uuid5(NAMESPACE, str(identity)))


def disk_key(name: str) -> str:
    return f"{_DISK}{name}"


def erasing_key(name: str) -> str:
    return f"{_ERASING}{name}"


def erased_key(name: str) -> str:
    return f"{_ERASED}{name}"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a disk of ours hangs: SCSI bus and unit. uuid: its backing's, None until it is known."""

    bus: int
    unit: int
    storage_class: str
    uuid: str | None = None

    def __str__(self) -> str:
        known = f" {self.uuid}" if self.uuid else ""
        return f"{self.bus}:{self.unit} {self.storage_class}{known}"

    @classmethod
    def parse(cls, text: str) -> Slot | None:
        match = _SLOT.fullmatch(text)
        return cls(int(match["bus"]), int(match["unit"]), match["storage_class"], match["uuid"]) if match else None


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of one server. address as text; build: which run is building it, None from the end of the build on;
    erasing: names of disks whose overwriting has begun, and nobody knows how far it came; erased: of those that were
    overwritten and still hang there.
    """

    identity: Identity
    os: str = ""
    address: str = ""
    anti_affinity: str | None = None
    built: bool = False
    build: str | None = None
    restart_owed: bool = False
    disks: Mapping[str, Slot] = field(default_factory=dict)
    erasing: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()

    @classmethod
    def decode(cls, extra: Mapping[str, str]) -> Marks | None:
        """None where there is no readable mark of a server. A disk's mark that cannot be read is none."""
        try:
            identity = Identity.parse(extra.get(IDENTITY, ""))
        except ValueError:
            return None
        if identity.kind is not Kind.VM:
            return None
        slots = {key.removeprefix(_DISK): Slot.parse(text) for key, text in extra.items() if key.startswith(_DISK)}
        return cls(
            identity=identity,
            os=extra.get(OS, ""),
            address=extra.get(ADDRESS, ""),
            anti_affinity=extra.get(ANTI_AFFINITY) or None,
            built=extra.get(BUILT) == _YES,
            build=extra.get(BUILD) or None,
            restart_owed=extra.get(RESTART_OWED) == _YES,
            disks={name: slot for name, slot in slots.items() if slot},
            erasing=_named(extra, _ERASING),
            erased=_named(extra, _ERASED),
        )

    def encode(self) -> dict[str, str]:
        """Key to value; `decode` of it is the same marks."""
        entries = {
            IDENTITY: str(self.identity),
            OS: self.os,
            ADDRESS: self.address,
            GUEST_ADDRESS: self.address,
            ANTI_AFFINITY: self.anti_affinity or "",
            BUILT: _YES if self.built else "",
            BUILD: self.build or "",
            RESTART_OWED: _YES if self.restart_owed else "",
            **{disk_key(name): str(slot) for name, slot in self.disks.items()},
            **{erasing_key(name): _YES for name in self.erasing},
            **{erased_key(name): _YES for name in self.erased},
        }
        return {key: text for key, text in entries.items() if text}


def _named(extra: Mapping[str, str], prefix: str) -> frozenset[str]:
    return frozenset(key.removeprefix(prefix) for key, text in extra.items() if key.startswith(prefix) and text == _YES)


def changes(before: Marks | None, after: Marks, *, leftover: Iterable[str] = ()) -> dict[str, str]:
    """The entries to send so that `before` becomes `after`; an empty value takes a key away.

    leftover: keys that a clone brings along from what it was cloned from; of them, ours go.
    """
    old, new = before.encode() if before else {}, after.encode()
    gone = {key: "" for key in (*old, *(key for key in leftover if key.startswith(_OURS))) if key not in new}
    return gone | {key: text for key, text in new.items() if old.get(key) != text}


def rule_name(tenant: str, group: str) -> str:
    """The DRS rule that keeps a group's servers on different hosts."""
    return f"wpf:{tenant}:{group}"


def group_of(rule: str, tenant: str) -> str | None:
    """The group whose rule has that name; None for a rule that is not this tenant's."""
    prefix = rule_name(tenant, "")
    return rule.removeprefix(prefix) if rule.startswith(prefix) and rule != prefix else None
