"""Filter rules: as many are counted as are compiled (FAQ 22)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.policy.judged import found
from tests.samples import NOW, catalogue
from wpf_infra.network.filter import all_policies
from wpf_infra.network.rules import MOST_RULES, RULES_OF_A_LINE, RULES_OF_ALL, number_of_rules, rules_for
from wpf_infra.network.service import tenant_services
from wpf_infra.policy.context import Context
from wpf_infra.policy.filter_rules import rules_of

U, V, P = "minami-suido", "kawa-systems", "platform"
ENDS = (
    "app-1",
    "desk",
    "nobody",
    f"{P}/hosts",
    f"{V}/collector",
    f"{V}/maintenance",
    f"{U}/north",
    f"{P}/ntp-1",
    "hill/x",
)


def allowance(source: str, destination: str, *ports: str) -> dict[str, Any]:
    return {"from": source, "to": destination, "ports": list(ports), "reason": "test"}


def ranges(count: int) -> list[str]:
    return [f"tcp/{1024 + 64 * index}-{1024 + 64 * index + 63}" for index in range(count)]


ports = st.lists(st.sampled_from(["icmp", "tcp/1", "tcp/1-3", "udp/2-65", "tcp/2"]), min_size=1, max_size=4)
allowances = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(lambda source, to, ports: allowance(source, to, *ports), *[st.sampled_from(ENDS)] * 2, ports),
)


@given(
    ours=allowances,
    theirs=allowances,
    platforms=allowances,
    options=st.sets(st.sampled_from(["monitoring", "smtp", "antivirus", "backup"])),
)
def test_as_many_are_counted_as_are_compiled(
    ours: dict[str, Any], theirs: dict[str, Any], platforms: dict[str, Any], options: set[str]
) -> None:
    """FAQ-22"""
    world = catalogue(
        {
            f"{U}.allowances": ours,
            f"{V}.allowances": theirs,
            f"{P}.allowances": platforms,
            f"{P}.endpoints": {"hosts": {"cidr": "10.33.0.0/24"}},
            f"{U}.options": sorted(options),
        }
    )
    compiled = {owner: number_of_rules(policy) for owner, policy in all_policies(world).items()}
    counted = rules_of(Context(world, NOW))
    assert {owner: number for owner, (number, _) in counted.items()} == compiled
    for number, parts in counted.values():
        assert number - sum(part for part, _ in parts) in (RULES_OF_ALL, RULES_OF_ALL + 2 * RULES_OF_A_LINE)


def always(owner: str) -> int:
    """What a tenant's policy comes to without any allowance."""
    world = catalogue()
    tenant = world.tenants[owner]
    services = tenant_services(world.platform, tenant).values()
    return RULES_OF_ALL + RULES_OF_A_LINE * len(tenant.lines) + sum(rules_for(each.ports) for each in services)


def test_both_sides_are_told_of_too_many() -> None:
    """FAQ-22"""
    half = ranges(8)
    changes = {
        f"{U}.allowances": {"ours": allowance("app-1", f"{V}/collector", *half)},
        f"{V}.allowances": {"theirs": allowance("collector", f"{U}/app-1", *half, "tcp/22")},
    }
    findings = found(changes)
    number = always(V) + 2 * (2 * 512) + 2
    findings = tuple(each for each in findings if each.rule == "allowance-rules")
    assert [(each.rule, each.row, each.path) for each in findings] == [
        ("allowance-rules", 22, f"{owner}.allowances") for owner in (V, U)
    ]
    assert f"comes to {number} filter rules, and a filter carries at most {MOST_RULES}" in findings[0].summary.en
    assert f"those of {V}.allowances.theirs, 1026" in findings[0].summary.en


def test_as_many_as_a_filter_carries_are_let_be() -> None:
    """FAQ-22"""
    spare = (MOST_RULES - always(U)) // 2
    ports = [*ranges(14), *(f"udp/{port}" for port in range(1, spare - 14 * 64 + 1))]
    at_most = allowance("app-1", f"{V}/collector", *ports)
    assert always(U) + rules_for(catalogue({f"{U}.allowances": {"x": at_most}}).tenants[U].allowances["x"].ports) in (
        MOST_RULES - 1,
        MOST_RULES,
    )
    assert found({f"{U}.allowances": {"x": at_most}}) == ()
    one_more = allowance("app-1", f"{V}/collector", *ports, "udp/60000")
    assert [each.path for each in found({f"{U}.allowances": {"x": one_more}})] == [f"{U}.allowances"]
