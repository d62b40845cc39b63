"""`wpf rules`: what is judged, and why; one rule with an example of each side.

Here: the verb and its lines. Not here: the book itself (`rule_book`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import groupby
from typing import Annotated, Any

import typer

from wpf_infra.calendar import instant
from wpf_infra.cli.output import paint, say
from wpf_infra.cli.rule_book import Entry, change_text, entries, findings_of, page
from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, spoken
from wpf_infra.loading.rule_examples import Example, Examples, read_examples
from wpf_infra.model.finding import Severity

_ROW = re.compile(r"(?:faq-?)?([0-9]{1,3})", re.IGNORECASE)
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_BROKEN = Text(en="broken", ja="違反")
_KEPT = Text(en="kept", ja="適合")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def rules(
    asked: Annotated[
        str | None, typer.Argument(metavar="[RULE | FAQ-ROW]", help="A rule, or a row of the FAQ; else all are listed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the documentation of all rules.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="An instant; nothing here depends on it.")] = None,
) -> None:
    """What `wpf check` judges: every rule with its FAQ row; one rule with what breaks it and what keeps it."""
    if now is not None:
        instant(now, "--now")
    examples = read_examples()
    if markdown:
        say(page(examples, spoken()).rstrip("\n"))
        return
    found, one = _asked_for(entries(examples), asked)
    if as_json:
        say(_json(found, examples if one else None))
    else:
        say("\n".join(_whole(found[0], examples) if one else _list(found)))


def _asked_for(every: Sequence[Entry], asked: str | None) -> tuple[Sequence[Entry], bool]:
    """The rules, and whether it is one by its name. Raises Unreadable for what is neither a rule nor a row of one.

    A part of the schema is asked for by its name, and found by its row, like a rule.
    """
    if asked is None:
        return every, False
    by_name = [part for entry in every for part in (entry, *entry.parts())]
    named = [entry for entry in by_name if entry.rule == asked]
    if named:
        return named, True
    row = _ROW.fullmatch(asked)
    found = [entry for entry in by_name if row and int(row[1]) == entry.row]
    if not found:
        raise _unknown(by_name, asked, row=row is not None)
    return found, False


def _unknown(every: Sequence[Entry], asked: str, *, row: bool) -> Unreadable:
    close = get_close_matches(asked, [entry.rule for entry in every], n=1)
    if row:
        what = Text(en=f"no rule enforces `{asked}`", ja=f"`{asked}` を守る規則はありません")
    else:
        what = Text(en=f"there is no rule `{asked}`", ja=f"`{asked}` という規則はありません")
    remedy = Text(en="`wpf rules` lists them", ja="`wpf rules` で一覧を表示できます")
    if close:
        remedy = Text(en=f"did you mean `{close[0]}`?", ja=f"`{close[0]}` の誤りではありませんか")
    return Unreadable(what, remedy=remedy)


def _list(found: Sequence[Entry]) -> Iterator[str]:
    language = spoken()
    width = max(len(entry.rule) for entry in found)
    for number, (topic, theirs) in enumerate(groupby(found, key=lambda entry: entry.topic)):
        if number:
            yield ""
        yield paint(topic.in_(language), bold=True)
        for entry in theirs:
            word = entry.severity_in(language)
            said = paint(word, _COLOURS[entry.severity]) + " " * (8 - len(word) * (1 if word.isascii() else 2))
            yield f"  {entry.rule:<{width}}  {entry.because():<6}  {said}  {entry.title.in_(language)}"


def _whole(entry: Entry, examples: Examples) -> Iterator[str]:
    language = spoken()
    words = (entry.because(), paint(entry.severity_in(language), _COLOURS[entry.severity]))
    yield " · ".join((paint(entry.rule, bold=True), *(word for word in words if word)))
    yield entry.title.in_(language)
    for example in entry.examples:
        yield ""
        if entry.rule != example.name:
            yield paint(f"{example.name} · FAQ-{example.row}" if example.row else example.name, bold=True)
        yield f"{_BROKEN.in_(language)}:"
        yield _indented(change_text(example.broken))
        for finding in findings_of(examples, example):
            yield f"  {finding.path}: {finding.summary.in_(language)}"
            yield f"  → {finding.remedy.in_(language)}"
        yield f"{_KEPT.in_(language)}:"
        yield _indented(change_text(example.kept))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _json(found: Sequence[Entry], examples: Examples | None) -> str:
    """examples: where those of the rules are wanted too."""
    return json.dumps({"rules": [_row(entry, examples) for entry in found]}, ensure_ascii=False, indent=2)


def _row(entry: Entry, examples: Examples | None) -> dict[str, Any]:
    language = spoken()
    row: dict[str, Any] = {
        "rule": entry.rule,
        "row": entry.row,
        "severity": entry.severity.value,
        "topic": entry.topic.in_(language),
        "title": entry.title.in_(language),
    }
    if examples is not None:
        row["examples"] = [_example(example, examples) for example in entry.examples]
    return row


def _example(example: Example, examples: Examples) -> dict[str, Any]:
    language = spoken()
    findings = [
        {"path": each.path, "summary": each.summary.in_(language), "remedy": each.remedy.in_(language)}
        for each in findings_of(examples, example)
    ]
    return {
        "name": example.name,
        "row": example.row,
        "broken": example.broken,
        "findings": findings,
        "kept": example.kept,
    }
