"""The files behind trust anchors: beside their tenant's file, and never outside its folder.

Here: finding and reading them. Not here: what they hold (`wpf_infra.policy.anchor`): a file that cannot be had is told
of by a rule, like everything else that is wrong in a declaration.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG

from wpf_infra.language import Text
from wpf_infra.loading.file import shown
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.certificate import stays_inside
from wpf_infra.model.tenant import Tenant

LONGEST = 64 * 1024
_MISSING = Text(en="there is no such file", ja="ファイルがありません")
_OUTSIDE = Text(en="it lies outside the tenant file's folder", ja="テナントのファイルのフォルダの外にあります")
_LEADS_OUT = Text(
    en="a link leads out of the tenant file's folder", ja="リンクがテナントのファイルのフォルダの外を指しています"
)
_NOT_REGULAR = Text(en="this is not a regular file", ja="通常のファイルではありません")
_TOO_LONG = Text(
    en=f"the file is longer than {LONGEST // 1024} KiB", ja=f"ファイルが {LONGEST // 1024} KiB を超えています"
)


def read_anchors(tenant: Tenant, folders: Sequence[Path], root: Path) -> dict[str, AnchorFile]:
    """The file of each anchor of the tenant, by `TENANT.trust.NAME`; the first folder that has it counts.

    Never raises: what cannot be read says why.
    """
    return {
        f"{tenant.tenant}.trust.{name}": read_anchor(anchor.pem_file, folders, root)
        for name, anchor in sorted(tenant.trust.items())
    }


def read_anchor(pem_file: str, folders: Sequence[Path], root: Path) -> AnchorFile:
    """folders: where to look, at least one; the first that has something of that name decides. Never raises."""
    if not stays_inside(pem_file):
        return AnchorFile(pem_file, None, _OUTSIDE)
    for folder in folders:
        path = folder / pem_file
        try:
            found: bytes | Text = _content(folder, path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            found = Text(en=f"the file cannot be read ({reason})", ja=f"ファイルを読めません（{reason}）")
        file = shown(path, root)
        return AnchorFile(file, found) if isinstance(found, bytes) else AnchorFile(file, None, found)
    return AnchorFile(shown(folders[0] / pem_file, root), None, _MISSING)


def _content(folder: Path, path: Path) -> bytes | Text:
    """The file's bytes, or why it is not read. Raises what the operating system raises."""
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)):
        return _LEADS_OUT
    handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe without a writer must not wait
    try:
        if not S_ISREG(os.fstat(handle).st_mode):
            return _NOT_REGULAR
        with os.fdopen(handle, "rb", closefd=False) as file:
            content = file.read(LONGEST + 1)
    finally:
        os.close(handle)
    return content if len(content) <= LONGEST else _TOO_LONG
