"""What a backend lends to the contract suite: worlds, hands that reach into them, and what happened there.

Here: the protocol a backend's fixture fulfils. Not here: any backend, any test.
A backend joins with a subclass of `tests.contract.suite.BackendContract` whose fixture `harness` answers this.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

import pytest

from tests.contract import estate
from wpf_infra.backend.contract import Backend
from wpf_infra.model.identity import Identity


class Happening(StrEnum):
    """What befell a server, in words that every backend's own record is translated to."""

    CREATED = "created"
    DELETED = "deleted"
    SHUT_DOWN = "guest-shut-down"
    STARTED = "powered-on"
    RESIZED = "resized"
    READDRESSED = "readdressed"
    DISK_ADDED = "disk-added"
    DISK_GROWN = "disk-grown"
    DISK_ERASED = "disk-erased"


class Harness(Protocol):
    """One world, empty at first."""

    def backend(self) -> Backend:
        """A further handle on the world, as another process would have it."""

    def happened(self, identity: Identity) -> list[Happening]:
        """Everything that the library's calls did to a server, oldest first; what hands did is left out."""

    def power(self, identity: Identity, *, on: bool) -> None:
        """As somebody in the console: a start, or a pulled plug."""

    def resize(self, identity: Identity, *, memory_gib: int) -> None:
        """As somebody in the client."""

    def remove(self, identity: Identity) -> None:
        """As somebody in the client: gone, whatever it was doing."""

    def hang_foreign_disk(self, identity: Identity, name: str) -> None:
        """A disk that is not ours, on a server that is."""

    def copy(self, identity: Identity, name: str) -> None:
        """As somebody in the client: a clone of a server of ours, beside it in its folder and left off."""

    def copies(self) -> frozenset[str]:
        """Names of the copies that stand, as they were made."""

    def alter_allowance(self, tenant: str, name: str, *, reason: str) -> None:
        """As somebody in the client."""

    def remove_allowance(self, tenant: str, name: str) -> None:
        """As somebody in the client."""

    def remove_line(self, tenant: str, name: str) -> None:
        """As somebody in the client: a line's rules go."""

    def fail(self, call: str, identity: Identity, kind: str, *, times: int = 1) -> None:
        """The next calls of that name (`create`, `perform`, `delete`, `find`) on that object fail.

        kind: `transient`, `refused`, `conflict` (nothing is done), or `partial` (a part is done, then it fails).
        """


class Contract:
    """What every part of the suite stands on."""

    @pytest.fixture
    def harness(self) -> Iterator[Harness]:
        raise NotImplementedError("a backend's subclass brings its harness")

    @pytest.fixture
    def empty(self, harness: Harness) -> Iterator[Backend]:
        """A handle on a world in which nothing stands."""
        backend = harness.backend()
        yield backend
        backend.close()

    @pytest.fixture
    def backend(self, empty: Backend) -> Backend:
        """A handle on a world with a platform and two tenants' rooms."""
        for resource in estate.GROUND:
            empty.create(resource)
        return empty

    @pytest.fixture
    def other(self, backend: Backend, harness: Harness) -> Iterator[Backend]:
        """A second handle on the same world."""
        other = harness.backend()
        yield other
        other.close()
