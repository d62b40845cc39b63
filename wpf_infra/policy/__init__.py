"""Every rule that a declaration can break, as pure functions of the catalogue and an instant.

Here: one module a topic, all rules in one literal catalogue (`rules`), judged together. Not here: what the schema
refuses (`wpf_infra.model`), what a change disturbs (`wpf_infra.plan`), files and clocks.
"""

from wpf_infra.policy.judging import judge
from wpf_infra.policy.rule import Objection, Rule
from wpf_infra.policy.rules import RULES

__all__ = ["RULES", "Objection", "Rule", "judge"]
