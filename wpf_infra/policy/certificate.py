"""Certificates: the platform's CA signs for the platform's paths and names only (FAQ 3).

Here: declared certificates and the CA's terms. Not here: vendors' own anchors (`anchor`).
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
