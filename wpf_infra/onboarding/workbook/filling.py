"""A form's data to the cells that say it; whatever no cell can say is refused, never left out.

Here: which value stands in which row and column. Not here: how cells look (`look`) and the file (`writing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wpf_infra.errors import WpfError
from wpf_infra.language import Text, visible
from wpf_infra.onboarding.workbook.column import Column, Kind, Sheet
from wpf_infra.onboarding.workbook.scan import LAST_ROW
from wpf_infra.onboarding.workbook.sheets import SHEETS, TENANT
from wpf_infra.onboarding.workbook.value import LONGEST, Unwritable, cell_value

CellValue = str | int | date | None
_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ROOM = LAST_ROW - 20
"""Rows that a sheet may have, its heading aside."""
_Steps = tuple[str, ...]


@dataclass(slots=True)
class Filling:
    """values: of the tenant's sheet, by label; rows: by the sheet's title, each by its columns' paths."""

    values: dict[str, CellValue] = field(default_factory=dict)
    rows: dict[str, list[dict[str, CellValue]]] = field(default_factory=dict)


def fill(form: Mapping[str, Any]) -> Filling:
    """Raises WpfError, with the path, for data that has no place in a workbook."""
    filling = Filling()
    said: set[_Steps] = {("version",)} if form.get("version", 1) == 1 else set()
    for column in TENANT.columns:
        filling.values[column.label.ja] = _tenant_value(column, form, said)
    for sheet in SHEETS:
        records = list(_records(form, sheet.steps, (), {}))
        if len(records) > _ROOM:
            raise _unwritable(sheet.steps[:1])
        filling.rows[sheet.title] = [_row(sheet, steps, keys, record, said) for steps, keys, record in records]
    for steps in _leaves(form, ()):
        if steps not in said:
            raise _unwritable(steps)
    return filling


def _tenant_value(column: Column, form: Mapping[str, Any], said: set[_Steps]) -> CellValue:
    steps = tuple(column.path.split("."))
    held, value = _at(form, steps)
    if column.kind is not Kind.MEMBER:
        if held:
            said.add(steps)
        return _cell(column, steps, value)
    known = {each.member for each in TENANT.columns}
    if isinstance(value, list) and all(isinstance(word, str) and word in known for word in value):
        said.add(steps)
        return _cell(column, steps, True if column.member in value else None)
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
    sheet: Sheet, steps: _Steps, keys: Mapping[str, str], record: Mapping[str, Any], said: set[_Steps]
) -> dict[str, CellValue]:
    row: dict[str, CellValue] = {}
    for column in sheet.columns:
        if column.key is not None:
            row[column.path] = _cell(column, steps, keys[column.path])
            continue
        inner = tuple(column.path.split("."))
        held, value = _at(record, inner)
        if held:
            said.add((*steps, *inner))
        row[column.path] = _cell(column, (*steps, *inner), value)
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


def _cell(column: Column, steps: _Steps, value: Any) -> CellValue:
    try:
        written = None if value == [] else cell_value(column, value)
    except Unwritable:
        raise _unwritable(steps) from None
    if not isinstance(written, str):
        return written
    if len(written) > LONGEST or _NOT_XML.search(written):
        raise _unwritable(steps)
    return _LOOKS_ESCAPED.sub("_x005F_", written)


def _unwritable(steps: _Steps) -> WpfError:
    return WpfError(
        Text(
            en="the application workbook has no cell for this",
            ja="申込の様式（ブック）には、これを書くセルがありません",
        ),
        where=visible(".".join(steps)),
        remedy=Text(
            en="leave it out of the form and write it into the tenant's file later, or apply with a YAML form",
            ja="様式から外して後でテナントのファイルに書くか、YAMLの様式で申し込んでください",
        ),
    )
