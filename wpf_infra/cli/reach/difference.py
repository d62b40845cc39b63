"""A difference of two worlds, and the proof that a change does what it says, as people and programs read them.

Here: changes with their sign, witness and declaration. Not here: comparing (`wpf_infra.network.reach.difference`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wpf_infra.cli.output import paint
from wpf_infra.cli.reach.answer import said, why_nothing, written
from wpf_infra.cli.reach.words import MOST, UNFILTERED, Words, flow_set_data, more
from wpf_infra.language import Text, spoken
from wpf_infra.network.flow.flow_set import only
from wpf_infra.network.reach.difference import Change, Difference, Proof, Step
from wpf_infra.network.reach.question import Question
from wpf_infra.network.reach.world import World

_PAIRS = 4


@dataclass(frozen=True, slots=True)
class _Sort:
    """key: what programs call it; word: what people read; after: it is told of the newer world; residual: nobody means
    it; colour: of its word and sign.
    """

    key: str
    word: Text
    after: bool
    colour: str
    residual: bool = False

    @property
    def sign(self) -> str:
        return "+" if self.after else "-"


_GAINED = _Sort("gained", Text(en="gained", ja="増えた通信"), True, "green")
_LOST = _Sort("lost", Text(en="lost", ja="なくなった通信"), False, "red")
_RESIDUAL_GAINED = _Sort("residual_gained", Text(en="residual gained", ja="増えた残留"), True, "yellow", residual=True)
_RESIDUAL_LOST = _Sort("residual_lost", Text(en="residual lost", ja="なくなった残留"), False, "yellow", residual=True)
_WAS_INTENDED = _Sort("intended", Text(en="intended before", ja="変更前から意図された通信"), False, "red")
_WAS_RESIDUAL = _Sort("residual", Text(en="residual before", ja="変更前からの残留"), False, "red", residual=True)
_IS_RESIDUAL = _Sort("residual", Text(en="only residual", ja="残留のみ"), True, "red", residual=True)
_IS_BLOCKED = _Sort("blocked", Text(en="blocked", ja="遮断"), True, "red")
_STEPS = (
    ("not_before", Text(en="not possible before", ja="変更前は通らない")),
    ("now", Text(en="possible now", ja="変更後は通る")),
    ("nothing_else", Text(en="nothing else changed", ja="ほかは何も変わらない")),
)


class Sides:
    """Both worlds and what they are called; each change is told in the words of the one that has it."""

    def __init__(self, before: World, after: World, names: tuple[Text, Text]) -> None:
        self.before, self.after, self.names = before, after, names
        self._old, self._new = Words(before.catalogue), Words(after.catalogue)

    def words(self, sort: _Sort) -> Words:
        return self._new if sort.after else self._old

    def against(self, step: str, change: Change) -> _Sort:
        """What speaks against a step of a proof: its sort is told by the witness."""
        flow = only(change.witness)
        match step:
            case "not_before":
                return _WAS_INTENDED if self.before.intended(flow) else _WAS_RESIDUAL
            case "now":
                return _IS_RESIDUAL if self.after.permitted(flow) else _IS_BLOCKED
        if self.after.permitted(flow) and self.after.intended(flow):
            return _GAINED
        if self.before.permitted(flow) and self.before.intended(flow):
            return _LOST
        return _RESIDUAL_GAINED if self.after.permitted(flow) else _RESIDUAL_LOST

    @property
    def heading(self) -> str:
        return " → ".join(name.in_(spoken()) for name in self.names)


def difference_lines(sides: Sides, difference: Difference) -> Iterator[str]:
    """For people: each sort of change, then how many there are."""
    for sort, changes in _sorts(difference):
        if changes:
            yield paint(f"{sort.word.in_(spoken())}:", sort.colour, bold=True)
            for change in changes[:MOST]:
                yield from _change(sides, sort, sort.sign, change)
            if len(changes) > MOST:
                yield f"  {more(len(changes) - MOST)}"
    yield f"{paint(_count(difference), bold=True)} · {sides.heading}"


def difference_data(sides: Sides, difference: Difference) -> dict[str, Any]:
    return {
        **_names(sides),
        **{sort.key: [_data(sides, sort, change) for change in changes] for sort, changes in _sorts(difference)},
    }


def proof_lines(sides: Sides, question: Question, proof: Proof) -> Iterator[str]:
    """For people: three steps, what speaks against each, and whether it is proven."""
    language = spoken()
    nothing = why_nothing(question)
    holds, fails = Text(en="holds", ja="成り立つ"), Text(en="does not hold", ja="成り立たない")
    for number, (key, title) in enumerate(_STEPS, 1):
        step: Step = getattr(proof, key)
        told = paint(holds.in_(language), "green") if step.holds else paint(fails.in_(language), "red", bold=True)
        yield f"{number}. {title.in_(language)}: {told}"
        for change in step.changes[:MOST]:
            sort = sides.against(key, change)
            yield from _change(sides, sort, f"{sort.word.in_(language)}:", change)
        if len(step.changes) > MOST:
            yield f"  {more(len(step.changes) - MOST)}"
        if nothing is not None and not step.holds and not step.changes:
            yield f"    {nothing.in_(language)}"
    verdict = Text(en="proven", ja="証明できました") if proof.holds else Text(en="not proven", ja="証明できません")
    painted = paint(verdict.in_(language), "green" if proof.holds else "red", bold=True)
    yield f"{painted} · {written(question)} · {sides.heading}"


def proof_data(sides: Sides, question: Question, proof: Proof) -> dict[str, Any]:
    steps = {}
    for key, _ in _STEPS:
        step: Step = getattr(proof, key)
        changes = [_data(sides, sides.against(key, change), change) for change in step.changes]
        steps[key] = {"holds": step.holds, "against": changes}
    return {**_names(sides), "proven": proof.holds, "why": said(why_nothing(question)), "steps": steps}


def _sorts(difference: Difference) -> tuple[tuple[_Sort, Sequence[Change]], ...]:
    return (
        (_GAINED, difference.gained),
        (_LOST, difference.lost),
        (_RESIDUAL_GAINED, difference.residual_gained),
        (_RESIDUAL_LOST, difference.residual_lost),
    )


def _change(sides: Sides, sort: _Sort, mark: str, change: Change) -> Iterator[str]:
    language = spoken()
    words = sides.words(sort)
    blocked = sort is _IS_BLOCKED
    every = words.pairs(change.flows, residual=sort.residual, most=_PAIRS)
    for line in (words.between(change.flows),) if blocked else every:
        yield f"  {paint(mark, sort.colour)} {line}"
    yield f"    {_example(words, change)}"
    if change.cause is not None:
        by = Text(en="left by", ja="残留の元となる宣言") if sort.residual else Text(en="declared at", ja="宣言")
        yield f"    {by.in_(language)}: {words.cause(change.cause).in_(language)}"
    elif not blocked:
        yield f"    {UNFILTERED.in_(language)}"


def _example(words: Words, change: Change) -> str:
    return f"{Text(en='for instance', ja='例').in_(spoken())}: {words.flow(change.witness)}"


def _count(difference: Difference) -> str:
    if not difference:
        return Text(en="no difference in what passes", ja="通信に違いはありません").in_(spoken())
    return ", ".join(f"{sort.word.in_(spoken())} {len(changes)}" for sort, changes in _sorts(difference))


def _names(sides: Sides) -> dict[str, str]:
    before, after = (name.en for name in sides.names)
    return {"before": before, "after": after}


def _data(sides: Sides, sort: _Sort, change: Change) -> dict[str, Any]:
    words = sides.words(sort)
    return {
        "change": sort.key,
        "witness": words.flow_data(change.witness),
        "cause": words.cause_data(change.cause),
        "flows": flow_set_data(change.flows),
    }
