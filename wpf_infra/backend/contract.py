"""The contract that every backend fulfils and `tests/contract` holds it to.

Here: the calls, what they promise and which errors they may raise. Not here: any backend.

Promises, whatever the backend:
- Every call is idempotent by identity; a call that was cut off is finished by calling it again.
- Only objects of ours are ever changed: a disk that somebody hung on is no part of the server, is never grown or
  erased, and keeps its server from being deleted; a clone that somebody made of a server of ours is told of on its
  tenant's room, is never touched, and holds its name.
- A machine room is there before us: where hosts and storage are people's to rack, creating a cluster or a storage
  class takes what stands there into management, and NotFound says what is missing; deleting it gives it back.
- Room is counted by what is declared, never by what happens to be in use: a server holds its CPU, memory and disks
  from the day it is built, running or not.
- What real vCenter refuses is refused: CPU, memory, disks and address of a running server, a disk that shrinks,
  deleting a running server.
- Errors are `NotFound, Conflict, Transient, Unsupported, Refused` of `wpf_infra.errors`, never the backend's own;
  `BackendError` itself when the backend cannot be used at all. What raised has changed nothing of the stage it was in.
- Calls may come from several threads and several processes at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wpf_infra.errors import BackendError
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import Resource
from wpf_infra.plan.step import Step


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a deletion overwrote: disks to their size in GB, and how. It does not prove what the storage kept."""

    identity: Identity
    disks: Mapping[str, int]
    method: str


@dataclass(frozen=True, slots=True)
class Delete:
    """`Backend.delete`, where it is only rehearsed; no plan has it among its steps."""


Act = Step | Delete


class Backend(Protocol):
    def identity(self) -> str | None:
        """Which backend this is, for as long as it exists; None while it does not exist yet, which one that is never
        made by us does not know. Never writes. Raises BackendError when it cannot be reached.
        """

    def observe(self, tenant: str) -> Observation:
        """Everything of ours that belongs to a tenant (or to `platform`), in one bulk read. Never writes."""

    def find(self, identity: Identity) -> Observed | None:
        """One object, as it stands now. Never writes."""

    def create(self, resource: Resource, guest: GuestConfig | None = None) -> None:
        """Build the object to its end: a server placed, configured and started. An unfinished build of ours is
        finished; the same object standing is success, running or not; a different one of that identity is a Conflict.
        NotFound when the tenant, cluster or image it stands on does not. guest: what a server is told at its first
        boot.
        """

    def perform(self, identity: Identity, step: Step) -> None:
        """One step of a plan. NotFound when the object is gone; Refused when it is in no state for it; Conflict when
        what it needs is taken. `Build` is `create`.
        """

    def delete(self, identity: Identity) -> Erasure | None:
        """Take the object away, a server's disks overwritten first. Absent is success (None). Refused while a server
        runs, or while something else still stands in it. The Erasure names every disk that was overwritten, also by
        an earlier call that was cut off.
        """

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        """What carrying out these plans would raise as the world stands now, by the object it would be raised for;
        empty where all would go through. Never writes, neither world nor journal, and meets no injected fault.

        Each plan begins where those before it would have ended, so that what fits alone and not together is told; one
        that would be refused counts as not begun, and the next is tried. The order is the caller's, and of an object
        that comes twice the first error is told. A world that does not exist yet tells nothing. Raises BackendError
        when the backend cannot be used, Transient when it cannot be used just now.
        """

    def close(self) -> None:
        """Give back sessions and files, soon; the backend is not called again."""
