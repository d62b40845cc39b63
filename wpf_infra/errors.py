"""The errors a user can cause: what is wrong, where, why (FAQ row) and what to do.

Here: the small hierarchy and nothing else. Not here: findings of policy (they are values, `wpf_infra.model.finding`),
and errors of our own making, which are ordinary Python exceptions and deserve their traceback.
"""

from __future__ import annotations

from wpf_infra.language import Language, Text


class WpfError(Exception):
    """Something a user can cause and mend. Carries no secret.

    what: one sentence; where: a path of the model or of a file; row: the FAQ row that says why; remedy: what to do.
    """

    exit_code = 1

    def __init__(self, what: Text, *, remedy: Text, where: str | None = None, row: int | None = None) -> None:
        super().__init__(what.en)
        self.what = what
        self.where = where
        self.row = row
        self.remedy = remedy

    def sentence(self, language: Language) -> str:
        """The whole message on one line: where, what, what to do, and the row it rests on."""
        place = f"{self.where}: " if self.where else ""
        row = f" FAQ-{self.row}" if self.row is not None else ""
        return f"{place}{self.what.in_(language)} → {self.remedy.in_(language)}{row}"

    def __str__(self) -> str:
        return self.sentence(Language.ENGLISH)


class Unreadable(WpfError):
    """Input that cannot be decoded at all, or a command used wrongly."""

    exit_code = 2


class BackendError(WpfError):
    """A backend did not do what it was asked; its kinds are the same for every backend."""

    exit_code = 3


class NotFound(BackendError):
    """The object is not there."""


class Conflict(BackendError):
    """Something else holds what was asked for: a name, an address, capacity."""


class Transient(BackendError):
    """May go through when tried again: a lock held, a session lost."""


class Unsupported(BackendError):
    """This backend, or this version of it, has no way to do that."""


class Refused(BackendError):
    """The backend could, and must not: shrinking a disk, deleting a running server."""
