"""What can be wrong with a world's file, said so that a person can mend it.

Here: SQLite's error codes and the sentences they become. Not here: finding them (`file`). Nothing is ever destroyed
here: what a file is given up for is a person's word.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from wpf_infra.errors import BackendError, NotFound, Refused, Transient, Unsupported
from wpf_infra.language import Text

_ELSEWHERE = Text(
    en="name another file with `pulumi config set --path wpf:simulator.path FILE`, or move this one away",
    ja="`pulumi config set --path wpf:simulator.path ファイル` で別のファイルを指定するか、移動してください",
)
_RIGHTS = Text(
    en="give this user the right to write the file and its folder, or name another file (`wpf:simulator`)",
    ja="ファイルとそのフォルダへの書き込み権を付与するか、`wpf:simulator` で別のファイルを指定してください",
)


def nothing_built(path: Path) -> NotFound:
    return NotFound(
        Text(en="there is no simulated world here yet", ja="シミュレータの世界はまだありません"),
        where=str(path),
        remedy=Text(en="build one first: `make up`", ja="先に `make up` で構築してください"),
    )


def foreign(path: Path) -> Refused:
    return Refused(
        Text(
            en="this file is not a simulator file of this library, and is left untouched",
            ja="このライブラリのシミュレータファイルではないため、変更していません",
        ),
        where=str(path),
        remedy=_ELSEWHERE,
    )


def unusable_kind(path: Path) -> BackendError:
    return BackendError(
        Text(en="this is a folder or a device, not a file", ja="フォルダまたはデバイスであり、ファイルではありません"),
        where=str(path),
        remedy=_ELSEWHERE,
    )


def other_version(path: Path, *, found: int, known: int) -> Unsupported:
    age = Text(en="newer", ja="新しい") if found > known else Text(en="older", ja="古い")
    return Unsupported(
        Text(
            en=f"the simulator file has version {found}, {age.en} than this library's {known}",
            ja=f"シミュレータファイルの版は{found}で、このライブラリの{known}より{age.ja}ものです",
        ),
        where=str(path),
        remedy=Text(
            en="use the wpf-infra that made it, or name another file (`wpf:simulator`)",
            ja="作成した版の wpf-infra を使うか、`wpf:simulator` で別のファイルを指定してください",
        ),
    )


def uncreatable(path: Path) -> BackendError:
    return BackendError(
        Text(
            en="the simulator file cannot be reached or made here",
            ja="シミュレータファイルを開けず、作成もできません",
        ),
        where=str(path),
        remedy=_RIGHTS,
    )


def _room_bytes(folder: Path) -> int | None:
    """What may still be written there; None where the system does not say."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return None
    return disk.f_bavail * disk.f_frsize


def as_backend_error(
    error: sqlite3.Error, path: Path, room_bytes: Callable[[Path], int | None] = _room_bytes
) -> BackendError:
    """SQLite's own words become ours; what it meant stays in the exception's cause. room_bytes: asked of the file's
    folder when SQLite says no more than that reading or writing failed, which a full disk is the usual reason of.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code == sqlite3.SQLITE_NOTADB:
        return foreign(path)
    if code == sqlite3.SQLITE_CANTOPEN:
        return uncreatable(path)
    if code == sqlite3.SQLITE_IOERR and (room := room_bytes(path.parent)) is not None and room < _LEAST_ROOM_BYTES:
        code = sqlite3.SQLITE_FULL
    if code in _DAMAGES:
        kind, what, remedy = _DAMAGES[code]
        return kind(what, where=str(path), remedy=remedy)
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    return BackendError(
        Text(
            en=f"the simulator file cannot be used ({name})",
            ja=f"シミュレータファイルを使用できません（{name}）",
        ),
        where=str(path),
        remedy=Text(
            en="look at the disk it is on, or name another file (`wpf:simulator`)",
            ja="ディスクの状態を確認するか、`wpf:simulator` で別のファイルを指定してください",
        ),
    )


_PRIMARY = 0xFF
"""An extended error code's lowest byte is the plain one."""
_LEAST_ROOM_BYTES = 64 * 1024
"""With less, SQLite cannot even lay out the memory (32 KiB) that processes share, and a page of its journal."""
_Damage = tuple[type[BackendError], Text, Text]
_LOCKED: _Damage = (
    Transient,
    Text(
        en="the simulator file stayed locked by another process",
        ja="シミュレータファイルが他のプロセスにロックされたままです",
    ),
    Text(
        en="let the other run end, or end the program that holds the file, and try again",
        ja="他の実行の終了を待つか、ファイルを開いているプログラムを終了して、再実行してください",
    ),
)
_FULL: _Damage = (
    Transient,
    Text(
        en="the disk is full; nothing of this step was written",
        ja="ディスクに空きがなく、この操作は何も書き込まれていません",
    ),
    Text(en="make room and run again", ja="空き容量を確保して再実行してください"),
)
_CORRUPT: _Damage = (
    BackendError,
    Text(
        en="the simulator file is damaged, and is left untouched",
        ja="シミュレータファイルが壊れています。ファイルは変更していません",
    ),
    Text(
        en="restore it from a copy, or start over from nothing with `make distclean` and `make up`",
        ja="控えから復元するか、`make distclean` と `make up` で最初からやり直してください",
    ),
)
_READ_ONLY: _Damage = (
    BackendError,
    Text(
        en="the simulator file, or its folder, is read-only",
        ja="シミュレータファイルまたはそのフォルダが読み取り専用です",
    ),
    _RIGHTS,
)
_DAMAGES: dict[int, _Damage] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_AUTH: _READ_ONLY,
}
