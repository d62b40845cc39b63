"""The per-user cache: a result is made once on a machine and every checkout uses it.

Here: its place, entries that are whole or absent, one maker at a time, leftovers of makers that were killed.
Not here: what is made. An entry is filled in a folder beside it and renamed, so that nobody ever sees half of one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.toolchain.lock import held
from wpf_infra.toolchain.progress import Progress

_BUILDING = ".building-"


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where an entry is filled: `result` becomes the entry, `scratch` is thrown away.

    lock: the descriptor of the held lock, for children that must not be swept away when this process is killed.
    """

    result: Path
    scratch: Path
    lock: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of entries, in `folder`. whole: tells a usable entry from a damaged or absent one."""

    folder: Path
    whole: Callable[[Path], bool]

    def entry(self, key: str) -> Path | None:
        """The entry, or None."""
        place = self.folder / key
        return place if self.whole(place) else None

    def entry_or(self, key: str, fill: Callable[[Workplace], None], progress: Progress) -> Path:
        """The entry; made by `fill` when it is not there, while every other process waits and then finds it."""
        if found := self.entry(key):
            return found
        with held(self.folder / ".lock", lambda holder: progress.say(_waiting(holder))) as lock:
            if found := self.entry(key):
                return found
            for leftover in self.folder.glob(f"{_BUILDING}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            return self._made(key, fill, lock)

    def _made(self, key: str, fill: Callable[[Workplace], None], lock: int) -> Path:
        building = self.folder / f"{_BUILDING}{os.getpid()}"
        work = Workplace(result=building / "result", scratch=building / "scratch", lock=lock)
        try:
            work.result.mkdir(parents=True)
            work.scratch.mkdir()
            fill(work)
            place = self.folder / key
            if place.exists():
                place.rename(building / "damaged")
            work.result.rename(place)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        return place


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/wpf-infra`, else `~/.cache/wpf-infra`."""
    if (given := environ.get("XDG_CACHE_HOME")) and Path(given).is_absolute():
        return Path(given) / "wpf-infra"
    if home := environ.get("HOME"):
        return Path(home) / ".cache" / "wpf-infra"
    raise WpfError(
        Text("there is no place for a cache: neither HOME nor XDG_CACHE_HOME is set",
             "キャッシュの場所がありません: HOME も XDG_CACHE_HOME も設定されていません"),
        remedy=Text("set XDG_CACHE_HOME to a folder you may write to",
                    "XDG_CACHE_HOME に書き込める場所を設定してください"),
    )  # fmt: skip


def _waiting(holder: str) -> Text:
    return Text(
        f"another checkout (process {holder}) is making what this one needs; waiting for it",
        f"別のチェックアウト (プロセス {holder}) が同じものを作成中です。終わるまで待ちます",
    )
