"""A tenant: everything one waterworks utility or application vendor owns on the platform.

Here: the tenant file, schema version 1. Not here: reading it (`wpf_infra.loading`) and judging it (`wpf_infra.policy`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wpf_infra.model.allowance import Allowance, Endpoint
from wpf_infra.model.certificate import Certificate, TrustAnchor
from wpf_infra.model.line import Gateway, Line
from wpf_infra.model.scalar import WHOLE, Id, MailAddress, TenantId, VmId
from wpf_infra.model.tenancy import BilingualName, Quota, TenantKind, TenantNetwork
from wpf_infra.model.user import User
from wpf_infra.model.value import SORTED, Faq, Value
from wpf_infra.model.vm import VirtualMachine


class Option(StrEnum):
    MONITORING = "monitoring"
    SMTP = "smtp"
    SNAPSHOT = "snapshot"
    ANTIVIRUS = "antivirus"
    BACKUP = "backup"


class Image(Value):
    """A captured server, to deploy further ones from (FAQ 25)."""

    of: VmId


class Tenant(Value):
    version: Annotated[Literal[1], WHOLE] = 1
    tenant: TenantId
    """The tenant's id; the file's stem, the stack's name."""
    kind: Annotated[TenantKind, Faq(14)]
    name: BilingualName
    vendor: TenantId | None = None
    """The vendor tenant that serves this one."""
    cluster: Annotated[Id, Faq(12)]
    network: TenantNetwork
    quota: Quota
    notify: Annotated[MailAddress, Faq(5)]
    """One mail address; a group address is advised."""
    options: Annotated[frozenset[Option], SORTED, Faq(24)] = frozenset()
    endpoints: Annotated[dict[Id, Endpoint], Faq(21)] = {}
    vms: dict[VmId, VirtualMachine] = {}
    images: Annotated[dict[Id, Image], Faq(25)] = {}
    lines: dict[Id, Line] = {}
    gateways: dict[Id, Gateway] = {}
    certificates: Annotated[dict[Id, Certificate], Faq(3)] = {}
    trust: Annotated[dict[Id, TrustAnchor], Faq(3)] = {}
    allowances: Annotated[dict[Id, Allowance], Faq(22)] = Field(default={})
    users: Annotated[dict[Id, User], Faq(10)] = {}
