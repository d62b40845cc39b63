"""What is monitored on a server, a gateway or a line, and who is told (FAQ 4, 17, 18, 28).

Here: the inputs of the resource. Not here: keeping it, and Zabbix.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.monitoring import Monitor
from wpf_infra.model.scalar import Address, Flag, Id, MailAddress, OwnerId
from wpf_infra.model.value import Faq, Value


class TargetKind(StrEnum):
    VM = "vm"
    GATEWAY = "gateway"
    LINE = "line"


class MonitoringResource(Value):
    kind: ClassVar[Kind] = Kind.MONITORING
    type_name: ClassVar[str] = "wpf:monitoring:Host"
    tenant: OwnerId
    target: TargetKind
    name: Id
    """The server's, the gateway's, the line's."""
    address: Address
    """What is asked; a line's router."""
    agent: Annotated[Flag, Faq(18)]
    """Is there a Zabbix agent? On servers the platform's, on gateways the vendor's."""
    monitors: Annotated[dict[Id, Monitor], Faq(17), Field(min_length=1)]
    vendor_mail: Annotated[MailAddress | None, Faq(4)] = None
    """Told from `minor` on."""
    owner_mail: Annotated[MailAddress | None, Faq(4)] = None
    """Told of `major`."""

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, f"{self.target}-{self.name}")
