"""The operator's own closing days, beside Japan's weekends and holidays.

Here: what is declared. Not here: the calendar that follows from it (`wpf_infra.calendar.business`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from wpf_infra.language import Text
from wpf_infra.model.scalar import Date
from wpf_infra.model.value import SORTED, Faq, Value, refusal

_FORM = re.compile(r"[0-9]{2}-[0-9]{2}")
_A_LEAP_YEAR = "2024"


def _day_of_year(text: str) -> str:
    try:
        if _FORM.fullmatch(text):
            date.fromisoformat(f"{_A_LEAP_YEAR}-{text}")
            return text
    except ValueError:
        pass
    raise refusal(Text(en="a day of the year is written MM-DD", ja="年内の日付は MM-DD で書きます"))


DayOfYear = Annotated[
    str, Field(strict=True, json_schema_extra={"pattern": f"^{_FORM.pattern}$"}), AfterValidator(_day_of_year)
]
"""`12-29`: a day of every year."""


class ClosingDays(Value):
    year_end_first: Annotated[DayOfYear, Faq(13)] = "12-29"
    """First day of the year-end holidays."""
    year_end_last: Annotated[DayOfYear, Faq(13)] = "01-03"
    """Their last day, of the next year where it comes before the first in a calendar."""
    days: Annotated[frozenset[Date], SORTED, Faq(13)] = frozenset()
    """Further days on which the operator is closed."""
