"""The vCenter's copy as a ledger: asked before vCenter is, so that what must not be is refused before it begins.

Here: filling the ledger from a picture, deciding one call on it, rehearsing many. Not here: reading the picture
(`picture`), doing what was decided (`backend`). vCenter does not keep room for a failed host by configured size, nor an
address to one server: the ledger does, by the same rules as the simulator's (docs/decisions/0046).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from wpf_infra.backend.contract import Act
from wpf_infra.backend.ledger import capacity, server, strangers
from wpf_infra.backend.ledger.build import place_again
from wpf_infra.backend.ledger.calls import play
from wpf_infra.backend.ledger.entry import (
    DiskPlace,
    enter_cluster,
    enter_firewall,
    enter_server,
    enter_storage_class,
    enter_tenant,
    leave_server,
)
from wpf_infra.backend.ledger.rehearsal import rehearse
from wpf_infra.backend.ledger.schema import TABLES
from wpf_infra.backend.ledger.strangers import Stranger
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import Ground
from wpf_infra.backend.vsphere.machine import DiskSeen, MachineSeen
from wpf_infra.backend.vsphere.machines import Memory
from wpf_infra.backend.vsphere.picture import Picture, take
from wpf_infra.backend.vsphere.survey import read_ground
from wpf_infra.errors import BackendError
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.plan.step import Build, PowerOn, Reconfigure, SetAvailability

_FRESH_S = 2.0
"""How old what others take of the hosts may be. What a call is about is always read anew."""
_NEVER = float("-inf")

_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """host: where the server goes or stays; groups: the RAID group of each of its disks; moves: servers of ours that
    change hosts for it, to the name of the new one; ground: as it was when it was decided.
    """

    ground: Ground
    host: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[Identity, str] = field(default_factory=dict)


@dataclass(slots=True)
class _UnderWay:
    """A server's rows as they were decided, until a picture shows it: one that was begun after the call had ended."""

    rows: list[tuple[str, _Row]]
    ended_at: float | None = None


