"""Mail: to whitelisted domains and nowhere else (FAQ 5, 6).

Here: every address of the declarations, and the whitelist itself. Not here: the shape of an address (`model.scalar`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
