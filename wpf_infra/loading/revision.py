"""What a revision of git declares, loaded like the files of the checkout.

Here: the revision's files, exactly as they were committed, into a folder of their own; modules that its declarations
import kept apart from everybody else's. Not here: what the files mean (`catalogue`), comparing (`wpf_infra.network`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import IO

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible
from wpf_infra.loading.catalogue import STACKS, Loaded, load
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding, Position

_GIT = "git"
_REGULAR, _SYMLINK = ("100644", "100755"), "120000"


def load_revision(root: Path, revision: str) -> Loaded:
    """What `root`/stacks declared in the revision; files are called `REVISION:stacks/…`.

    Raises Unreadable where there is no git, no repository around `root`, no such revision, or no stacks in it.
    """
    commit = _commit(root, revision)
    entries = _entries(root, commit, revision)
    with TemporaryDirectory(prefix="wpf-revision-") as folder:
        there = Path(folder).resolve()
        (there / STACKS).mkdir()
        _write(root, entries, there / STACKS)
        with _modules_apart(root / STACKS, there):
            return _called(load(there), f"{visible(revision)}:")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a tree, as `git ls-tree` names it; path: from the tree's own folder."""

    mode: str
    name: str
    path: str


def _commit(root: Path, revision: str) -> str:
    if "\0" in revision:  # no program can be told that
        raise _unknown(revision, shallow=False)
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    if shallow.returncode:
        raise _no_repository(root, _words(shallow))
    raise _unknown(revision, shallow=shallow.stdout.strip() == b"true")


def _entries(root: Path, commit: str, revision: str) -> tuple[_Entry, ...]:
    """The files of the revision's stacks folder; what is a repository of its own there is not followed."""
    around = _git(root, "rev-parse", "--show-prefix").stdout.decode(errors="surrogateescape").strip("\n")
    listed = _git(root, "ls-tree", "-r", "-z", "--full-tree", f"{commit}:{around}{STACKS}")
    if listed.returncode:
        raise _no_stacks(revision)
    entries = []
    for line in listed.stdout.decode(errors="surrogateescape").split("\0"):
        if line:
            kind, _, path = line.partition("\t")
            mode, _, name = kind.split(" ")
            if mode in (*_REGULAR, _SYMLINK):
                entries.append(_Entry(mode, name, path))
    return tuple(entries)


