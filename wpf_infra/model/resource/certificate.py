"""The platform's certificate authority, what it signs, and the anchors that vendors bring (FAQ 3).

Here: the inputs of their resources, and what an issuer answers with. Not here: keys and signatures (`wpf_infra.pki`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.certificate import Path
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.scalar import CommonName, Count, HostName, Id, Instant, OwnerId
from wpf_infra.model.value import SORTED, Faq, Value


class AuthorityIssued(Value):
    trust_bundle: str
    """The root and the issuing CA, as PEM."""
    crl: str
    """The issuing CA's revocation list, as PEM, as it was when this was read."""
    root_fingerprint: str
    """SHA-256 of the root, in hexadecimal."""
    ends: Instant
    """The end of the issuing CA."""
    root_ends: Instant
    crl_until: Instant
    """Until when the revocation list is good."""


class AuthorityResource(Value):
    """An offline root and an issuing CA below it, whose keys the issuer keeps."""

    kind: ClassVar[Kind] = Kind.AUTHORITY
    type_name: ClassVar[str] = "wpf:pki:CertificateAuthority"
    name: Id
    domains: Annotated[frozenset[HostName], SORTED, Faq(3), Field(min_length=1)]
    root_days: Annotated[Count, Faq(3)]
    issuing_days: Annotated[Count, Faq(3)]
    crl_days: Annotated[Count, Faq(3)]
    renew_before_days: Annotated[Count, Faq(3)]
    """How long before its end the issuing CA is issued anew, so that nothing it signs outlives it."""

    @property
    def identity(self) -> Identity:
        return Identity(PLATFORM, self.kind, self.name)


class Usage(StrEnum):
    """The extended key usage of a certificate."""

    SERVER = "server"
    CLIENT = "client"


class CertificateIssued(Value):
    certificate: str
    """As PEM, the issuing CA behind it."""
    private_key: str | None = None
    """As PEM; None where the holder made its own and sent a request. A secret."""
    serial: str
    """In hexadecimal."""
    fingerprint: str
    """SHA-256 of the certificate, in hexadecimal."""
    begins: Instant
    ends: Instant


class CertificateResource(Value):
    """A certificate that the platform's CA issues: of a platform function, or of a holder that speaks to one."""

    kind: ClassVar[Kind] = Kind.CERTIFICATE
    type_name: ClassVar[str] = "wpf:pki:Certificate"
    tenant: OwnerId
    name: Id
    path: Annotated[Path | None, Faq(3)] = None
    """Which way the connection goes; None for a function of the platform, which answers on every way to it."""
    usage: Annotated[Usage, Faq(3)]
    common_name: Annotated[CommonName, Faq(3)]
    dns_names: Annotated[tuple[HostName, ...], Faq(3), Field(min_length=1)]
    """Subject alternative names, sorted, the common name among them."""
    days: Annotated[Count, Faq(3)]
    """How long it is good for."""
    renew_before_days: Annotated[Count, Faq(3)]
    """How long before its end it is issued anew."""
    request: Annotated[str | None, Faq(3)] = None
    """The holder's certificate signing request, as PEM; without one the issuer makes the key."""

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)


class AnchorIssued(Value):
    fingerprint: str
    """SHA-256 of the first certificate in it, in hexadecimal."""
    ends: Instant
    """The earliest end of a certificate in it."""


class AnchorResource(Value):
    """A vendor's own CA or self-signed certificate, kept to be handed to who has to trust it."""

    kind: ClassVar[Kind] = Kind.ANCHOR
    type_name: ClassVar[str] = "wpf:pki:TrustAnchor"
    tenant: OwnerId
    name: Id
    path: Annotated[Path, Faq(3)]
    pem: Annotated[str, Faq(3)]
    """One certificate or several, as PEM."""

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)
