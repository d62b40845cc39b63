"""What an owner's filter accepts, as a set: its compiled rules, the first that fits deciding.

Here: rules turned into sets, whatever their order. Not here: where a filter stands (`zones`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TypeAlias

from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.flow.flow_set import EVERYTHING, Box, FlowSet, Span, box, span
from wpf_infra.network.rules import EVERY_IPV4, Action, Rule, compile_rules

_ALL = span(EVERY_IPV4)
_SIDES = 2
"""A filter is asked of what is sent, then of what is received: of the same rules more often than not."""


_Table: TypeAlias = Mapping[Span, Sequence[tuple[Span, str]]]
"""Keys by the two ends of a flow. Many allowances share an end, and most of a table is asked for nothing."""


class Ends:
    """The two ends of everything in a policy, found by address."""

    def __init__(self, policy: FirewallResource) -> None:
        self.policy = policy
        self._lines = [(span(network), name) for name, network in policy.lines.items()]

    def lines(self, asked: FlowSet) -> Iterator[str]:
        """The names of lines that any of these flows comes from, or goes to."""
        return (name for line, name in self._lines if asked.meets(line, _ALL) or asked.meets(_ALL, line))

    def allowances(self, asked: FlowSet, *, answers: bool = False) -> Iterator[str]:
        """The keys of what is allowed between the ends of any of these flows. answers: as what answers them has it."""
        return asked.among(self._answers if answers else self._requests)

    def differing(self, other: Ends) -> Iterator[str]:
        """The keys of what is not allowed alike in both, whatever reason is given for it."""
        keys = self.policy.allowances.keys() | other.policy.allowances.keys()
        return (key for key in sorted(keys) if self._conversation(key) != other._conversation(key))

    def _conversation(self, key: str) -> tuple[object, ...] | None:
        ends = self._spans.get(key)
        return None if ends is None else (ends, self.policy.allowances[key].ports)

    @cached_property
    def _spans(self) -> Mapping[str, tuple[Span, Span]]:
        """Source and destination of what each key allows."""
        return {key: (span(each.source), span(each.destination)) for key, each in self.policy.allowances.items()}

    @cached_property
    def _requests(self) -> _Table:
        return _table((source, destination, key) for key, (source, destination) in self._spans.items())

    @cached_property
    def _answers(self) -> _Table:
        return _table((destination, source, key) for key, (source, destination) in self._spans.items())


def _table(flows: Iterable[tuple[Span, Span, str]]) -> _Table:
    found: dict[Span, list[tuple[Span, str]]] = {}
    for source, destination, key in flows:
        found.setdefault(source, []).append((destination, key))
    return found


class Acceptance:
    """The filter of one policy, asked about some flows at a time."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._accepted = lru_cache(_SIDES)(self._accepted_of)

    def of(self, asked: FlowSet) -> FlowSet:
        """What of it passes. Rules of a line or an allowance speak of its ends alone, so others' are not written."""
        keys = {*self._ends.allowances(asked), *self._ends.allowances(asked, answers=True)}
        return self._accepted(tuple(self._ends.lines(asked)), tuple(sorted(keys))) & asked

    def _accepted_of(self, lines: tuple[str, ...], keys: tuple[str, ...]) -> FlowSet:
        policy = self._ends.policy
        near = {
            "lines": {name: policy.lines[name] for name in lines},
            "allowances": {key: policy.allowances[key] for key in keys},
        }
        return accepted(compile_rules(policy.model_copy(update=near)))


def accepted(rules: Iterable[Rule]) -> FlowSet:
    """From the last rule to the first, each has its way with what it speaks of. What no rule speaks of passes."""
    passing = EVERYTHING
    for action, alike in groupby(reversed(tuple(rules)), key=lambda rule: rule.action):
        spoken_of = FlowSet(part for rule in alike for part in _spoken(rule))
        passing = passing | spoken_of if action is Action.ACCEPT else passing - spoken_of
    return passing


def _spoken(rule: Rule) -> Iterator[Box]:
    """The flows that the rule fits; IPv6 is no flow of ours."""
    if rule.source.version == rule.destination.version == 4:
        source_ports, destination_ports = (
            None if port is None else (port, port) for port in (rule.source_port, rule.destination_port)
        )
        yield box(span(rule.source), span(rule.destination), rule.protocol, source_ports, destination_ports)
