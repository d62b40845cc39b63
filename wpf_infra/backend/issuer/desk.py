"""What the issuer does in one transaction: CAs made, certificates signed and revoked, lists written.

Here: rows and signatures together, so that what is signed is always on record. Not here: the contract's calls
(`issuer`), X.509 (`wpf_infra.pki`).
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import Connection, delete, func, insert, select, update

from wpf_infra.backend.issuer.passphrase import VARIABLE, Passphrases
from wpf_infra.backend.issuer.tables import CA, CRL, KEY, OBJECT, REVOKED, SIGNED
from wpf_infra.errors import Refused
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import AuthorityIssued, AuthorityResource, CertificateIssued, CertificateResource
from wpf_infra.pki import leaf
from wpf_infra.pki.authority import Revoked, Signer, make_issuing, make_root, revocation_list

_ROOT = "root"
_ISSUING = "issuing"


class Desk:
    """connection: a transaction of the store; now: of the whole call."""

    def __init__(self, connection: Connection, passphrases: Passphrases, now: datetime) -> None:
        self._connection = connection
        self._passphrases = passphrases
        self._now = now.replace(microsecond=0)  # X.509 knows no less than a second

    # CAs.

    def found(self, authority: AuthorityResource) -> None:
        """The root, the first issuing CA, and its empty list."""
        root = make_root(_title(authority), authority.root_days, self._now)
        number = (self._newest(_ROOT, _ISSUING) or 0) + 1
        self._keep_ca(number, _ROOT, root, self._passphrases.root(create=True))
        self._found_issuing(authority, root, number + 1)

    def found_issuing(self, authority: AuthorityResource) -> None:
        """A further issuing CA below the same root: the next certificates are by it, those before it stay good."""
        root = self._signer(self._root(), self._passphrases.root())
        self._found_issuing(authority, root, self.newest() + 1)

    def _found_issuing(self, authority: AuthorityResource, root: Signer, number: int) -> None:
        issuing = make_issuing(root, _title(authority), number, authority.domains, authority.issuing_days, self._now)
        self._keep_ca(number, _ISSUING, issuing, self._passphrases.issuing(create=True))
        self.write_list(number, authority.crl_days)

    def _keep_ca(self, number: int, role: str, signer: Signer, passphrase: bytes) -> None:
        row = {
            "number": number,
            "role": role,
            "certificate": _pem(signer.certificate),
            "key": _locked(signer.key, passphrase),
        }
        self._connection.execute(insert(CA).values(**row))

    def newest(self) -> int:
        """The issuing CA that signs now."""
        number = self._newest(_ISSUING)
        assert number is not None, "an authority has an issuing CA"
        return number

    def issuing(self) -> range:
        """The issuing CAs below the root that counts."""
        return range(self._root() + 1, self.newest() + 1)

    def _root(self) -> int:
        number = self._newest(_ROOT)
        assert number is not None, "an authority has a root"
        return number

    def _newest(self, *roles: str) -> int | None:
        found = self._connection.execute(select(func.max(CA.c.number)).where(CA.c.role.in_(roles))).scalar()
        return None if found is None else int(found)

    def forget_authority(self, identity: Identity) -> None:
        """Its keys are destroyed; what it signed stays on record. Raises Refused while a certificate stands."""
        standing = select(OBJECT.c.identity).where(OBJECT.c.kind == Kind.CERTIFICATE).order_by(OBJECT.c.identity)
        if names := self._connection.execute(standing).scalars().all():
            listed = ", ".join(names)
            raise Refused(
                Text(en=f"certificates of it stand: {listed}", ja=f"発行した証明書が残っています: {listed}"),
                where=str(identity),
                row=3,
                remedy=Text(en="destroy the stacks that have them first", ja="先にそれらのスタックを破棄してください"),
            )
        self._connection.execute(update(CA).values(key=None))

    def _signer(self, number: int, passphrase: bytes) -> Signer:
        row = self._connection.execute(select(CA).where(CA.c.number == number)).one()
        key = _unlocked(row.key, passphrase)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Signer(x509.load_pem_x509_certificate(row.certificate.encode()), key)

    # Lists.

    def write_list(self, ca: int, days: int) -> None:
        signer = self._signer(ca, self._passphrases.issuing())
        rows = self._connection.execute(
            select(REVOKED).join(SIGNED, SIGNED.c.serial == REVOKED.c.serial).where(SIGNED.c.ca == ca)
        )
        revoked = [
            Revoked(int(row.serial, 16), datetime.fromisoformat(row.at), x509.ReasonFlags(row.reason)) for row in rows
        ]
        before = self._connection.execute(select(CRL.c.number).where(CRL.c.ca == ca)).scalar()
        number = (before or 0) + 1
        made = revocation_list(signer, revoked, number, days, self._now)
        until = made.next_update_utc
        assert until is not None
        values = {"number": number, "until": until.isoformat(), "pem": made.public_bytes(Encoding.PEM).decode()}
        if before is None:
            self._connection.execute(insert(CRL).values(ca=ca, **values))
        else:
            self._connection.execute(update(CRL).where(CRL.c.ca == ca).values(**values))

    # Certificates.

    def issue(self, wanted: CertificateResource) -> str:
        """Signed and on record; its serial number in hexadecimal."""
        number = self.newest()
        signer = self._signer(number, self._passphrases.issuing())
        key = None if wanted.request is not None else leaf.new_key()
        public = leaf.requested_key(wanted) if key is None else key.public_key()
        certificate = leaf.sign(signer, wanted, public, self._now)
        serial = f"{certificate.serial_number:x}"
        self._connection.execute(
            insert(SIGNED).values(
                serial=serial,
                ca=number,
                identity=str(wanted.identity),
                at=self._now.isoformat(),
                certificate=_pem(certificate),
            )
        )
        if key is not None:
            locked = _locked(key, self._passphrases.issuing())
            self._connection.execute(insert(KEY).values(serial=serial, key=locked))
        return serial

    def revoke(self, identity: Identity, reason: x509.ReasonFlags, crl_days: int) -> None:
        """Everything that was signed for it and is still good, with its keys destroyed."""
        rows = self._connection.execute(
            select(SIGNED)
            .outerjoin(REVOKED, REVOKED.c.serial == SIGNED.c.serial)
            .where(SIGNED.c.identity == str(identity), REVOKED.c.serial.is_(None))
        ).all()
        for row in rows:
            self._connection.execute(delete(KEY).where(KEY.c.serial == row.serial))
            if x509.load_pem_x509_certificate(row.certificate.encode()).not_valid_after_utc > self._now:
                self._connection.execute(
                    insert(REVOKED).values(serial=row.serial, at=self._now.isoformat(), reason=reason.value)
                )
        for ca in sorted({row.ca for row in rows} & set(self.issuing())):
            self.write_list(ca, crl_days)

    # What stands.

    def authority_issued(self) -> AuthorityIssued:
        cas = self._connection.execute(select(CA).where(CA.c.number >= self._root()).order_by(CA.c.number)).all()
        certificates = [x509.load_pem_x509_certificate(row.certificate.encode()) for row in cas]
        root, newest = certificates[0], certificates[-1]
        good = [row for row, each in zip(cas, certificates, strict=True) if each.not_valid_after_utc > self._now]
        lists = self._connection.execute(select(CRL).order_by(CRL.c.ca)).all()
        counting = [row for row in lists if row.ca in {each.number for each in good}] or lists[-1:]
        return AuthorityIssued(
            trust_bundle="".join(row.certificate for row in good),
            crl="".join(row.pem for row in counting),
            root_fingerprint=root.fingerprint(hashes.SHA256()).hex(),
            ends=newest.not_valid_after_utc,
            root_ends=root.not_valid_after_utc,
            crl_until=min(datetime.fromisoformat(row.until) for row in counting),
        )

    def certificate_issued(self, serial: str) -> CertificateIssued:
        row = self._connection.execute(
            select(SIGNED.c.certificate, CA.c.certificate.label("issuing"), KEY.c.key)
            .join(CA, CA.c.number == SIGNED.c.ca)
            .outerjoin(KEY, KEY.c.serial == SIGNED.c.serial)
            .where(SIGNED.c.serial == serial)
        ).one()
        certificate = x509.load_pem_x509_certificate(row.certificate.encode())
        return CertificateIssued(
            certificate=row.certificate + row.issuing,
            private_key=None if row.key is None else _plain(row.key, self._passphrases.issuing()),
            serial=serial,
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            begins=certificate.not_valid_before_utc,
            ends=certificate.not_valid_after_utc,
        )

    def stands_by(self, identity: Identity) -> str | None:
        found = self._connection.execute(select(OBJECT.c.serial).where(OBJECT.c.identity == str(identity))).scalar()
        return None if found is None else str(found)


def _title(authority: AuthorityResource) -> str:
    return min(authority.domains)[:40]


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _locked(key: ec.EllipticCurvePrivateKey, passphrase: bytes) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)).decode()


def _unlocked(pem: str, passphrase: bytes) -> object:
    try:
        return load_pem_private_key(pem.encode(), passphrase)
    except ValueError as error:
        raise Refused(
            Text(
                en="the issuer's passphrase is not the one its keys are kept under", ja="発行元のパスフレーズが違います"
            ),
            where=VARIABLE,
            row=3,
            remedy=Text(
                en="give the one that the keys were made with; they are left as they are",
                ja="鍵を作ったときのものを指定してください（鍵は変更していません）",
            ),
        ) from error


def _plain(pem: str, passphrase: bytes) -> str:
    key = _unlocked(pem, passphrase)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
