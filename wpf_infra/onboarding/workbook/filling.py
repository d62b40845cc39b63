"""A form's data to the cells that say it; whatever no cell can say is told, never left out unsaid.

Here: which value stands in which row and column. Not here: how cells look (`look`) and the file (`writing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wpf_infra.onboarding.workbook.column import Column, Kind, Sheet
from wpf_infra.onboarding.workbook.scan import LAST_ROW
from wpf_infra.onboarding.workbook.sheets import SHEETS, TENANT
from wpf_infra.onboarding.workbook.value import LONGEST, Unwritable, cell_value

_Steps = tuple[str, ...]
CellValue = str | int | date | None
_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ROOM = LAST_ROW - 20
"""Rows that a sheet may have, its heading aside."""


@dataclass(slots=True)
class Filling:
    """values: of the tenant's sheet, by label; rows: by the sheet's title, each by its columns' paths."""

    values: dict[str, CellValue] = field(default_factory=dict)
    rows: dict[str, list[dict[str, CellValue]]] = field(default_factory=dict)
    refused: list[_Steps] = field(default_factory=list)
    """Paths of data that has no place in a workbook."""


def fill(form: Mapping[str, Any]) -> Filling:
    filling = Filling()
    said: set[_Steps] = {("version",)} if form.get("version", 1) == 1 else set()
    for column in TENANT.columns:
        filling.values[column.label.ja] = _tenant_value(column, form, said, filling.refused)
    for sheet in SHEETS:
        records = list(_records(form, sheet.steps, (), {}))
        if len(records) > _ROOM:
            filling.refused.append(sheet.steps[:1])
        filling.rows[sheet.title] = [_row(sheet, *each, said, filling.refused) for each in records]
    filling.refused += [steps for steps in _leaves(form, ()) if steps not in said]
    return filling


def _tenant_value(column: Column, form: Mapping[str, Any], said: set[_Steps], refused: list[_Steps]) -> CellValue:
    steps = tuple(column.path.split("."))
    held, value = _at(form, steps)
    if column.kind is not Kind.MEMBER:
        if held:
            said.add(steps)
        return _cell(column, steps, value, refused)
    known = {each.member for each in TENANT.columns}
    if isinstance(value, list) and all(isinstance(word, str) and word in known for word in value):
        said.add(steps)
        return _cell(column, steps, True if column.member in value else None, refused)
    return None


def _records(
    data: Any, pattern: _Steps, steps: _Steps, keys: Mapping[str, str]
) -> Iterator[tuple[_Steps, Mapping[str, str], Mapping[str, Any]]]:
    """Everything a sheet's path leads to: where it is, the keys on the way, and what stands there."""
    if not isinstance(data, Mapping):
        return
    if not pattern:
        yield steps, keys, data
        return
    step, *rest = pattern
    if not step.startswith("{"):
        yield from _records(data.get(step), tuple(rest), (*steps, step), keys)
        return
    for key in ("vms", "gateways") if step == "{target}" else data:
        if isinstance(key, str) and key in data:
            yield from _records(data[key], tuple(rest), (*steps, key), {**keys, step: key})


def _row(
    sheet: Sheet,
    steps: _Steps,
    keys: Mapping[str, str],
    record: Mapping[str, Any],
    said: set[_Steps],
    refused: list[_Steps],
) -> dict[str, CellValue]:
    row: dict[str, CellValue] = {}
    for column in sheet.columns:
        if column.key is not None:
            row[column.path] = _cell(column, steps, keys[column.path], refused)
            continue
        inner = tuple(column.path.split("."))
        held, value = _at(record, inner)
        if held:
            said.add((*steps, *inner))
        row[column.path] = _cell(column, (*steps, *inner), value, refused)
    return row


def _at(data: Any, steps: _Steps) -> tuple[bool, Any]:
    for step in steps:
        if not isinstance(data, Mapping) or step not in data:
            return False, None
        data = data[step]
    return True, data


def _leaves(data: Any, steps: _Steps) -> Iterator[_Steps]:
    """Every path that holds something; empty mappings and lists say nothing."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, (*steps, str(key)))
    elif data != []:
        yield steps


def _cell(column: Column, steps: _Steps, value: Any, refused: list[_Steps]) -> CellValue:
    try:
        written = None if value == [] else cell_value(column, value)
    except Unwritable:
        refused.append(steps)
        return None
    if not isinstance(written, str):
        return written
    if len(written) > LONGEST or _NOT_XML.search(written):
        refused.append(steps)
        return None
    return _LOOKS_ESCAPED.sub("_x005F_", written)
