"""The form describes the whole model of a tenant, each part once, in words that fit where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.onboarding.workbook.books import PLATFORM, TENANTS, changed, written
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.workbook import choices, write_workbook
from wpf_infra.onboarding.workbook.column import Column, Kind, Needed, Sheet
from wpf_infra.onboarding.workbook.sheets import SHEETS, TENANT

EVERY = [(sheet, column) for sheet in (TENANT, *SHEETS) for column in sheet.columns]
FOR_LATER = {
    "version",
    "vms.*.power",
    "vms.*.power_reason",
    "vms.*.consent",
    "vms.*.retire",
    "vms.*.disks.*.retire",
    "vms.*.listens",
    "gateways.*.listens",
    "allowances.*.agreed",
}
"""What a first application has no word for: what stands and runs already, and what was seen and agreed since."""


def leaves(schema: Any, definitions: Any, path: str) -> Iterator[str]:
    """Dotted paths of what the JSON Schema admits, `*` for a key."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]] | {
            key: value for key, value in schema.items() if key != "$ref"
        }
    options = [each for key in ("anyOf", "oneOf") for each in schema.get(key, ()) if each.get("type") != "null"]
    if path in FOR_LATER:
        yield path
    elif "properties" in schema:
        for name, inner in schema["properties"].items():
            yield from leaves(inner, definitions, f"{path}.{name}".strip("."))
    elif options:
        for option in options:
            yield from leaves(option, definitions, path)
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from leaves(schema["additionalProperties"], definitions, f"{path}.*".strip("."))
    elif schema.get("patternProperties"):
        for inner in schema["patternProperties"].values():
            yield from leaves(inner, definitions, f"{path}.*".strip("."))
    else:
        yield path


def described(sheet: Sheet, column: Column) -> Iterator[str]:
    if column.key is not None:
        return
    for target in ("vms", "gateways"):
        steps = [
            target if step == "{target}" else "*" if step.startswith("{") else step
            for step in (*sheet.steps, *column.path.split("."))
        ]
        yield ".".join(steps)


def test_every_part_of_a_tenant_has_a_column_or_is_for_later() -> None:
    schema = Tenant.model_json_schema()
    wanted = set(leaves(schema, schema["$defs"], ""))
    assert wanted - FOR_LATER == {path for sheet, column in EVERY for path in described(sheet, column)}


@pytest.mark.parametrize(("sheet", "column"), EVERY)
def test_a_column_s_words_fit(sheet: Sheet, column: Column) -> None:
    assert len(column.label.ja) <= 32, "the title of an input message"
    assert len(column.note.ja) <= 255
    assert column.note.en.endswith(".")
    assert (column.kind is Kind.CHOICE) == (column.choices is not None)
    assert (column.kind is Kind.MEMBER) == (column.member is not None)
    if column.key is not None:
        assert column.needed is Needed.YES


def test_labels_tell_columns_apart() -> None:
    for sheet in (TENANT, *SHEETS):
        for words in ([column.label.ja for column in sheet.columns], [column.label.en for column in sheet.columns]):
            assert len({choices.folded(word) for word in words}) == len(sheet.columns)


@pytest.mark.parametrize("column", [column for _, column in EVERY if column.choices is not None])
def test_a_choice_s_words_and_values_are_both_understood(column: Column) -> None:
    assert column.choices is not None
    for value, word in column.choices.items():
        assert choices.chosen(column.choices, word) == choices.chosen(column.choices, value) == value


def test_rows_of_the_faq_come_from_the_model() -> None:
    rows = {column.path: sheet.row(column) for sheet, column in EVERY if column.key is None}
    assert rows["severity"] == 4
    assert rows["notify"] == 5
    assert rows["size_gb"] == 15
    assert rows["kind"] == 3 or rows["kind"] is not None
    assert rows["capacity_gb"] == 31
    assert rows["visits.site_survey"] == 27


def test_drop_downs_offer_the_platform_s_menu() -> None:
    workbook = load_workbook(BytesIO(written()))
    lists = workbook["選択肢"]
    assert lists.sheet_state == "hidden"
    offered = {tuple(cell.value for cell in column if cell.value is not None) for column in lists.iter_cols()}
    menu = PLATFORM.menu
    assert {tuple(sorted(menu.os)), tuple(sorted(menu.cpu)), tuple(sorted(menu.disk_gb)), TENANTS} <= offered
    assert tuple(choices.SEVERITIES.values()) in offered
    formulas = {
        validation.formula1 for sheet in workbook.worksheets for validation in sheet.data_validations.dataValidation
    }
    assert any("COUNTA('サーバ'!$A$6:$A$2000)" in str(formula) for formula in formulas)


def test_a_platform_without_tenants_has_an_empty_list_of_them() -> None:
    assert write_workbook(PLATFORM, ()) != write_workbook(PLATFORM, TENANTS)


def test_every_column_carries_a_note_with_its_row() -> None:
    workbook = load_workbook(BytesIO(written()))
    note = workbook["監視ヒアリングシート"]["E5"].comment
    assert note is not None
    assert "FAQ 4" in note.text
    assert "major" in note.text


def test_a_spreadsheet_program_may_save_it_again() -> None:
    assert changed(lambda _workbook: None)
