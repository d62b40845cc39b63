"""A tenant: everything one waterworks utility or application vendor owns on the platform.

Here: the tenant file, schema version 1. Not here: reading it (`wpf_infra.loading`) and judging it (`wpf_infra.policy`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wpf_infra.language import Text
from wpf_infra.model.allowance import Allowance, Endpoint
from wpf_infra.model.certificate import Certificate, TrustAnchor
from wpf_infra.model.closed_network import NO_INTERNET, NO_OTHER_MAIL, NO_OTHER_TIME
from wpf_infra.model.line import Gateway, Line
from wpf_infra.model.scalar import WHOLE, Id, MailAddress, TenantId, VmId
from wpf_infra.model.tenancy import BilingualName, Quota, TenantKind, TenantNetwork
from wpf_infra.model.user import User
from wpf_infra.model.value import SORTED, Barred, Faq, Value
from wpf_infra.model.vm import VirtualMachine


class Option(StrEnum):
    MONITORING = "monitoring"
    SMTP = "smtp"
    SNAPSHOT = "snapshot"
    ANTIVIRUS = "antivirus"
    BACKUP = "backup"


_ONE_ADDRESS = Barred(
    5,
    Text(
        en="each party has one notification address, `notify`",
        ja="通知先のメールアドレスは1つだけ（`notify`）です",
    ),
    Text(
        en="write one group address in `notify`; it reaches several people",
        ja="複数人に届けるには、`notify` にグループアドレスを書いてください",
    ),
)


class Image(Value):
    """A captured server, to deploy further ones from (FAQ 25)."""

    of: VmId
    """The server it is captured from."""


class Tenant(Value):
    barred = {
        **dict.fromkeys(("notify_cc", "notify_bcc", "notify_2", "notify2", "emails", "mails", "cc"), _ONE_ADDRESS),
        **NO_OTHER_TIME,
        **NO_INTERNET,
        **NO_OTHER_MAIL,
    }

    version: Annotated[Literal[1], WHOLE] = 1
    """The version of this schema."""
    tenant: TenantId
    """The tenant's id; the file's stem, the stack's name."""
    kind: TenantKind
    """Whose tenant it is: a waterworks utility's or an application vendor's."""
    name: BilingualName
    """What it is called, in both languages."""
    vendor: TenantId | None = None
    """The vendor tenant that serves this one."""
    cluster: Annotated[Id, Faq(12)]
    """The cluster that carries its servers."""
    network: TenantNetwork
    """Its network and VLAN."""
    quota: Quota
    """What it may take altogether."""
    notify: Annotated[MailAddress, Faq(5)]
    """One mail address; a group address is advised."""
    options: Annotated[frozenset[Annotated[Option, Faq(24)]], SORTED] = frozenset()
    """Services beyond the basic ones, as ordered."""
    endpoints: Annotated[dict[Id, Endpoint], Faq(21)] = {}
    """Ranges of terminals in its network, by name, such as the maintenance terminals."""
    vms: dict[VmId, VirtualMachine] = {}
    """Its servers, by name."""
    images: Annotated[dict[Id, Image], Faq(25)] = {}
    """Captured servers to deploy further ones from, by name."""
    lines: dict[Id, Line] = {}
    """Its lines of the closed network, by name."""
    gateways: dict[Id, Gateway] = {}
    """IoT gateways on its lines, by name."""
    certificates: Annotated[dict[Id, Certificate], Faq(3)] = {}
    """Client certificates that the platform's CA issues, by their holder's name."""
    trust: Annotated[dict[Id, TrustAnchor], Faq(3)] = {}
    """Certificates its vendor brings for others to trust, by name."""
    allowances: Annotated[dict[Id, Allowance], Faq(22)] = Field(default={})
    """What may pass between tenants, by name; one side's declaration suffices."""
    users: Annotated[dict[Id, User], Faq(10)] = {}
    """Users of the portal, by a name of the declaration's own; the system issues their IDs."""
