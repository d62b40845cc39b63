"""The book of rules: what is judged, why, and an example of each side, with the finding it gives.

Here: the entries, made of the rules and their examples, and the page that documentation is (`docs/rules.md`). Not here:
the verb (`rules`), judging (`wpf_infra.policy`), reading the examples (`wpf_infra.loading.rule_examples`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wpf_infra.language import Language, Text
from wpf_infra.loading.rule_examples import SCHEMA, Example, Examples
from wpf_infra.loading.tenant_file import FILE_NAME_RULE
from wpf_infra.loading.tenant_writer import data_text
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.onboarding.rule import RULES as FORM_RULES
from wpf_infra.onboarding.rule import TOPIC as FORMS
from wpf_infra.policy import judge
from wpf_infra.policy.rules import TOPICS

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {Severity.ERROR: Text(en="error", ja="エラー"), Severity.WARNING: Text(en="warning", ja="警告")}
_FILES = Text(en="Files and their form", ja="ファイルと書式")
_OUTSIDE = (
    (FILE_NAME_RULE, Text(en="a file is called like the tenant it declares", ja="ファイル名がテナントIDと同じである")),
    (SCHEMA, Text(en="keys, words and forms are those of the schema", ja="キー・語・書式がスキーマのとおりである")),
)
"""Rules that are found while a file is read, before any other is judged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. row: None for plain sense, and for the schema, where every example has its own."""

    rule: str
    row: int | None
    severity: Severity
    title: Text
    topic: Text
    examples: tuple[Example, ...]

    def parts(self) -> tuple[Entry, ...]:
        """Each example as a rule of its own where they have titles of their own, as the schema's do; else none."""
        return tuple(
            Entry(each.name, each.row, self.severity, each.title, self.topic, (each,))
            for each in self.examples
            if each.title is not None
        )

    def because(self) -> str:
        """`FAQ-15`, or nothing."""
        return f"FAQ-{self.row}" if self.row is not None else ""

    def severity_in(self, language: Language) -> str:
        return _WORDS[self.severity].in_(language)


def entries(examples: Examples) -> tuple[Entry, ...]:
    """Every rule, in the order of its topics; those of files and of forms first."""
    found = [
        Entry(rule, None, Severity.ERROR, title, _FILES, examples.every_of_topic(SCHEMA) if rule == SCHEMA else ())
        for rule, title in _OUTSIDE
    ]
    found += [Entry(rule.id, rule.row, rule.severity, rule.title, FORMS, ()) for rule in FORM_RULES]
    found += [
        Entry(rule.id, rule.row, rule.severity, rule.title, topic.title, examples.of(rule.id))
        for topic in TOPICS
        for rule in topic.rules
    ]
    return tuple(found)


def findings_of(examples: Examples, example: Example) -> tuple[Finding, ...]:
    """What its broken side gives: the findings of its rule at its place."""
    staged = examples.staged(example.broken)
    judged = judge(staged.catalogue, staged.now) if staged.catalogue is not None else ()
    return tuple(
        finding for finding in (*staged.findings, *judged) if (finding.rule, finding.path) == (example.rule, example.at)
    )


def change_text(patch: Mapping[str, Any]) -> str:
    """A change as people read it: YAML, without a last line break; a file's content is only named."""
    return data_text(_shown(patch)).rstrip("\n")


def _shown(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _shown(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_shown(value) for value in data]
    if isinstance(data, str) and "\n" in data:
        return f"{data.strip().splitlines()[0]} …"
    if isinstance(data, str) and _DAY.fullmatch(data):
        try:
            return date.fromisoformat(data)
        except ValueError:
            return data
    return data


_TITLE = Text(en="# Rules", ja="# 規則")
_INTRO = Text(
    en="""What `wpf check` judges; written by `make docs` from the rules and from the examples they are tested with.
`wpf rules` lists them, `wpf rules RULE` shows one, `wpf rules FAQ-15` what enforces a row.

Every example is a change of one small world, `wpf_infra/policy/examples/base.yaml`, to which no rule objects: keys that
are not shown stay as they are there, and `null` takes a key away. An **error** stops `wpf up`; a **warning** is advice,
something overdue, or probably a mistake.""",
    ja="""`wpf check` が検査する内容です。規則そのものと、そのテストに使う例から `make docs` が書き出します。
`wpf rules` で一覧、`wpf rules 規則` で個別の内容、`wpf rules FAQ-15` でその行を守る規則を表示します。

例はどれも、指摘のない小さな構成 `wpf_infra/policy/examples/base.yaml` への変更です。書かれていないキーは元のままで、
`null` はキーを消すことを表します。**エラー**があると `wpf up` は進みません。**警告**は助言か期限超過、
またはおそらく誤りを知らせるものです。""",
)
_BY_ROW = Text(en="## By FAQ row", ja="## FAQの行から探す")
_ROW_HEAD = Text(en="| FAQ | rule | |", ja="| FAQ | 規則 | |")
_BROKEN = Text(en="# broken", ja="# 違反")
_KEPT = Text(en="# kept", ja="# 適合")


def page(examples: Examples, language: Language) -> str:
    """The whole documentation of the rules in one language, as Markdown."""
    every = entries(examples)
    said = {example.name: findings_of(examples, example) for example in examples.every}
    parts = [
        _TITLE.in_(language),
        _INTRO.in_(language),
        _BY_ROW.in_(language),
        "\n".join(_index(every, language)),
    ]
    topic = None
    for entry in every:
        if entry.topic != topic:
            topic = entry.topic
            parts.append(f"## {topic.in_(language)}")
        parts += _section(entry, said, language)
    return "\n\n".join(parts) + "\n"


def _index(every: Sequence[Entry], language: Language) -> Iterator[str]:
    """Row by row, what enforces it."""
    yield _ROW_HEAD.in_(language)
    yield "| ---: | --- | --- |"
    lines = [
        (entry.row, entry.rule, f"{entry.title.in_(language)} ({entry.severity_in(language)})")
        for entry in every
        if entry.row is not None
    ]
    lines += [
        (part.row, part.rule, f"{part.title.in_(language)} ({part.severity_in(language)})")
        for entry in every
        for part in entry.parts()
        if part.row is not None
    ]
    for row, name, what in sorted(lines, key=lambda line: line[0]):
        yield f"| {row} | [{name}](#{name}) | {what} |"


def _about(entry: Entry, language: Language) -> str:
    words = (entry.because(), entry.severity_in(language), entry.title.in_(language))
    return " · ".join(word for word in words if word)


def _section(entry: Entry, said: Mapping[str, Sequence[Finding]], language: Language) -> Iterator[str]:
    yield f"### {entry.rule}"
    yield _about(entry, language)
    parts = {part.rule: part for part in entry.parts()}
    for example in entry.examples:
        if example.name in parts:
            yield f"#### {example.name}"
            yield _about(parts[example.name], language)
        yield f"```yaml\n{_BROKEN.in_(language)}\n{change_text(example.broken)}\n```"
        for finding in said[example.name]:
            yield f"> {finding.sentence(language)}"
        yield f"```yaml\n{_KEPT.in_(language)}\n{change_text(example.kept)}\n```"
