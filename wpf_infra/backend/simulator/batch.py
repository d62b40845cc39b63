"""Many threads' changes in one commit: the wait for the disk is shared, nobody's outcome is.

Here: a change on its way through a batch. Not here: transactions and files (`file`). Each change stands in a savepoint
of its own, so that one that is refused takes back itself and no other (docs/decisions/0021).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from sqlite3 import Connection
from typing import Generic, TypeVar

T = TypeVar("T")


class Change(Generic[T]):
    """work: what is done in the transaction; it may be run again when the batch it was in could not be committed.
    create: it may make the world's file.
    """

    def __init__(self, work: Callable[[Connection], T], *, create: bool = False) -> None:
        self._work = work
        self.create = create
        self._outcome: T | None = None
        self._error: BaseException | None = None
        self.settled = False

    def attempt(self, connection: Connection) -> None:
        """Do the work; a refusal leaves nothing of it. Raises sqlite3.Error when the whole batch is in doubt."""
        connection.execute("SAVEPOINT change")
        try:
            self._outcome = self._work(connection)
            self._error = None
        except sqlite3.IntegrityError as error:
            self._error = error  # a mistake of ours, not of the file's: it deserves its traceback
        except sqlite3.Error:
            raise
        except Exception as error:
            self._error = error
        if self._error is not None:
            connection.execute("ROLLBACK TO change")
        connection.execute("RELEASE change")

    def settle(self, error: BaseException | None = None) -> None:
        """It is committed, or it failed with everything in its batch."""
        self._error = error or self._error
        self.settled = True

    def result(self) -> T:
        """What the work returned, or raised."""
        if self._error is not None:
            raise self._error
        return self._outcome  # type: ignore[return-value]  # None only where T holds it
