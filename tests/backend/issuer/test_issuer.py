"""The issuer over a life: what is issued, renewed, revoked and kept, and who can read its keys (FAQ 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.backend.made import NOW, WORLD, made
from tests.pki import openssl
from wpf_infra.backend.issuer.issuer import Issuer
from wpf_infra.backend.issuer.passphrase import VARIABLE
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import AnchorResource, AuthorityIssued, CertificateIssued, Resource
from wpf_infra.plan import diff
from wpf_infra.plan.step import Build, Settle

CA, HOLDER = made(Kind.AUTHORITY), made(Kind.CERTIFICATE)


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[Issuer]:
    opened = _open(tmp_path)
    opened.create(CA.one)
    yield opened
    opened.close()


def _open(folder: Path, now: datetime = NOW, passphrase: str | None = None) -> Issuer:
    return Issuer(folder / "issuer", world=lambda: WORLD, now=lambda: now, passphrase=passphrase)


def _certificate(issuer: Issuer, resource: Resource = HOLDER.one) -> CertificateIssued:
    found = issuer.find(resource.identity)
    assert found is not None and isinstance(found.issued, CertificateIssued)
    return found.issued


def _authority(issuer: Issuer) -> AuthorityIssued:
    found = issuer.find(CA.one.identity)
    assert found is not None and isinstance(found.issued, AuthorityIssued)
    return found.issued


def _revoked(issuer: Issuer) -> set[str]:
    blocks = [
        f"{each}-----END X509 CRL-----\n" for each in _authority(issuer).crl.split("-----END X509 CRL-----\n")[:-1]
    ]
    return {f"{entry.serial_number:x}" for block in blocks for entry in x509.load_pem_x509_crl(block.encode())}


def _planned(issuer: Issuer, resource: Resource, now: datetime) -> list[str]:
    """The plan of a run at that moment, carried out; what it said."""
    plan = diff(issuer.find(resource.identity), resource, resource, now)
    for step in plan.steps:
        issuer.perform(resource.identity, step)
    assert diff(issuer.find(resource.identity), resource, resource, now).changes == ()
    return [change.path for change in plan.changes]


def test_key_and_certificate_are_one_pair(issuer: Issuer) -> None:
    issuer.create(HOLDER.one)
    issued = _certificate(issuer)
    assert issued.private_key is not None
    key = load_pem_private_key(issued.private_key.encode(), None)
    leaf, issuing = x509.load_pem_x509_certificates(issued.certificate.encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.public_key() == leaf.public_key()
    assert leaf.issuer == issuing.subject


def test_openssl_accepts_it_by_the_trust_bundle_and_refuses_it_once_revoked(
    issuer: Issuer, tmp_path: Path, requires: Callable[[bool, str], None]
) -> None:
    requires(openssl.COMMAND is not None, "openssl")
    issuer.create(HOLDER.one)
    issued = _certificate(issuer)
    root, issuing = (f"{each}-----END CERTIFICATE-----\n" for each in _bundle(issuer))

    def judged() -> openssl.Verdict:
        return openssl.verify(
            tmp_path,
            issued.certificate,
            root=root,
            issuing=issuing,
            at=NOW + timedelta(hours=1),
            purpose="sslclient",
            crl=_authority(issuer).crl,
        )

    assert judged().accepted
    issuer.delete(HOLDER.one.identity)
    assert "revoked" in judged().said


def _bundle(issuer: Issuer) -> list[str]:
    bundle = issuer.trust_bundle()
    assert bundle is not None
    return bundle.split("-----END CERTIFICATE-----\n")[:-1]


def test_said_otherwise_it_is_issued_anew_and_the_old_one_revoked(issuer: Issuer) -> None:
    issuer.create(HOLDER.one)
    before = _certificate(issuer)
    for _ in range(2):
        issuer.perform(HOLDER.one.identity, Settle(HOLDER.other))
    assert _certificate(issuer).serial != before.serial
    assert _revoked(issuer) == {before.serial}


def test_renewal_is_a_matter_of_the_day_and_revokes_nothing(tmp_path: Path, issuer: Issuer) -> None:
    issuer.create(HOLDER.one)
    before = _certificate(issuer)
    assert _planned(_open(tmp_path, NOW + timedelta(days=334)), HOLDER.one, NOW + timedelta(days=334)) == []
    day = NOW + timedelta(days=336)
    later = _open(tmp_path, day)
    assert _planned(later, HOLDER.one, day) == ["days"]
    after = _certificate(later)
    assert after.serial != before.serial
    assert after.ends > before.ends
    assert _revoked(later) == set()
    later.delete(HOLDER.one.identity)
    assert _revoked(later) == {before.serial, after.serial}  # both were still good
    later.close()


def test_the_list_is_written_anew_past_two_thirds_of_its_life(tmp_path: Path, issuer: Issuer) -> None:
    for days, said in ((19, []), (21, ["crl_days"])):
        day = NOW + timedelta(days=days)
        later = _open(tmp_path, day)
        assert _planned(later, CA.one, day) == said
        later.close()


def test_another_domain_means_another_issuing_ca_below_the_same_root(issuer: Issuer) -> None:
    issuer.create(HOLDER.one)
    root = _authority(issuer).root_fingerprint
    issuer.perform(CA.one.identity, Settle(CA.other))
    assert _authority(issuer).root_fingerprint == root
    assert len(_bundle(issuer)) == 3
    water = made(Kind.CERTIFICATE, name="w", common_name="w.hill.water.internal", dns_names=["w.hill.water.internal"])
    issuer.create(water.one)
    assert _revoked(issuer) == set()


def test_without_the_platforms_authority_nothing_is_signed(tmp_path: Path) -> None:
    empty = _open(tmp_path / "empty")
    told = empty.rehearse([(HOLDER.one.identity, [Build(HOLDER.one)])])
    assert isinstance(told[HOLDER.one.identity], NotFound)
    assert empty.rehearse([(CA.one.identity, [Build(CA.one)]), (HOLDER.one.identity, [Build(HOLDER.one)])]) == {}
    with pytest.raises(NotFound, match="platform's stack up first"):
        empty.create(HOLDER.one)
    assert empty.trust_bundle() is None
    empty.close()


def test_a_platform_has_one_authority(issuer: Issuer) -> None:
    with pytest.raises(Conflict, match="has one"):
        issuer.create(made(Kind.AUTHORITY, name="second").one)


def test_an_authority_stays_while_a_certificate_stands(issuer: Issuer) -> None:
    issuer.create(HOLDER.one)
    with pytest.raises(Refused, match="plant-gw"):
        issuer.delete(CA.one.identity)
    issuer.delete(HOLDER.one.identity)
    issuer.delete(CA.one.identity)
    assert issuer.find(CA.one.identity) is None
    issuer.create(CA.one)  # another root
    issuer.create(HOLDER.one)
    assert len(_bundle(issuer)) == 2


def test_with_the_root_offline_all_goes_on_but_a_new_issuing_ca(tmp_path: Path, issuer: Issuer) -> None:
    kept = (tmp_path / "issuer" / "root-passphrase").rename(tmp_path / "in-the-safe")
    issuer.create(HOLDER.one)
    issuer.perform(HOLDER.one.identity, Settle(HOLDER.other))
    with pytest.raises(Refused, match="offline root"):
        issuer.perform(CA.one.identity, Settle(CA.other))
    found = issuer.find(CA.one.identity)
    assert found is not None and found.resource == CA.one
    kept.rename(tmp_path / "issuer" / "root-passphrase")
    issuer.perform(CA.one.identity, Settle(CA.other))


def test_no_key_is_readable_without_its_passphrase(tmp_path: Path) -> None:
    passphrase = "marked-Kx91-long-enough"
    issuer = _open(tmp_path, passphrase=passphrase)
    issuer.create(CA.one)
    issuer.create(HOLDER.one)
    key = _certificate(issuer).private_key
    issuer.close()
    assert key is not None
    stored = b"".join(file.read_bytes() for file in (tmp_path / "issuer").iterdir())
    assert b"BEGIN PRIVATE KEY" not in stored and b"BEGIN EC PRIVATE KEY" not in stored
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in stored
    assert passphrase.encode() not in stored
    assert all(line.encode() not in stored for line in key.splitlines()[1:-1])


@pytest.mark.parametrize(
    ("passphrase", "why"), [("too-short", "shorter than 20"), ("another-that-is-long", "not the one")]
)
def test_another_passphrase_is_told_of_by_name_and_harms_nothing(tmp_path: Path, passphrase: str, why: str) -> None:
    right = _open(tmp_path, passphrase="marked-Kx91-long-enough")
    right.create(CA.one)
    wrong = _open(tmp_path, passphrase=passphrase)
    with pytest.raises(Refused, match=why) as told:
        wrong.create(HOLDER.one)
    assert VARIABLE in str(told.value) and passphrase not in str(told.value)
    right.create(HOLDER.one)
    right.close()
    wrong.close()


def test_an_anchor_is_kept_as_it_was_brought(issuer: Issuer) -> None:
    pem = _bundle(issuer)[0] + "-----END CERTIFICATE-----\n"
    anchor = AnchorResource.model_validate({"tenant": "hill", "name": "app", "path": "app-to-gateway", "pem": pem})
    issuer.create(anchor)
    found = issuer.find(anchor.identity)
    assert found is not None and found.resource == anchor
    assert diff(found, anchor, anchor, NOW).changes == ()
    with pytest.raises(Refused, match="no certificate"):
        issuer.create(anchor.model_copy(update={"name": "bad", "pem": "no certificate"}))
    issuer.delete(anchor.identity)
    assert issuer.find(anchor.identity) is None
