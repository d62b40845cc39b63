"""The operator's business days and hours, and the deadlines that follow from them (FAQ 13, 14, 33).

Here: what is closed and why, and counting what is not. Not here: the holidays themselves (`national`), and what was
declared about closing days (`wpf_infra.model.closing`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from wpf_infra.calendar.instant import TOKYO
from wpf_infra.calendar.month import last_of_month
from wpf_infra.calendar.national import national_holidays
from wpf_infra.errors import WpfError
from wpf_infra.language import Text

OPENS = time(9)
CLOSES = time(17)
"""FAQ 14; from this minute on the office is closed."""
_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEKEND = Text(en="weekend", ja="土日")
_YEAR_END = Text(en="year-end closing", ja="年末年始休業")
_OWN = Text(en="closed by the operator", ja="運用者の休業日")
MonthDay = tuple[int, int]


class NoBusinessDay(WpfError):
    """A month that the declared closing days leave no business day."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """closed: the operator's own days; year_end: first and last day of every year's end, inclusive, month and day.

    Every question about a day raises UnknownYear where the holidays of its year are not known.
    """

    closed: frozenset[date] = frozenset()
    year_end: tuple[MonthDay, MonthDay] = ((12, 29), (1, 3))

    @classmethod
    def declared(cls, closed: frozenset[date], year_end_first: str, year_end_last: str) -> BusinessCalendar:
        """From the platform's `closing_days`; the year's end as `MM-DD`."""
        return cls(closed, (_month_day(year_end_first), _month_day(year_end_last)))

    def why_closed(self, day: date) -> Text | None:
        """The name of the first reason: a holiday, the operator's own, the year's end, the weekend. None: open."""
        holidays = national_holidays(day.year)
        if day in holidays:
            return holidays[day]
        if day in self.closed:
            return _OWN
        if self._at_year_end(day):
            return _YEAR_END
        return _WEEKEND if day.weekday() >= _SATURDAY else None

    def is_business_day(self, day: date) -> bool:
        return self.why_closed(day) is None

    def in_business_hours(self, moment: datetime) -> bool:
        """9:00 to 17:00 in Tokyo on a business day; 17:00 itself is past. moment: aware."""
        here = moment.astimezone(TOKYO)
        return OPENS <= here.time() < CLOSES and self.is_business_day(here.date())

    def business_days(self, year: int, month: int) -> tuple[date, ...]:
        return tuple(day for day in days_of_month(year, month) if self.is_business_day(day))

    def last_business_day(self, year: int, month: int) -> date:
        """Raises NoBusinessDay for a month that is closed throughout."""
        for day in reversed(tuple(days_of_month(year, month))):
            if self.is_business_day(day):
                return day
        raise NoBusinessDay(
            Text(
                en=f"{year}-{month:02} has no business day: the declared closing days take all of it",
                ja=f"{year}年{month}月は全日が休業日で、営業日がありません",
            ),
            remedy=Text(en="correct `closing_days` of the platform", ja="基盤の `closing_days` を直してください"),
            where="platform.closing_days",
            row=13,
        )

    def business_days_after(self, day: date, count: int) -> date:
        """The count-th business day after the day, which itself does not count; count: 1 or more."""
        if count < 1:
            raise ValueError(f"{count} business days after a day: count from 1")
        national_holidays(day.year)  # in no unknown year is there a day after
        while count:
            day += _DAY
            count -= self.is_business_day(day)
        return day

    def shutdown_deadline(self, ends: date) -> datetime:
        """Until when a server that ends on that day has to be shut down: 17:00 of the last business day of the month
        (FAQ 13). Raises NoBusinessDay.
        """
        return datetime.combine(self.last_business_day(ends.year, ends.month), CLOSES, TOKYO)

    def _at_year_end(self, day: date) -> bool:
        first, last = self.year_end
        here = (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last


def days_of_month(year: int, month: int) -> Iterator[date]:
    first = date(year, month, 1)
    return (first.replace(day=number) for number in range(1, last_of_month(first).day + 1))


def _month_day(written: str) -> MonthDay:
    month, day = written.split("-")
    return int(month), int(day)
