"""For a team's own tests: what must be reachable, what must not, and that nothing else is.

Here: asserts for pytest, each failing with a flow for instance and the declaration behind it. Not here: the answers
(`wpf_infra.network`) and the command that gives them to people (`wpf_infra.cli.reach`).
Ends are written as for `wpf reach`: `higashi-suido/app-1`, `aqua-systems:tcp/443`, `platform/ntp`, `10.64.8.11`, `any`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from wpf_infra.cli.reach.answer import as_lines, part_lines, written
from wpf_infra.cli.reach.words import Words
from wpf_infra.cli.reach.worlds import standing_world
from wpf_infra.language import Text, spoken
from wpf_infra.loading.project import find_project
from wpf_infra.network.flow.flow_set import FlowSet
from wpf_infra.network.reach.answer import Part, Verdict, ask
from wpf_infra.network.reach.cause import apart
from wpf_infra.network.reach.question import Question, read_question
from wpf_infra.network.reach.world import CauseKind, World

__all__ = ["World", "assert_isolated", "assert_only", "assert_reachable", "load"]


def load(path: str | Path = ".", *, now: str | None = None) -> World:
    """What the project at or above `path` declares. now: the instant that dates are judged at, else the project's.

    Raises WpfError for what cannot be read, and for errors that bear on who reaches whom.
    """
    project = find_project(Path(path))
    return standing_world(project.root, project.now(now))


def assert_reachable(world: World, source: str, destination: str) -> None:
    """All of it is declared: `destination` answers `source`, on the port that follows it or on every one."""
    __tracebackhide__ = True
    answer = ask(world, read_question(world.catalogue, source, destination))
    if answer.verdict is not Verdict.INTENDED:
        _fail(as_lines(world, answer))


def assert_isolated(world: World, source: str, destination: str, *, but_for_answers: bool = False) -> None:
    """None of it passes, declared or not. but_for_answers: what looks like an answer to something declared is left
    aside, for filters that remember nothing cannot tell it from one: who answers may speak first from that port.
    """
    __tracebackhide__ = True
    answer = ask(world, read_question(world.catalogue, source, destination))
    passing = [part for part in answer.parts if part.verdict is not Verdict.BLOCKED]
    if but_for_answers:
        passing = [part for part in passing if not part.answers]
    if passing:
        said = Text(en="some of it passes", ja="一部が通ります").in_(spoken())
        _fail([f"{written(answer.question)} · {said}", *part_lines(world, answer.question, passing)])


def assert_only(world: World, source: str, destination: str, *listed: tuple[str, str]) -> None:
    """What is listed is declared, all of it, and nothing else passes from `source` to `destination`.

    listed: pairs of ends within those, such as `("aqua-systems/maintenance", "higashi-suido/app-1:tcp/3389")`. Whatever
    passes counts, declared or not, also where no filter stands, as between terminals and lines; but for two things:
    what is inside one owner, which is free (FAQ 22), and what looks like an answer to something declared, in
    whichever list, which filters that remember nothing cannot tell from one. For the answering side's first words too
    ask `assert_isolated`.
    """
    __tracebackhide__ = True
    asked = read_question(world.catalogue, source, destination)
    questions = [read_question(world.catalogue, *ends) for ends in listed]
    rest = asked.flows - FlowSet.union(question.flows for question in questions)
    wrong = [*_declared(world, asked, rest), *_left(world, asked, rest), *_undeclared(world, asked, questions)]
    if wrong:
        _fail([written(asked), *wrong])


def _declared(world: World, asked: Question, rest: FlowSet) -> Iterator[str]:
    """What is declared, and not listed."""
    words = Words(world.catalogue, (asked.source, asked.destination))
    for cause, flow_set in world.intents(rest - _inside(world, rest)):
        yield Text(en="declared, and not listed:", ja="一覧にない宣言:").in_(spoken())
        yield from (f"  {line}" for line in words.pairs(flow_set, residual=False))
        yield f"    {words.cause(cause).in_(spoken())}"


def _left(world: World, asked: Question, rest: FlowSet) -> Iterator[str]:
    """What passes though it is neither listed nor declared, and is nobody's answer."""
    left = world.residual(rest)
    parts = [
        Part(Verdict.RESIDUAL, flow_set, world.witness(flow_set), cause, cause is None, None)
        for cause, flow_set in apart(world.left_by(left - world.answers(left)))
    ]
    if parts:
        yield Text(en="passes, and nobody declared it:", ja="宣言がないのに通るもの:").in_(spoken())
        yield from (f"  {line}" for line in part_lines(world, asked, parts))


def _inside(world: World, flows: FlowSet) -> FlowSet:
    return FlowSet.union(free for cause, free in world.intents(flows) if cause.kind is CauseKind.INSIDE)


def _undeclared(world: World, asked: Question, listed: Iterable[Question]) -> Iterator[str]:
    """What is listed, and not declared, or not even asked about."""
    for question in listed:
        if not question.flows.is_subset(asked.flows):
            text = Text(en="listed, and no part of this:", ja="この範囲に含まれない一覧の項目:")
            yield f"{text.in_(spoken())} {written(question)}"
            continue
        answer = ask(world, question)
        if answer.verdict is not Verdict.INTENDED:
            yield Text(en="listed, and not declared:", ja="宣言されていない一覧の項目:").in_(spoken())
            yield from (f"  {line}" for line in as_lines(world, answer))


def _fail(lines: Iterable[str]) -> None:
    __tracebackhide__ = True
    raise AssertionError("\n".join(lines))
