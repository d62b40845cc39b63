"""Chains that a real OpenSSL accepts, and those that it has to refuse (FAQ 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.backend.made import NOW, made
from tests.pki import openssl
from wpf_infra.calendar import TOKYO
from wpf_infra.errors import Refused
from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import CertificateResource
from wpf_infra.pki import leaf
from wpf_infra.pki.authority import Revoked, make_issuing, make_root, revocation_list
from wpf_infra.plan.renewal import crl_due, due

LATER = NOW + timedelta(days=1)
ROOT = make_root("wpf.internal", 7300, NOW)
ISSUING = make_issuing(ROOT, "wpf.internal", 1, ["wpf.internal"], 3650, NOW)


def wanted(**more: object) -> CertificateResource:
    certificate = made(Kind.CERTIFICATE, **more).one
    assert isinstance(certificate, CertificateResource)
    return certificate


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture
def judged(tmp_path: Path, requires: Callable[[bool, str], None]) -> Callable[..., openssl.Verdict]:
    requires(openssl.COMMAND is not None, "openssl")

    def judge(certificate: x509.Certificate, at: datetime = LATER, **more: object) -> openssl.Verdict:
        asked = {"root": pem(ROOT.certificate), "issuing": pem(ISSUING.certificate), "purpose": "sslclient", **more}
        return openssl.verify(tmp_path, pem(certificate), at=at, **asked)  # type: ignore[arg-type]

    return judge


def _signed(**more: object) -> x509.Certificate:
    return leaf.sign(ISSUING, wanted(**more), leaf.new_key().public_key(), NOW)


def _forged(name: x509.GeneralName) -> x509.Certificate:
    """By the issuing CA's own key, round our check: what the name constraints are for."""
    key = ec.generate_private_key(ec.SECP256R1())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(ISSUING.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ISSUING.key.public_key()), critical=False)
        .sign(ISSUING.key, hashes.SHA256())
    )


def test_what_the_platform_signs_is_accepted(judged: Callable[..., openssl.Verdict]) -> None:
    assert judged(_signed()).accepted
    assert judged(_signed(usage="server"), purpose="sslserver").accepted


def test_for_its_own_use_alone(judged: Callable[..., openssl.Verdict]) -> None:
    assert "purpose" in judged(_signed(), purpose="sslserver").said
    assert "purpose" in judged(_signed(usage="server"), purpose="sslclient").said


def test_until_its_end_alone(judged: Callable[..., openssl.Verdict]) -> None:
    certificate = _signed(days=10)
    assert judged(certificate, at=NOW + timedelta(days=9)).accepted
    assert "expired" in judged(certificate, at=NOW + timedelta(days=11)).said
    assert "not yet valid" in judged(certificate, at=NOW - timedelta(days=1)).said


def test_by_this_root_alone(judged: Callable[..., openssl.Verdict]) -> None:
    other = make_root("wpf.internal", 7300, NOW)
    assert not judged(_signed(), root=pem(other.certificate)).accepted


@pytest.mark.parametrize(
    "name",
    [
        x509.DNSName("bank.example.com"),
        x509.DNSName("wpf.internal.example.com"),
        x509.IPAddress(IPv4Address("10.64.1.11")),
        x509.RFC822Name("somebody@example.com"),
    ],
    ids=["host", "look-alike", "address", "mail"],
)
def test_a_name_outside_the_constraints_is_refused_even_by_the_cas_own_key(
    judged: Callable[..., openssl.Verdict], name: x509.GeneralName
) -> None:
    assert "subtree" in judged(_forged(name)).said


def test_a_name_inside_them_passes_so_that_it_is_they_that_refuse(judged: Callable[..., openssl.Verdict]) -> None:
    assert judged(_forged(x509.DNSName("gw.hill.wpf.internal")), purpose="any").accepted


def test_what_is_revoked_is_refused_and_only_that(judged: Callable[..., openssl.Verdict]) -> None:
    good, bad = _signed(), _signed()
    revoked = [Revoked(bad.serial_number, NOW, x509.ReasonFlags.key_compromise)]
    crl = revocation_list(ISSUING, revoked, 2, 30, NOW).public_bytes(Encoding.PEM).decode()
    assert judged(good, crl=crl).accepted
    assert "revoked" in judged(bad, crl=crl).said
    assert "expired" in judged(good, crl=crl, at=NOW + timedelta(days=31)).said


