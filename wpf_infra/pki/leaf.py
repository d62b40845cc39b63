"""Certificates of holders: for one name or a few, for one use, signed by the issuing CA (RFC 5280, RFC 6125).

Here: what a resource comes to as X.509, from a request or with a new key. Not here: CAs (`authority`), keeping them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wpf_infra.errors import Refused
from wpf_infra.language import Text
from wpf_infra.model.resource import CertificateResource, Usage
from wpf_infra.pki.authority import Signer, permitted_domains

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey
_SHORTEST_RSA = 2048
_SMALLEST_CURVE = 256
_PURPOSES = {Usage.SERVER: ExtendedKeyUsageOID.SERVER_AUTH, Usage.CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH}


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sign(signer: Signer, wanted: CertificateResource, public_key: PublicKey, now: datetime) -> x509.Certificate:
    """Good from now for `wanted.days`, never longer than the CA. Raises Refused for a name that is not the CA's."""
    check_names(wanted, permitted_domains(signer.certificate))
    rsa_key = isinstance(public_key, rsa.RSAPublicKey)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wanted.common_name)]))
        .issuer_name(signer.certificate.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(min(now + timedelta(days=wanted.days), signer.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(rsa_key), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_PURPOSES[wanted.usage]]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in wanted.dns_names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                signer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
        .sign(signer.key, hashes.SHA256())
    )


def check_names(wanted: CertificateResource, domains: frozenset[str]) -> None:
    for name in (wanted.common_name, *wanted.dns_names):
        if not any(name.endswith(f".{domain}") for domain in domains):
            raise Refused(
                Text(
                    en=f"`{name}` lies outside {', '.join(sorted(domains))}, below which alone the platform's CA signs",
                    ja=f"`{name}` は、基盤のCAが署名できる {'、'.join(sorted(domains))} の下にありません",
                ),
                where=str(wanted.identity),
                row=3,
                remedy=Text(
                    en="call it HOLDER.TENANT.DOMAIN; where the domains changed, bring the platform's stack up first",
                    ja="保持者.テナント.ドメイン としてください。ドメインの変更後は基盤のスタックが先です",
                ),
            )


def requested_key(wanted: CertificateResource) -> PublicKey:
    """The holder's own key, out of its request. Raises Refused for a request that is none, is not signed by its key,
    asks for other names, or has a weak key.
    """
    assert wanted.request is not None
    try:
        request = x509.load_pem_x509_csr(wanted.request.encode())
        valid = request.is_signature_valid
        key = request.public_key()
        names = _names(request)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature, x509.DuplicateExtension) as error:
        raise _bad_request(
            wanted, Text(en="it cannot be read as a PKCS #10 request", ja="PKCS #10 の要求として読めません")
        ) from error
    if not valid:
        raise _bad_request(wanted, Text(en="its signature is not by its own key", ja="署名が鍵と一致しません"))
    if others := names - {wanted.common_name, *wanted.dns_names}:
        listed = ", ".join(sorted(others))
        raise _bad_request(
            wanted, Text(en=f"it asks for names not declared: {listed}", ja=f"宣言にない名前を求めています: {listed}")
        )
    strong = (
        (isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SHORTEST_RSA)
        or (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= _SMALLEST_CURVE)
        or isinstance(key, ed25519.Ed25519PublicKey)
    )
    if not strong:
        raise _bad_request(
            wanted,
            Text(
                en=f"its key is weak: RSA has {_SHORTEST_RSA} bits at least, a curve {_SMALLEST_CURVE}",
                ja=f"鍵が弱すぎます。RSAは {_SHORTEST_RSA} ビット以上、楕円曲線は {_SMALLEST_CURVE} ビット以上です",
            ),
        )
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey)
    return key


def _names(request: x509.CertificateSigningRequest) -> set[str]:
    names = {str(each.value).lower() for each in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
    try:
        asked = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return names
    return names | {str(each.value).lower() for each in asked}


def _bad_request(wanted: CertificateResource, what: Text) -> Refused:
    return Refused(
        Text(en=f"the certificate signing request: {what.en}", ja=f"証明書署名要求: {what.ja}"),
        where=str(wanted.identity),
        row=3,
        remedy=Text(
            en="have the holder make a new request, for the declared name",
            ja="宣言した名前の要求を所有者に作り直してもらってください",
        ),
    )


def _key_usage(rsa_key: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=rsa_key,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
