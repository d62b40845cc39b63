"""A drawing's file, written whole or not at all.

Here: putting it in its place, and what stands in the way. Not here: what is drawn (`wpf_infra.network.picture`).
"""

from __future__ import annotations

import errno
import os
import stat
from os.path import realpath
from pathlib import Path

from wpf_infra.cli.system import refused_by_the_system
from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.loading.file import shown
from wpf_infra.toolchain.state import local_folder

_NO_NAME = frozenset({errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EILSEQ})


def write_svg(svg: str, path: Path, root: Path) -> str:
    """The file's name in messages. A link stays a link; what stood there before is whole until the new one is.

    Raises Unreadable where no file can be at `path`, BackendError for what the system refuses.
    """
    file = shown(path, root)
    try:
        _write(svg, path, root)
    except (FileNotFoundError, NotADirectoryError):
        raise _no_folder(file, shown(Path(realpath(path)).parent, root)) from None  # a link may lead elsewhere
    except IsADirectoryError:
        raise _a_folder(file) from None
    except OSError as error:
        if error.errno in _NO_NAME:
            raise _no_file_name(file) from None
        raise refused_by_the_system(error, file) from None
    return file


def _write(svg: str, path: Path, root: Path) -> None:
    if realpath(path.parent) == realpath(local_folder(root)):
        local_folder(root).mkdir(exist_ok=True)  # nobody has to make what git does not keep
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is None or stat.S_ISREG(mode):
        _put(svg, Path(realpath(path)), mode)
    else:
        path.write_text(svg, "utf-8")  # a pipe or a device; a folder refuses


def _put(svg: str, path: Path, mode: int | None) -> None:
    """Beside it, then in its place."""
    beside = path.with_name(f".wpf-drawing-{os.getpid()}")
    stream = beside.open("x", encoding="utf-8")
    try:
        with stream:
            stream.write(svg)
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _no_folder(file: str, folder: str) -> Unreadable:
    return Unreadable(
        Text(en=f"there is no folder `{folder}` to draw in", ja=f"描画先のフォルダ `{folder}` がありません"),
        remedy=Text(
            en="make it, or name a file in a folder that exists", ja="作るか、既存のフォルダを指定してください"
        ),
        where=file,
    )


def _a_folder(file: str) -> Unreadable:
    return Unreadable(
        Text(en="this is a folder, not a file", ja="ファイルではなくフォルダです"),
        remedy=Text(
            en="name a file in it, such as reach.svg", ja="その中のファイル（reach.svg など）を指定してください"
        ),
        where=file,
    )


def _no_file_name(file: str) -> Unreadable:
    return Unreadable(
        Text(en="no file can be called that", ja="この名前のファイルは作れません"),
        remedy=Text(en="name another file, such as reach.svg", ja="別の名前（reach.svg など）を指定してください"),
        where=file,
    )
