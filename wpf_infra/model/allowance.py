"""Allowances: the only conversations between tenants (FAQ 22).

Here: ends, endpoints and allowances as declared. Not here: their addresses and rules (`wpf_infra.network`).
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field

from wpf_infra.language import Text
from wpf_infra.model.agreement import Agreed
from wpf_infra.model.ports import PortRange
from wpf_infra.model.scalar import Network, Sentence
from wpf_infra.model.value import Faq, Value, refusal

_END = re.compile(r"([a-z][a-z0-9-]*/)?[a-z][a-z0-9-]*")


def _is_public(text: str) -> bool:
    """Is it an address or a range, and not wholly private?"""
    try:
        return not ip_network(text, strict=False).is_private
    except ValueError:
        return False


def _end(text: str) -> str:
    if not _END.fullmatch(text):
        if _is_public(text) or _is_public(text.partition("/")[2]):
            raise refusal(
                Text(
                    en="nothing here reaches a public address, or is reached from one: this is a closed network",
                    ja="閉域網のため、パブリックアドレスとの通信は許可できません",
                ),
                Text(
                    en="name a VM, endpoint, line or gateway as [tenant/]name; patches come by way of the vendor's "
                    "maintenance terminal",
                    ja="[テナント/]名前（VM・エンドポイント・回線・ゲートウェイ）で書いてください。"
                    "パッチはベンダーの保守端末から適用します",
                ),
                row=21,
            )
        raise refusal(
            Text(
                en="an end is a name, [tenant/]name of a VM, endpoint, line or gateway; never a bare address",
                ja="端点は [テナント/]名前（VM・エンドポイント・回線・ゲートウェイ）で書きます。アドレスは書けません",
            )
        )
    return text


End = Annotated[
    str,
    Field(strict=True, json_schema_extra={"pattern": f"^{_END.pattern}$"}),
    AfterValidator(_end),
]


class Endpoint(Value):
    """A range of terminals in a tenant's network, such as the maintenance terminals (FAQ 21). The platform's are
    networks of the operator's beside the tenants'.
    """

    cidr: Network
    """Their addresses: a tenant's inside its network, the platform's outside everybody's."""


class Allowance(Value):
    source: Annotated[End, Faq(22), Field(alias="from")]
    """Who opens the conversation: [tenant/] VM, endpoint, line or gateway."""
    destination: Annotated[End, Faq(22), Field(alias="to")]
    """Who answers."""
    ports: Annotated[tuple[PortRange, ...], Faq(22), Field(min_length=1)]
    """What is answered: tcp/N, udp/N, tcp/A-B of at most 64 ports, or icmp."""
    reason: Annotated[Sentence, Faq(22)]
    """Why, for whoever reads the rule in two years."""
    agreed: Annotated[Agreed | None, Faq(22)] = None
    """Excuses that who answers may also speak first, from the port it answers on: filters remember nothing."""
