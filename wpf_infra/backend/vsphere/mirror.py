"""The vCenter's copy as a ledger: asked before vCenter is, so that what must not be is refused before it begins.

Here: filling the ledger from a picture, deciding one call on it, rehearsing many. Not here: reading the picture
(`picture`), doing what was decided (`backend`). vCenter does not keep room for a failed host by configured size, nor an
address to one server: the ledger does, by the same rules as the simulator's (docs/decisions/0046).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from wpf_infra.backend.contract import Act
from wpf_infra.backend.ledger import capacity, server, strangers
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
from wpf_infra.model.resource import ClusterResource, FirewallResource, StorageClassResource, TenantResource

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


class Mirror:
    """One for a process; any number of threads may decide at once."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory
        self._lock = threading.Lock()
        self._ledger: sqlite3.Connection | None = None
        self._picture: Picture | None = None
        self._tenants: set[str] | None = set()
        self._taken_at = _NEVER
        self._glance: tuple[float, Ground | None] = (_NEVER, None)
        self._under_way: dict[Identity, list[tuple[str, _Row]]] = {}

    @contextmanager
    def decided(self, identity: Identity, acts: Sequence[Act], seen: MachineSeen | None = None) -> Iterator[Decision]:
        """The acts are carried out inside. seen: the server as it stands now, None when it does not. What was decided
        holds its place for other threads until the end. Raises what the ledger refuses.
        """
        with self._lock:
            decision = self._decide(identity, acts, seen)
        try:
            yield decision
        except BaseException:
            self.forget()
            raise
        finally:
            with self._lock:
                self._under_way.pop(identity, None)
                if identity.kind is not Kind.VM:
                    self._pass_away()  # the ground is another now

    def rehearse(
        self, plans: Sequence[tuple[Identity, Sequence[Act]]], seen: Mapping[Identity, MachineSeen | None] | None
    ) -> dict[Identity, BackendError]:
        """seen: the servers of all plans as they stand now; None reads all that is in play anew."""
        with self._lock:
            tenants = _in_play(identity for identity, _ in plans)
            ledger = self._filled(tenants, anew=seen is None)
            ledger.execute("SAVEPOINT rehearsal")
            try:
                for identity, machine in (seen or {}).items():
                    self._enter(ledger, identity, machine)
                return rehearse(ledger, plans)
            finally:
                ledger.execute("ROLLBACK TO rehearsal")
                ledger.execute("RELEASE rehearsal")

    def ground(self, tenant: str) -> Ground:
        """What stands apart from servers, fresh enough, and with the tenant's room if that stands at all."""
        with self._lock:
            surveyed = self._picture.ground if self._picture else None
            for taken_at, known in ((self._taken_at, surveyed), self._glance):
                if known is not None and time.monotonic() - taken_at < _FRESH_S and tenant in known.rooms:
                    return known
            ground = read_ground(self._connection, policies_of=())
            self._glance = time.monotonic(), ground
            return ground

    def forget(self) -> None:
        """What stands is no longer known: the next call reads anew."""
        with self._lock:
            self._pass_away()

    def _pass_away(self) -> None:
        self._taken_at, self._glance = _NEVER, (_NEVER, None)

    def close(self) -> None:
        with self._lock:
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = None

    def _decide(self, identity: Identity, acts: Sequence[Act], seen: MachineSeen | None) -> Decision:
        ledger = self._filled(_in_play([identity]), anew=identity.kind is not Kind.VM)
        assert self._picture is not None
        ledger.execute("SAVEPOINT call")
        try:
            if identity.kind is Kind.VM:
                self._enter(ledger, identity, seen)
            before = _hosts(ledger)
            play(ledger, identity, acts)
            after = _hosts(ledger)
        except BaseException:
            ledger.execute("ROLLBACK TO call")
            ledger.execute("RELEASE call")
            raise
        ledger.execute("RELEASE call")
        if identity.kind is not Kind.VM:
            return Decision(self._picture.ground, moves=_moves(before, after))
        self._under_way[identity] = _rows(ledger, identity)
        found = server.find(ledger, identity)
        if found is None:
            return Decision(self._picture.ground)
        groups = {disk.name: disk.raid_group for disk in server.disks(ledger, found) if not disk.is_foreign}
        return Decision(self._picture.ground, found.host, groups, _moves(before, after))

    def _filled(self, tenants: frozenset[str] | None, *, anew: bool = False) -> sqlite3.Connection:
        """The ledger, with these tenants in play (None: all), fresh enough. For whoever holds the lock."""
        known = self._tenants is None or (tenants is not None and tenants <= self._tenants)
        if self._ledger is not None and known and not anew and time.monotonic() - self._taken_at < _FRESH_S:
            return self._ledger
        self._tenants = None if tenants is None or self._tenants is None else self._tenants | tenants
        picture = take(self._connection, self._tenants, self._memory, loads=True)
        if self._ledger is not None:
            self._ledger.close()
        self._ledger = ledger_of(picture)
        self._picture = picture
        self._taken_at = time.monotonic()
        for identity, rows in self._under_way.items():
            leave_server(self._ledger, identity)
            for insert, row in rows:
                self._ledger.execute(insert, row)
        return self._ledger

    def _enter(self, ledger: sqlite3.Connection, identity: Identity, seen: MachineSeen | None) -> None:
        if seen is None or seen.observed is None:
            leave_server(ledger, identity)
        else:
            assert self._picture is not None
            enter_server(ledger, seen.observed, disk_places(seen, self._picture.ground))


def _in_play(identities: Collection[Identity] | Iterator[Identity]) -> frozenset[str] | None:
    """The tenants whose servers have to be known; None for all, where what the platform stands on is asked about."""
    found = list(identities)
    if any(identity.kind in (Kind.CLUSTER, Kind.STORAGE_CLASS) for identity in found):
        return None
    return frozenset(identity.tenant for identity in found)


def ledger_of(picture: Picture) -> sqlite3.Connection:
    """A ledger in memory that says what the picture shows."""
    ledger = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=256)
    ledger.execute("PRAGMA ignore_check_constraints = ON")  # reality keeps none of them
    for table in TABLES:
        ledger.execute(table)
    with closing(ledger.cursor()) as cursor:
        cursor.execute("BEGIN")
        _fill(ledger, picture)
        cursor.execute("COMMIT")
    return ledger


def _fill(ledger: sqlite3.Connection, picture: Picture) -> None:
    ground = picture.ground
    for identity in {PLATFORM, *ground.rooms}:
        for observed in ground.resources(identity).values():
            match observed.resource:
                case ClusterResource() as cluster:
                    hosts = ground.clusters[cluster.name].hosts
                    enter_cluster(ledger, cluster, (name for name in cluster.hosts if not hosts[name].usable))
                case StorageClassResource() as storage_class:
                    enter_storage_class(ledger, storage_class)
                case TenantResource() as tenant:
                    enter_tenant(ledger, tenant)
                case FirewallResource() as policy:
                    enter_firewall(ledger, policy)
    for machines in picture.machines.values():
        for machine in machines:
            if machine.observed is not None:
                enter_server(ledger, machine.observed, disk_places(machine, ground))
    strangers.add(ledger, picture.strangers)
    strangers.add(ledger, _other_files(ledger, ground))


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
