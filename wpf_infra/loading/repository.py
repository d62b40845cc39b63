"""The git repository around a folder: which commit a revision is, which files it has there, and what stands in them.

Here: git's command asked, apart from whatever repository the caller's own environment speaks of, and its refusals in
our words. Not here: what is made of the files (`revision`).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible

_GIT = "git"
_SETTINGS = frozenset({"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"})
"""Of what git calls a repository's own, what people set for every repository: git hands it to submodules too."""


class EntryKind(StrEnum):
    FILE = "blob"
    LINK = "link"
    SUBMODULE = "commit"


_MODES = {"120000": EntryKind.LINK, "160000": EntryKind.SUBMODULE}


@dataclass(frozen=True, slots=True)
class Entry:
    """path: from the folder, with slashes; name: of its content, as git keeps it."""

    kind: EntryKind
    name: str
    path: str


class Repository:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def commit(self, revision: str) -> str:
        """The full name of what the revision means. Raises Unreadable."""
        if "\0" in revision:  # no program can be told that
            raise _unknown(revision, shallow=False)
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.decode().strip()
        shallow = self._ask("rev-parse", "--is-shallow-repository")
        if shallow.returncode:
            raise self._none(shallow)
        raise _unknown(revision, shallow=shallow.stdout.strip() == b"true")

    def entries(self, commit: str) -> tuple[Entry, ...]:
        """All that the folder and those below it held; nothing where there was no such folder. Raises Unreadable."""
        place = self._ask("rev-parse", "--is-inside-work-tree", "--show-prefix")
        inside, _, prefix = place.stdout.decode(errors="surrogateescape").partition("\n")
        if place.returncode or inside != "true":
            raise self._none(place)
        folder = prefix.removesuffix("\n")
        listed = self._ask("ls-tree", "-r", "-z", "--full-tree", f"{commit}:{folder}")
        lines = listed.stdout.decode(errors="surrogateescape").split("\0") if listed.returncode == 0 else ()
        return tuple(_entry(line) for line in lines if line)

    def contents(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Each with its bytes as they are kept: no attribute or filter leaves one out or turns it. Raises Unreadable
        for what git has lost.
        """
        wanted = tuple(entries)
        with TemporaryFile() as names:
            names.write("".join(f"{entry.name}\n" for entry in wanted).encode())
            names.seek(0)
            with subprocess.Popen(
                [_GIT, "cat-file", "--batch"],
                cwd=self._folder,
                env=_environment(),
                stdin=names,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as git:
                assert git.stdout is not None
                for entry in wanted:
                    yield entry, _content(git.stdout, entry)

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [_GIT, *arguments],
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            if error.filename != _GIT:
                raise
            raise _no_git() from None

    def _none(self, refused: subprocess.CompletedProcess[bytes]) -> Unreadable:
        said = refused.stderr.decode(errors="replace").strip().splitlines()
        reason = visible(said[0].removeprefix("fatal: ")) if said else "not in a work tree"
        return Unreadable(
            Text(
                en=f"git cannot read a repository here ({reason})",
                ja=f"ここのgitリポジトリを読めません（{reason}）",
            ),
            remedy=Text(
                en="put the project under git, or run this in its checkout",
                ja="プロジェクトをgitで管理するか、そのチェックアウトの中で実行してください",
            ),
            where=visible(str(self._folder)),
        )


def _entry(line: str) -> Entry:
    """`MODE TYPE NAME<tab>PATH`"""
    kept, _, path = line.partition("\t")
    mode, _, name = kept.split(" ")
    return Entry(_MODES.get(mode, EntryKind.FILE), name, path)


def _content(stream: IO[bytes], entry: Entry) -> bytes:
    """The next object of `git cat-file --batch`: `NAME TYPE SIZE`, its bytes, a line's end."""
    head = stream.readline().split(b" ")
    if len(head) != 3:
        raise _lost(entry.path)
    content = stream.read(int(head[2]))
    stream.read(1)
    return content


def _environment() -> dict[str, str]:
    """git neither asks anybody nor writes, and what it complains of is in one language. In a hook it has been told of a
    repository and an index, which need not be the project's.
    """
    others = {name: value for name, value in os.environ.items() if name not in _of_a_repository()}
    return {**others, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


@cache
def _of_a_repository() -> frozenset[str]:
    """The variables that speak of one repository, as this git knows them."""
    try:
        told = subprocess.run([_GIT, "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise _no_git() from None
    return frozenset(told.stdout.split()) - _SETTINGS


def _no_git() -> Unreadable:
    return Unreadable(
        Text(en=f"the command `{_GIT}` is not on the PATH", ja=f"コマンド `{_GIT}` が PATH にありません"),
        remedy=Text(en="install git, or compare without revisions", ja="gitをインストールしてから実行してください"),
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


def _lost(path: str) -> Unreadable:
    return Unreadable(
        Text(en="git does not hold this file's content", ja="gitにこのファイルの内容がありません"),
        remedy=Text(en="fetch it, or check the repository: `git fsck`", ja="取得するか、`git fsck` で確かめてください"),
        where=visible(path),
    )
