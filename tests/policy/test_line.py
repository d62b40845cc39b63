"""Lines: lead times to the day, agreements, deliveries, visits (FAQ 26, 27, 30, 34)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.policy.judged import found, sentence, told
from wpf_infra.calendar import TOKYO

LINES = "minami-suido.lines"
NORTH = f"{LINES}.north"
AGREED = {"by": "回線事業者", "on": "2026-01-05", "reason": "既設の光回線を使う"}


def fixed(ordered: str, wanted: str, **more: Any) -> dict[str, Any]:
    line = {"kind": "fixed", "ordered": ordered, "wanted": wanted, "delivered": wanted, "cidr": "10.160.1.0/28"}
    return {NORTH: {**line, **more}}


def mobile(ordered: str, wanted: str, **more: Any) -> dict[str, Any]:
    line = {"kind": "mobile", "ordered": ordered, "wanted": wanted, "delivered": wanted, "cidr": "10.176.1.0/28"}
    return {f"{LINES}.car": {**line, "capacity_gb": 7, **more}}


LATE = ("fixed-line-in-time", "error", f"{NORTH}.wanted")
HASTE = ("fixed-line-haste", "warning", f"{NORTH}.wanted")
MOBILE_LATE = ("mobile-line-in-time", "error", f"{LINES}.car.wanted")


@pytest.mark.parametrize(
    ("ordered", "wanted", "expected"),
    [
        ("2026-05-11", "2026-08-10", [LATE]),
        ("2026-05-11", "2026-08-11", [HASTE]),
        ("2026-05-11", "2026-11-10", [HASTE]),
        ("2026-05-11", "2026-11-11", []),
        ("2025-11-30", "2026-02-27", [LATE]),
        ("2025-11-30", "2026-02-28", [HASTE]),
        ("2023-11-30", "2024-02-28", [LATE]),
        ("2023-11-30", "2024-02-29", [HASTE]),
    ],
)
def test_a_fixed_lines_lead_time(ordered: str, wanted: str, expected: list[tuple[str, str, str]]) -> None:
    """FAQ-26: three months are enough, six are better, whatever day it is."""
    for now in (datetime(2026, 11, 24, tzinfo=TOKYO), datetime(2035, 1, 1, tzinfo=TOKYO)):
        assert told(fixed(ordered, wanted), now) == expected
        assert told(fixed(ordered, wanted, agreed={**AGREED, "on": "2020-01-01"}), now) == []


@pytest.mark.parametrize(
    ("ordered", "wanted", "expected"),
    [
        ("2026-09-05", "2026-10-04", [MOBILE_LATE]),
        ("2026-09-05", "2026-10-05", []),
        ("2026-08-31", "2026-09-29", [MOBILE_LATE]),
        ("2026-08-31", "2026-09-30", []),
        ("2028-01-31", "2028-02-29", []),
    ],
)
def test_a_mobile_lines_lead_time(ordered: str, wanted: str, expected: list[tuple[str, str, str]]) -> None:
    """FAQ-30"""
    now = datetime(2030, 1, 1, tzinfo=TOKYO)
    assert told(mobile(ordered, wanted), now) == expected
    assert told(mobile(ordered, wanted, agreed=AGREED), now) == []


def test_a_late_order_says_from_when_it_is_in_time() -> None:
    said = sentence(fixed("2026-05-11", "2026-08-10"), "fixed-line-in-time")
    assert "want it from 2026-08-11 on" in said and said.endswith("FAQ-26")


@pytest.mark.parametrize(("hour", "overdue"), [(0, True), (23, False)])
def test_overdue_begins_the_day_after_in_tokyo(hour: int, overdue: bool) -> None:
    """FAQ-26: wanted on the 24th, it is late from the 25th on."""
    now = datetime(2026, 11, 25 if overdue else 24, hour, tzinfo=TOKYO)
    changes = fixed("2026-01-05", "2026-11-24", delivered=None)
    assert told(changes, now) == ([("fixed-line-overdue", "warning", f"{NORTH}.wanted")] if overdue else [])


def test_no_rule_wants_a_date_in_the_future() -> None:
    changes = {**fixed("2019-01-05", "2019-09-01"), **mobile("2019-01-05", "2019-09-01")}
    assert told(changes, datetime(2020, 1, 1, tzinfo=TOKYO)) == told(changes, datetime(2035, 1, 1, tzinfo=TOKYO)) == []


@pytest.mark.parametrize(
    ("visits", "wrong"),
    [
        ({"site_survey": ["2026-03-02"], "line_work": ["2026-03-02"], "router_installation": ["2026-03-02"]}, []),
        ({"site_survey": ["2026-03-02", "2026-03-03"], "router_installation": ["2026-08-28"]}, []),
        ({"site_survey": ["2025-12-26"]}, ["site_survey.0"]),
        ({"router_installation": ["2026-08-28", "2026-09-02"]}, ["router_installation.1"]),
        ({"site_survey": ["2026-04-01"], "line_work": ["2026-04-02", "2026-03-31"]}, ["line_work.1"]),
        ({"site_survey": ["2026-04-01"], "router_installation": ["2026-03-31"]}, ["router_installation.0"]),
        ({"line_work": ["2026-04-02"], "router_installation": ["2026-04-01"]}, ["router_installation.0"]),
        (
            {"site_survey": ["2026-06-01"], "line_work": ["2026-04-01"], "router_installation": ["2026-05-01"]},
            ["line_work.0", "router_installation.0"],
        ),
    ],
)
def test_visits_come_in_order_between_order_and_delivery(visits: dict[str, list[str]], wrong: list[str]) -> None:
    """FAQ-27"""
    changes = fixed("2026-01-05", "2026-09-01", visits=visits)
    assert told(changes) == [("visits-in-order", "error", f"{NORTH}.visits.{each}") for each in wrong]


def test_a_visit_before_delivery_is_known_has_no_latest_day() -> None:
    changes = fixed("2026-01-05", "2026-12-15", delivered=None, visits={"router_installation": ["2027-02-01"]})
    assert told(changes) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [("2026-05-06", "Substitute Holiday"), ("2026-03-07", "weekend"), ("2026-06-01", "closed by the operator")],
)
def test_a_visit_on_a_closed_day_is_warned_of(text: str, why: str) -> None:
    """FAQ-27"""
    changes = fixed("2026-01-05", "2026-09-01", visits={"line_work": [text]})
    changes["platform.closing_days"] = {"days": ["2026-06-01"]}
    assert told(changes) == [("visit-business-day", "warning", f"{NORTH}.visits.line_work.0")]
    assert f"is not on a business day: {why}" in sentence(changes, "visit-business-day")


def test_a_visit_in_an_unknown_year_is_not_guessed_at() -> None:
    changes = fixed("2026-01-05", "2126-09-01", delivered=None, visits={"line_work": ["2126-05-06"]})
    (finding,) = found(changes)
    assert (finding.rule, finding.severity.value) == ("visit-business-day", "warning")
    assert "on 2126-05-06 is on a business day cannot be told: Japan's holidays of 2126" in finding.summary.en
    assert finding.remedy.en == "take a date within those years"


def test_the_platforms_router_says_how_many_clients() -> None:
    """FAQ-34"""
    changes = mobile("2026-01-05", "2026-09-01", wifi_clients=16)
    assert told(changes) == []
    changes["platform.menu.wifi_clients"] = 10
    assert "carries at most 10" in sentence(changes, "wifi-clients")


def test_delivered_on_the_day_it_was_ordered_is_odd_and_possible() -> None:
    assert told(fixed("2026-01-05", "2026-09-01", delivered="2026-01-05")) == []
    assert told(fixed("2026-01-05", "2026-09-01", delivered="2026-01-04")) == [
        ("fixed-line-delivered", "error", f"{NORTH}.delivered")
    ]
    assert told(mobile("2026-01-05", "2026-09-01", delivered="2026-01-04")) == [
        ("mobile-line-delivered", "error", f"{LINES}.car.delivered")
    ]
