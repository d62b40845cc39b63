"""The root and the issuing CA below it: what they may sign, and the list of what is revoked (RFC 5280).

Here: making them, with the moment passed in. Not here: leaf certificates (`leaf`), keeping keys (`backend.issuer`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Signer:
    """A CA that can sign."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Revoked:
    serial: int
    at: datetime
    reason: x509.ReasonFlags


def make_root(name: str, days: int, now: datetime) -> Signer:
    """The offline root: self-signed, and used for nothing but issuing CAs."""
    key = ec.generate_private_key(ec.SECP384R1())
    subject = _subject(f"{name} root")
    builder = _ca(subject, subject, key, now, now + timedelta(days=days), path_length=1)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    )
    return Signer(builder.sign(key, hashes.SHA384()), key)


def make_issuing(root: Signer, name: str, number: int, domains: Iterable[str], days: int, now: datetime) -> Signer:
    """An issuing CA for names below `domains` alone. number: which of the root's it is."""
    key = ec.generate_private_key(ec.SECP256R1())
    ends = min(now + timedelta(days=days), root.certificate.not_valid_after_utc)
    subject = _subject(f"{name} issuing {number}")
    builder = _ca(subject, root.certificate.subject, key, now, ends, path_length=0)
    builder = builder.add_extension(_signed_by(root.certificate), critical=False)
    builder = builder.add_extension(_constraints(sorted(domains)), critical=True)
    return Signer(builder.sign(root.key, hashes.SHA384()), key)


def revocation_list(
    signer: Signer, revoked: Iterable[Revoked], number: int, days: int, now: datetime
) -> x509.CertificateRevocationList:
    """Good for `days`. number: higher than that of any list of this CA before."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(now)
        .next_update(now + timedelta(days=days))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_signed_by(signer.certificate), critical=False)
    )
    for each in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(each.serial)
            .revocation_date(each.at)
            .add_extension(x509.CRLReason(each.reason), critical=False)
            .build()
        )
    return builder.sign(signer.key, hashes.SHA256())


def permitted_domains(certificate: x509.Certificate) -> frozenset[str]:
    """Below which names the CA may sign."""
    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    return frozenset(each.value for each in constraints.permitted_subtrees or () if isinstance(each, x509.DNSName))


def _ca(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
    *,
    path_length: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _subject(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _signed_by(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _constraints(domains: list[str]) -> x509.NameConstraints:
    """Host names, mail and URIs below the domains; addresses never."""
    permitted: list[x509.GeneralName] = [x509.DNSName(domain) for domain in domains]
    permitted += [x509.RFC822Name(domain) for domain in domains]
    permitted += [x509.UniformResourceIdentifier(domain) for domain in domains]
    everything = ("0.0.0.0/0", "::/0")
    return x509.NameConstraints(permitted, [x509.IPAddress(ip_network(each)) for each in everything])


_USES: Mapping[str, bool] = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": True,
    "crl_sign": True,
    "encipher_only": False,
    "decipher_only": False,
}


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(**_USES)
