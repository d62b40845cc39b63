"""Wrong input of every sort, and what reading it may never do: take for ever, change a file, end in another exception.

Here: spoiled bytes, the limits around one example, and how many there are. Not here: any reader.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("WPF_FUZZ", "0"))
"""How many of each reader, instead of the few of a test run; 0 is those few."""
LONGEST_S = 20.0
"""Far more than any example needs on a busy machine; a loop without an end needs more."""
_F = TypeVar("_F", bound=Callable[..., Any])
_SNIPPETS = (
    b"&a [*a]", b"*a", b"&a", b"<<: *a", b"!!python/object/apply:os.system [id]", b"!!binary aGk=", b"!x",
    b"%YAML 1.1\n", b"---\n", b"...\n", b"\t", b"\r\n", b"\r", b"\x00", b"\x1b[2J", b"\xff", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\xed\xa0\x80", "\u2028".encode(), "\u202e".encode(), "\u3000".encode(), "４".encode(), b"? ",
    b"? - a\n: b", b"{", b"[", b"}", b"]", b"'", b'"', b"|\n", b">\n", b"#", b": ", b":", b"- ", b"~", b"null",
    b"true", b".nan", b".inf", b"1e999", b"-0", b"0o777", b"0x7fffffffffffffffffffffff", b"9" * 50, b"9" * 5000,
    b"[" * 40, b"{a: " * 40, b"- " * 40, b"a" * 600, b"2026-02-30", b"0001-01-01", b"9999-12-31", b"24:00",
    b"10.0.0.0/0", b"0.0.0.0/0", b"255.255.255.255", b"999.1.1.1/99", b"::1", b"tcp/0", b"tcp/1-65535", b"icmp",
    b"platform", b"../../etc/passwd", b"a/b/c", b"C:\\", b"-----BEGIN CERTIFICATE-----\n",
    b"-----END CERTIFICATE-----\n", b"-----BEGIN PRIVATE KEY-----\n", b"%", b"%s", b"{0}", b"\\u0000", b"\\x",
)  # fmt: skip


def fuzzed(usual: int) -> Callable[[_F], _F]:
    """So many examples in a test run, the same each time; in the long run as many as it says, others each time."""
    return settings(
        max_examples=EXAMPLES or usual,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def spoiled(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """One of the contents with pieces replaced, repeated, moved or cut off."""
    content = bytearray(draw(st.sampled_from(contents)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        piece = bytes(content[start:end])
        match draw(st.sampled_from(("put", "put", "put", "bytes", "repeat", "move", "cut"))):
            case "put":
                content[start:end] = draw(st.sampled_from(_SNIPPETS))
            case "bytes":
                content[start:end] = draw(st.binary(max_size=8))
            case "repeat":
                content[start:start] = piece * draw(st.integers(1, 3))
            case "move":
                del content[start:end]
                target = draw(st.integers(0, len(content)))
                content[target:target] = piece
            case _:
                del content[start:]
    return bytes(content)


def wrong_bytes(*contents: bytes) -> st.SearchStrategy[bytes]:
    """Spoiled content mostly; snippets in a row; bytes that never were anything."""
    soup = st.lists(st.one_of(st.sampled_from(_SNIPPETS), st.sampled_from((b"a", b" ", b"\n", b"  "))), max_size=20)
    return st.one_of(spoiled(contents), spoiled(contents), soup.map(b"".join), st.binary(max_size=200))


class Endless(BaseException):
    """An example took longer than any should. No `except Exception` swallows it."""


@contextmanager
def in_time(seconds: float = LONGEST_S) -> Iterator[None]:
    """Raises Endless in whatever is still running then; where the system has no such alarm, nothing."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Endless(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def picture(root: Path) -> Mapping[str, tuple[int, bytes]]:
    """Every file below: when it was last changed, and its content."""
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@contextmanager
def unchanged(root: Path) -> Iterator[None]:
    before = picture(root)
    yield
    assert picture(root) == before
