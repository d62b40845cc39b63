"""Maintenance: announced two weeks ahead, of something that exists (FAQ 2).

Here: rules about declared maintenance. Not here: who is affected, and the mail.
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
