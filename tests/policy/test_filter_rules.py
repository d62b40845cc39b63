"""Filter rules: as many are counted as are compiled (FAQ 22)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.policy.judged import found
from tests.samples import NOW, catalogue
from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.resolve import all_allowances
from wpf_infra.network.rules import MOST_RULES, RULES_OF_ALL, number_of_rules
from wpf_infra.policy.context import Context
from wpf_infra.policy.filter_rules import rules_of

U, V, P = "minami-suido", "kawa-systems", "platform"
ENDS = ("app-1", "desk", "nobody", f"{V}/collector", f"{V}/maintenance", f"{U}/north", f"{P}/ntp-1", "hill/x")


def allowance(source: str, destination: str, *ports: str) -> dict[str, Any]:
    return {"from": source, "to": destination, "ports": list(ports), "reason": "test"}


def ranges(count: int) -> list[str]:
    return [f"tcp/{1024 + 64 * index}-{1024 + 64 * index + 63}" for index in range(count)]


ports = st.lists(st.sampled_from(["icmp", "tcp/1", "tcp/1-3", "udp/2-65", "tcp/2"]), min_size=1, max_size=4)
allowances = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(lambda source, to, ports: allowance(source, to, *ports), *[st.sampled_from(ENDS)] * 2, ports),
)


@given(ours=allowances, theirs=allowances)
def test_as_many_are_counted_as_are_compiled(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    world = catalogue({f"{U}.allowances": ours, f"{V}.allowances": theirs})
    compiled = {
        owner: number_of_rules(FirewallResource(tenant=owner, allowances=each))
        for owner, each in all_allowances(world).items()
    }
    assert {owner: number for owner, (number, _) in rules_of(Context(world, NOW)).items()} == compiled


def test_both_sides_are_told_of_too_many() -> None:
    """FAQ-22"""
    half = ranges(8)
    changes = {
        f"{U}.allowances": {"ours": allowance("app-1", f"{V}/collector", *half)},
        f"{V}.allowances": {"theirs": allowance("collector", f"{U}/app-1", *half, "tcp/22")},
    }
    findings = found(changes)
    number = RULES_OF_ALL + 2 * (2 * 512) + 2
    assert [(each.rule, each.row, each.path) for each in findings] == [
        ("allowance-rules", 22, f"{owner}.allowances") for owner in (V, U)
    ]
    assert f"come to {number} filter rules, and a filter carries at most {MOST_RULES}" in findings[0].summary.en
    assert f"those of {V}.allowances.theirs, 1026" in findings[0].summary.en


def test_as_many_as_a_filter_carries_are_let_be() -> None:
    """FAQ-22"""
    ports = [*ranges(15), *(f"udp/{port}" for port in range(1, 39))]  # 960 + 38 ports
    assert RULES_OF_ALL + 2 * 998 == MOST_RULES - 1
    assert found({f"{U}.allowances": {"x": allowance("app-1", f"{V}/collector", *ports)}}) == ()
