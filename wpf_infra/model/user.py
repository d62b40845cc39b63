"""Users of the portal (FAQ 7-11).

Here: what seeds a user. Not here: the ID, which the registry issues.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from wpf_infra.model.scalar import Flag, Sentence
from wpf_infra.model.value import Faq, Value


class Role(StrEnum):
    ADMIN = "admin"
    GENERAL = "general"


class PersonName(Value):
    kanji: Sentence
    kana: Sentence
    romaji: Sentence


class User(Value):
    name: Annotated[PersonName, Faq(9)]
    email: Annotated[Sentence, Faq(6)]
    phone: Annotated[Sentence, Faq(9)]
    role: Annotated[Role, Faq(9)]
    otp: Annotated[Flag, Faq(9)] = False
    """One-time passwords are asked for at the login."""
