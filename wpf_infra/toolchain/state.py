"""A checkout's local state: the folder the engine keeps stacks in, and the passphrase their secrets are sealed with.

Here: their places, and making both, once. Not here: what the engine writes there; and no passphrase is ever shown,
replaced or removed.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text


def local_folder(root: Path) -> Path:
    """All that a checkout keeps on this machine and git does not."""
    return root / ".wpf"


def state_folder(root: Path) -> Path:
    return local_folder(root) / "state"


def passphrase_file(root: Path) -> Path:
    return local_folder(root) / "passphrase"


def prepare_state(root: Path, *, passphrase: bool) -> None:
    """Make what is not there yet; refuse where stacks stand and their passphrase is gone.

    passphrase: false where the person brings one of their own.
    """
    state_folder(root).mkdir(parents=True, exist_ok=True)
    if not passphrase:
        return
    file = passphrase_file(root)
    if file.is_file() and file.stat().st_size:
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
        return
    if stacks := _sealed_stacks(root):
        raise _passphrase_missing(file, stacks)
    _write_whole(file, secrets.token_urlsafe(32))


def _sealed_stacks(root: Path) -> list[str]:
    """The stacks that have a state here, or a salt that belongs to the passphrase."""
    states = {path.stem for path in (state_folder(root) / ".pulumi" / "stacks").rglob("*.json")}
    settings = {path for path in root.glob("Pulumi.*.yaml") if b"encryptionsalt:" in path.read_bytes()}
    return sorted(states | {path.name.split(".")[1] for path in settings})


def _passphrase_missing(file: Path, stacks: list[str]) -> WpfError:
    names = ", ".join(stacks[:5]) + (", …" if len(stacks) > 5 else "")
    return WpfError(
        Text(
            f"the passphrase is missing, and {len(stacks)} stack(s) are sealed with it: {names}",
            f"パスフレーズがありません。{len(stacks)} 個のスタックがこれで封じられています: {names}",
        ),
        where=str(file),
        remedy=Text(
            "put the file back from a copy, or set PULUMI_CONFIG_PASSPHRASE_FILE; to start over and forget what these "
            "stacks manage: make distclean",
            "控えからファイルを戻すか、PULUMI_CONFIG_PASSPHRASE_FILE を設定してください。"
            "スタックを破棄してやり直す場合は make distclean",
        ),
    )


def _write_whole(file: Path, content: str) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".passphrase-")  # made with mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(content)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
