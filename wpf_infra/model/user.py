"""Users of the portal (FAQ 7-11).

Here: what seeds a user. Not here: the ID, which the registry issues.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from wpf_infra.language import Text
from wpf_infra.model.scalar import Flag, Katakana, MailAddress, Phone, Romaji, Sentence
from wpf_infra.model.value import Barred, Faq, Value, refusal


class Role(StrEnum):
    ADMIN = "admin"
    GENERAL = "general"


class PersonName(Value):
    kanji: Sentence
    """The name as it is written."""
    kana: Katakana
    """Its reading, in full-width katakana."""
    romaji: Romaji
    """Its reading, in Latin letters."""


_ONE_ADDRESS = Text(en="a user has one mail address, `email`", ja="利用者のメールアドレスは1つだけ（`email`）です")
_A_GROUP = Text(
    en="write one address in `email`; a group address reaches several people",
    ja="`email` に1つだけ書いてください。複数人に届けるにはグループアドレスを使います",
)


def _not_several(value: object) -> object:
    if isinstance(value, list | tuple | set | frozenset):
        raise refusal(_ONE_ADDRESS, _A_GROUP, row=5)
    return value


class User(Value):
    barred = {
        **{
            key: Barred(5, _ONE_ADDRESS, _A_GROUP)
            for key in ("emails", "email_2", "email2", "email_cc", "cc", "mails", "second_email")
        },
        "id": Barred(
            10,
            Text(
                en="the system issues a user's ID, and it never changes",
                ja="利用者IDはシステムが払い出し、変わりません",
            ),
        ),
        "password": Barred(
            8,
            Text(
                en="a password stands in no file; the platform resets it on request",
                ja="パスワードはファイルに書きません。再設定は基盤運用者が行います",
            ),
        ),
    }

    name: Annotated[PersonName, Faq(9)]
    """The full name, in three ways of writing."""
    email: Annotated[MailAddress, BeforeValidator(_not_several), Faq(6)]
    """Where the portal writes to; its domain is on the platform's whitelist."""
    phone: Annotated[Phone, Faq(9)]
    """A phone number, such as +81-3-0000-0000."""
    role: Annotated[Role, Faq(9)]
    """What the user may do in the portal."""
    otp: Annotated[Flag, Faq(9)] = False
    """One-time passwords are asked for at the login."""
