"""Months before and after a day, at the edges of months, leap years and of what a date can be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.calendar.month import first_of_next_month, last_of_month, month_before, months_after

days = st.dates(date(1950, 1, 1), date(2098, 12, 31))
months = st.integers(-60, 60)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-03-31", "2026-02-28"),
        ("2028-03-31", "2028-02-29"),
        ("2028-03-29", "2028-02-29"),
        ("2026-12-31", "2026-11-30"),
        ("2026-11-30", "2026-10-30"),
        ("2027-01-15", "2026-12-15"),
        ("0001-01-31", "0001-01-01"),
    ],
)
def test_a_month_before(day: str, before: str) -> None:
    """FAQ-13"""
    assert month_before(date.fromisoformat(day)) == date.fromisoformat(before)


@pytest.mark.parametrize(
    ("day", "count", "after"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2026-05-11", 0, "2026-05-11"),
        ("2026-05-11", -17, "2024-12-11"),
        ("9999-12-01", 1, "9999-12-31"),
    ],
)
def test_months_after(day: str, count: int, after: str) -> None:
    """FAQ-26, FAQ-30"""
    assert months_after(date.fromisoformat(day), count) == date.fromisoformat(after)


@pytest.mark.parametrize(
    ("day", "first"), [("2026-12-31", "2027-01-01"), ("2028-02-29", "2028-03-01"), ("2026-11-01", "2026-12-01")]
)
def test_the_first_of_the_next_month(day: str, first: str) -> None:
    """FAQ-32"""
    assert first_of_next_month(date.fromisoformat(day)) == date.fromisoformat(first)


@given(days, months)
def test_the_day_stays_or_is_the_last_of_its_month(day: date, count: int) -> None:
    moved = months_after(day, count)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + count
    assert moved.day == day.day or (moved.day < day.day and moved == last_of_month(moved))


@given(days, days, months)
def test_later_days_stay_later(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert months_after(first, count) <= months_after(second, count)
