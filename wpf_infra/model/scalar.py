"""The words, numbers, dates and addresses that fields are made of.

Here: types with their grammar and their place in the JSON Schema. Not here: anything that needs to know another field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from netaddr import AddrFormatError, IPAddress, IPNetwork
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from wpf_infra.language import Text
from wpf_infra.model.value import refusal

_ID = re.compile(r"[a-z][a-z0-9-]*")
RESERVED_TENANT = "platform"


def _identifier(longest: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not _ID.fullmatch(text):
            raise refusal(
                Text(
                    en="an id is lower-case letters, digits and hyphens, starting with a letter",
                    ja="IDは英小文字で始まり、英小文字・数字・ハイフンだけを使えます",
                )
            )
        if len(text) > longest:
            raise refusal(
                Text(
                    en=f"an id here has at most {longest} characters, not {len(text)}",
                    ja=f"ここのIDは{longest}文字までです（{len(text)}文字あります）",
                ),
                Text(en="shorten it", ja="短くしてください"),
            )
        return text

    return check


def _not_reserved(text: str) -> str:
    if text == RESERVED_TENANT:
        raise refusal(
            Text(
                en="`platform` is the operator's own stack and no tenant's id",
                ja="`platform` は基盤自身のスタック名なので、テナントIDには使えません",
            ),
            Text(en="choose another id", ja="別のIDにしてください"),
        )
    return text


def _pattern(longest: int) -> dict[str, Any]:
    return {"pattern": f"^{_ID.pattern}$", "maxLength": longest}


_Word = Annotated[str, Field(strict=True)]
Id = Annotated[_Word, AfterValidator(_identifier(63)), Field(json_schema_extra=_pattern(63))]
TenantId = Annotated[
    _Word, AfterValidator(_identifier(32)), AfterValidator(_not_reserved), Field(json_schema_extra=_pattern(32))
]
OwnerId = Annotated[_Word, AfterValidator(_identifier(32)), Field(json_schema_extra=_pattern(32))]
"""A tenant's id, or `platform`."""
VmId = Annotated[_Word, AfterValidator(_identifier(15)), Field(json_schema_extra=_pattern(15))]


def _sentence(text: str) -> str:
    if not text.strip():
        raise refusal(
            Text(en="this must not be empty", ja="空にはできません"),
            Text(en="write something, or leave the key out", ja="値を書くか、キーごと消してください"),
        )
    if any(ord(character) < 32 for character in text):
        raise refusal(
            Text(en="this is one line: no line break, tab or control character", ja="改行・タブ・制御文字は使えません"),
            Text(en="write it on one line", ja="1行で書いてください"),
        )
    return text


Sentence = Annotated[_Word, AfterValidator(_sentence), Field(min_length=1, max_length=500)]
"""One line for people to read: a name, a reason."""
_MAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+")


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise refusal(
            Text(
                en="one mail address is wanted here, such as ops@higashi-suido.example.jp, without a name around it",
                ja="メールアドレスを1つだけ書いてください（例: ops@higashi-suido.example.jp。表示名は付けません）",
            ),
            Text(
                en="write one address; a group address reaches several people",
                ja="複数人に届けるにはグループアドレスにしてください",
            ),
        )
    return text


MailAddress = Annotated[Sentence, AfterValidator(_mail), Field(max_length=254)]
"""The shape of exactly one address; whether mail may go there is policy's (FAQ 6)."""
Flag = Annotated[bool, Field(strict=True)]


def _whole(value: object) -> object:
    """An integral float is the whole number it stands for: what the engine has recorded comes back to its hooks so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1)]
Percent = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=99)]
VlanId = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=4094)]


def _written_whole(value: object) -> object:
    if isinstance(value, bool | float):
        raise PydanticKnownError("int_type")
    return value


WHOLE = BeforeValidator(_written_whole)
"""For a literal number: `1.0` and `true`, which Python takes for 1, are not it."""


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise refusal(
        Text(en="a date is written YYYY-MM-DD and exists", ja="日付は YYYY-MM-DD で、実在する日を書いてください")
    )


Date = Annotated[
    date, PlainValidator(_date), PlainSerializer(date.isoformat), WithJsonSchema({"type": "string", "format": "date"})
]


def _address(value: object) -> IPAddress:
    if isinstance(value, IPAddress):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", value):
        try:
            return IPAddress(value, 4)
        except (AddrFormatError, ValueError):
            pass
    raise refusal(
        Text(
            en="one IPv4 address is wanted here, such as 10.64.8.11",
            ja="IPv4アドレスを1つ書いてください（例: 10.64.8.11）",
        )
    )


def _network(value: object) -> IPNetwork:
    if isinstance(value, IPNetwork):
        network = value
    elif isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}", value):
        try:
            network = IPNetwork(value, version=4)
        except (AddrFormatError, ValueError):
            network = None
    else:
        network = None
    if network is None or network.version != 4:
        raise refusal(
            Text(
                en="an IPv4 network is wanted here, such as 10.64.8.0/24",
                ja="IPv4ネットワークを書いてください（例: 10.64.8.0/24）",
            )
        )
    if network.ip != network.network:
        raise refusal(
            Text(
                en=f"{network} has host bits set; the network is {network.cidr}",
                ja=f"{network} はホスト部が0ではありません。ネットワークは {network.cidr} です",
            ),
            Text(en=f"write {network.cidr}", ja=f"{network.cidr} と書いてください"),
        )
    return network


Address = Annotated[
    IPAddress, PlainValidator(_address), PlainSerializer(str), WithJsonSchema({"type": "string", "format": "ipv4"})
]
Network = Annotated[
    IPNetwork,
    PlainValidator(_network),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"}),
]
