"""The words, numbers, dates and addresses that fields are made of.

Here: types with their grammar and their place in the JSON Schema. Not here: anything that needs to know another field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from unicodedata import category

from netaddr import AddrFormatError, IPAddress, IPNetwork
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from wpf_infra.calendar import TOKYO, instant
from wpf_infra.errors import Unreadable
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
    _Word,
    AfterValidator(_identifier(32)),
    AfterValidator(_not_reserved),
    Field(json_schema_extra={**_pattern(32), "not": {"const": RESERVED_TENANT}}),
]
OwnerId = Annotated[_Word, AfterValidator(_identifier(32)), Field(json_schema_extra=_pattern(32))]
"""A tenant's id, or `platform`."""
VmId = Annotated[_Word, AfterValidator(_identifier(15)), Field(json_schema_extra=_pattern(15))]


def _signs(pattern: str, wanted: Text, example: Text) -> Callable[[str], str]:
    """A check that the whole text is made of the pattern's signs."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise refusal(wanted, example)
        return text

    return check


_NO_TEXT = frozenset({"Cc", "Zl", "Zp"})
"""Controls and line breaks, Unicode's own among them: in a mail's header each would begin another header."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a line read otherwise than it is."""


def _sentence(text: str) -> str:
    if not text.strip():
        raise refusal(
            Text(en="this must not be empty", ja="空にはできません"),
            Text(en="write something, or leave the key out", ja="値を書くか、キーごと消してください"),
        )
    if not text.isprintable() and any(sign in _TURNING or category(sign) in _NO_TEXT for sign in text):
        raise refusal(
            Text(
                en="this is one line: no line break, tab, control character or sign that turns the text around",
                ja="改行・タブ・制御文字・文字の向きを変える記号は使えません",
            ),
            Text(en="write it on one line, in plain signs", ja="普通の文字だけで、1行で書いてください"),
        )
    return text


Sentence = Annotated[
    _Word, AfterValidator(_sentence), Field(min_length=1, max_length=500, json_schema_extra={"pattern": r"\S"})
]
"""One line for people to read: a name, a reason."""
_KATAKANA = "[\u30a1-\u30fa\u30fc\u30fb\u3000 ]+"
_ROMAJI = "[A-Za-z][A-Za-z' .-]*"
_PHONE = "(?=(?:[^0-9]*[0-9]){7,15}[^0-9]*$)\\+?[0-9(][0-9() -]*"
Katakana = Annotated[
    Sentence,
    Field(json_schema_extra={"pattern": f"^{_KATAKANA}$"}),
    AfterValidator(
        _signs(
            _KATAKANA,
            Text(en="a reading is written in full-width katakana", ja="フリガナは全角カタカナで書きます"),
            Text(en="write it like サトウ ハナコ", ja="サトウ ハナコ のように書いてください"),
        )
    ),
]
Romaji = Annotated[
    Sentence,
    Field(json_schema_extra={"pattern": f"^{_ROMAJI}$"}),
    AfterValidator(
        _signs(
            _ROMAJI,
            Text(en="romaji are Latin letters", ja="ローマ字は半角英字で書きます"),
            Text(en="write it like SATO HANAKO", ja="SATO HANAKO のように書いてください"),
        )
    ),
]
Phone = Annotated[
    Sentence,
    Field(json_schema_extra={"pattern": f"^{_PHONE}$"}),
    AfterValidator(
        _signs(
            _PHONE,
            Text(
                en="a phone number has 7 to 15 digits, hyphens between, a + before a country",
                ja="電話番号は数字7～15桁とハイフンで書きます（国番号の前は +）",
            ),
            Text(en="write it like +81-3-0000-0000", ja="03-0000-0000 のように書いてください"),
        )
    ),
]
_MAIL = re.compile(r"(?!\.)(?![^@]*\.\.)[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,64}(?<!\.)@[^\s@,;:<>()\[\]\"\\%!]+")
"""RFC 5321's atoms, without the `%` and `!` that once routed mail through a host to another."""


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


MailAddress = Annotated[
    Sentence,
    AfterValidator(_mail),
    Field(max_length=254, json_schema_extra={"pattern": r"^[^@\s]+@[^@\s]+$"}),
]
"""The shape of exactly one address; whether mail may go there is policy's (FAQ 6)."""
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})+")


def _host_name(text: str) -> str:
    if not _HOST_NAME.fullmatch(text) or len(text) > 253:
        raise refusal(
            Text(
                en="a full host name is wanted here: labels of lower-case letters, digits and hyphens, with dots "
                "between, no wildcard",
                ja="ホスト名を完全な形（英小文字・数字・ハイフンをドットで区切る）で書いてください。"
                "ワイルドカードは使えません",
            ),
            Text(
                en="write it like app-1.higashi-suido.wpf.internal",
                ja="app-1.higashi-suido.wpf.internal のように書いてください",
            ),
        )
    return text


HostName = Annotated[
    _Word,
    AfterValidator(_host_name),
    Field(max_length=253, json_schema_extra={"pattern": f"^{_HOST_NAME.pattern}$"}),
]
"""A fully qualified name of the closed network's DNS (RFC 1123)."""
CommonName = Annotated[HostName, Field(max_length=64)]
"""A host name short enough for a certificate's subject (X.520)."""
Flag = Annotated[bool, Field(strict=True)]


def _whole(value: object) -> object:
    """An integral float is the whole number it stands for: what the engine has recorded comes back to its hooks so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1)]
Percent = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=99)]
PrefixLength = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=8, le=30)]
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
    date,
    PlainValidator(_date),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        try:
            return instant(value, "").replace(microsecond=0)
        except Unreadable:
            pass
    elif isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(TOKYO)
    raise refusal(
        Text(
            en="an instant is written 2026-12-12T22:00+09:00; without an offset it is Japan's time",
            ja="日時は 2026-12-12T22:00+09:00 のように書きます（時差がなければ日本時間）",
        )
    )


Instant = Annotated[
    datetime,
    PlainValidator(_instant),
    PlainSerializer(datetime.isoformat),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment, in Asia/Tokyo."""


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
    if network.value != network.first:
        raise refusal(
            Text(
                en=f"{network} has host bits set; the network is {network.cidr}",
                ja=f"{network} はホスト部が0ではありません。ネットワークは {network.cidr} です",
            ),
            Text(en=f"write {network.cidr}", ja=f"{network.cidr} と書いてください"),
        )
    return network


Address = Annotated[
    IPAddress,
    PlainValidator(_address),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "format": "ipv4", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"}),
]
Network = Annotated[
    IPNetwork,
    PlainValidator(_network),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"}),
]
