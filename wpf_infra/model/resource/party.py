"""What the platform keeps a register of: users of the portal, lines, maintenance (FAQ 2, 7-11, 26-35).

Here: the inputs of their resources, and what the registry answers with. Not here: keeping them (`wpf_infra.backend`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.agreement import Agreed
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.line import Visits
from wpf_infra.model.maintenance import MaintenanceTargets
from wpf_infra.model.scalar import (
    WHOLE,
    Count,
    Date,
    Flag,
    Id,
    Instant,
    MailAddress,
    Network,
    OwnerId,
    Phone,
    TenantId,
)
from wpf_infra.model.tenancy import BilingualName
from wpf_infra.model.user import PersonName, Role
from wpf_infra.model.value import Faq, Value


class UserIssued(Value):
    user_id: str
    """Issued by the system, unique for ever (FAQ 10, 11)."""


class UserResource(Value):
    """A user of the portal, as the declaration seeds it: what people change in the portal afterwards is theirs."""

    kind: ClassVar[Kind] = Kind.USER
    type_name: ClassVar[str] = "wpf:portal:User"
    tenant: OwnerId
    name: Id
    """The declaration's own name for the user."""
    full_name: Annotated[PersonName, Faq(9)]
    email: Annotated[MailAddress, Faq(6)]
    phone: Annotated[Phone, Faq(9)]
    role: Annotated[Role, Faq(9)]
    otp: Annotated[Flag, Faq(9)] = False

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)


class UserRollResource(Value):
    """How many users of the portal a tenant has: a change of it is told to the operator, and no other is (FAQ 10)."""

    kind: ClassVar[Kind] = Kind.USER_ROLL
    type_name: ClassVar[str] = "wpf:portal:UserRoll"
    tenant: OwnerId
    count: Annotated[int, WHOLE, Faq(10), Field(ge=0)]

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.tenant)


class LineIssued(Value):
    effective_gb: int | None = None
    """The volume a month in GB that counts now; None for a fixed line."""
    next_gb: int | None = None
    """The volume that is to count from `next_from`, where one is ordered."""
    next_from: Date | None = None


class LineKind(StrEnum):
    FIXED = "fixed"
    MOBILE = "mobile"


class LineResource(Value):
    """A line of the closed network. What it allows stands in its owner's firewall policy."""

    kind: ClassVar[Kind] = Kind.LINE
    type_name: ClassVar[str] = "wpf:network:Line"
    tenant: OwnerId
    name: Id
    line_kind: Annotated[LineKind, Faq(26)]
    ordered: Annotated[Date, Faq(26)]
    wanted: Annotated[Date, Faq(26)]
    delivered: Annotated[Date | None, Faq(26)] = None
    cidr: Network
    capacity_gb: Annotated[Count | None, Faq(32)] = None
    """A mobile line's contracted volume a month in GB; another counts from the 1st of the next month."""
    wifi_clients: Annotated[Count | None, Faq(34)] = None
    spare_router: Annotated[Flag, Faq(29)] = False
    visits: Annotated[Visits | None, Faq(27)] = None
    agreed: Annotated[Agreed | None, Faq(26)] = None

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)


class Affected(Value):
    """A tenant that a maintenance touches, and where it is told."""

    name: BilingualName
    notify: Annotated[MailAddress, Faq(5)]


class MaintenanceResource(Value):
    """Announced work on the platform, and who is told of it (FAQ 2)."""

    kind: ClassVar[Kind] = Kind.MAINTENANCE
    type_name: ClassVar[str] = "wpf:platform:Maintenance"
    name: Id
    title: Annotated[BilingualName, Faq(2)]
    announced: Annotated[Date, Faq(2)]
    starts: Annotated[Instant, Faq(2)]
    ends: Annotated[Instant, Faq(2)]
    targets: Annotated[MaintenanceTargets, Faq(2)]
    emergency: Annotated[Flag, Faq(2)] = False
    agreed: Annotated[Agreed | None, Faq(2)] = None
    affected: Annotated[dict[TenantId, Affected], Faq(2)] = {}

    @property
    def identity(self) -> Identity:
        return Identity(PLATFORM, self.kind, self.name)
