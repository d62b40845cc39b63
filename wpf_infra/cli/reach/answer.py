"""An answer as people and programs read it.

Here: one question's answer, part by part, with its witness, its declaration or what is missing. Not here: the words
for flows (`words`), the way out of what is blocked (`advice`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from wpf_infra.cli.output import paint
from wpf_infra.cli.reach.advice import Advice, Adviser
from wpf_infra.cli.reach.words import MOST, UNFILTERED, Words, flow_set_data, more
from wpf_infra.language import Text, spoken
from wpf_infra.network.reach.answer import Answer, Part, Verdict
from wpf_infra.network.reach.place import Place
from wpf_infra.network.reach.question import Question
from wpf_infra.network.reach.world import World

_NO_IPV6 = Text(
    en="every filter drops IPv6: nothing here speaks it",
    ja="IPv6はすべてのフィルタで破棄されます。この基盤では使いません",
)
_PAIRS = 4
_WORDS = {
    Verdict.INTENDED: Text(en="intended", ja="意図された通信"),
    Verdict.RESIDUAL: Text(en="residual", ja="残留"),
    Verdict.BLOCKED: Text(en="blocked", ja="遮断"),
}
_COLOURS = {Verdict.INTENDED: "green", Verdict.RESIDUAL: "yellow", Verdict.BLOCKED: "red"}
_ALL = {
    Verdict.INTENDED: Text(en="yes: all of it is intended", ja="はい。すべて意図された通信です"),
    Verdict.RESIDUAL: Text(
        en="it passes, and not all of it is meant to", ja="通りますが、意図されていないものがあります"
    ),
    Verdict.BLOCKED: Text(en="no: none of it passes", ja="いいえ。すべて遮断されます"),
}
_SOME_BLOCKED = Text(en="not all of it: some is blocked", ja="一部だけ通り、残りは遮断されます")


def as_lines(world: World, answer: Answer) -> Iterator[str]:
    """For people: the verdict, then its parts, the worst first, each with a flow for instance."""
    said = paint(_headline(answer).in_(spoken()), _COLOURS[answer.verdict], bold=True)
    yield f"{written(answer.question)} · {said}"
    if (nothing := why_nothing(answer.question)) is not None:
        yield f"  {nothing.in_(spoken())}"
    yield from part_lines(world, answer.question, answer.parts)


def part_lines(world: World, question: Question, parts: Iterable[Part]) -> Iterator[str]:
    """Some parts of an answer; of many alike only the first are shown."""
    telling = _Telling(world, question)
    ordered = sorted(parts, key=lambda part: -list(Verdict).index(part.verdict))
    for verdict, group in groupby(ordered, key=lambda part: part.verdict):
        theirs = list(group)
        title = paint(_WORDS[verdict].in_(spoken()), _COLOURS[verdict], bold=True)
        for part in theirs[:MOST]:
            yield f"{title}:"
            yield from telling.lines(part)
        if len(theirs) > MOST:
            yield f"{title}: {more(len(theirs) - MOST)}"


def as_data(world: World, answer: Answer) -> dict[str, Any]:
    """For programs: the question, the verdict and every part, exactly."""
    question = answer.question
    telling = _Telling(world, question)
    return {
        "question": {
            "from": question.source.written,
            "to": question.destination.written,
            "port": str(question.port) if question.port is not None else None,
        },
        "verdict": answer.verdict.value,
        "why": said(why_nothing(question)),
        "parts": [telling.data(part) for part in answer.parts],
    }


def why_nothing(asked: Question | Place | None) -> Text | None:
    """Why there is no flow to judge in what was asked; None where there is."""
    places = (asked.source, asked.destination) if isinstance(asked, Question) else (asked,)
    v6 = any(place is not None and all(network.version == 6 for network in place.networks) for place in places)
    return _NO_IPV6 if v6 else None


def written(question: Question) -> str:
    port = f":{question.port}" if question.port is not None else ""
    return f"{question.source.written} → {question.destination.written}{port}"


def said(text: Text | None) -> str | None:
    return None if text is None else text.in_(spoken())


def _headline(answer: Answer) -> Text:
    if answer.verdict is Verdict.BLOCKED and any(part.verdict is not Verdict.BLOCKED for part in answer.parts):
        return _SOME_BLOCKED
    return _ALL[answer.verdict]


class _Telling:
    """Parts of the answer to one question."""

    def __init__(self, world: World, question: Question) -> None:
        self._world, self._question = world, question
        self._words = Words(world.catalogue, (question.source, question.destination))
        self._adviser = Adviser(world.catalogue)

    def lines(self, part: Part) -> Iterator[str]:
        language = spoken()
        yield from (f"  {line}" for line in self._pairs(part))
        example = Text(en="for instance", ja="例").in_(language)
        yield f"    {example}: {self._words.flow(part.witness)}"
        if part.cause is not None:
            left = part.verdict is Verdict.RESIDUAL
            by = Text(en="left by", ja="残留の元となる宣言") if left else Text(en="declared at", ja="宣言")
            yield f"    {by.in_(language)}: {self._words.cause(part.cause).in_(language)}"
        if (why := _why(part)) is not None:
            yield f"    {why.in_(language)}"
        if (advice := self._advice(part)) is not None:
            yield from (f"    {line}" for line in _way_out(advice))

    def data(self, part: Part) -> dict[str, Any]:
        why, advice = _why(part), self._advice(part)
        return {
            "verdict": part.verdict.value,
            "witness": self._words.flow_data(part.witness),
            "cause": self._words.cause_data(part.cause),
            "unfiltered": part.unfiltered,
            "dropped_by": part.dropped_by,
            "why": said(why),
            "remedy": _advice_data(advice) if advice is not None else None,
            "flows": flow_set_data(part.flows),
        }

    def _pairs(self, part: Part) -> Iterator[str]:
        if part.verdict is Verdict.BLOCKED:
            return iter((self._words.between(part.flows),))
        return self._words.pairs(part.flows, residual=part.verdict is Verdict.RESIDUAL, most=_PAIRS)

    def _advice(self, part: Part) -> Advice | None:
        return self._adviser.advice(self._question, part.witness) if part.verdict is Verdict.BLOCKED else None


def _why(part: Part) -> Text | None:
    """What the verdict rests on, beside a declaration."""
    if part.unfiltered:
        return UNFILTERED
    if part.dropped_by is not None:
        return Text(
            en=f"the filter of {part.dropped_by} drops it first",
            ja=f"最初に {part.dropped_by} のフィルタが破棄します",
        )
    if part.verdict is Verdict.RESIDUAL:
        return _residue(part)
    return None


def _residue(part: Part) -> Text:
    """Why it passes though nobody meant it."""
    if part.answers:
        return Text(
            en="filters remember nothing: who answers may speak first from the port it answers on",
            ja="フィルタは通信の状態を覚えないため、応答する側がその応答ポートから先に話しかけることもできます",
        )
    return Text(
        en="the platform's filter speaks of whole address spaces, and no filter stands before the other end",
        ja="基盤のフィルタはアドレス空間全体を対象とし、相手側にはフィルタがないためです",
    )


def _way_out(found: Advice) -> Iterator[str]:
    language = spoken()
    yield f"→ {found.what.in_(language)}"
    if found.add is not None:
        yield f"  {found.file}"
        yield f"    {found.add}"
    if found.stacks:
        names = " ".join(found.stacks)
        then = Text(en=f"then: wpf check && wpf up {names}", ja=f"その後: wpf check && wpf up {names}")
        yield f"  {then.in_(language)}"


def _advice_data(found: Advice) -> dict[str, Any]:
    return {
        "summary": found.what.in_(spoken()),
        "file": found.file,
        "add": found.add,
        "stacks": list(found.stacks),
    }
