"""Ends: the form and its day, the shutdown's deadline, and what may not end (FAQ 13, 15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.policy.judged import found, sentence, told
from wpf_infra.calendar import TOKYO

U, V = "minami-suido", "kawa-systems"
APP = f"{U}.vms.app-1"
NO_ALLOWANCES: dict[str, Any] = {"minami-suido.allowances": {}}
"""Nobody speaks with a server that has ended, which a rule of theirs says beside."""
DISK = {"size_gb": 100, "storage_class": "raid6"}
LATE = {"ordered": "2026-11-02", "ends": "2026-11-30"}
GOOD = {"ordered": "2026-10-30", "ends": "2026-11-30"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("ordered", "ends", "late"),
    [
        ("2026-02-28", "2026-03-31", False),
        ("2026-03-01", "2026-03-31", True),
        ("2028-02-29", "2028-03-31", False),
        ("2028-03-01", "2028-03-31", True),
        ("2026-10-31", "2026-11-30", True),
        ("2026-12-31", "2027-01-31", False),
    ],
)
def test_a_month_ahead_to_the_day(ordered: str, ends: str, late: bool) -> None:
    """FAQ-13: by the dates alone, whatever day it is."""
    for now in ("2020-01-01T00:00", "2026-11-24T10:00", "2035-01-01T00:00"):
        errors = [
            each for each in told({f"{APP}.retire": {"ordered": ordered, "ends": ends}}, at(now)) if "error" in each
        ]
        assert errors == ([("retire-in-time", "error", f"{APP}.retire")] if late else [])


def test_an_agreement_excuses_a_late_order() -> None:
    agreed = {"by": "x", "on": "2026-11-02", "reason": "y"}
    assert told({f"{APP}.retire": {**LATE, "agreed": agreed}}) == []


def test_it_says_which_form() -> None:
    """FAQ-13: one form for a part, another for everything."""
    part = {f"{APP}.retire": LATE}
    assert "サービス変更申込書" in sentence(part, "retire-in-time")
    everything = {**part, f"{U}.vms.app-2.retire": GOOD}
    assert "契約終了申込書" in sentence(everything, "retire-in-time")
    disk = {f"{APP}.disks.data": {**DISK, "retire": LATE}}
    assert "サービス変更申込書" in sentence(disk, "retire-in-time")
    own = {"platform.vms.ntp-1.retire": LATE}
    assert "申込書" not in sentence(own, "retire-in-time")


def test_overdue_says_the_missed_deadline() -> None:
    """FAQ-13"""
    changes = {**NO_ALLOWANCES, f"{APP}.retire": {"ordered": "2026-09-20", "ends": "2026-10-31"}}
    assert told(changes) == [("retire-overdue", "warning", f"{APP}.retire")]
    assert "it was to be shut down by 2026-10-30 17:00" in sentence(changes, "retire-overdue")
    inside = {f"{APP}.retire": {"ordered": "2026-09-20", "ends": "2026-11-10"}}
    assert "shut down by" not in sentence(inside, "retire-overdue")
    disk = {f"{APP}.disks.data": {**DISK, "retire": {"ordered": "2026-09-20", "ends": "2026-10-31"}}}
    assert "shut down by" not in sentence(disk, "retire-overdue")


@pytest.mark.parametrize(
    ("now", "power", "warned"),
    [
        ("2026-11-30T17:00:00", "on", False),
        ("2026-11-30T17:00:01", "on", True),
        ("2026-11-30T17:00:01", "off", False),
        ("2026-11-30T09:00:00", "on", False),
    ],
)
def test_declared_on_after_the_deadline(now: str, power: str, warned: bool) -> None:
    """FAQ-13"""
    expected = [("retire-power-off", "warning", f"{APP}.power")] if warned else []
    assert told({f"{APP}.retire": GOOD, f"{APP}.power": power}, at(now)) == expected


def test_the_operators_closing_days_bring_the_deadline_forward() -> None:
    changes = {f"{APP}.retire": GOOD, f"{APP}.power": "on", "platform.closing_days": {"days": ["2026-11-30"]}}
    assert "shut down by 2026-11-27 17:00" in sentence(changes, "retire-power-off", at("2026-11-28T00:00"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({f"{APP}.retire": {**GOOD, "ends": "2100-11-30"}}, "holidays of 2100 are not known here"),
        (
            {f"{APP}.retire": GOOD, "platform.closing_days": {"year_end_first": "11-01", "year_end_last": "11-30"}},
            "2026-11 has no business day",
        ),
    ],
)
def test_a_deadline_that_nobody_can_tell_is_said(changes: dict[str, Any], says: str) -> None:
    """FAQ-13"""
    changes = {**changes, f"{APP}.power": "on"}
    (finding,) = found(changes)
    assert (finding.rule, finding.severity.value, finding.path) == (
        "retire-deadline-known",
        "warning",
        f"{APP}.retire.ends",
    )
    assert says in finding.summary.en


def test_an_overdue_end_of_an_unknown_year_is_still_overdue() -> None:
    changes = {**NO_ALLOWANCES, f"{APP}.retire": {"ordered": "1948-01-01", "ends": "1948-11-30"}}
    assert {rule for rule, _, _ in told(changes)} == {"retire-overdue", "retire-deadline-known"}


@pytest.mark.parametrize(
    ("disks", "server", "refused"),
    [
        ({"system": GOOD, "data": None}, None, "system"),
        ({"system": None, "data": GOOD}, None, None),
        ({"c": GOOD, "d": None}, None, "c"),
        ({"c": None, "d": GOOD}, None, None),
        ({"system": GOOD}, None, "system"),
        ({"system": GOOD, "data": GOOD}, None, "system"),
        ({"system": GOOD, "data": GOOD}, GOOD, None),
        ({"system": GOOD}, {**GOOD, "ends": "2026-12-31"}, "system"),
    ],
)
def test_a_server_keeps_the_disk_it_starts_from(
    disks: dict[str, dict[str, str] | None], server: dict[str, str] | None, refused: str | None
) -> None:
    """FAQ-15"""
    declared = {name: DISK if retire is None else {**DISK, "retire": retire} for name, retire in disks.items()}
    changes: dict[str, Any] = {f"{APP}.disks": declared}
    if server is not None:
        changes[f"{APP}.retire"] = server
    expected = [] if refused is None else [("retire-system-disk", "error", f"{APP}.disks.{refused}.retire")]
    assert told(changes) == expected


def test_an_only_disk_is_called_so() -> None:
    said = sentence({f"{APP}.disks": {"system": {**DISK, "retire": GOOD}}}, "retire-system-disk")
    assert "`system` is the server's only disk" in said and said.endswith("FAQ-15")
