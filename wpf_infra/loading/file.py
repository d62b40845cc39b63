"""Bytes of a declaration's file, and the name it is called by in messages.

Here: reading, with the operating system's refusals turned into ours. Not here: what the bytes mean.
"""

from __future__ import annotations

from os.path import realpath
from pathlib import Path

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible


def read(path: Path, file: str) -> bytes:
    """The whole file. Raises Unreadable for what is no readable regular file; `file` is its name in messages."""
    try:
        if path.is_dir():
            raise Unreadable(
                Text(en="this is a folder, not a file", ja="ファイルではなくフォルダです"),
                remedy=Text(
                    en="give the folder another name, or name a file",
                    ja="フォルダ名を変えるか、ファイルを指定してください",
                ),
                where=file,
            )
        if path.exists() and not path.is_file():
            raise Unreadable(
                Text(en="this is not a regular file", ja="通常のファイルではありません"),
                remedy=Text(en="put a plain file there", ja="通常のファイルを置いてください"),
                where=file,
            )
        return path.read_bytes()
    except FileNotFoundError:
        dangling = path.is_symlink()
        raise Unreadable(
            Text(en="the link leads nowhere", ja="リンク先がありません")
            if dangling
            else Text(en="there is no such file", ja="ファイルがありません"),
            remedy=Text(en="check the name", ja="名前を確かめてください"),
            where=file,
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unreadable(
            Text(en=f"the file cannot be read ({reason})", ja=f"ファイルを読めません（{reason}）"),
            remedy=Text(en="check its permissions and the disk", ja="権限とディスクを確かめてください"),
            where=file,
        ) from None


def shown(path: Path, root: Path) -> str:
    """The file's name in messages, one for a file however it was named: relative to the project's root where it lies
    inside, else as it was given. Never to be opened: what would not be seen in it is written out.
    """
    for lexical in (True, False):
        inside = _inside(path, root, lexical=lexical)
        if inside is not None:
            return visible(str(inside))
    return visible(str(path))


def _inside(path: Path, root: Path, *, lexical: bool) -> Path | None:
    """The path from the root; lexical: as it is written, without following links or `..`."""
    if lexical:
        found, around = path.absolute(), root.absolute()
    else:
        found, around = Path(realpath(path.parent)) / path.name, Path(realpath(root))
    return found.relative_to(around) if ".." not in found.parts and found.is_relative_to(around) else None
