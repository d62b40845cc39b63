"""New files on disk: all of them or none, and never over a file that is there.

Here: temporary names, links, taking back. Not here: which files, and the lock that keeps others out (`enrolment`).
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

TEMPORARY = ".onboarding-"
"""How temporary files begin, which are hidden: no reader of stacks/ takes one for a tenant's."""
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links answer."""


@dataclass(frozen=True)
class NewFile:
    path: Path
    content: bytes


def place(files: Sequence[NewFile]) -> None:
    """Writes the files, in their order; the last is the one that makes the others count.

    All are whole on the disk under temporary names before the first gets its own. What is raised by the operating
    system, FileExistsError for a name that is taken, leaves nothing behind; a process that is killed leaves at most
    files that stand before the last, which a later run finds as it would write them, and temporary ones, which `sweep`
    removes.
    """
    made = _Made()
    try:
        staged = [(made.stage(each), each.path) for each in files]
        for temporary, path in staged:
            made.name(temporary, path)
    except BaseException:
        made.take_back()
        raise
    made.tidy()


def sweep(folders: Iterable[Path]) -> None:
    """Removes what killed runs left behind. Only for who holds the lock: a living run's files look alike."""
    for folder in {folder for folder in folders if folder.is_dir()}:
        for leftover in folder.glob(f"{TEMPORARY}*"):
            with suppress(OSError):
                leftover.unlink()


@dataclass
class _Made:
    """What is being made, noted before it is, for taking it back wherever it is interrupted.

    names: what may be a file of ours by now, and what makes it one of ours.
    """

    temporaries: list[Path] = field(default_factory=list)
    names: list[tuple[Path, tuple[int, int]]] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def stage(self, file: NewFile) -> Path:
        """The content on the disk, in the folder it will stand in, under a name of its own."""
        self._folder(file.path.parent)
        temporary = file.path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
        self.temporaries.append(temporary)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(file.content)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            error.filename = error.filename or str(file.path)  # a full disk is told without
            raise
        return temporary

    def name(self, temporary: Path, path: Path) -> None:
        """Gives the staged file its name. Raises FileExistsError where somebody has it."""
        self.names.append((path, _inode(temporary)))
        try:
            os.link(temporary, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            temporary.rename(path)
        _sync(path.parent)

    def take_back(self) -> None:
        """As it was before, as far as the operating system lets us."""
        for path, inode in reversed(self.names):
            with suppress(OSError):
                if _inode(path) == inode:
                    path.unlink()
        self.tidy()
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()

    def tidy(self) -> None:
        for temporary in self.temporaries:
            with suppress(OSError):
                temporary.unlink()

    def _folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._folder(folder.parent)
            self.folders.append(folder)
            folder.mkdir(exist_ok=True)


def _inode(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino


def _sync(folder: Path) -> None:
    """The folder's entries on the disk, where the file system knows how."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
