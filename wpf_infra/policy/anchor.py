"""Trust anchors: what a vendor brings is sound before anybody has to trust it (FAQ 3).

Here: the PEM file's place, chain, expiry and keys. Not here: reading the file (`wpf_infra.loading`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
