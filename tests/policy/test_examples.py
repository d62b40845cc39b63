"""Every rule has its example: what breaks it is found where the example says, and the nearest right thing is silent."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import wpf_infra.policy
from wpf_infra.loading.rule_examples import SCHEMA, Example, patched, read_examples
from wpf_infra.model.finding import Finding
from wpf_infra.policy import RULES, judge
from wpf_infra.policy.rule import Rule

EXAMPLES = read_examples()
ROWS = {rule.id: rule.row for rule in RULES}
TOPICS = {
    rule.id: name
    for _, name, _ in iter_modules(wpf_infra.policy.__path__)
    if name not in ("rules", "judging")
    for rule in getattr(import_module(f"wpf_infra.policy.{name}"), "RULES", ())
}


def found(patch: object) -> tuple[Finding, ...]:
    assert isinstance(patch, dict)
    staged = EXAMPLES.staged(patch)
    judged = judge(staged.catalogue, staged.now) if staged.catalogue is not None else ()
    return (*staged.findings, *judged)


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.path}: {finding.rule}: {finding.summary.en}" for finding in findings]


def test_the_small_world_breaks_no_rule() -> None:
    assert told(found({})) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_its_example_in_its_topics_file(rule: Rule) -> None:
    assert [example.topic for example in EXAMPLES.of(rule.id)] == [TOPICS[rule.id]]


def test_no_example_is_of_an_unknown_rule() -> None:
    assert {each.name for each in EXAMPLES.every if each.topic != SCHEMA} <= set(ROWS)
    assert len({each.name for each in EXAMPLES.every}) == len(EXAMPLES.every)


@pytest.mark.parametrize("example", EXAMPLES.every, ids=lambda each: f"{each.topic}-{each.name}")
def test_what_breaks_it_is_found_and_nothing_else(example: Example) -> None:
    """FAQ-1 to FAQ-6, FAQ-8 to FAQ-31, FAQ-34: the row of each example stands beside it, or beside its rule."""
    findings = found(example.broken)
    there = [finding for finding in findings if finding.rule == example.rule and finding.path == example.at]
    assert there, told(findings)
    assert {finding.rule for finding in findings} == {example.rule, *example.also}, told(findings)
    assert {finding.row for finding in there} == {example.row if example.topic == SCHEMA else ROWS[example.rule]}
    for finding in there:
        assert finding.summary.ja != finding.summary.en
        assert finding.remedy.ja != finding.remedy.en


def test_what_the_schema_refuses_is_titled_in_both_languages() -> None:
    titles = [each.title for each in EXAMPLES.every if each.topic == SCHEMA]
    assert all(title is not None and title.ja != title.en and "|" not in title.en + title.ja for title in titles)
    assert len(set(titles)) == len(titles)
    assert [each.name for each in EXAMPLES.every if each.topic != SCHEMA and each.title is not None] == []


@pytest.mark.parametrize("example", EXAMPLES.every, ids=lambda each: f"{each.topic}-{each.name}")
def test_what_keeps_it_is_silent(example: Example) -> None:
    assert told(found(example.kept)) == []


@pytest.mark.parametrize("example", EXAMPLES.every, ids=lambda each: f"{each.topic}-{each.name}")
def test_both_sides_change_the_small_world_and_differ(example: Example) -> None:
    broken, kept = (patched(EXAMPLES.base, patch) for patch in (example.broken, example.kept))
    assert EXAMPLES.base != broken != kept
