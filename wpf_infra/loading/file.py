"""Bytes of a declaration's file, and the name it is called by in messages.

Here: reading, with the operating system's refusals turned into ours. Not here: what the bytes mean.
"""

from __future__ import annotations

from pathlib import Path

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text


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
    """The file's name in messages: relative to the project's root where it lies inside, else as it was given."""
    try:
        return str(path.absolute().relative_to(root.absolute()))
    except ValueError:
        return str(path)
