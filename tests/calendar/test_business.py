"""Business days, hours and deadlines, in Tokyo, with the operator's own closing days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.calendar import TOKYO, BusinessCalendar, NoBusinessDay, UnknownYear
from wpf_infra.language import Language

PLAIN = BusinessCalendar()
days = st.dates(date(1949, 1, 1), date(2090, 12, 31))
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
calendars = st.builds(
    BusinessCalendar, closed=st.frozensets(days, max_size=20), year_end=st.tuples(month_days, month_days)
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-24", None),
        ("2026-11-23", "Labor Thanksgiving Day"),
        ("2026-11-22", "weekend"),
        ("2026-12-28", None),
        ("2026-12-29", "year-end closing"),
        ("2027-01-01", "New Year's Day"),
        ("2027-01-03", "year-end closing"),
        ("2027-01-04", None),
        ("2026-05-06", "Substitute Holiday"),
    ],
)
def test_why_a_day_is_closed(text: str, why: str | None) -> None:
    found = PLAIN.why_closed(day(text))
    assert (found.en if found is not None else None) == why
    assert PLAIN.is_business_day(day(text)) is (why is None)


def test_the_operators_own_days_and_year_end() -> None:
    own = BusinessCalendar.declared(frozenset({day("2026-11-24")}), "12-30", "12-31")
    found = own.why_closed(day("2026-11-24"))
    assert found is not None and (found.en, found.ja) == ("closed by the operator", "運用者の休業日")
    assert own.is_business_day(day("2026-12-29"))
    assert not own.is_business_day(day("2026-12-30"))
    assert own.is_business_day(day("2027-01-05"))


def test_eleven_years_of_a_second_opinion() -> None:
    """Weekends, the other library's holidays and the year's end, and nothing else."""
    first = date(2020, 1, 1)
    for number in range((date(2031, 1, 1) - first).days):
        each = first + timedelta(days=number)
        year_end = (each.month, each.day) >= (12, 29) or (each.month, each.day) <= (1, 3)
        closed = each.weekday() >= 5 or jpholiday.is_holiday(each) or year_end
        assert PLAIN.is_business_day(each) is not closed, each


@pytest.mark.parametrize(
    ("ends", "deadline"),
    [
        ("2026-11-30", "2026-11-30T17:00"),
        ("2026-12-31", "2026-12-28T17:00"),
        ("2027-01-31", "2027-01-29T17:00"),
        ("2027-02-10", "2027-02-26T17:00"),
        ("2028-12-31", "2028-12-28T17:00"),
        ("2029-04-30", "2029-04-27T17:00"),
    ],
)
def test_the_shutdown_deadline(ends: str, deadline: str) -> None:
    """FAQ-13: 17:00 of the last business day of the month."""
    assert PLAIN.shutdown_deadline(day(ends)) == moment(deadline)
    assert PLAIN.shutdown_deadline(day(ends)).utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    ("start", "count", "reached"),
    [
        ("2026-11-20", 1, "2026-11-24"),
        ("2026-11-21", 5, "2026-11-30"),
        ("2026-12-28", 1, "2027-01-04"),
        ("2026-04-28", 5, "2026-05-11"),
    ],
)
def test_business_days_after(start: str, count: int, reached: str) -> None:
    """FAQ-33"""
    assert PLAIN.business_days_after(day(start), count) == day(reached)


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("2026-11-24T08:59:59", False),
        ("2026-11-24T09:00:00", True),
        ("2026-11-24T16:59:59", True),
        ("2026-11-24T17:00:00", False),
        ("2026-11-23T10:00:00", False),
        ("2026-11-28T10:00:00", False),
    ],
)
def test_business_hours(text: str, open_: bool) -> None:
    """FAQ-14"""
    assert PLAIN.in_business_hours(moment(text)) is open_
    assert PLAIN.in_business_hours(moment(text).astimezone(UTC)) is open_


def test_hours_are_tokyos() -> None:
    """FAQ-14: Monday's evening in UTC is Tuesday's morning there."""
    assert PLAIN.in_business_hours(datetime(2026, 11, 24, 0, 30, tzinfo=UTC))
    assert not PLAIN.in_business_hours(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))


def test_an_unknown_year_is_said_by_every_question() -> None:
    for ask in (
        lambda: PLAIN.is_business_day(day("2100-01-04")),
        lambda: PLAIN.is_business_day(day("2100-01-02")),
        lambda: PLAIN.last_business_day(1948, 12),
        lambda: PLAIN.business_days(2100, 1),
        lambda: PLAIN.shutdown_deadline(day("9999-12-31")),
        lambda: PLAIN.in_business_hours(moment("2100-01-04T10:00")),
        lambda: PLAIN.business_days_after(day("2099-12-28"), 1),
        lambda: PLAIN.business_days_after(date.max, 1),
    ):
        with pytest.raises(UnknownYear):
            ask()


def test_a_month_without_a_business_day_is_said() -> None:
    closed = BusinessCalendar.declared(frozenset(), "11-01", "11-30")
    assert closed.business_days(2026, 11) == ()
    with pytest.raises(NoBusinessDay) as raised:
        closed.shutdown_deadline(day("2026-11-30"))
    assert "2026-11 has no business day" in raised.value.sentence(Language.ENGLISH)
    assert raised.value.sentence(Language.ENGLISH).endswith("FAQ-13")


@pytest.mark.parametrize("count", [0, -1])
def test_no_business_days_after_a_day_is_no_question(count: int) -> None:
    with pytest.raises(ValueError, match="count from 1"):
        PLAIN.business_days_after(day("2026-11-24"), count)


@given(calendars, days)
def test_the_last_business_day_is_the_last_of_the_months_business_days(calendar: BusinessCalendar, any_: date) -> None:
    every = calendar.business_days(any_.year, any_.month)
    assert list(every) == sorted(set(every))
    assert all(calendar.is_business_day(each) for each in every)
    if every:
        assert calendar.last_business_day(any_.year, any_.month) == every[-1]
        assert calendar.shutdown_deadline(any_).date() == every[-1]
    else:
        with pytest.raises(NoBusinessDay):
            calendar.last_business_day(any_.year, any_.month)


@given(days, st.frozensets(days, max_size=20), st.integers(1, 12), st.integers(1, 12))
def test_counting_on_is_counting_once(start: date, closed: frozenset[date], one: int, other: int) -> None:
    calendar = BusinessCalendar(closed)
    reached = calendar.business_days_after(start, one)
    assert reached > start and calendar.is_business_day(reached)
    assert calendar.business_days_after(reached, other) == calendar.business_days_after(start, one + other)
    between = [start + timedelta(days=number) for number in range(1, (reached - start).days + 1)]
    assert sum(calendar.is_business_day(each) for each in between) == one
