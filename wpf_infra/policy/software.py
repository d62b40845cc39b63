"""Software: by whose licence it is there (FAQ 19, 23).

Here: rules about `software` of servers. Not here: the menu itself (`model.menu`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
