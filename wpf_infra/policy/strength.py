"""Keys and signatures of certificates: which of them still prove anything.

Here: kinds and lengths, what NIST SP 800-57 and 800-131A leave for use. Not here: whose certificate it is (`chain`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wpf_infra.language import Text
from wpf_infra.policy.pem import Fault

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

RSA_BITS = 2048
_CURVES = {"secp256r1", "secp384r1", "secp521r1"}
_BROKEN_HASHES = {"md5": "MD5", "sha1": "SHA-1"}


def weaknesses(called: Text, certificate: Certificate) -> Iterator[Fault]:
    """What of its key and of the signature on it is too weak; `called` is its name in messages."""
    key, signature = weak_key(certificate), weak_signature(certificate)
    if key is not None:
        yield (
            Text(en=f"{called.en} has {key.en}", ja=f"{called.ja}は{key.ja}です"),
            Text(
                en=f"have the vendor use RSA of at least {RSA_BITS} bits, EC P-256, P-384 or P-521, Ed25519 or Ed448",
                ja=f"{RSA_BITS}ビット以上のRSA、EC P-256・P-384・P-521、Ed25519、Ed448のどれかで作り直すよう"
                "ベンダーに依頼してください",
            ),
        )
    if signature is not None:
        yield (
            Text(en=f"{called.en} is signed with {signature}", ja=f"{called.ja}の署名は {signature} です"),
            Text(en="have the vendor sign with SHA-256 or better", ja="SHA-256以上で署名し直すよう依頼してください"),
        )


def weak_key(certificate: Certificate) -> Text | None:
    """Its key, described, where it is too weak or of no kind that is used."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm:
        return Text(en="a key of an unknown kind", ja="未知の種類の鍵")
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        return None
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size >= RSA_BITS:
            return None
        return Text(en=f"an RSA key of {key.key_size} bits", ja=f"RSA {key.key_size}ビットの鍵")
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name in _CURVES:
            return None
        return Text(en=f"a key on the curve {key.curve.name}", ja=f"曲線 {key.curve.name} の鍵")
    name = type(key).__name__.removesuffix("PublicKey").lstrip("_")
    return Text(en=f"a key of a kind that is not used here ({name})", ja=f"ここでは使わない種類の鍵（{name}）")


def weak_signature(certificate: Certificate) -> str | None:
    """The hash, where it is a broken one. A root's own counts: nobody verifies it, but so the CA would sign others."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return "?"
    return _BROKEN_HASHES.get(algorithm.name) if algorithm is not None else None
