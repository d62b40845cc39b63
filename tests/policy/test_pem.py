"""What of a PEM file can be told from its text alone."""

from __future__ import annotations

import pytest

from tests.policy.issuing import issue
from wpf_infra.policy.chain import read_chain
from wpf_infra.policy.pem import fault

ONE = issue("scada").pem
BODY = b"".join(ONE.splitlines(keepends=True)[1:-1])


def block(label: bytes, body: bytes = b"c2VjcmV0\n") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label, body, label)


@pytest.mark.parametrize(
    "content",
    [
        ONE,
        ONE.rstrip(),
        ONE.replace(b"\n", b"\r\n"),
        b"subject=CN = scada\n" + ONE + b"\nthe next one follows\n" + ONE,
    ],
    ids=["plain", "no last line break", "Windows's line breaks", "words around"],
)
def test_certificates_in_pem(content: bytes) -> None:
    assert fault(content) is None
    assert read_chain(content).unusable is None


@pytest.mark.parametrize(
    "content",
    [
        ONE + block(b"PRIVATE KEY"),
        block(b"EC PRIVATE KEY") + ONE,
        block(b"ENCRYPTED PRIVATE KEY"),
        block(b"OPENSSH PRIVATE KEY"),
        b"-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0",
        block(b"PRIVATE KEY").decode().encode("utf-16"),
        block(b"PRIVATE KEY").lower(),
    ],
    ids=["behind", "before", "encrypted", "openssh", "cut off", "UTF-16", "lower case"],
)
def test_a_private_key_is_told_of_and_never_repeated(content: bytes) -> None:
    """FAQ-3"""
    summary, remedy = fault(content) or pytest.fail("not seen")
    assert summary.en == "there is a private key in the file"
    assert "make a new key" in remedy.en
    assert not any("c2Vj" in text or "secret" in text for text in (summary.en, remedy.en, summary.ja, remedy.ja))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no certificate in PEM"),
        (b"-----BEGIN CERTIFICATE-----\n", "no certificate in PEM"),
        (ONE + ONE[:200], "cut off"),
        (ONE[:200] + b"\n" + ONE, "cut off"),
        (ONE + block(b"CERTIFICATE REQUEST"), "`CERTIFICATE REQUEST`"),
        (ONE + block(b"X509 CRL"), "`X509 CRL`"),
        (block(b"TRUSTED CERTIFICATE", BODY), "`TRUSTED CERTIFICATE`"),
        (block(b"\x1b[2J"), "`\\x1b[2J`"),
        (b"\xef\xbb\xbf" + ONE, "without a byte order mark"),
        (ONE.decode().encode("utf-16"), "without a byte order mark"),
        (b"\x30\x82\x01\x0a", "openssl x509 -inform der"),
        (block(b"CERTIFICATE"), "certificate 1 in the file does not hold together"),
        (ONE + block(b"CERTIFICATE", b"!!!\n"), "certificate 2 in the file does not hold together"),
        (block(b"CERTIFICATE", BODY[:-20] + b"\n"), "does not hold together"),
    ],
)
def test_what_is_no_certificate_is_said(content: bytes, says: str) -> None:
    """FAQ-3"""
    chain = read_chain(content)
    assert chain.unusable is not None
    assert says in " → ".join(text.en for text in chain.unusable)
    assert (chain.broken, chain.weak, chain.spans) == ((), (), ())


def test_a_long_file_of_nothing_is_read_in_no_time() -> None:
    for content in (b"-----BEGIN " * 6000, b"-----BEGIN CERTIFICATE-----\n" * 2300, b"-" * 65536):
        assert fault(content) is not None
