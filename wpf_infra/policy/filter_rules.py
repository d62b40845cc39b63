"""Filter rules: how many a tenant's allowances come to (FAQ 22).

Here: counting them as they are compiled, without compiling them. Not here: the compiling (`wpf_infra.network.rules`),
and whether an allowance is permitted (`allowance`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.network.rules import MOST_RULES, RULES_OF_ALL, rules_for
from wpf_infra.policy.allowance import allowance_pairs
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def few_rules(context: Context) -> Iterator[Objection]:
    for owner, (number, paths) in rules_of(context).items():
        if number > MOST_RULES:
            most, where = max(paths)
            yield Objection(
                f"{owner}.allowances",
                Text(
                    en=f"the {len(paths)} allowances of {owner}, both sides' declarations together, come to {number} "
                    f"filter rules, and a filter carries at most {MOST_RULES}; the most are those of {where}, {most}",
                    ja=f"{owner} に関わる通信許可は双方の宣言を合わせて {len(paths)} 件、{number} 規則になり、"
                    f"フィルタの上限 {MOST_RULES} 規則を超えます。最多は {where} の {most} 規則です",
                ),
                Text(
                    en="every port is two rules: narrow the ranges, or allow a network in place of single servers",
                    ja="1ポートにつき2規則です。範囲を狭めるか、個々のサーバをネットワークにまとめてください",
                ),
            )


def rules_of(context: Context) -> dict[str, tuple[int, list[tuple[int, str]]]]:
    """By owner: how many rules, and how many of them for which allowance."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for owner, number, path in _compiled(context):
        found[owner].append((number, path))
    return {owner: (RULES_OF_ALL + sum(number for number, _ in each), each) for owner, each in found.items()}


def _compiled(context: Context) -> Iterator[tuple[str, int, str]]:
    """Owner, number of rules and path of each allowance, for both owners that it is compiled for: those between two
    tenants, one of them its own, whose ends are sound (`wpf_infra.network.resolve`).
    """
    for source, destination in allowance_pairs(context):
        if len(source.named) != 1 or len(destination.named) != 1:
            continue
        owners = {source.named[0].owner, destination.named[0].owner}
        if len(owners) == 2 and source.declaring in owners:
            number = rules_for(source.allowance.ports)
            for owner in sorted(owners):
                yield owner, number, source.path.removesuffix(".from")


RULES = (
    Rule(
        "allowance-rules",
        22,
        Severity.ERROR,
        Text(en="a tenant's allowances fit into its filter", ja="テナントの通信許可がフィルタの規則数に収まる"),
        few_rules,
    ),
)
