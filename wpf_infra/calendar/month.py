"""Months: a day so many months away, clamped to the length of the month it falls in.

Here: arithmetic on dates. Not here: which days are business days (`business`), how many months a lead time has
(`wpf_infra.policy`).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day that many months later (earlier, when negative), or that month's last day; what would leave the
    years 1 to 9999 stays at their edge.
    """
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last: 31 March has 28 or 29 February."""
    return months_after(day, -1)


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def first_of_next_month(day: date) -> date:
    """When a change of a contracted volume takes effect (FAQ 32)."""
    return months_after(day.replace(day=1), 1)
