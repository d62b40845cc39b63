"""`wpf calendar`: a month for people and machines, and what it does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.samples import lay
from wpf_infra.cli import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.delenv("WPF_NOW", raising=False)
    monkeypatch.chdir(lay(tmp_path))
    return tmp_path


def of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["calendar", "--json", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_people_read_this_month(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """FAQ-13"""
    assert main(["calendar"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:7] == [
        "2026-11: 19 business days",
        "  Mon Tue Wed Thu Fri Sat Sun",
        "    2       4   5   6",
        "    9  10  11  12  13",
        "   16  17  18  19  20",
        "       24  25  26  27",
        "   30",
    ]
    assert "  2026-11-23 Mon Labor Thanksgiving Day" in said
    assert said[-3:] == [
        "last business day: 2026-11-30 Mon",
        "shutdown of what ends in this month: by 2026-11-30 Mon 17:00 (FAQ-13)",
        "an end on 2026-11-30 Mon: ordered by 2026-10-30 Fri (FAQ-13)",
    ]


def test_people_read_it_in_japanese(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "2026-12", "--lang", "ja"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["2026-12: 営業日 20 日", "  月 火 水 木 金 土 日", "      1  2  3  4"]
    assert "  2026-12-29（火） 年末年始休業" in said
    assert "この月に終了するサーバのシャットダウン期限: 2026-12-28（月） 17:00（FAQ-13）" in said
    assert "2026-12-31（木） に終了する場合の申込期限: 2026-11-30（月）（FAQ-13）" in said


def test_machines_read_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = of(capsys, "2026-12")
    assert len(found.pop("business_days")) == 20
    assert {"date": "2026-12-30", "why": "year-end closing"} in found.pop("closed")
    assert found == {
        "month": "2026-12",
        "last_business_day": "2026-12-28",
        "shutdown_deadline": "2026-12-28T17:00:00+09:00",
        "ends": "2026-12-31",
        "order_by": "2026-11-30",
        "announced": True,
    }


def test_this_month_is_that_of_now_in_tokyo(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert of(capsys, "--now", "2027-01-31T16:00:00+00:00")["month"] == "2027-02"


def test_the_operators_closing_days_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WPF_LANG", "en")
    closing = {"year_end_first": "12-28", "days": ["2026-12-25"]}
    monkeypatch.chdir(lay(tmp_path, {"platform.closing_days": closing}))
    assert of(capsys, "2026-12")["last_business_day"] == "2026-12-24"


def test_a_year_that_is_only_computed_is_marked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert of(capsys, "2027-03")["announced"] is True
    assert of(capsys, "2028-03")["announced"] is False
    assert main(["calendar", "2028-03"]) == 0
    assert "are not announced yet" in capsys.readouterr().out.splitlines()[-1]


def test_an_unknown_year_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "2100-01"]) == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err == (
        "wpf: Japan's holidays of 2100 are not known here, only those of 1949 to 2099 → take a date within those "
        "years FAQ-13\n"
    )


@pytest.mark.parametrize("month", ["2026-13", "2026", "26-1", "0000-01", "2026-11-01", "２０２６-11", "\x1b[31m", ""])
def test_what_is_no_month_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str], month: str) -> None:
    assert main(["calendar", month]) == 2
    caught = capsys.readouterr()
    assert caught.out == "" and "is no month → write it as 2026-11" in caught.err and "\x1b" not in caught.err


def test_a_refused_platform_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.chdir(lay(tmp_path, {"platform.closing_days": {"year_end_first": "12-32"}}))
    assert main(["calendar", "2026-12"]) == 1
    assert (
        "platform.closing_days.year_end_first: `12-32`: a day of the year is written MM-DD" in capsys.readouterr().err
    )


def test_a_month_closed_throughout_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WPF_LANG", "en")
    closing = {"year_end_first": "12-01", "year_end_last": "12-31"}
    monkeypatch.chdir(lay(tmp_path, {"platform.closing_days": closing}))
    assert main(["calendar", "2026-12"]) == 1
    assert "2026-12 has no business day" in capsys.readouterr().err
    assert main(["calendar", "2026-11"]) == 0