class Mirror:
    """One for a process; any number of threads may decide at once."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory
        self._reading = threading.Lock()
        self._lock = threading.Lock()
        self._ledger: sqlite3.Connection | None = None
        self._picture: Picture | None = None
        self._tenants: frozenset[str] | None = frozenset()
        self._begun_at = _NEVER
        self._glance: tuple[float, Ground | None] = (_NEVER, None)
        self._under_way: dict[Identity, _UnderWay] = {}

    @contextmanager
    def decided(self, identity: Identity, acts: Sequence[Act], seen: MachineSeen | None = None) -> Iterator[Decision]:
        """The acts are carried out inside. seen: the server as it stands now, None when it does not. What was decided
        holds its place for other threads until it stands. Raises what the ledger refuses.
        """
        decision = self._decide(identity, acts, seen)
        try:
            yield decision
        except BaseException:
            with self._lock:
                self._under_way.pop(identity, None)
                self._pass_away()
            raise
        with self._lock:
            if identity.kind is not Kind.VM:
                self._pass_away()  # the ground is another now
            elif identity in self._under_way:
                self._under_way[identity].ended_at = time.monotonic()

    def place_again(self, resource: VmResource, machine: MachineSeen, host: str) -> str:
        """The host of a server that was just cloned to `host` and does not run yet, judged once more among those that
        were made before it, by whichever process: of two that took the same room the earlier stays, and the later is
        told here. Raises Conflict and Refused.
        """
        picture = self._newest(frozenset([resource.tenant]), time.monotonic())
        with closing(ledger_of(picture, before=machine.ref)) as ledger:
            return place_again(ledger, resource, host)

    def rehearse(
        self, plans: Sequence[tuple[Identity, Sequence[Act]]], seen: Mapping[Identity, MachineSeen | None] | None
    ) -> dict[Identity, BackendError]:
        """seen: the servers of all plans as they stand now; None reads all that is in play anew."""
        tenants = _in_play(identity for identity, _ in plans)
        self._newest(tenants, time.monotonic() if seen is None else time.monotonic() - _FRESH_S)
        with self._lock, self._taken_back() as ledger:
            for identity, machine in (seen or {}).items():
                self._enter(ledger, identity, machine)
            return rehearse(ledger, plans)

    def ground(self, tenant: str) -> Ground:
        """What stands apart from servers, fresh enough, and with the tenant's room if that stands at all."""
        with self._lock:
            surveyed = self._picture.ground if self._picture else None
            for taken_at, known in ((self._begun_at, surveyed), self._glance):
                if known is not None and time.monotonic() - taken_at < _FRESH_S and tenant in known.rooms:
                    return known
        began = time.monotonic()
        ground = read_ground(self._connection, policies_of=[tenant])
        with self._lock:
            self._glance = began, ground
        return ground

    def machines(self) -> Mapping[Identity, MachineSeen]:
        """The servers of ours in the last picture."""
        with self._lock:
            machines = self._picture.machines.values() if self._picture else ()
            return {one.observed.resource.identity: one for each in machines for one in each if one.observed}

    def close(self) -> None:
        with self._lock:
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = None

    def _decide(self, identity: Identity, acts: Sequence[Act], seen: MachineSeen | None) -> Decision:
        asked = time.monotonic()
        fresh = identity.kind is not Kind.VM or any(_wants_room(act) for act in acts)
        picture = self._newest(_in_play([identity]), asked if fresh else asked - _FRESH_S)
        with self._lock, self._kept(identity) as ledger:
            if identity.kind is Kind.VM:
                self._enter(ledger, identity, seen)
            before = _hosts(ledger)
            play(ledger, identity, acts)
            moves = _moves(before, _hosts(ledger))
            found = server.find(ledger, identity) if identity.kind is Kind.VM else None
            if identity.kind is Kind.VM:
                self._under_way[identity] = _UnderWay(_rows(ledger, identity))
            if found is None:
                return Decision(picture.ground, moves=moves)
            groups = {disk.name: disk.raid_group for disk in server.disks(ledger, found) if not disk.is_foreign}
            return Decision(picture.ground, found.host, groups, moves)

    def _newest(self, tenants: frozenset[str] | None, not_before: float) -> Picture:
        """A picture with these tenants in play (None: all) that was begun no earlier, and the ledger filled from it.

        Whoever waits here for another's reading takes it, if it was begun after it was asked for.
        """
        with self._reading:
            with self._lock:
                if self._picture is not None and self._begun_at >= not_before and self._shows(self._picture, tenants):
                    return self._picture
                wanted = None if tenants is None or self._tenants is None else self._tenants | tenants
            began = time.monotonic()
            picture = take(self._connection, wanted, self._memory, loads=True)
            ledger = ledger_of(picture)
            with self._lock:
                self._under_way = {
                    identity: each
                    for identity, each in self._under_way.items()
                    if each.ended_at is None or each.ended_at >= began
                }
                for identity, each in self._under_way.items():
                    _put_back(ledger, identity, each.rows)
                if self._ledger is not None:
                    self._ledger.close()
                self._ledger, self._picture, self._tenants, self._begun_at = ledger, picture, wanted, began
            return picture

    def _shows(self, picture: Picture, tenants: frozenset[str] | None) -> bool:
        """Are these tenants in it? One without a room may have got one since."""
        if self._tenants is None:
            return tenants is None or tenants <= picture.ground.rooms.keys()
        return tenants is not None and tenants <= self._tenants and tenants <= picture.ground.rooms.keys()

    @contextmanager
    def _kept(self, identity: Identity) -> Iterator[sqlite3.Connection]:
        """The ledger, for whoever holds the lock. What is done to a server stays; anything else is taken back, for it
        is nothing yet that others could build on.
        """
        if identity.kind is not Kind.VM:
            with self._taken_back() as ledger:
                yield ledger
            return
        ledger = self._open()
        ledger.execute("SAVEPOINT call")
        try:
            yield ledger
        except BaseException:
            ledger.execute("ROLLBACK TO call")
            raise
        finally:
            ledger.execute("RELEASE call")

    @contextmanager
    def _taken_back(self) -> Iterator[sqlite3.Connection]:
        ledger = self._open()
        ledger.execute("SAVEPOINT trial")
        try:
            yield ledger
        finally:
            ledger.execute("ROLLBACK TO trial")
            ledger.execute("RELEASE trial")

    def _open(self) -> sqlite3.Connection:
        assert self._ledger is not None, "a picture was taken before"
        return self._ledger

    def _enter(self, ledger: sqlite3.Connection, identity: Identity, seen: MachineSeen | None) -> None:
        if seen is None or seen.observed is None:
            leave_server(ledger, identity)
        else:
            assert self._picture is not None
            enter_server(ledger, seen.observed, disk_places(seen, self._picture.ground))

    def _pass_away(self) -> None:
        """What stands is no longer known: the next call reads anew. For whoever holds the lock."""
        self._begun_at, self._glance = _NEVER, (_NEVER, None)


def _wants_room(act: Act) -> bool:
    """Does it take of a host or datastore what another process may take at the same time?"""
    match act:
        case Reconfigure():
            return bool(act.cpu or act.memory_gib or act.grow or act.add)
        case Build() | PowerOn() | SetAvailability():
            return True
    return False


def _in_play(identities: Iterable[Identity]) -> frozenset[str] | None:
    """The tenants whose servers have to be known; None for all, where what the platform stands on is asked about."""
    found = list(identities)
    if any(identity.kind in (Kind.CLUSTER, Kind.STORAGE_CLASS) for identity in found):
        return None
    return frozenset(identity.tenant for identity in found)


