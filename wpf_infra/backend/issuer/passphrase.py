"""The passphrases under which the issuer's keys are kept, and where they come from.

Here: the issuing CA's (the environment, else a file), and the offline root's (a file that may be taken away). Not here:
what is encrypted with them. A passphrase is on the disk before the first key that needs it.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from wpf_infra.errors import BackendError, Refused
from wpf_infra.language import Text

VARIABLE = "WPF_ISSUER_PASSPHRASE"
SHORTEST = 20
_ISSUING = "passphrase"
_ROOT = "root-passphrase"


class Passphrases:
    """folder: the issuer's; given: that of the environment, None where there is none."""

    def __init__(self, folder: Path, given: str | None) -> None:
        self._folder = folder
        self._given = given

    def issuing(self, *, create: bool = False) -> bytes:
        """Raises Refused for one that is too short, or that is gone."""
        if self._given is not None:
            if len(self._given) < SHORTEST:
                raise Refused(
                    Text(
                        en=f"the issuer's passphrase is shorter than {SHORTEST} characters",
                        ja=f"発行元のパスフレーズが {SHORTEST} 文字未満です",
                    ),
                    where=VARIABLE,
                    row=3,
                    remedy=Text(
                        en="set a longer one, or unset it: one is made and kept beside the keys",
                        ja="長いものを設定するか、設定を外してください（自動で生成し鍵の隣に保管します）",
                    ),
                )
            return self._given.encode()
        return self._of_file(self._folder / _ISSUING, create=create) or self._missing(_ISSUING)

    def root(self, *, create: bool = False) -> bytes:
        """Raises Refused when it was taken away, as an offline root's is."""
        return self._of_file(self._folder / _ROOT, create=create) or self._missing(_ROOT)

    def _of_file(self, path: Path, *, create: bool) -> bytes | None:
        try:
            if kept := path.read_bytes().strip():
                return kept
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _unreadable(path, error) from error
        if not create:
            return None
        try:
            return _make(path)
        except OSError as error:
            raise _unreadable(path, error) from error

    def _missing(self, name: str) -> bytes:
        raise Refused(
            Text(
                en=f"the passphrase of the {'offline root' if name == _ROOT else 'issuing CA'} is not there",
                ja=f"{'オフラインのルート' if name == _ROOT else '発行CA'}のパスフレーズがありません",
            ),
            where=str(self._folder / name),
            row=3,
            remedy=Text(
                en="put the file back for this run" + ("" if name == _ROOT else f", or set {VARIABLE}"),
                ja="この実行の間、ファイルを戻してください"
                + ("" if name == _ROOT else f"（または {VARIABLE} を設定）"),
            ),
        )


def _make(path: Path) -> bytes:
    """Whole and on the disk, or not at all; of two processes the first one's counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_urlsafe(48).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path.read_bytes().strip()


def _unreadable(path: Path, error: OSError) -> BackendError:
    return BackendError(
        Text(
            en=f"the issuer's passphrase cannot be kept or read ({error.strerror})",
            ja=f"発行元のパスフレーズを保管または読み出せません（{error.strerror}）",
        ),
        where=str(path),
        row=3,
        remedy=Text(
            en="look at the folder's permissions and the disk", ja="フォルダの権限とディスクを確認してください"
        ),
    )
