"""Certificates for tests: roots, CAs below them, servers; each good unless a test says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    ExtensionType,
    KeyUsage,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

BEGINS = datetime(2020, 4, 1, tzinfo=UTC)
ENDS = datetime(2046, 3, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Issued:
    certificate: Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@cache
def key(number: int) -> ec.EllipticCurvePrivateKey:
    """One of a few, made once."""
    del number
    return ec.generate_private_key(ec.SECP256R1())


def usage(*, signs: bool) -> KeyUsage:
    return KeyUsage(not signs, False, False, False, False, signs, signs, False, False)


def authority(path_length: int | None = None) -> tuple[tuple[ExtensionType, bool], ...]:
    return ((BasicConstraints(True, path_length), True), (usage(signs=True), True))


SERVER: tuple[tuple[ExtensionType, bool], ...] = ((BasicConstraints(False, None), True), (usage(signs=False), True))


def issue(
    name: str,
    by: Issued | None = None,
    *,
    holds: Any = None,
    extensions: tuple[tuple[ExtensionType, bool], ...] = SERVER,
    begins: datetime = BEGINS,
    ends: datetime = ENDS,
) -> Issued:
    """A certificate of `name`, signed by `by` or by itself. holds: its key; extensions: each with whether critical."""
    own = holds or key(sum(name.encode()))
    signer = by.key if by is not None else own
    subject = Name([NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by is not None else subject)
        .public_key(own.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    edwards = isinstance(signer, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    return Issued(builder.sign(signer, None if edwards else hashes.SHA256()), own)


def root(name: str = "root", **more: Any) -> Issued:
    return issue(name, **{"extensions": authority(), **more})


def issuing(by: Issued, name: str = "issuing", **more: Any) -> Issued:
    return issue(name, by, **{"extensions": authority(), **more})
