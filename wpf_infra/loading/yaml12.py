"""YAML text to plain data, by the core rules of YAML 1.2, and where every key stands.

Here: decoding one document with libyaml's event parser and our own resolution of plain words: `on`, `no`, `1_0`,
sexagesimals and dates stay text. Not here: what the data means (`wpf_infra.model`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible
from wpf_infra.loading.yaml_alias import Anchors, Marked, Refusal

LARGEST_BYTES = 4 * 1024 * 1024
DEEPEST = 32
_TAB = re.compile(r"^[ ]*\t\s*[^\s]", re.MULTILINE)
_INT = re.compile(r"[-+]?[0-9]{1,40}")
_OCTAL = re.compile(r"0o[0-7]{1,40}")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,40}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTE_IT = Text(en="put text in quotes and leave the tag out", ja="文字列は引用符で囲み、タグは消してください")


@dataclass(frozen=True, slots=True)
class Document:
    """data: mappings, lists, text, numbers; places: line and column, from 1, of each dotted path; "" is the root.

    What an alias stands for is placed where the alias is: there it is wrong, if it is wrong there.
    """

    data: Any
    places: dict[str, tuple[int, int]]


def decode(content: bytes, file: str) -> Document:
    """One YAML document. Raises Unreadable, with file, line and column, for everything that cannot be decoded."""
    text = _text(content, file)
    try:
        return _Builder(file, _LOADER(text).get_event).document()
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(error, file) from None
    except yaml.reader.ReaderError as error:
        raise _no_character(error, text, file) from None


def plain(text: str) -> object:
    """What an unquoted word means by the core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-.":
        if _INT.fullmatch(text):
            return int(text)
        if _OCTAL.fullmatch(text):
            return int(text[2:], 8)
        if _HEX.fullmatch(text):
            return int(text[2:], 16)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def _text(content: bytes, file: str) -> str:
    if len(content) > LARGEST_BYTES:
        size = LARGEST_BYTES // (1024 * 1024)
        raise Unreadable(
            Text(en=f"the file is larger than {size} MiB", ja=f"ファイルが{size} MiBを超えています"),
            remedy=Text(en="check that it is the right file", ja="正しいファイルか確かめてください"),
            where=file,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise Unreadable(
            Text(en="the file is not UTF-8 text", ja="UTF-8の文字ではありません"),
            remedy=Text(en="save it as UTF-8", ja="文字コードをUTF-8にして保存してください"),
            where=f"{file}:{line}:{column}",
        ) from None
    if tab := _TAB.search(text):
        start = text.index("\t", tab.start())
        raise Unreadable(
            Text(en="a tab stands in the indentation", ja="字下げにタブが使われています"),
            remedy=Text(en="indent with spaces", ja="字下げは半角スペースにしてください"),
            where=f"{file}:{text.count(chr(10), 0, start) + 1}:{start - text.rfind(chr(10), 0, start)}",
        )
    return text


def _no_yaml(error: yaml.MarkedYAMLError, file: str) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or "it cannot be parsed"
    return Unreadable(
        Text(en=f"this is not YAML: {problem}", ja=f"YAMLとして読めません（{problem}）"),
        remedy=Text(
            en="look at the indentation, colons and quotes around there",
            ja="この辺りの字下げ・コロン・引用符を確かめてください",
        ),
        where=file if mark is None else f"{file}:{mark.line + 1}:{mark.column + 1}",
    )


def _no_character(error: yaml.reader.ReaderError, text: str, file: str) -> Unreadable:
    start = min(int(error.position), len(text))
    return Unreadable(
        Text(en=f"a character that no YAML may hold: {error.reason}", ja="YAMLに書けない制御文字があります"),
        remedy=Text(en="remove the character", ja="その文字を消してください"),
        where=f"{file}:{text.count(chr(10), 0, start) + 1}",
    )


class _Builder:
    """Builds the data of one document from the parser's events, in one pass."""

    def __init__(self, file: str, next_event: Callable[[], yaml.Event]) -> None:
        self._file = file
        self._next = next_event
        self._places: dict[str, tuple[int, int]] = {}
        self._anchors = Anchors()

    def document(self) -> Document:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise self._empty()
        event = self._next()
        self._places[""] = _place(event)
        if isinstance(event, yaml.ScalarEvent) and event.value == "" and event.implicit[0]:
            raise self._empty()
        data = self._node(event, "", 0)
        self._next()  # the document's end
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refuse(
                after,
                Text(en="a second document begins here", ja="2つ目の文書が始まっています"),
                Text(
                    en="write one document a file, without `---` between",
                    ja="1ファイル1文書にし、`---` で区切らないでください",
                ),
            )
        return Document(data, self._places)

    def _node(self, event: yaml.Event, path: str, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            if event.tag is not None:
                raise self._tagged(event)
            data = plain(event.value) if event.implicit[0] else event.value
            if event.anchor is not None:
                self._anchors.end(event.anchor, data, event.value)
            return data
        if isinstance(event, yaml.AliasEvent):
            meant = self._meant(event)
            if depth + meant.height > DEEPEST:
                raise self._too_deep(event)
            return meant.data
        assert isinstance(event, yaml.CollectionStartEvent)
        if depth >= DEEPEST:
            raise self._too_deep(event)
        if event.tag is not None:
            raise self._tagged(event)
        self._anchors.begin(event.anchor)
        build = self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
        built = build(path, depth)
        self._anchors.end(event.anchor, built)
        return built

    def _mapping(self, path: str, depth: int) -> dict[str, Any]:
        built: dict[str, Any] = {}
        prefix = f"{path}." if path else ""
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if isinstance(event, yaml.ScalarEvent) and event.tag is None and event.anchor is None:
                key = event.value
            else:
                key = self._key(event)
            here = prefix + key
            if key in built:
                first = self._places[here][0]
                shown = visible(key)
                raise self._refuse(
                    event,
                    Text(
                        en=f"`{shown}` stands here twice, first in line {first}",
                        ja=f"`{shown}` が重複しています（最初は{first}行目）",
                    ),
                    Text(en="keep one of the two", ja="どちらか一方を消してください"),
                )
            self._places[here] = _place(event)
            built[key] = self._node(self._next(), here, depth + 1)
        return built

    def _key(self, event: yaml.Event) -> str:
        """As it is written: `1` and `on` are words where they are keys."""
        word = self._meant(event).word if isinstance(event, yaml.AliasEvent) else None
        if isinstance(event, yaml.ScalarEvent):
            self._node(event, "", 0)  # for its tag and its anchor
            word = event.value
        if word is None:
            raise self._refuse(
                event,
                Text(en="a key is a plain word", ja="キーは単純な語でなければなりません"),
                Text(en="write `key: value`", ja="`キー: 値` の形で書いてください"),
            )
        return word

    def _meant(self, event: yaml.AliasEvent) -> Marked:
        assert event.anchor is not None
        try:
            return self._anchors.meant(event.anchor)
        except Refusal as refusal:
            raise self._refuse(event, refusal.what, refusal.remedy) from None

    def _sequence(self, path: str, depth: int) -> list[Any]:
        built: list[Any] = []
        prefix = f"{path}." if path else ""
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            here = f"{prefix}{len(built)}"
            self._places[here] = _place(event)
            built.append(self._node(event, here, depth + 1))
        return built

    def _refuse(self, event: yaml.Event, what: Text, remedy: Text) -> Unreadable:
        line, column = _place(event)
        return Unreadable(what, remedy=remedy, where=f"{self._file}:{line}:{column}")

    def _too_deep(self, event: yaml.Event) -> Unreadable:
        return self._refuse(
            event,
            Text(en=f"this is nested deeper than {DEEPEST} levels", ja=f"入れ子が{DEEPEST}段を超えています"),
            Text(en="check that it is the right file", ja="正しいファイルか確かめてください"),
        )

    def _tagged(self, event: yaml.Event) -> Unreadable:
        tag = str(getattr(event, "tag", ""))
        return self._refuse(
            event, Text(en=f"tag `{tag}` is not used here", ja=f"タグ `{tag}` はここでは使えません"), _QUOTE_IT
        )

    def _empty(self) -> Unreadable:
        return Unreadable(
            Text(en="the file is empty", ja="ファイルが空です"),
            remedy=Text(en="write the declaration, or remove the file", ja="宣言を書くか、ファイルを消してください"),
            where=self._file,
        )


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1
