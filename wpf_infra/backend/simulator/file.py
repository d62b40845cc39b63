"""The file that a world lives in: opening, checking, creating it, and transactions on it.

Here: SQLite, its locks and its errors, told as ours. Not here: what the tables mean. `synchronous=FULL` in WAL mode:
what was committed survives a killed process and a lost power supply. One writer at a time a process, so that only
one of its threads waits for the lock that processes share.
"""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from wpf_infra.backend.ledger.schema import APPLICATION_ID, TABLES, VERSION
from wpf_infra.backend.simulator.batch import Change
from wpf_infra.backend.simulator.damage import (
    as_backend_error,
    foreign,
    nothing_built,
    other_version,
    uncreatable,
    unusable_kind,
)
from wpf_infra.errors import BackendError

T = TypeVar("T")
PATIENCE_S = 10.0
_SMALLEST_DATABASE = 512


class WorldFile:
    """A world's file. Nothing is opened before the first call; only `write(create=True)` makes a file.

    identity: the UUID of the world that is made; None takes a new one.
    """

    def __init__(self, path: Path, *, patience_s: float = PATIENCE_S, identity: str | None = None) -> None:
        self.path = path
        self._identity = identity
        self._patience_s = patience_s
        self._writing = threading.Lock()
        self._writer: Connection | None = None
        self._rehearser: Connection | None = None
        self._readers: list[Connection] = []
        self._waiting: deque[Change[Any]] = deque()

    @contextmanager
    def read(self) -> Iterator[Connection | None]:
        """One consistent view, or None while there is no world. Raises BackendError."""
        try:
            connection = self._idle_reader() or self._open(create=False)
        except sqlite3.Error as error:
            raise as_backend_error(error, self.path) from error
        if connection is None:
            yield None
            return
        sound = False
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")
                sound = True
        except sqlite3.Error as error:
            raise as_backend_error(error, self.path) from error
        finally:
            if sound:
                self._readers.append(connection)
            else:
                connection.close()

    def _idle_reader(self) -> Connection | None:
        try:
            return self._readers.pop()
        except IndexError:  # asked without a lock: another thread may have taken the last
            return None

    @contextmanager
    def write(self, *, create: bool = False) -> Iterator[Connection]:
        """One transaction: all of it committed at the end, or none. Raises NotFound without a world, BackendError."""
        try:
            with self._writing, self._transaction(create=create) as connection:
                yield connection
        except sqlite3.IntegrityError:
            raise  # a mistake of ours, not of the file's: it deserves its traceback
        except sqlite3.Error as error:
            raise as_backend_error(error, self.path) from error

    @contextmanager
    def rehearse(self) -> Iterator[Connection | None]:
        """A transaction that is always taken back: SQLite itself refuses to commit on its connection. None while there
        is no world. Other writers wait until it ends. Raises BackendError.
        """
        try:
            with self._writing:
                if self._rehearser is None:
                    self._rehearser = self._open(create=False)
                    if self._rehearser is None:
                        yield None
                        return
                    self._rehearser.set_authorizer(_all_but_commit)
                self._rehearser.execute("BEGIN IMMEDIATE")
                try:
                    yield self._rehearser
                finally:
                    if self._rehearser.in_transaction:
                        self._rehearser.execute("ROLLBACK")
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise as_backend_error(error, self.path) from error

    def commit(self, work: Callable[[Connection], T], *, create: bool = False) -> T:
        """As `write`, for calls that come from many threads: whoever gets the writer commits for all who wait."""
        mine = Change(work, create=create)
        self._waiting.append(mine)
        with self._writing:
            if not mine.settled:
                self._commit_waiting(mine)
        try:
            return mine.result()
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise as_backend_error(error, self.path) from error

    def _commit_waiting(self, mine: Change[Any]) -> None:
        """One batch; one by one, when there is one in it that the file cannot take."""
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            if not self._attempt(batch):
                for change in batch:
                    self._attempt([change])
        except BaseException:  # this thread was interrupted: the others' changes go to whoever comes next
            self._waiting.extendleft(change for change in reversed(batch) if change is not mine and not change.settled)
            raise

    def _attempt(self, batch: Sequence[Change[Any]]) -> bool:
        """False when nothing is settled yet, and each has to be tried alone."""
        failure: Exception | None = None
        try:
            with self._transaction(create=any(change.create for change in batch)) as connection:
                for change in batch:
                    change.attempt(connection)
        except BackendError as error:
            failure = error
        except sqlite3.Error as error:
            if len(batch) > 1 and getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                return False
            failure = error
        for change in batch:
            change.settle(failure)
        return True

    @contextmanager
    def _transaction(self, *, create: bool) -> Iterator[Connection]:
        """For whoever holds `_writing`."""
        if self._writer is None:
            self._writer = self._open_writer(create=create)
        with _held(self._writer, "BEGIN IMMEDIATE"):
            yield self._writer

    def close(self) -> None:
        with self._writing:
            for connection in (*self._readers, self._writer, self._rehearser):
                if connection is not None:
                    connection.close()
            self._readers.clear()
            self._writer = self._rehearser = None

    def _open(self, *, create: bool) -> Connection | None:
        """A connection to a world that was checked; None when there is none and none is wanted."""
        if not self._present():
            if not create:
                return None
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise uncreatable(self.path) from error
        mode = "rwc" if create else "rw"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            timeout=self._patience_s,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            ready = self._check(connection, create=create)
        except BaseException:
            connection.close()
            raise
        if not ready:
            connection.close()
            return None
        return connection

    def _present(self) -> bool:
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise uncreatable(self.path) from error
        if not stat.S_ISREG(found.st_mode):
            raise unusable_kind(self.path)
        if 0 < found.st_size < _SMALLEST_DATABASE:
            raise foreign(self.path)  # SQLite would take so short a file for empty, and write over it
        return True

    def _check(self, connection: Connection, *, create: bool) -> bool:
        """Whether a world stands in the file, built first if it is wanted; a file of anybody else's is left alone."""
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with _held(connection, "BEGIN"):
            marks = _marks(connection)
        if marks == _EMPTY:
            if not create:
                return False
            with _held(connection, "BEGIN IMMEDIATE"):
                if _marks(connection) == _EMPTY:  # else another came first
                    _make(connection, self._identity or str(uuid.uuid4()))
                marks = _marks(connection)
        if marks.application_id != APPLICATION_ID:
            raise foreign(self.path)
        if marks.version != VERSION:
            raise other_version(self.path, found=marks.version, known=VERSION)
        return True

    def _open_writer(self, *, create: bool) -> Connection:
        connection = self._open(create=create)
        if connection is None:
            raise nothing_built(self.path)
        try:
            self._use_wal(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _use_wal(self, connection: Connection) -> None:
        """Switching needs the file alone for a moment, and SQLite does not wait for that by itself."""
        deadline = time.monotonic() + self._patience_s
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)
            else:
                return  # a file system that cannot keeps the other journal, which is as safe


def _all_but_commit(action: int, operation: str | None, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_TRANSACTION and operation == "COMMIT" else sqlite3.SQLITE_OK


class _Marks(NamedTuple):
    """What says whose file it is; all of it has to be read in one transaction."""

    tables: int
    application_id: int
    version: int


_EMPTY = _Marks(0, 0, 0)


def _marks(connection: Connection) -> _Marks:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return _Marks(tables, application_id, version)


def _make(connection: Connection, identity: str) -> None:
    """The tables and the world's identity."""
    for table in TABLES:
        connection.execute(table)
    connection.execute("INSERT INTO world (identity) VALUES (?)", (identity,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _held(connection: Connection, begin: str) -> Iterator[None]:
    """A transaction, committed at its end, or else taken back."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
