"""The small world with something changed, judged: for tests of single rules.

Here: what rules find. Not here: the world (`tests.samples`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.samples import NOW, catalogue
from wpf_infra.language import Language
from wpf_infra.model.finding import Finding
from wpf_infra.policy import judge


def found(changes: Mapping[str, Any], now: datetime = NOW) -> tuple[Finding, ...]:
    return judge(catalogue(changes), now)


def told(changes: Mapping[str, Any], now: datetime = NOW) -> list[tuple[str, str, str]]:
    """Rule, severity and path of every finding."""
    return [(finding.rule, finding.severity.value, finding.path) for finding in found(changes, now)]


def sentence(changes: Mapping[str, Any], rule: str, now: datetime = NOW) -> str:
    """What the rule's only finding says in English."""
    (finding,) = (each for each in found(changes, now) if each.rule == rule)
    return finding.sentence(Language.ENGLISH)
