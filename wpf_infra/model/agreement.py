"""What people agreed outside this library, and put on record inside the object it excuses.

Here: agreements, consents and the terms of an ending. Not here: what they permit (`policy`, `plan`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from wpf_infra.model.scalar import Date, Sentence
from wpf_infra.model.value import Faq, Value

CONSENT_DAYS = 7


class Agreed(Value):
    """An exception that people agreed."""

    by: Sentence
    """Who agreed, for the other side."""
    on: Date
    """The day they agreed."""
    reason: Sentence
    """Why, for whoever reads it in two years."""


class Consent(Value):
    """The vendor's consent to a stop of a running server; good for changes within 7 days of `on` (FAQ 15, 16)."""

    by: Sentence
    """Who consents, for the vendor."""
    on: Date
    """The day of the consent; it holds for 7 days from there."""

    def covers(self, today: date) -> bool:
        return self.on <= today <= self.on + timedelta(days=CONSENT_DAYS)


class Retirement(Value):
    """The end of a server or a disk: ordered a month ahead, due from 00:00 of the day after `ends` (FAQ 13)."""

    ordered: Annotated[Date, Faq(13)]
    """The day the form reached the operator."""
    ends: Annotated[Date, Faq(13)]
    """The last day of the contract, the end of a month as a rule."""
    agreed: Annotated[Agreed | None, Faq(13)] = Field(default=None)
    """Excuses an order later than a month before the end."""

    def due(self, today: date) -> bool:
        return today > self.ends
