"""What went wrong in another program or in the operating system, as one sentence of ours.

Here: a table of known complaints and the search for the telling line. Not here: what to do next; the caller knows.
"""

from __future__ import annotations

import errno
import re

from wpf_infra.errors import WpfError
from wpf_infra.language import Text, same

_KNOWN = (
    (r"no space left on device", Text("the disk is full", "ディスクに空きがありません")),
    (r"read-only file system", Text("the file system is read-only", "ファイルシステムが読み取り専用です")),
    (r"do not match the hashes|checksum mismatch|security error",
     Text("what arrived is not what is pinned: its hash differs", "届いた内容のハッシュが固定した値と異なります")),
    (r"name or service not known|failure in name resolution|no such host|nodename nor servname|server misbehaving",
     Text("no network: the name cannot be resolved", "ネットワークがありません: 名前を解決できません")),
    (r"connection refused|network is unreachable|no route to host|cannot connect to proxy|proxyconnect",
     Text("no network: nothing answers", "ネットワークがありません: 応答がありません")),
    (r"i/o timeout|timed out|handshake timeout|deadline exceeded",
     Text("no network: the answer did not come in time", "ネットワークがありません: 時間内に応答がありません")),
    (r"certificate verify failed|x509:",
     Text("the other side's certificate is not trusted", "相手の証明書を信頼できません")),
)  # fmt: skip

_SYSTEM = re.compile(r"\[Errno -?\d+\] [^'\"<>()]+")
_NAMED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception): ")
_IDLE = re.compile(r"^\s*$|^go: downloading |^\[notice\]|^\s+[~^]+\s*$")


def told_by(output: str) -> Text:
    """The reason a program gave for its failure: a known one with its line, else an exception, else the last line."""
    lines = [line.strip() for line in output.splitlines() if not _IDLE.match(line)]
    for pattern, sentence in _KNOWN:
        for line in lines:
            if re.search(pattern, line, re.IGNORECASE):
                detail = _short(_heart(line))
                return Text(en=f"{sentence.en} ({detail})", ja=f"{sentence.ja} ({detail})")
    if not lines:
        return Text("it gave no reason", "理由は示されませんでした")
    named = [line for line in lines if _NAMED.match(line)]
    return same(_short((named or lines)[-1]))


def from_os_error(error: OSError) -> WpfError:
    """A refusal of the operating system as an error of ours, with its path and what to do."""
    sentence = _OS_ERRORS.get(error.errno or 0, same(error.strerror or str(error)))
    remedy = _OS_REMEDIES.get(
        error.errno or 0,
        Text(
            "look at that path, mend it and run the same command again",
            "そのパスを直し、同じコマンドを再実行してください",
        ),
    )
    return WpfError(sentence, where=str(error.filename) if error.filename else None, remedy=remedy)


_OS_ERRORS = {
    errno.ENOSPC: Text("the disk is full", "ディスクに空きがありません"),
    errno.EDQUOT: Text("the disk quota is used up", "ディスクの割当てを使い切りました"),
    errno.EROFS: Text("cannot be written: the file system is read-only", "書き込めません: 読み取り専用です"),
    errno.EACCES: Text("permission denied", "権限がありません"),
    errno.EPERM: Text("permission denied", "権限がありません"),
    errno.ENOLCK: Text("this file system has no file locks", "このファイルシステムではロックを使えません"),
}

_ROOM = Text("make room there and run the same command again", "空きを作り、同じコマンドを再実行してください")
_WRITABLE = Text(
    "use a checkout and a cache (XDG_CACHE_HOME) that you may write to, and run the same command again",
    "書き込めるチェックアウトとキャッシュ (XDG_CACHE_HOME) を使い、同じコマンドを再実行してください",
)
_OS_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: _WRITABLE,
    errno.EACCES: _WRITABLE,
    errno.EPERM: _WRITABLE,
    errno.ENOLCK: Text(
        "set XDG_CACHE_HOME to a folder on a local disk", "XDG_CACHE_HOME をローカルディスクの場所にしてください"
    ),
}


def _heart(line: str) -> str:
    """The system's own words where a line has them, without the Python objects around them."""
    found = _SYSTEM.search(line)
    return found[0].strip() if found else line


def _short(line: str) -> str:
    return line if len(line) <= 300 else line[:297] + "..."
