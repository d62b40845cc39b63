"""What may pass the ports of an owner's servers (FAQ 22, 35).

Here: the inputs of a firewall policy. Not here: rules made of them (`wpf_infra.network`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.ports import PortRange
from wpf_infra.model.scalar import Id, Network, OwnerId, Sentence
from wpf_infra.model.value import Faq, Value


class Direction(StrEnum):
    """Seen from the tenant whose policy it is: does its side open the conversation, or answer it?"""

    OUT = "out"
    IN = "in"


class ResolvedAllowance(Value):
    """An allowance with its ends turned into networks, seen from one tenant (FAQ 22)."""

    direction: Direction
    peer: OwnerId | None = None
    """The tenant, or the platform, whose own policy allows the same; None where the platform's service reaches every
    tenant through a whole address space, so that nobody else's policy follows this one.
    """
    source: Network
    destination: Network
    ports: Annotated[tuple[PortRange, ...], Field(min_length=1)]
    """Sorted, each once."""
    reason: Sentence


class FirewallResource(Value):
    """What may pass the ports of an owner's servers. A tenant's lines count as inside the tenant (FAQ 35)."""

    kind: ClassVar[Kind] = Kind.FIREWALL
    type_name: ClassVar[str] = "wpf:network:FirewallPolicy"
    tenant: OwnerId
    network: Annotated[Network, Faq(22)]
    """The network of the owner's servers, inside which traffic is free."""
    lines: Annotated[dict[Id, Network], Faq(35)] = {}
    """The owner's lines by name, with which its servers speak freely too."""
    allowances: Annotated[dict[str, ResolvedAllowance], Faq(22)] = {}
    """By `declaring-owner/allowance`; a service's by `platform.SERVICE/SERVER` for a tenant, and for the platform by
    `SPACE.SERVICE/SERVER`.
    """

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.tenant)
