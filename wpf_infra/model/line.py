"""Lines of the closed network, and the gateways that stand on them (FAQ 26-35).

Here: their declaration. Not here: lead times (`wpf_infra.policy`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wpf_infra.language import Text
from wpf_infra.model.agreement import Agreed
from wpf_infra.model.closed_network import NO_INTERNET, NO_OTHER_TIME
from wpf_infra.model.monitoring import Monitor
from wpf_infra.model.ports import PortRange
from wpf_infra.model.scalar import Address, Count, Date, Flag, Id, Network
from wpf_infra.model.value import Barred, Faq, Value


class Visits(Value):
    """Days on which somebody of the customer's lets workers in; each visit may be split (FAQ 27)."""

    site_survey: Annotated[tuple[Date, ...], Faq(27)] = ()
    """Days of the site survey."""
    line_work: Annotated[tuple[Date, ...], Faq(27)] = ()
    """Days of the work on the line."""
    router_installation: Annotated[tuple[Date, ...], Faq(27)] = ()
    """Days on which the router is installed."""


class FixedLine(Value):
    barred = {
        "monitoring": Barred(
            28,
            Text(
                en="the router of a fixed line is monitored by ping anyway, within the fee",
                ja="固定回線のルータはping監視が料金内で必ず付きます",
            ),
        )
    }

    kind: Annotated[Literal["fixed"], Faq(26)]
    """A fixed line of the closed network; its router is monitored by ping within the fee."""
    ordered: Annotated[Date, Faq(26)]
    """The day it was ordered; 3 to 6 months before it is wanted."""
    wanted: Annotated[Date, Faq(26)]
    """The day it is wanted."""
    delivered: Annotated[Date | None, Faq(26)] = None
    """The day it was handed over."""
    cidr: Network
    """Its IPv4 network, in the space of fixed lines."""
    spare_router: Annotated[Flag, Faq(29)] = False
    """A cold-standby router that the customer swaps."""
    visits: Annotated[Visits, Faq(27)] = Field(default_factory=Visits)
    """The three visits, as far as they are fixed."""
    agreed: Annotated[Agreed | None, Faq(26)] = None
    """Excuses an order less than 3 months ahead."""


class MobileLine(Value):
    barred = {
        "monitoring": Barred(28, Text(en="a mobile line is not monitored", ja="モバイル回線に監視はありません")),
        "spare_router": Barred(
            29,
            Text(
                en="a cold-standby router is offered for fixed lines only",
                ja="コールドスタンバイ機器は固定回線だけのサービスです",
            ),
        ),
        "visits": Barred(
            27,
            Text(en="nobody visits for a mobile line", ja="モバイル回線に立ち会いはありません"),
        ),
    }

    kind: Annotated[Literal["mobile"], Faq(30)]
    """A mobile line of the closed network: a SIM and a mobile router."""
    ordered: Annotated[Date, Faq(30)]
    """The day it was ordered; a month before it is wanted."""
    wanted: Annotated[Date, Faq(30)]
    """The day it is wanted."""
    delivered: Annotated[Date | None, Faq(30)] = None
    """The day it was handed over."""
    cidr: Network
    """Its IPv4 network, in the space of mobile lines."""
    capacity_gb: Annotated[Count, Faq(31)]
    """Contracted volume a month in GB."""
    wifi_clients: Annotated[Count, Faq(34)] = 1
    """How many Wi-Fi clients its router carries; 16 at most."""
    agreed: Annotated[Agreed | None, Faq(30)] = None
    """Excuses an order less than a month ahead."""


Line = Annotated[FixedLine | MobileLine, Field(discriminator="kind")]


class Gateway(Value):
    """An IoT gateway at a plant."""

    barred = {
        "antivirus": Barred(
            19,
            Text(
                en="the platform's antivirus is for servers only, and no other product is used",
                ja="ウイルス対策は基盤のものをサーバにだけ入れます。ゲートウェイには入れません",
            ),
        ),
        "software": Barred(
            19,
            Text(
                en="the platform installs nothing on a gateway: its antivirus and its licences are for servers only",
                ja="ゲートウェイには何も導入しません。基盤のウイルス対策もライセンスもサーバだけのものです",
            ),
            Text(
                en="leave `software` out; what the device itself runs is not declared",
                ja="`software` を消してください。機器自身が動かすものは宣言しません",
            ),
        ),
        **NO_OTHER_TIME,
        **NO_INTERNET,
    }

    line: Id
    """The line it stands on."""
    address: Address
    """Its one IPv4 address, on its line."""
    listens: Annotated[tuple[PortRange, ...] | None, Faq(22)] = None
    """What it answers others on, where that is known: no allowance to it need be wider."""
    monitoring: Annotated[dict[Id, Monitor], Faq(18)] = {}
    """What is monitored on it, by name."""
    agent: Annotated[Flag | None, Faq(18)] = None
    """Can the device carry the Zabbix agent, which its vendor installs? Every monitoring but ping needs it."""