def test_an_issuing_ca_signs_no_ca(judged: Callable[..., openssl.Verdict], tmp_path: Path) -> None:
    below = make_issuing(ISSUING, "wpf.internal", 2, ["wpf.internal"], 100, NOW)
    certificate = leaf.sign(below, wanted(), leaf.new_key().public_key(), NOW)
    chain = pem(below.certificate) + pem(ISSUING.certificate)
    assert "path length" in judged(certificate, issuing=chain).said


@pytest.mark.parametrize("name", ["gw.example.com", "wpf.internal", "evilwpf.internal"])
def test_we_do_not_sign_for_a_name_outside(name: str) -> None:
    with pytest.raises(Refused, match="lies outside"):
        leaf.sign(ISSUING, wanted(common_name=name, dns_names=[name]), leaf.new_key().public_key(), NOW)


def test_nothing_outlives_its_ca() -> None:
    short = make_issuing(ROOT, "wpf.internal", 3, ["wpf.internal"], 100, NOW)
    certificate = leaf.sign(short, wanted(days=365), leaf.new_key().public_key(), NOW)
    assert certificate.not_valid_after_utc == short.certificate.not_valid_after_utc


# Requests.


def _request(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, *names: str, common_name: str = "plant-gw.hill.wpf.internal"
) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


_KEY = ec.generate_private_key(ec.SECP256R1())


def test_a_holders_own_key_is_certified(judged: Callable[..., openssl.Verdict]) -> None:
    key = rsa.generate_private_key(65537, 2048)
    asked = wanted(request=_request(key))
    certificate = leaf.sign(ISSUING, asked, leaf.requested_key(asked), NOW)
    assert certificate.public_key() == key.public_key()
    assert judged(certificate).accepted


@pytest.mark.parametrize(
    ("request_pem", "why"),
    [
        ("no request", "cannot be read"),
        (_request(ec.generate_private_key(ec.SECP256R1()), "portal.platform.wpf.internal"), "names not declared"),
        (
            _request(ec.generate_private_key(ec.SECP256R1()), common_name="other.hill.wpf.internal"),
            "names not declared",
        ),
        (_request(rsa.generate_private_key(65537, 1024)), "weak"),
    ],
    ids=["text", "other-san", "other-name", "weak-key"],
)
def test_a_bad_request_is_refused(request_pem: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        leaf.requested_key(wanted(request=request_pem))


def test_a_request_that_was_altered_is_refused() -> None:
    good = _request(ec.generate_private_key(ec.SECP256R1()))
    lines = good.splitlines()
    altered = "\n".join(
        [*lines[:-2], lines[-2][:10] + ("A" if lines[-2][10] != "A" else "B") + lines[-2][11:], lines[-1]]
    )
    with pytest.raises(Refused):
        leaf.requested_key(wanted(request=altered))


# Renewal.

_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2046, 1, 1)).map(lambda moment: moment.replace(tzinfo=TOKYO))  # noqa: DTZ001


@given(_MOMENTS, st.integers(1, 400), st.integers(0, 500))
def test_renewed_when_due_it_is_not_due_again_and_never_ends_before(
    begins: datetime, days: int, looked_after: int
) -> None:
    before = min(30, days - 1)
    ends, now = begins + timedelta(days=days), begins + timedelta(days=looked_after)
    if due(ends, before, now):
        assert not due(now + timedelta(days=days), before, now) or before == days
    else:
        assert now < ends


@given(_MOMENTS, st.integers(1, 90), st.integers(0, 200))
def test_a_list_written_anew_is_not_due_again(begins: datetime, days: int, hours: int) -> None:
    until, now = begins + timedelta(days=days), begins + timedelta(hours=hours)
    if crl_due(until, days, now):
        assert not crl_due(now + timedelta(days=days), days, now)
    else:
        assert now < until
