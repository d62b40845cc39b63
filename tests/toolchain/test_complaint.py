"""What other programs and the operating system complain of, in sentences of ours."""

from __future__ import annotations

import errno

import pytest

from wpf_infra.language import Language
from wpf_infra.toolchain.complaint import from_os_error, told_by

GO_NO_NETWORK = """go: downloading example.test/a v1.0.0
package.go:1:2: example.test/a@v1.0.0: Get "https://proxy.test/a": dial tcp: lookup proxy.test: no such host
package.go:1:2: something after it
"""
PIP_NO_NETWORK = """WARNING: Retrying after connection broken by '[Errno 111] Connection refused': /simple/a/
ERROR: Could not find a version that satisfies the requirement a (from versions: none)
ERROR: No matching distribution found for a
"""


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (GO_NO_NETWORK, "no network: the name cannot be resolved"),
        (PIP_NO_NETWORK, "no network: nothing answers ([Errno 111] Connection refused)"),
        ("write /tmp/x: no space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "what arrived is not what is"),
        ("one\nsomething else\n\n", "something else"),
        ("FileNotFoundError: no such thing\nhint: See above for details.", "FileNotFoundError: no such thing"),
        ("", "it gave no reason"),
    ],
)
def test_the_telling_line_is_found(output: str, sentence: str) -> None:
    assert told_by(output).in_(Language.ENGLISH).startswith(sentence)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "/place: the disk is full → make room there"),
        (errno.EROFS, "/place: cannot be written: the file system is read-only → use a checkout and a cache"),
        (errno.EACCES, "/place: permission denied → use a checkout and a cache"),
        (errno.ENOTDIR, "/place: Not a directory → look at that path"),
    ],
)
def test_the_operating_system_refuses(number: int, sentence: str) -> None:
    error = OSError(number, "Not a directory", "/place")
    assert from_os_error(error).sentence(Language.ENGLISH).startswith(sentence)
    assert "→" in from_os_error(error).sentence(Language.JAPANESE)
