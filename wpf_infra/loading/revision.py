"""What a revision of git declares, loaded like the files of the checkout.

Here: the revision's files, exactly as they were committed, into a folder of their own; modules that its declarations
import kept apart from everybody else's; all of it called by the revision's name. Not here: asking git (`repository`),
what the files mean (`catalogue`), comparing (`wpf_infra.network`).
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os.path import realpath
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible
from wpf_infra.loading.catalogue import STACKS, Loaded, load
from wpf_infra.loading.repository import Entry, EntryKind, Repository
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding, Position

_NOT_THE_PROJECTS = tuple(
    {
        Path(__file__).resolve().parents[1],
        *(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")),
    }
)
"""Where this library and others are installed, though it be below the project's folder."""


def load_revision(root: Path, revision: str) -> Loaded:
    """What `root`/stacks declared in the revision; files are called `REVISION:stacks/…`.

    Declarations find beside them what the project's folder held then. Raises Unreadable where there is no git, no
    repository around `root`, no such revision, or no stacks in it; and for parts of stacks that the revision itself
    does not hold.
    """
    repository = Repository(root)
    entries = repository.entries(repository.commit(revision))
    if not any(_declares(entry) for entry in entries):
        raise _no_stacks(revision)
    with TemporaryDirectory(prefix="wpf-revision-") as folder:
        there = Path(realpath(folder))
        _lay_out(repository, entries, there, revision)
        with _modules_apart(root, there):
            return _Called(revision, there).loaded(load(there))


def _declares(entry: Entry) -> bool:
    return entry.path.startswith(f"{STACKS}/") or entry.path == STACKS


def _lay_out(repository: Repository, entries: Sequence[Entry], there: Path, revision: str) -> None:
    """Files first: nothing is written through a link."""
    for entry in entries:
        if entry.kind is EntryKind.SUBMODULE and _declares(entry):
            raise _elsewhere(entry, revision, Text(en="a submodule stands here", ja="ここはサブモジュールです"))
    for entry, content in repository.contents(entry for entry in entries if entry.kind is EntryKind.FILE):
        path = there / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    links = [entry for entry in entries if entry.kind is EntryKind.LINK]
    for entry, content in repository.contents(links):
        path = there / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(os.fsdecode(content))
    for entry in links:
        path = there / entry.path
        if Path(realpath(path)).is_relative_to(there):
            continue
        if _declares(entry):
            out = Text(
                en="this link leads out of what was committed", ja="コミットされた範囲の外を指すシンボリックリンクです"
            )
            raise _elsewhere(entry, revision, out)
        path.unlink()  # what stands there today is not what stood there then


@contextmanager
def _modules_apart(root: Path, there: Path) -> Iterator[None]:
    """While it lasts, no module of the project is known, and what would be found in it is found in the revision first;
    afterwards those are known that were, and none that came.

    What declarations import has the same name in every revision, and one process knows a name once.
    """
    around = Path(realpath(root))
    before, path = _modules_in(around), list(sys.path)
    for name in before:
        del sys.modules[name]
    places = (Path(realpath(each)) for each in path)
    sys.path[:0] = [str(there / each.relative_to(around)) for each in places if each.is_relative_to(around)]
    try:
        yield
    finally:
        sys.path[:] = path
        for name in _modules_in(around, there):
            del sys.modules[name]
        sys.modules.update(before)


def _modules_in(*folders: Path) -> dict[str, ModuleType]:
    """Of the folders' own, whatever is installed below them."""
    return {
        name: module
        for name, module in list(sys.modules.items())
        if name != "__main__" and any(_lies_in(place, folders) for place in _places(module))
    }


def _lies_in(place: Path, folders: Sequence[Path]) -> bool:
    return any(place.is_relative_to(folder) for folder in folders) and not any(
        place.is_relative_to(installed) for installed in _NOT_THE_PROJECTS
    )


def _places(module: ModuleType) -> Iterator[Path]:
    """Its file; of a package without one, its folders."""
    file = getattr(module, "__file__", None)
    for place in (file,) if file else getattr(module, "__path__", ()):
        if isinstance(place, str):
            yield Path(place)


@dataclass(frozen=True, slots=True)
class _Called:
    """Gives what was loaded from a folder the revision's name; the folder itself is gone afterwards."""

    revision: str
    folder: Path

    @property
    def prefix(self) -> str:
        return f"{visible(self.revision)}:"

    def loaded(self, loaded: Loaded) -> Loaded:
        catalogue: Catalogue | None = loaded.catalogue
        if catalogue is not None:
            catalogue = replace(catalogue, positions=_Positions(catalogue.positions, self.prefix))
        return Loaded(
            catalogue,
            tuple(self._finding(each) for each in loaded.findings),
            tuple(self._unreadable(each) for each in loaded.unreadable),
        )

    def _finding(self, finding: Finding) -> Finding:
        position = None if finding.position is None else _moved(finding.position, self.prefix)
        return replace(finding, position=position, summary=self._text(finding.summary))

    def _unreadable(self, error: Unreadable) -> Unreadable:
        where = f"{self.prefix}{error.where}"
        return Unreadable(self._text(error.what), remedy=error.remedy, where=where, row=error.row)

    def _text(self, text: Text) -> Text:
        """What a declaration said as it stopped may hold the path that it was run at."""
        en, ja = (
            each.replace(f"{self.folder}/", self.prefix).replace(str(self.folder), self.prefix)
            for each in (text.en, text.ja)
        )
        return Text(en=en, ja=ja)


class _Positions(Mapping[str, Position]):
    """Positions whose files are called otherwise."""

    def __init__(self, positions: Mapping[str, Position], prefix: str) -> None:
        self._positions = positions
        self._prefix = prefix

    def __getitem__(self, path: str) -> Position:
        return _moved(self._positions[path], self._prefix)

    def __contains__(self, path: object) -> bool:
        return path in self._positions

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


def _moved(position: Position, prefix: str) -> Position:
    return replace(position, file=f"{prefix}{position.file}")


def _no_stacks(revision: str) -> Unreadable:
    return Unreadable(
        Text(
            en=f"this revision has no {STACKS}/ at the project's place",
            ja=f"このリビジョンには、プロジェクトの場所に {STACKS}/ がありません",
        ),
        remedy=Text(en="name a revision that has it", ja=f"{STACKS}/ のあるリビジョンを指定してください"),
        where=visible(revision),
    )


def _elsewhere(entry: Entry, revision: str, what: Text) -> Unreadable:
    """The revision names it and does not hold it."""
    return Unreadable(
        Text(
            en=f"{what.en}: the revision does not hold what stood behind it",
            ja=f"{what.ja}。参照先の当時の内容は、このリビジョンに含まれていません",
        ),
        remedy=Text(
            en="name a revision whose declarations are files of the project's own repository",
            ja="宣言がプロジェクト自身のリポジトリのファイルであるリビジョンを指定してください",
        ),
        where=f"{visible(revision)}:{visible(entry.path)}",
    )