def ledger_of(picture: Picture, *, before: Any = None) -> sqlite3.Connection:
    """A ledger in memory that says what the picture shows. before: a VM; it and what was made after it are left out."""
    ledger = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=256)
    ledger.execute("PRAGMA ignore_check_constraints = ON")  # reality keeps none of them
    for table in TABLES:
        ledger.execute(table)
    ledger.execute("BEGIN")
    _fill(ledger, picture, before)
    ledger.execute("COMMIT")
    return ledger


def _fill(ledger: sqlite3.Connection, picture: Picture, before: Any) -> None:
    ground = picture.ground
    for tenant in {PLATFORM, *ground.rooms}:
        for observed in ground.resources(tenant).values():
            match observed.resource:
                case ClusterResource() as cluster:
                    hosts = ground.clusters[cluster.name].hosts
                    enter_cluster(ledger, cluster, (name for name in cluster.hosts if not hosts[name].usable))
                case StorageClassResource() as storage_class:
                    enter_storage_class(ledger, storage_class)
                case TenantResource() as room:
                    enter_tenant(ledger, room)
                case FirewallResource() as policy:
                    enter_firewall(ledger, policy)
    for machines in picture.machines.values():
        for machine in machines:
            if machine.observed is not None and _counts(picture, machine.ref, before):
                enter_server(ledger, machine.observed, disk_places(machine, ground))
    strangers.add(ledger, (stranger for ref, stranger in picture.strangers if _counts(picture, ref, before)))
    strangers.add(ledger, _other_files(ledger, ground))


def _counts(picture: Picture, ref: Any, before: Any) -> bool:
    if before is None:
        return True
    return ref != before and _age(picture, ref) < _age(picture, before)


def _age(picture: Picture, ref: Any) -> tuple[float, int, str]:
    """The order in which VMs were made; one of which the vCenter does not know counts as old."""
    created = picture.created.get(ref)
    number = str(ref._GetMoId())
    return (created.timestamp() if created else 0.0, len(number), number)


def _other_files(ledger: sqlite3.Connection, ground: Ground) -> list[Stranger]:
    """What else takes room on the datastores, so that the ledger finds no more free than vCenter does."""
    found = []
    for (storage_class,) in ledger.execute("SELECT name FROM storage_class").fetchall():
        for group in capacity.groups(ledger, storage_class):
            other = group.free_gb - ground.datastores[group.name].free_gb
            if other > 0:
                found.append(Stranger("", storage_class=storage_class, raid_group=group.name, size_gb=other))
    return found


def disk_places(machine: MachineSeen, ground: Ground) -> dict[str, DiskPlace]:
    """All its disks, foreign ones too: the class of a foreign one is its datastore's."""

    def place(disk: DiskSeen, *, is_foreign: bool) -> DiskPlace:
        datastore = ground.datastores.get(disk.datastore_name)
        claim = datastore.claim if datastore is not None else None
        storage_class = disk.storage_class or (claim.name if claim is not None else "")
        erased = disk.name in machine.erased
        return DiskPlace(disk.size_gb, storage_class, disk.datastore_name, is_foreign=is_foreign, erased=erased)

    ours = {name: place(disk, is_foreign=False) for name, disk in machine.disks.items()}
    return ours | {name: place(disk, is_foreign=True) for name, disk in machine.foreign.items()}


def _hosts(ledger: sqlite3.Connection) -> dict[Identity, str]:
    rows = ledger.execute("SELECT tenant, name, host FROM vm")
    return {Identity(tenant, Kind.VM, name): host for tenant, name, host in rows}


def _moves(before: Mapping[Identity, str], after: Mapping[Identity, str]) -> dict[Identity, str]:
    """Of servers that stood already."""
    return {identity: host for identity, host in after.items() if identity in before and before[identity] != host}


def _put_back(ledger: sqlite3.Connection, identity: Identity, rows: Iterable[tuple[str, _Row]]) -> None:
    leave_server(ledger, identity)
    for insert, row in rows:
        ledger.execute(insert, row)


def _rows(ledger: sqlite3.Connection, identity: Identity) -> list[tuple[str, _Row]]:
    """A server's rows, with the statements that put them back."""
    key = (identity.tenant, identity.name)
    found: list[tuple[str, _Row]] = []
    for table, query in (
        ("vm", "SELECT * FROM vm WHERE tenant = ? AND name = ?"),
        ("disk", "SELECT * FROM disk WHERE tenant = ? AND vm = ?"),
    ):
        for row in ledger.execute(query, key).fetchall():
            places = ", ".join("?" * len(row))
            found.append((f"INSERT INTO {table} VALUES ({places})", row))  # noqa: S608 - literal table names
    return found
