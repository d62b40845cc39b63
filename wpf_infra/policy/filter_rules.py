"""Filter rules: how many an owner's whole policy comes to (FAQ 22).

Here: counting them as they are compiled, without writing out a policy. Not here: the compiling
(`wpf_infra.network.rules`), and whether an allowance is permitted (`allowance`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.resource import ResolvedAllowance
from wpf_infra.model.tenant import Option, Tenant
from wpf_infra.network.rules import MOST_RULES, RULES_OF_A_LINE, RULES_OF_ALL, rules_for
from wpf_infra.network.service import platform_services, tenant_services
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

_Parts = list[tuple[int, str]]
"""How many rules for what: an allowance's path, or a service's key."""


def few_rules(context: Context) -> Iterator[Objection]:
    for owner, (number, parts) in rules_of(context).items():
        if number > MOST_RULES:
            most, where = max(parts)
            yield Objection(
                f"{owner}.allowances",
                Text(
                    en=f"the policy of {owner}, both sides' allowances, services and lines together, comes to {number} "
                    f"filter rules, and a filter carries at most {MOST_RULES}; the most are those of {where}, {most}",
                    ja=f"{owner} のフィルタは双方の通信許可・サービス・回線を合わせて {number} 規則になり、"
                    f"上限 {MOST_RULES} 規則を超えます。最多は {where} の {most} 規則です",
                ),
                Text(
                    en="every port is two rules: narrow the ranges, or allow a network in place of single servers",
                    ja="1ポートにつき2規則です。範囲を狭めるか、個々のサーバをネットワークにまとめてください",
                ),
            )


def rules_of(context: Context) -> dict[str, tuple[int, _Parts]]:
    """By owner: how many rules altogether, and how many of them for each allowance and service."""
    allowed: defaultdict[str, _Parts] = defaultdict(list)
    for each in context.conversations.stated:
        number = rules_for(each.allowance.ports)
        for owner in {each.source.owner, each.destination.owner}:
            allowed[owner].append((number, each.path))
    served: dict[frozenset[Option], _Parts] = {}
    found = {}
    for owner, declared in context.owners:
        if isinstance(declared, Tenant):
            if declared.options not in served:
                served[declared.options] = _counted(tenant_services(context.platform, declared))
            parts, lines = served[declared.options] + allowed[owner], len(declared.lines)
        else:
            parts, lines = _counted(platform_services(declared)) + allowed[owner], 0
        found[owner] = RULES_OF_ALL + RULES_OF_A_LINE * lines + sum(number for number, _ in parts), parts
    return found


def _counted(services: Mapping[str, ResolvedAllowance]) -> _Parts:
    """Whose services they are makes no difference: tenants with the same options have the same number."""
    return [(rules_for(service.ports), key) for key, service in services.items()]


RULES = (
    Rule(
        "allowance-rules",
        22,
        Severity.ERROR,
        Text(en="an owner's whole policy fits into its filter", ja="通信許可とサービスがフィルタの規則数に収まる"),
        few_rules,
    ),
)
