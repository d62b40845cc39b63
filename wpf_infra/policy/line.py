"""Lines: ordered in time, visited in order, delivered (FAQ 26-30, 34).

Here: dates and limits of lines. Not here: their networks (`address`, `space`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
