"""Japan's holidays: two libraries agree on every day, and a year that ours does not know is said."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import jpholiday
import pytest

from wpf_infra.calendar.national import UnknownYear, announced, national_holidays
from wpf_infra.language import Language

YEARS = range(2020, 2031)
DAYS = [date(2020, 1, 1) + timedelta(days=number) for number in range((date(2031, 1, 1) - date(2020, 1, 1)).days)]
SUBSTITUTE = "振替休日"
"""The law calls it a day off and gives it no name of its own; the second library puts before it which holiday it
stands in for. That is all in which the two differ.
"""


def test_a_second_library_has_the_same_holidays_on_every_day_of_eleven_years() -> None:
    ours = {day: name.ja for year in YEARS for day, name in national_holidays(year).items()}
    theirs = {day: name for day in DAYS if (name := jpholiday.is_holiday_name(day)) is not None}
    assert ours.keys() == theirs.keys()
    different = {day for day, name in ours.items() if theirs[day] != name}
    assert {ours[day] for day in different} == {SUBSTITUTE}
    assert all(theirs[day].endswith(f" {SUBSTITUTE}") for day in different)
    assert len(different) == 20


def test_what_the_games_of_2020_and_2021_moved_is_known() -> None:
    assert national_holidays(2020)[date(2020, 7, 24)].ja == "スポーツの日"
    assert national_holidays(2021)[date(2021, 8, 9)].ja == SUBSTITUTE
    assert date(2021, 10, 11) not in national_holidays(2021)


def test_a_weekday_between_two_holidays_is_one() -> None:
    assert national_holidays(2026)[date(2026, 9, 22)].en == "National Holiday"


@pytest.mark.parametrize("year", [1, 1948, 2100, 9999])
def test_an_unknown_year_is_said_and_not_guessed(year: int) -> None:
    with pytest.raises(UnknownYear) as raised:
        national_holidays(year)
    assert raised.value.exit_code == 1
    assert f"{year} are not known here, only those of 1949 to 2099" in raised.value.sentence(Language.ENGLISH)
    assert f"{year}年の祝日は分かりません" in raised.value.sentence(Language.JAPANESE)


@pytest.mark.parametrize("year", [1949, 2099])
def test_the_first_and_the_last_known_year_have_holidays(year: int) -> None:
    assert len(national_holidays(year)) >= 9


@pytest.mark.parametrize(
    ("year", "today", "expected"),
    [
        (2026, "2026-01-01", True),
        (1949, "2026-11-24", True),
        (2027, "2026-11-24", True),
        (2027, "2026-03-01", True),
        (2027, "2026-02-28", False),
        (2028, "2026-11-24", False),
    ],
)
def test_a_year_is_announced_in_the_february_before(year: int, today: str, expected: bool) -> None:
    assert announced(year, date.fromisoformat(today)) is expected


def test_who_asks_nothing_does_not_pay_for_the_library() -> None:
    code = "import sys, wpf_infra.policy, wpf_infra.calendar.business; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
