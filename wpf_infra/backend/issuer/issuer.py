"""The issuer as a carrier: each call one transaction of its store.

Here: the contract's calls for the authority, certificates and anchors. Not here: what is done in one (`desk`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, Row, delete, insert, select, update

from wpf_infra.backend.contract import Act, Delete, Erasure
from wpf_infra.backend.issuer.desk import Desk
from wpf_infra.backend.issuer.passphrase import Passphrases
from wpf_infra.backend.issuer.tables import OBJECT, TABLES, VERSION
from wpf_infra.backend.store import Store
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import (
    RESOURCES,
    AnchorIssued,
    AnchorResource,
    AuthorityResource,
    CertificateResource,
    Issued,
    Resource,
)
from wpf_infra.pki import leaf
from wpf_infra.plan.renewal import crl_due, due
from wpf_infra.plan.step import Build, Settle, Step

KINDS = frozenset({Kind.AUTHORITY, Kind.CERTIFICATE, Kind.ANCHOR})
_NAME = Text(en="the issuer's store", ja="発行元の保管庫")
_SAID = ("usage", "path", "common_name", "dns_names", "request")


class Issuer:
    """As `wpf_infra.backend.contract.Backend`, for its kinds. folder: with its store and passphrases; world: the
    machine backend's name for life; now: in Asia/Tokyo; passphrase: of the environment.
    """

    def __init__(
        self,
        folder: Path,
        *,
        world: Callable[[], str | None],
        now: Callable[[], datetime],
        passphrase: str | None = None,
    ) -> None:
        self._folder = folder
        self._store = Store(_NAME, f"sqlite:///{folder / 'issuer.db'}", TABLES, VERSION, world, str(folder))
        self._passphrases = Passphrases(folder, passphrase)
        self._now = now

    def identity(self) -> str | None:
        return self._store.world()

    def observe(self, tenant: str) -> Observation:
        with self._store.read() as connection:
            if connection is None:
                return {}
            rows = connection.execute(select(OBJECT).where(OBJECT.c.tenant == tenant).order_by(OBJECT.c.identity))
            seen = (self._observed(connection, row) for row in rows.all())
            return {each.resource.identity: each for each in seen}

    def find(self, identity: Identity) -> Observed | None:
        with self._store.read() as connection:
            return None if connection is None else self._find(connection, identity)

    def trust_bundle(self) -> str | None:
        """The root and every issuing CA that is good, as PEM; None while there is no authority."""
        with self._store.read() as connection:
            if connection is None or _authority(connection) is None:
                return None
            return self._desk(connection).authority_issued().trust_bundle

    def create(self, resource: Resource, guest: GuestConfig | None = None) -> None:  # noqa: ARG002
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._store.write() as connection:
            self._create(connection, resource)

    def perform(self, identity: Identity, step: Step) -> None:
        if isinstance(step, Build):
            self.create(step.resource)
            return
        assert isinstance(step, Settle), f"a step that nobody carries out: {step}"
        with self._store.write() as connection:
            self._settle(connection, identity, step.resource)

    def delete(self, identity: Identity) -> Erasure | None:
        if self.find(identity) is not None:
            with self._store.write() as connection:
                self._delete(connection, identity)
        return None

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        """Names, requests, and the authority that has to be there; keys are not touched."""
        told: dict[Identity, BackendError] = {}
        with self._store.read() as connection:
            authority = None if connection is None else _authority(connection)
            for identity, acts in plans:
                try:
                    for act in acts:
                        authority = _foreseen(authority, identity, act)
                except BackendError as error:
                    told.setdefault(identity, error)
        return told

    def close(self) -> None:
        self._store.close()

    # One transaction each.

    def _desk(self, connection: Connection) -> Desk:
        return Desk(connection, self._passphrases, self._now())

    def _observed(self, connection: Connection, row: Row[Any]) -> Observed:
        resource = RESOURCES[Kind(row.kind)].model_validate(json.loads(row.inputs))
        issued: Issued
        match resource:
            case AuthorityResource():
                issued = self._desk(connection).authority_issued()
            case CertificateResource():
                issued = self._desk(connection).certificate_issued(row.serial)
            case _:
                assert isinstance(resource, AnchorResource)
                issued = _of_anchor(resource)
        return Observed(resource, issued=issued)

    def _find(self, connection: Connection, identity: Identity) -> Observed | None:
        row = connection.execute(select(OBJECT).where(OBJECT.c.identity == str(identity))).first()
        return None if row is None else self._observed(connection, row)

    def _create(self, connection: Connection, resource: Resource) -> None:
        identity = resource.identity
        found = self._find(connection, identity)
        if found is not None:
            if found.resource == resource:
                return
            raise Conflict(
                Text(en="it stands there already, with other settings", ja="設定の異なるものが既にあります"),
                where=str(identity),
                remedy=Text(
                    en="import it (`pulumi import`), then change it",
                    ja="取り込み（`pulumi import`）の後に変更してください",
                ),
            )
        _foreseen(_authority(connection), identity, Build(resource))
        serial = None
        if isinstance(resource, AuthorityResource):
            self._desk(connection).found(resource)
        elif isinstance(resource, CertificateResource):
            serial = self._desk(connection).issue(resource)
        inputs = json.dumps(resource.data(), ensure_ascii=False)
        row = {"identity": str(identity), "tenant": identity.tenant, "kind": identity.kind, "inputs": inputs}
        connection.execute(insert(OBJECT).values(serial=serial, **row))

    def _settle(self, connection: Connection, identity: Identity, wanted: Resource) -> None:
        found = self._find(connection, identity)
        if found is None:
            raise NotFound(
                Text(en="it is not in the issuer's store", ja="発行元にありません"),
                where=str(identity),
                row=3,
                remedy=Text(
                    en="it was taken away behind this run; run again", ja="実行中に削除されました。再実行してください"
                ),
            )
        _foreseen(_authority(connection), identity, Settle(wanted))
        desk, values = self._desk(connection), {"inputs": json.dumps(wanted.data(), ensure_ascii=False)}
        if isinstance(wanted, AuthorityResource):
            self._settle_authority(desk, found, wanted)
        elif isinstance(wanted, CertificateResource):
            values |= self._settle_certificate(connection, desk, found, wanted)
        connection.execute(update(OBJECT).where(OBJECT.c.identity == str(identity)).values(**values))

    def _settle_authority(self, desk: Desk, found: Observed, wanted: AuthorityResource) -> None:
        before, issued = found.resource, desk.authority_issued()
        assert isinstance(before, AuthorityResource)
        if before.domains != wanted.domains or due(issued.ends, wanted.renew_before_days, self._now()):
            desk.found_issuing(wanted)
        if crl_due(issued.crl_until, wanted.crl_days, self._now()):
            for number in desk.issuing():
                desk.write_list(number, wanted.crl_days)

    def _settle_certificate(
        self, connection: Connection, desk: Desk, found: Observed, wanted: CertificateResource
    ) -> dict[str, str]:
        """Said otherwise: the old one is revoked. At its end: issued anew, the old one stays good until then."""
        serial = desk.stands_by(wanted.identity)
        assert serial is not None
        if any(getattr(found.resource, name) != getattr(wanted, name) for name in _SAID):
            authority = _authority(connection)
            assert authority is not None
            desk.revoke(wanted.identity, x509.ReasonFlags.superseded, authority.crl_days)
            return {"serial": desk.issue(wanted)}
        if due(desk.certificate_issued(serial).ends, wanted.renew_before_days, self._now()):
            return {"serial": desk.issue(wanted)}
        return {}

    def _delete(self, connection: Connection, identity: Identity) -> None:
        found = self._find(connection, identity)
        if found is None:
            return
        connection.execute(delete(OBJECT).where(OBJECT.c.identity == str(identity)))
        if isinstance(found.resource, AuthorityResource):
            self._desk(connection).forget_authority(identity)
        elif isinstance(found.resource, CertificateResource):
            authority = _authority(connection)
            assert authority is not None
            self._desk(connection).revoke(identity, x509.ReasonFlags.cessation_of_operation, authority.crl_days)


def _authority(connection: Connection) -> AuthorityResource | None:
    inputs = connection.execute(select(OBJECT.c.inputs).where(OBJECT.c.kind == Kind.AUTHORITY)).scalars().first()
    return None if inputs is None else AuthorityResource.model_validate(json.loads(inputs))


def _foreseen(authority: AuthorityResource | None, identity: Identity, act: Act) -> AuthorityResource | None:
    """The authority after the act. Raises what the act would raise."""
    if isinstance(act, Delete):
        return None if identity.kind is Kind.AUTHORITY else authority
    assert isinstance(act, Build | Settle), f"a step that nobody carries out: {act}"
    match act.resource:
        case AuthorityResource() as wanted:
            if authority is not None and authority.identity != identity:
                raise _second(identity, authority.identity)
            return wanted
        case CertificateResource() as wanted:
            if authority is None:
                raise _no_authority(identity)
            leaf.check_names(wanted, authority.domains)
            if wanted.request is not None:
                leaf.requested_key(wanted)
        case AnchorResource() as wanted:
            _of_anchor(wanted)
    return authority


def _of_anchor(anchor: AnchorResource) -> AnchorIssued:
    try:
        certificates = x509.load_pem_x509_certificates(anchor.pem.encode())
    except ValueError as error:
        raise Refused(
            Text(en="this is no certificate in PEM", ja="PEM形式の証明書ではありません"),
            where=str(anchor.identity),
            row=3,
            remedy=Text(en="have the vendor bring it as PEM", ja="PEM形式で用意してもらってください"),
        ) from error
    return AnchorIssued(
        fingerprint=certificates[0].fingerprint(hashes.SHA256()).hex(),
        ends=min(each.not_valid_after_utc for each in certificates),
    )


def _no_authority(identity: Identity) -> NotFound:
    return NotFound(
        Text(
            en="the platform's certificate authority does not stand yet, and it signs this",
            ja="署名する基盤の認証局がまだありません",
        ),
        where=str(identity),
        row=3,
        remedy=Text(
            en="bring the platform's stack up first (`wpf up` does it in that order)",
            ja="先に基盤のスタックを適用してください（`wpf up` はこの順に適用します）",
        ),
    )


def _second(identity: Identity, standing: Identity) -> Conflict:
    return Conflict(
        Text(
            en=f"{standing} stands already, and a platform has one",
            ja=f"{standing} が既にあります（基盤に1つだけです）",
        ),
        where=str(identity),
        row=3,
        remedy=Text(en="declare that one", ja="既存のものを宣言してください"),
    )
