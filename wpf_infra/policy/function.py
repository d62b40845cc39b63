"""The platform's own functions: enough servers for what tenants rely on (FAQ 1, 19, 24).

Here: which functions there must be. Not here: that the named servers exist (`reference`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
