"""One cell's value to the data's, and the data's to a cell's.

Here: what people mean by a full-width 4, a date that is text, a ○. Not here: which cell it is (`table`), and whether
the value will do (`wpf_infra.model`, `wpf_infra.policy`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeGuard
from unicodedata import normalize

from wpf_infra.language import Text, visible
from wpf_infra.onboarding.workbook.choices import NO, YES, chosen, ticked
from wpf_infra.onboarding.workbook.column import Column, Kind
from wpf_infra.onboarding.workbook.grid import Raw, Sort, Written

LONGEST = 32_767
"""Characters in a cell, as Excel has it."""
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–−", "-"))
_HALF_KATAKANA = re.compile("[\uff66-\uff9f]+")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4}")
_DAY = re.compile(r"(?P<y>[0-9]{4})(?:-|/|\.|年)(?P<m>[0-9]{1,2})(?:-|/|\.|月)(?P<d>[0-9]{1,2})日?")
_REIWA_DAY = re.compile(r"令和(?P<y>元|[0-9]{1,2})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日")
_BETWEEN = "、"
_SEPARATORS = re.compile(r"[、,;\s]+")
_REIWA_BEGAN = date(2019, 5, 1)
_FIRST_YEAR, _LAST_YEAR = 1990, 2199
"""A number is taken for a day between them, and a day between them is written as one."""


@dataclass(frozen=True, slots=True)
class Problem:
    summary: Text
    remedy: Text


Read = tuple[Any, Problem | None]


class Unwritable(Exception):
    """A value of a form's data that a column cannot hold."""


def read(column: Column, written: Written, epoch: datetime) -> Read:
    """The data's value, or what was written with the reason why it is none. None for what is only spaces."""
    if written.sort is Sort.FORMULA:
        return str(written.value), _FORMULA
    if written.sort is Sort.ERROR:
        return str(written.value), _wrong(written.value, "an error of Excel", "Excelのエラー値です", _TYPE_IT)
    value = written.value
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None, None
        if len(value) > LONGEST:
            return value, Problem(Text(en="the text is too long", ja="文字が多すぎます"), _TYPE_IT)
    match column.kind:
        case Kind.NUMBER:
            return _number(value)
        case Kind.DATE:
            return _date(value, epoch)
        case Kind.DATES:
            return _dates(value, epoch)
        case Kind.FLAG | Kind.MEMBER:
            return _flag(value)
        case _:
            return _words(column, value)


def cell_value(column: Column, value: Any) -> str | int | date | None:
    """What a cell holds for the data's value; None leaves it empty. Raises Unwritable for what no cell there means."""
    if value is None:
        return None
    if column.kind in (Kind.FLAG, Kind.MEMBER):
        if isinstance(value, bool):
            return YES if value else NO
    elif column.kind is Kind.NUMBER:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
            return value
    elif column.kind in (Kind.CODES, Kind.DATES):
        words = isinstance(value, list) and value and all(isinstance(word, str) and word for word in value)
        if words and _split(_BETWEEN.join(value)) == value:
            return _BETWEEN.join(value)
    elif isinstance(value, str) and value.strip():
        if column.choices is not None:
            return column.choices.get(value, value)
        return _day_cell(value) if column.kind is Kind.DATE else value
    raise Unwritable


def _day_cell(text: str) -> str | date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day.isoformat() == text and _FIRST_YEAR <= day.year <= _LAST_YEAR else text


def _shown(value: object) -> str:
    text = visible(str(value))
    return f"`{text}`" if len(text) <= 40 else f"`{text[:40]}…`"


def _wrong(value: object, en: str, ja: str, remedy: Text) -> Problem:
    return Problem(Text(en=f"{_shown(value)} is {en}", ja=f"{_shown(value)} は{ja}"), remedy)


_TYPE_IT = Text(en="type the value itself", ja="値そのものを入力してください")
_FORMULA = Problem(
    Text(en="the cell holds a formula", ja="セルに数式が入っています"),
    Text(en="copy it and paste it as a value", ja="コピーして「値の貼り付け」をしてください"),
)
_DIGITS = Text(en="write digits only, such as 4, without a unit", ja="単位を付けず、4 のように数字だけを書いてください")
_A_DAY = Text(en="write a day that exists, such as 2026-05-11", ja="2026/5/11 のように、実在する日を書いてください")
_AS_TEXT = Text(
    en="set the cell's format to Text and type it again",
    ja="セルの表示形式を「文字列」にして、入力し直してください",
)
_MARK = Text(en=f"write {YES}, or leave the cell empty", ja=f"{YES} を入れるか、空欄にしてください")


