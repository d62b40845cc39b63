"""Judging a catalogue: every rule, all findings at once.

Here: running the rules and ordering what they object to. Not here: the rules.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding
from wpf_infra.policy.context import Context
from wpf_infra.policy.rules import RULES


def judge(catalogue: Catalogue, now: datetime) -> tuple[Finding, ...]:
    """Every finding of every rule, by path and then rule; the same for the same catalogue, however it was ordered.
    What stands in for something that could not be read is not objected to, and nothing is said that would not be said
    whatever stands there.

    now: an aware instant, for rules about dates.
    """
    findings = _found(catalogue, now)
    if catalogue.otherwise:
        other = replace(catalogue, tenants={**catalogue.tenants, **catalogue.otherwise}, otherwise={})
        either_way = {(finding.rule, finding.path) for finding in _found(other, now)}
        findings = {finding for finding in findings if (finding.rule, finding.path) in either_way}
    return tuple(sorted(findings, key=lambda finding: (finding.path, finding.rule, finding.summary.en)))


def _found(catalogue: Catalogue, now: datetime) -> set[Finding]:
    context = Context(catalogue, now)
    return {
        Finding(
            rule=rule.id,
            row=rule.row,
            path=objection.path,
            severity=rule.severity,
            summary=objection.summary,
            remedy=objection.remedy,
            position=catalogue.position(objection.path),
        )
        for rule in RULES
        for objection in rule.objections(context)
        if not catalogue.is_unjudged(objection.path)
    }
