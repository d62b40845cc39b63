"""Japan's holidays, as its law has them: which days of a year, by which names.

Here: asking the library, in both languages, and saying what it does not know. Not here: the operator's own closing
days (`business`). Decision 0050.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from wpf_infra.errors import WpfError
from wpf_infra.language import Text

_COUNTRY = "JP"
_LANGUAGES = ("en_US", "ja")
_ANNOUNCED_BY = (3, 1)
"""The equinox days of the next year are announced each February: from this day on they have been."""


class UnknownYear(WpfError):
    """A year whose holidays nobody here knows."""


def national_holidays(year: int) -> Mapping[date, Text]:
    """The holidays of one year, the substitute ones among them. Raises UnknownYear."""
    first, last = _known_years()
    if not first <= year <= last:
        raise UnknownYear(
            Text(
                en=f"Japan's holidays of {year} are not known here, only those of {first} to {last}",
                ja=f"{year}年の祝日は分かりません（分かるのは{first}年から{last}年までです）",
            ),
            remedy=Text(en="take a date within those years", ja="その範囲の日付にしてください"),
            row=13,
        )
    return _asked(year)


def announced(year: int, today: date) -> bool:
    """Have the equinox days of that year been announced? Until then they are computed, as astronomy has them."""
    return today.year >= year or today >= date(year - 1, *_ANNOUNCED_BY)


@cache
def _known_years() -> tuple[int, int]:
    """The library answers with no holiday at all outside its own range."""
    import holidays  # a seventh of a second that only those pay who ask

    known = holidays.country_holidays(_COUNTRY)
    return known.start_year, known.end_year


@cache
def _asked(year: int) -> Mapping[date, Text]:
    import holidays

    english, japanese = (
        holidays.country_holidays(_COUNTRY, years=year, expand=False, language=language) for language in _LANGUAGES
    )
    return MappingProxyType({day: Text(en=english[day], ja=name) for day, name in sorted(japanese.items())})
