"""Options: what an option gives needs the option (FAQ 17, 19, 24, 25).

Here: what is used without being ordered. Not here: whether the platform can serve it (`function`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
