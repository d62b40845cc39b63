"""What people type is understood where it is sure what they mean, and named by its cell where it is not."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import ValidationError

from tests.onboarding.workbook.books import PLATFORM, TENANTS, changed, reading, sample, with_cells, with_shared_strings
from wpf_infra.language import Language
from wpf_infra.model import Tenant
from wpf_infra.model.finding import Severity
from wpf_infra.model.refusals import refusals
from wpf_infra.onboarding.workbook import CELL_RULE, WorkbookForm, write_workbook
from wpf_infra.onboarding.workbook.order import cell_order

SHEET = "サーバ"


def at(data: Any, path: str) -> Any:
    for step in path.split("."):
        data = data[step]
    return data


def page(workbook: Workbook, title: str) -> Worksheet:
    found = workbook[title]
    assert isinstance(found, Worksheet)
    return found


@pytest.mark.parametrize(
    ("cell", "typed", "path", "meant"),
    [
        ("サーバ!C6", "４", "vms.app-1.cpu", 4),
        ("サーバ!C6", 4.0, "vms.app-1.cpu", 4),
        ("サーバ!C6", " 4 ", "vms.app-1.cpu", 4),
        ("テナント!C16", "１，０００", "quota.storage_gb", 1000),
        ("サーバ!B6", "ｒｈｅｌ－９", "vms.app-1.os", "rhel-9"),
        ("サーバ!B6", "rhel‐9", "vms.app-1.os", "rhel-9"),
        ("サーバ!F6", "最高", "vms.app-1.restart_priority", "highest"),
        ("サーバ!F6", "Highest", "vms.app-1.restart_priority", "highest"),
        ("サーバ!H6", "はい", "vms.app-1.antivirus", True),
        ("サーバ!H6", True, "vms.app-1.antivirus", True),
        ("サーバ!H6", "〇", "vms.app-1.antivirus", True),
        *(("サーバ!H6", mark, "vms.app-1.antivirus", True) for mark in ("レ", "ﾚ", "✔", "✔\ufe0f", "☑", "●")),
        ("回線!C6", "令和元年5月1日", "lines.north.ordered", "2019-05-01"),
        ("サーバ!H6", "✕", "vms.app-1.antivirus", False),
        ("テナント!C7", "ベンダー", "kind", "vendor"),
        ("テナント!C7", "ﾍﾞﾝﾀﾞｰ", "kind", "vendor"),
        ("テナント!C7", "vendor", "kind", "vendor"),
        ("テナント!C17", "ＯＰＳ＠example.jp", "notify", "OPS@example.jp"),
        ("テナント!C8", "  ﾐﾅﾐ水道　", "name.ja", "ﾐﾅﾐ水道"),
        ("テナント!C8", 2026, "name.ja", "2026"),
        ("回線!C6", date(2026, 5, 11), "lines.north.ordered", "2026-05-11"),
        ("回線!C6", datetime(2026, 5, 11), "lines.north.ordered", "2026-05-11"),  # noqa: DTZ001
        ("回線!C6", "2026/5/11", "lines.north.ordered", "2026-05-11"),
        ("回線!C6", "２０２６年５月１１日", "lines.north.ordered", "2026-05-11"),
        ("回線!C6", "令和8年5月11日", "lines.north.ordered", "2026-05-11"),
        ("回線!C6", "2026-05-11", "lines.north.ordered", "2026-05-11"),
        ("回線!C6", 46153, "lines.north.ordered", "2026-05-11"),
        ("回線!J6", date(2026, 5, 11), "lines.north.visits.site_survey", ["2026-05-11"]),
        ("回線!J6", "2026/5/11, 2026/5/12", "lines.north.visits.site_survey", ["2026-05-11", "2026-05-12"]),
        ("通信許可!D6", "tcp/443,icmp\nudp/123", "allowances.maintenance.ports", ["tcp/443", "icmp", "udp/123"]),
        ("通信許可!D6", "ｔｃｐ／４４３、icmp", "allowances.maintenance.ports", ["tcp/443", "icmp"]),
        ("利用者!C6", "ｻﾄｳ　ﾊﾅｺ", "users.sato.name.kana", "サトウ　ハナコ"),
        ("利用者!F6", "０３－００００－００００", "users.sato.phone", "03-0000-0000"),
        ("監視ヒアリングシート!E6", "重度の障害", "vms.app-1.monitoring.alive.severity", "major"),
        ("監視ヒアリングシート!E6", "minor", "vms.app-1.monitoring.alive.severity", "minor"),
    ],
)
def test_what_people_type_is_understood(cell: str, typed: Any, path: str, meant: Any) -> None:
    read = reading(with_cells({cell: typed}))
    assert read.findings == ()
    assert at(read.data, path) == meant


@pytest.mark.parametrize(
    ("cell", "typed", "path", "row", "words"),
    [
        ("サーバ!C6", "4台", "vms.app-1.cpu", 16, "整数ではありません"),
        ("サーバ!C6", 0.9, "vms.app-1.cpu", 16, "`0.9` は整数ではありません"),
        ("サーバ!C6", True, "vms.app-1.cpu", 16, "整数ではありません"),
        ("サーバ!C6", "=2+2", "vms.app-1.cpu", 16, "数式"),
        ("サーバ!C6", "#N/A", "vms.app-1.cpu", 16, "エラー値"),
        ("サーバ!E6", "=A1", "vms.app-1.address", None, "数式"),
        ("サーバ!F6", "超高", "vms.app-1.restart_priority", 12, "最高・高・中・低・最低"),
        ("サーバ!H6", "たぶん", "vms.app-1.antivirus", 19, "○ でも × でも"),
        ("テナント!C18", "？", "options", 17, "○ でも × でも"),
        ("テナント!C19", "？", "options", 24, "○ でも × でも"),
        ("テナント!C20", "？", "options", 25, "○ でも × でも"),
        ("テナント!C21", "？", "options", 19, "○ でも × でも"),
        ("テナント!C22", "？", "options", 23, "○ でも × でも"),
        ("回線!C6", "令和0年11月24日", "lines.north.ordered", 26, "日付ではありません"),
        ("回線!C6", "令和元年4月30日", "lines.north.ordered", 26, "日付ではありません"),
        ("テナント!C6", date(2026, 5, 11), "tenant", None, "日付になっています"),
        ("回線!C6", "2026/2/30", "lines.north.ordered", 26, "日付ではありません"),
        ("回線!C6", 5, "lines.north.ordered", 26, "日付ではありません"),
        ("回線!C6", datetime(2026, 5, 11, 9, 30), "lines.north.ordered", 26, "日付ではありません"),  # noqa: DTZ001
        ("回線!C6", time(9, 30), "lines.north.ordered", 26, "日付ではありません"),
        ("回線!J6", "2026/5/11 午後", "lines.north.visits.site_survey", 27, "日付ではありません"),
        ("利用者!F6", 312345678, "users.sato.phone", 9, "先頭の0"),
        ("監視ヒアリングシート!E6", "緊急", "vms.app-1.monitoring.alive.severity", 4, "警告・軽度の障害・重度の障害"),
        ("通信許可!D6", True, "allowances.maintenance.ports", 22, "文字列ではありません"),
    ],
)
def test_a_wrong_cell_is_named(cell: str, typed: Any, path: str, row: int | None, words: str) -> None:
    read = reading(with_cells({cell: typed}))
    (finding,) = read.findings
    assert finding.rule == CELL_RULE
    assert finding.severity is Severity.ERROR
    assert finding.row == row
    assert words in finding.summary.ja
    assert finding.located(Language.JAPANESE).startswith(f"form.xlsx:{cell}: ")
    if path != "tenant":
        assert finding.path == f"minami-suido.{path}"
    if path != "options":
        assert at(read.data, path) is not None, "it is there, though it is wrong"


def places(read: WorkbookForm) -> list[str]:
    return [str(finding.position).removeprefix("form.xlsx:") for finding in read.findings]


@pytest.mark.parametrize(
    ("cells", "where", "words"),
    [
        ({"サーバ!A7": "app-1"}, "サーバ!A7", "サーバ!A6"),
        ({"サーバ!A7": None}, "サーバ!A7", "空です"),
        ({"ディスク!A6": "app-9"}, "ディスク!A6", "`app-9`"),
        ({"監視ヒアリングシート!A6": "ゲートウェイ"}, "監視ヒアリングシート!B6", "`app-1`"),
        ({"サーバ!Z3": "メモ"}, "サーバ!Z3", "列の外"),
        ({"サーバ!K9": "メモ"}, "サーバ!K9", "列の外"),
        ({"サーバ!B3": "メモ"}, "サーバ!B3", "列の外"),
        ({"サーバ!K5": "備考", "サーバ!K6": "x"}, "サーバ!K5", "備考"),
        ({"サーバ!J5": "複製元イメジ"}, "サーバ!J5", "という列はありません"),
        ({"サーバ!K5": "OS", "サーバ!K6": "rhel-8"}, "サーバ!K5", "2つあります"),
        ({"サーバ!B5": None}, "サーバ!B6", "列の外"),
        ({"テナント!E8": "メモ"}, "テナント!E8", "列の外"),
        ({"テナント!D8": "メモ"}, "テナント!D8", "列の外"),
        ({"テナント!C40": "x"}, "テナント!C40", "列の外"),
        ({"テナント!B40": "電話"}, "テナント!B40", "という列はありません"),
        ({"テナント!B6": None}, "テナント!B5", "テナントID"),
        ({"サーバ!A5": "鯖"}, "サーバ!A5", "`鯖`"),
        ({"テナント!B8": "名前"}, "テナント!B8", "`名前`"),
        ({"テナント!B40": "種別", "テナント!C40": "x"}, "テナント!B40", "2つあります"),
        ({"テナント!C5": None}, "テナント!A1", "見出しの行"),
        ({"はじめに!B3": 7}, "はじめに!B3", "版が 7"),
    ],
)
def test_rows_and_columns_out_of_order_are_named(cells: dict[str, Any], where: str, words: str) -> None:
    read = reading(with_cells(cells))
    assert where in places(read), places(read)
    finding = read.findings[places(read).index(where)]
    assert words in finding.summary.ja
    assert finding.severity is Severity.ERROR


def test_notes_may_stand_in_the_first_sheet_and_nowhere_is_a_blank_a_value() -> None:
    assert reading(with_cells({"はじめに!A60": "よろしく", "サーバ!Z9": "  ", "はじめに!B70": "=1"})).findings == ()


def test_many_strays_are_counted_not_listed() -> None:
    read = reading(with_cells({f"サーバ!Z{row}": "x" for row in range(10, 80)}))
    assert len(read.findings) == 21
    assert "このほかにも" in read.findings[-1].summary.ja


def test_columns_and_headers_may_be_moved() -> None:
    def move(workbook: Workbook) -> None:
        sheet = page(workbook, SHEET)
        for row in sheet.iter_rows(min_row=4, max_row=7, max_col=10):
            values = [cell.value for cell in row]
            for cell, value in zip(row, reversed(values), strict=True):
                cell.value = value
        sheet.insert_rows(1, 2)

    read = reading(changed(move))
    assert read.findings == ()
    assert read.data == sample()
    assert str(read.places["vms.app-1.os"]) == "サーバ!I8"


def test_english_labels_and_values_are_read_too() -> None:
    read = reading(with_cells({"サーバ!A5": "Server", "サーバ!D5": "Memory (GiB)", "サーバ!F6": "high"}))
    assert read.findings == ()
    assert read.data == sample()


def test_a_sheet_that_is_not_needed_may_be_gone_or_empty() -> None:
    read = reading(changed(lambda workbook: workbook.remove(workbook["イメージ"])))
    assert read.findings == ()
    assert "images" not in read.data


def test_another_sheet_is_refused_when_it_holds_something() -> None:
    assert reading(changed(lambda workbook: workbook.create_sheet("Sheet1"))).findings == ()
    read = reading(changed(lambda workbook: page(workbook, SHEET).__setattr__("title", "サーバー")))
    assert places(read)[0].startswith("サーバー!")
    assert "「サーバ」の誤り" in read.findings[0].remedy.ja


def test_what_is_hidden_is_read_and_said() -> None:
    def hide(workbook: Workbook) -> None:
        page(workbook, SHEET).row_dimensions[7].hidden = True
        page(workbook, "ディスク").column_dimensions["C"].hidden = True
        page(workbook, "利用者").sheet_state = "hidden"

    read = reading(changed(hide))
    assert read.data == sample()
    assert places(read) == ["サーバ!7:7", "ディスク!C:C", "利用者!A1"]
    assert {finding.severity for finding in read.findings} == {Severity.WARNING}


def test_merged_cells_over_values_are_refused() -> None:
    read = reading(changed(lambda workbook: page(workbook, SHEET).merge_cells("B6:B7")))
    assert "サーバ!B6" in places(read)
    assert reading(changed(lambda workbook: page(workbook, SHEET).merge_cells("A1:F1"))).findings == ()


def test_formulas_of_every_kind_are_refused() -> None:
    read = reading(with_cells({"サーバ!C6": ArrayFormula("C6:C7", "=SUM(D6:D7)")}))
    assert [("数式" in finding.summary.ja, str(finding.position)) for finding in read.findings] == [
        (True, "form.xlsx:サーバ!C6")
    ]
    assert "数式" in reading(with_cells({"サーバ!A7": "=A6"})).findings[0].summary.ja


def test_rich_text_and_links_are_only_their_text() -> None:
    def decorate(workbook: Workbook) -> None:
        page(workbook, "テナント")["C8"].value = CellRichText("南", TextBlock(InlineFont(b=True), "水道"))
        page(workbook, "テナント")["C17"].hyperlink = "mailto:ops@minami-suido.example.jp"

    assert reading(changed(decorate)).data == sample()


def test_readings_that_excel_keeps_beside_a_word_are_no_part_of_it() -> None:
    read = reading(with_shared_strings())
    assert read.findings == ()
    assert read.data == sample()


def test_a_workbook_that_counts_from_1904_gives_the_same_days() -> None:
    def shift(workbook: Workbook) -> None:
        for sheet in workbook.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, datetime):
                        cell.value = cell.value.date()
        workbook.epoch = CALENDAR_MAC_1904

    read = reading(changed(shift))
    assert read.findings == ()
    assert read.data == sample()


def test_a_whole_form_of_wrong_cells_is_said_at_once() -> None:
    read = reading(with_cells({"サーバ!C6": "x", "ディスク!A7": "nobody", "利用者!G6": "王", "回線!D7": "いつか"}))
    assert sorted(places(read)) == sorted(["サーバ!C6", "ディスク!A7", "利用者!G6", "回線!D7"])


def test_the_empty_form_is_refused_by_the_schema_at_its_cells() -> None:
    read = reading(write_workbook(PLATFORM, TENANTS))
    with pytest.raises(ValidationError) as refused:
        Tenant.model_validate(read.data)
    said = {finding.path: str(read.nearest(finding.path[2:])) for finding in refusals(refused.value, Tenant, "x")}
    assert said["x.tenant"] == "form.xlsx:テナント!C6"
    assert said["x.kind"] == "form.xlsx:テナント!C7"
    assert said["x.quota"] == "form.xlsx:テナント!C14"


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        ({"サーバ!A7": "app-1"}, ("vms",)),
        ({"サーバ!A7": "=A6"}, ("vms",)),
        ({"サーバ!A5": "鯖"}, ("vms",)),
        ({"ディスク!A6": "app-9"}, ("vms", "*", "disks")),
        ({"回線!A6": None}, ("lines",)),
        ({"サーバ!B5": "基本ソフト"}, ("vms", "*", "os")),
    ],
)
def test_one_cause_is_one_complaint(cells: dict[str, Any], lost: tuple[str, ...]) -> None:
    read = reading(with_cells(cells))
    assert places(read) == list(cells)
    assert lost in read.lost


@pytest.mark.parametrize("title", ["サーバ", "ディスク", "回線", "ゲートウェイ"])
def test_a_renamed_sheet_is_told_alone(title: str) -> None:
    read = reading(changed(lambda workbook: page(workbook, title).__setattr__("title", "別名")))
    (finding,) = read.findings
    assert title in finding.remedy.ja
    assert read.lost


def test_cells_are_ordered_as_people_go_through_the_workbook() -> None:
    cells = ["テナント!C6", "サーバ!C6", "サーバ!7:7", "サーバ!C11", "サーバ!AA11", "回線!C5", "別名!A1"]
    assert sorted(sorted(cells), key=cell_order) == cells
