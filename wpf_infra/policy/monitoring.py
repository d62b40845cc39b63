"""Monitoring: what the Zabbix agent can look at (FAQ 17, 18).

Here: what is declared to be monitored, and on what. Not here: the closed sets, which are the schema's.
"""

from __future__ import annotations

from wpf_infra.policy.rule import Rule

RULES: tuple[Rule, ...] = ()
