"""Users of the portal (FAQ 7-11).

Here: what seeds a user. Not here: the ID, which the registry issues.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from wpf_infra.language import Text
from wpf_infra.model.scalar import Flag, Katakana, MailAddress, Phone, Romaji, Sentence
from wpf_infra.model.value import Barred, Faq, Value


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


class User(Value):
    barred = {
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
    email: Annotated[MailAddress, Faq(6)]
    """Where the portal writes to; its domain is on the platform's whitelist."""
    phone: Annotated[Phone, Faq(9)]
    """A phone number, such as +81-3-0000-0000."""
    role: Annotated[Role, Faq(9)]
    """What the user may do in the portal."""
    otp: Annotated[Flag, Faq(9)] = False
    """One-time passwords are asked for at the login."""