def _half_width(text: str) -> str:
    return normalize("NFKC", text).translate(_HYPHENS).strip()


def _is_whole(value: Raw) -> TypeGuard[int | float]:
    """A number without a fraction, and small enough to be meant."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value == value // 1 and abs(value) < 10**15


def _split(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(_half_width(text)) if word]


def _number(value: Raw) -> Read:
    if isinstance(value, str):
        text = _half_width(value)
        if _WHOLE.fullmatch(text):
            return int(text.replace(",", "")), None
    elif _is_whole(value):
        return int(value), None
    return _plain(value), _wrong(_plain(value), "no whole number", "整数ではありません", _DIGITS)


def _date(value: Raw, epoch: datetime) -> Read:
    if isinstance(value, str):
        day = _written_day(_half_width(value))
    else:
        day = _kept_day(value, epoch)
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            day = None
    if day is None:
        return _plain(value), _wrong(_plain(value), "no day", "日付ではありません", _A_DAY)
    return day.isoformat(), None


def _dates(value: Raw, epoch: datetime) -> Read:
    if not isinstance(value, str):
        day, problem = _date(value, epoch)
        return [day], problem
    days = [_date(word, epoch) for word in _split(value)]
    return [day for day, _ in days], next((problem for _, problem in days if problem is not None), None)


def _written_day(text: str) -> date | None:
    first = date.min
    if match := _DAY.fullmatch(text):
        year = int(match["y"])
    elif match := _REIWA_DAY.fullmatch(text):
        first = _REIWA_BEGAN
        year = first.year - 1 + (1 if match["y"] == "元" else int(match["y"]))
    else:
        return None
    try:
        day = date(year, int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return day if day >= first else None


def _kept_day(value: Raw, epoch: datetime) -> date | None:
    """What Excel keeps as a day: a number, whatever the cell's format says of it."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else None
    if isinstance(value, date):
        return value
    try:
        return (epoch + timedelta(days=int(value))).date() if _is_whole(value) else None
    except OverflowError:
        return None


def _flag(value: Raw) -> Read:
    mark = value if isinstance(value, bool) else ticked(_plain(value))
    if mark is None:
        return _plain(value), _wrong(_plain(value), f"neither {YES} nor {NO}", f"{YES} でも {NO} でもありません", _MARK)
    return mark, None


def _words(column: Column, value: Raw) -> Read:
    if not isinstance(value, str):
        return _not_text(column, value)
    if column.kind is Kind.CHOICE:
        return _choice(column, value)
    if column.kind is Kind.CODES:
        return _split(value), None
    if column.kind is Kind.TEXT:
        return value, None
    if column.kind is Kind.READING:
        return _HALF_KATAKANA.sub(lambda match: normalize("NFKC", match[0]), value), None
    return _half_width(value), None


def _choice(column: Column, value: str) -> Read:
    assert column.choices is not None
    meant = chosen(column.choices, value)
    if meant is not None:
        return meant, None
    words = "・".join(column.choices.values())
    return value, _wrong(
        value,
        f"none of {words}",
        f"{words} のどれでもありません",
        Text(en="choose one from the list", ja="一覧から選んでください"),
    )


def _not_text(column: Column, value: Raw) -> Read:
    """Excel takes what looks like a number or a day for one unless the cell is text, and so loses what was typed."""
    if column.kind is Kind.TEXT and _is_whole(value):
        return str(int(value)), None
    if isinstance(value, bool):
        return _plain(value), _wrong(_plain(value), "no text", "文字列ではありません", _AS_TEXT)
    en, ja = "a day to Excel, not the text that was typed", "日付になっています"
    if isinstance(value, int | float):
        en, ja = "a number to Excel, which drops leading zeros", "数値になっています（先頭の0は失われます）"
    return _plain(value), _wrong(_plain(value), en, ja, _AS_TEXT)


def _plain(value: Raw) -> str:
    """As text, in the way that people would know it again."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if _is_whole(value):
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
