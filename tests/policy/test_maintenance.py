"""Maintenance: its targets, its window, and how long ahead it is announced (FAQ 2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.policy.judged import found, sentence, told
from wpf_infra.calendar import TOKYO

PATH = "platform.maintenance.m"
AGREED = {"by": "南水道", "on": "2026-11-20", "reason": "合意済み"}


def maintenance(**more: Any) -> dict[str, Any]:
    return {
        PATH: {
            "title": {"ja": "更新", "en": "update"},
            "announced": "2026-11-20",
            "starts": "2026-12-12T22:00+09:00",
            "ends": "2026-12-13T02:00+09:00",
            "targets": {"clusters": ["c1"]},
            **more,
        }
    }


LATE = [("maintenance-in-time", "error", f"{PATH}.announced")]
AFTER = [("maintenance-announced-first", "warning", f"{PATH}.announced")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"announced": "2026-11-28"}, []),
        ({"announced": "2026-11-29"}, LATE),
        ({"announced": "2026-12-20"}, LATE),
        ({"announced": "2026-12-12", "emergency": True}, []),
        ({"announced": "2026-12-13", "emergency": True}, AFTER),
        ({"announced": "2026-12-12", "agreed": AGREED}, []),
        ({"announced": "2026-12-13", "agreed": AGREED}, AFTER),
    ],
)
def test_two_weeks_unless_it_is_urgent_or_agreed(more: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """FAQ-2: of the day in Tokyo on which it starts, whatever day it is."""
    for year in (2026, 2035):
        assert told(maintenance(**more), datetime(year, 11, 24, tzinfo=TOKYO)) == expected


def test_the_day_of_its_start_is_tokyos() -> None:
    """FAQ-2: 23:00 UTC on the 11th is the 12th in Tokyo."""
    for announced, expected in (("2026-11-28", []), ("2026-11-29", LATE)):
        changes = maintenance(announced=announced, starts="2026-12-11T23:00+00:00", ends="2026-12-12T02:00+00:00")
        assert told(changes) == expected


@pytest.mark.parametrize(("ends", "fine"), [("22:00", False), ("22:01", True), ("21:00", False)])
def test_it_ends_after_it_starts(ends: str, fine: bool) -> None:
    expected = [] if fine else [("maintenance-window", "error", f"{PATH}.ends")]
    assert told(maintenance(ends=f"2026-12-12T{ends}+09:00")) == expected


@pytest.mark.parametrize(
    ("key", "good", "bad", "says"),
    [
        ("clusters", "c2", "c3", "there is no cluster `c3`"),
        ("hosts", "k4", "k5", "there is no host `k5`"),
        ("raid_groups", "g3", "g4", "there is no RAID group `g4`"),
        ("functions", "ntp", "portal", "there is no platform function `portal`"),
    ],
)
def test_every_target_exists(key: str, good: str, bad: str, says: str) -> None:
    """FAQ-2"""
    assert told(maintenance(targets={key: [good]})) == []
    changes = maintenance(targets={key: [good, bad]})
    assert told(changes) == [("maintenance-target-exists", "error", f"{PATH}.targets.{key}")]
    assert says in sentence(changes, "maintenance-target-exists")


def test_each_missing_target_is_said() -> None:
    findings = found(maintenance(targets={"hosts": ["x1", "x2"]}))
    assert [finding.summary.ja for finding in findings] == ["ホスト `x1` はありません", "ホスト `x2` はありません"]


def test_the_first_days_of_time_are_no_trouble() -> None:
    changes = maintenance(announced="0001-01-02", starts="0001-01-05T22:00+09:00", ends="0001-01-05T23:00+09:00")
    assert told(changes) == LATE
