"""A first look at a workbook's XML, before a library builds anything of it: limits kept, and what the library omits.

Here: one pass over each part that refuses DTDs, depth and size, and notes hidden rows, hidden columns and merged
cells. Not here: the cells' values (`grid`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers.expat import ExpatError, ParserCreate

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
LAST_ROW, LAST_COLUMN = 2000, 100
MOST_SHEETS = 50
MOST_ELEMENTS = 250_000
"""Of XML, in all parts; a form with 200 servers has some 25,000."""
_OF_CELLS = frozenset({"row", "c", "v", "f", "is", "si", "t", "r", "rPh"})
_DEARER = 5
"""What is not of cells costs the library so much more."""
_MOST_ATTRIBUTES, _LONGEST_ATTRIBUTE = 100, 50_000
MOST_MERGED = 2000
_DEEPEST = 40
_STRICT = "http://purl.oclc.org/ooxml/"
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")


@dataclass(slots=True)
class Layout:
    """What one sheet's XML says beside its cells. hidden_columns: first and last; merged: row, column, row, column."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Refusal(Exception):
    """Carries a sentence out of the parser."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.en)
        self.what = what


_TOO_LARGE = Text(en="the workbook has far more cells or sheets than a form", ja="様式にしてはセルやシートが多すぎます")
_TOO_FAR = Text(
    en=f"a sheet has values beyond row {LAST_ROW} or column {LAST_COLUMN}",
    ja=f"{LAST_ROW}行・{LAST_COLUMN}列を超える所に値があります",
)
_DAMAGED = Text(en="the workbook is damaged and cannot be read", ja="ブックが壊れていて読めません")


def scan(parts: Mapping[str, bytes], name: str) -> dict[str, Layout]:
    """The layout of each sheet by its title. Raises Unreadable where the XML is none, or is not safe to build from."""
    passed: dict[str, _Pass] = {}
    left = MOST_ELEMENTS
    for part, content in parts.items():
        if part.endswith((".xml", ".rels")):
            passed[part] = _pass(content, left, name)
            left = passed[part].left
    relations = passed[_RELATIONS].relations if _RELATIONS in passed else {}
    sheets = [(title, relations.get(relation, "")) for title, relation in passed[WORKBOOK].sheets]
    if len({part for _, part in sheets}) < len(sheets):  # one part read again and again
        raise _unreadable(_DAMAGED, name)
    return {title: passed[part].layout for title, part in sheets if part in passed}


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _pass(content: bytes, left: int, name: str) -> _Pass:
    target = _Pass(left)
    parser = ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = target.start, target.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except _Refusal as refusal:
        raise _unreadable(refusal.what, name) from None
    except (ExpatError, ValueError, LookupError, OverflowError):
        raise _unreadable(_DAMAGED, name) from None
    return target


def _refuse_doctype(*_declared: object) -> None:
    """Without a DTD there is no entity to expand."""
    raise _Refusal(Text(en="the workbook's XML declares entities", ja="ブックのXMLに実体宣言（DTD）があります"))


def _unreadable(what: Text, name: str) -> Unreadable:
    return Unreadable(
        what,
        remedy=Text(
            en="copy the values into an empty form of `wpf onboard --template`",
            ja="`wpf onboard --template` の空の様式に値を貼り付けてください",
        ),
        where=name,
    )


class _Pass:
    """What the XML parser tells of one part."""

    def __init__(self, left: int) -> None:
        self.left = left
        """Elements that may still come."""
        self.layout = Layout()
        self.sheets: list[tuple[str, str]] = []
        self.relations: dict[str, str] = {}
        self._depth = 0
        self._is_sheet = False
        self._row = self._column = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        local = tag.rpartition("}")[2]
        self.left -= 1 if local in _OF_CELLS else _DEARER
        if self.left < 0 or len(self.sheets) > MOST_SHEETS:
            raise _Refusal(_TOO_LARGE)
        longest = max(map(len, attributes.values()), default=0)
        if self._depth > _DEEPEST or len(attributes) > _MOST_ATTRIBUTES or longest > _LONGEST_ATTRIBUTE:
            raise _Refusal(_DAMAGED)
        if self._depth == 1:
            if tag.startswith(_STRICT):
                raise _Refusal(
                    Text(
                        en="the workbook was saved as a Strict Open XML spreadsheet",
                        ja="「Strict Open XML スプレッドシート」形式で保存されています",
                    )
                )
            self._is_sheet = tag.endswith("}worksheet")
        if self._is_sheet:
            self._in_sheet(local, attributes)
        elif local == "sheet":
            self.sheets.append((attributes.get("name", ""), _relation(attributes)))
        elif local == "Relationship":
            target = attributes.get("Target", "")
            self.relations[attributes.get("Id", "")] = normpath(join("/xl", target))[1:]

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def _in_sheet(self, local: str, attributes: Mapping[str, str]) -> None:
        if local == "row":
            before, self._row = self._row, int(attributes["r"]) if "r" in attributes else self._row + 1
            if self._row <= before:  # the library stops at the first row past the limit
                raise _Refusal(_DAMAGED)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.layout.hidden_rows.add(self._row)
        elif local == "c":
            self._at(attributes.get("r"))
        elif local in ("v", "is", "f"):
            if self._row > LAST_ROW or self._column > LAST_COLUMN:
                raise _Refusal(_TOO_FAR)
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            self.layout.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif local == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def _at(self, ref: str | None) -> None:
        if ref is None:
            self._column += 1
            return
        match = _REF.fullmatch(ref)
        if match is None or int(match[2]) != self._row:
            raise _Refusal(_DAMAGED)
        self._column = column_number(match[1])

    def _merged(self, ref: str) -> None:
        match = _RANGE.fullmatch(ref)
        if match is None or len(self.layout.merged) >= MOST_MERGED:
            raise _Refusal(_DAMAGED)
        first = int(match[2]), column_number(match[1])
        last = (int(match[4]), column_number(match[3])) if match[3] else first
        self.layout.merged.append((*first, *last))


def _relation(attributes: Mapping[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith("}id")), "")
