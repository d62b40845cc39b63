"""Anchors and aliases of one YAML document: a value written once and meant in several places.

Here: what has been marked, copies of it, and how much all copies may hold: a few lines of aliases of aliases would
otherwise fill any memory. Not here: the document around them (`yaml12`). Merge keys (`<<`) are none: YAML 1.2 has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wpf_infra.language import Text, visible

MOST_NODES = 100_000
"""All aliases of a file together stand for at most so many mappings, lists and words."""


class Refusal(Exception):
    """Why an alias cannot be followed, and what to do."""

    def __init__(self, what: Text, remedy: Text) -> None:
        super().__init__(what.en)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Marked:
    """word: as it is written, where the value is one; nodes: how many it holds; height: the levels below it."""

    data: Any
    word: str | None
    nodes: int
    height: int


@dataclass(slots=True)
class Anchors:
    """What has been marked so far; a later mark of the same name takes the place of an earlier one."""

    _marked: dict[str, Marked] = field(default_factory=dict)
    _unfinished: set[str] = field(default_factory=set)
    _spent: int = 0

    def begin(self, name: str | None) -> None:
        """The value marked so begins, and contains no alias of itself until it has ended."""
        if name is not None:
            self._marked.pop(name, None)
            self._unfinished.add(name)

    def end(self, name: str | None, data: Any, word: str | None = None) -> None:
        if name is not None:
            self._unfinished.discard(name)
            self._marked[name] = Marked(data, word, *_size(data))

    def meant(self, name: str) -> Marked:
        """What an alias stands for, with a copy of the data of its own. Raises Refusal."""
        if name in self._unfinished:
            raise Refusal(
                Text(en=f"`*{visible(name)}` contains itself", ja=f"`*{visible(name)}` が自分自身を含んでいます"),
                Text(en="write out what is meant", ja="値をその場所にそのまま書いてください"),
            )
        marked = self._marked.get(name)
        if marked is None:
            raise Refusal(
                Text(
                    en=f"`*{visible(name)}` stands for nothing: no `&{visible(name)}` comes before it",
                    ja=f"`*{visible(name)}` に当たる `&{visible(name)}` が、これより前にありません",
                ),
                Text(en="mark the value first, or write it out", ja="先に値に印を付けるか、値をそのまま書いてください"),
            )
        self._spent += marked.nodes
        if self._spent > MOST_NODES:
            raise Refusal(
                Text(
                    en=f"the aliases of this file stand for more than {MOST_NODES:,} values",
                    ja=f"このファイルのエイリアスは合計 {MOST_NODES:,} 個を超える値に展開されます",
                ),
                Text(en="check that it is the right file", ja="正しいファイルか確かめてください"),
            )
        return Marked(_copy(marked.data), marked.word, marked.nodes, marked.height)


def _size(data: Any) -> tuple[int, int]:
    """How many values it holds, itself among them, and the levels below it."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    nodes, height = 1, 0
    for each in inner:
        more, levels = _size(each)
        nodes, height = nodes + more, max(height, levels + 1)
    return nodes, height


def _copy(data: Any) -> Any:
    """Nothing shared: what is done to one place later is not done to the other."""
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(each) for each in data] if isinstance(data, list) else data
