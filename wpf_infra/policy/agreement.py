"""Agreements: what people agreed is on record as something that has happened.

Here: the dates of `agreed`, `consent` and `confirmed`. Not here: what they excuse (the topic that allows one).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