def _write(root: Path, entries: Sequence[_Entry], folder: Path) -> None:
    """Each file's bytes as they are kept: no attribute or filter of the repository leaves one out or turns it."""
    wanted = "".join(f"{entry.name}\n" for entry in entries)
    with (folder.parent / "names").open("w+b") as names:
        names.write(wanted.encode())
        names.seek(0)
        with subprocess.Popen(
            [_GIT, "cat-file", "--batch"],
            cwd=root,
            env=_environment(),
            stdin=names,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as git:
            assert git.stdout is not None
            for entry in entries:
                _put(entry, _content(git.stdout, entry), folder)


def _content(stream: IO[bytes], entry: _Entry) -> bytes:
    """The next object of `git cat-file --batch`: `NAME TYPE SIZE`, its bytes, a line's end."""
    head = stream.readline().split(b" ")
    if len(head) != 3:
        raise _not_there(entry.path)
    content = stream.read(int(head[2]))
    stream.read(1)
    return content


def _put(entry: _Entry, content: bytes, folder: Path) -> None:
    path = folder / entry.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if entry.mode == _SYMLINK:
        path.symlink_to(os.fsdecode(content))
    else:
        path.write_bytes(content)


@contextmanager
def _modules_apart(*folders: Path) -> Iterator[None]:
    """While it lasts, no module from the folders is known; afterwards those that were, and none that came.

    What declarations import beside them has the same name in every revision, and one process knows a name once.
    """
    before = _modules_in(folders)
    for name in before:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in _modules_in(folders):
            del sys.modules[name]
        sys.modules.update(before)


def _modules_in(folders: Sequence[Path]) -> dict[str, ModuleType]:
    return {
        name: module
        for name, module in list(sys.modules.items())
        if any(place.is_relative_to(folder) for place in _places(module) for folder in folders)
    }


def _places(module: ModuleType) -> Iterator[Path]:
    """Its file; of a package without one, its folders."""
    file = getattr(module, "__file__", None)
    for place in (file,) if file else getattr(module, "__path__", ()):
        if isinstance(place, str):
            yield Path(place)


class _Called(Mapping[str, Position]):
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


def _called(loaded: Loaded, prefix: str) -> Loaded:
    """With the prefix before each file's name; the files themselves are gone."""
    catalogue: Catalogue | None = loaded.catalogue
    if catalogue is not None:
        catalogue = replace(catalogue, positions=_Called(catalogue.positions, prefix))
    return Loaded(
        catalogue,
        tuple(_finding(each, prefix) for each in loaded.findings),
        tuple(
            Unreadable(each.what, remedy=each.remedy, where=f"{prefix}{each.where}", row=each.row)
            for each in loaded.unreadable
        ),
    )


def _finding(finding: Finding, prefix: str) -> Finding:
    return finding if finding.position is None else replace(finding, position=_moved(finding.position, prefix))


def _moved(position: Position, prefix: str) -> Position:
    return replace(position, file=f"{prefix}{position.file}")


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [_GIT, *arguments],
            cwd=root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        if error.filename != _GIT:
            raise
        raise Unreadable(
            Text(en=f"the command `{_GIT}` is not on the PATH", ja=f"コマンド `{_GIT}` が PATH にありません"),
            remedy=Text(en="install git, or compare without revisions", ja="gitをインストールしてから実行してください"),
        ) from None


def _environment() -> dict[str, str]:
    """git neither asks anybody nor writes, and what it complains of is in one language."""
    return {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _words(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return visible(said[0].removeprefix("fatal: ")) if said else f"{_GIT}: {done.returncode}"


def _no_repository(root: Path, reason: str) -> Unreadable:
    return Unreadable(
        Text(
            en=f"git cannot read a repository here ({reason})",
            ja=f"ここのgitリポジトリを読めません（{reason}）",
        ),
        remedy=Text(
            en="put the project under git, or run this in its checkout",
            ja="プロジェクトをgitで管理するか、そのチェックアウトの中で実行してください",
        ),
        where=visible(str(root)),
    )


def _unknown(revision: str, *, shallow: bool) -> Unreadable:
    what = Text(
        en=f"git knows no revision `{visible(revision)}`",
        ja=f"gitに `{visible(revision)}` というリビジョンはありません",
    )
    if shallow:
        return Unreadable(
            what,
            remedy=Text(
                en="this clone holds only the latest commits: fetch the rest with `git fetch --unshallow`",
                ja="このクローンには最近のコミットしかありません。`git fetch --unshallow` で残りを取得してください",
            ),
        )
    return Unreadable(
        what,
        remedy=Text(
            en="name a branch, a tag or a commit: `git log --oneline --all` lists commits",
            ja="ブランチ・タグ・コミットのどれかを指定してください（`git log --oneline --all` で一覧できます）",
        ),
    )


def _no_stacks(revision: str) -> Unreadable:
    return Unreadable(
        Text(
            en=f"this revision has no {STACKS}/ at the project's place",
            ja=f"このリビジョンには、プロジェクトの場所に {STACKS}/ がありません",
        ),
        remedy=Text(en="name a revision that has it", ja=f"{STACKS}/ のあるリビジョンを指定してください"),
        where=visible(revision),
    )


def _not_there(path: str) -> Unreadable:
    return Unreadable(
        Text(en="git does not hold this file's content", ja="gitにこのファイルの内容がありません"),
        remedy=Text(en="fetch it, or check the repository: `git fsck`", ja="取得するか、`git fsck` で確かめてください"),
        where=visible(f"{STACKS}/{path}"),
    )
