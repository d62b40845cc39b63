"""Services: every option opens its own flows and no others, and nobody's rules change for somebody else's sake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.network.test_rules import decide
from tests.samples import WORLD, catalogue
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Option
from wpf_infra.network.filter import all_policies, policy_of
from wpf_infra.network.rules import Action, Rule, compile_rules
from wpf_infra.network.service import ServiceFlow, flows_of, platform_services, tenant_services

U, V = "minami-suido", "kawa-systems"
SERVERS, FIXED, MOBILE = "10.64.1.0/24", "10.160.1.0/28", "10.176.1.0/28"
"""The utility's networks."""
ON: dict[Function, str] = {function: f"10.32.0.{50 + number}" for number, function in enumerate(Function)}
"""Each function on a server of its own, named after it."""


def _server(address: str) -> dict[str, Any]:
    return {**WORLD[V]["vms"]["collector"], "address": address}


def everything(changes: Mapping[str, Any] | None = None) -> Catalogue:
    """The small world, its platform with a server for every function."""
    vms = {function.value: _server(address) for function, address in ON.items()}
    services = {function.value: [function.value] for function in ON}
    return catalogue({"platform.vms": vms, "platform.services": services, **(changes or {})})


def out(network: str, function: Function, ports: str) -> tuple[str, str, str]:
    return network, f"{ON[function]}/32", ports


def into(network: str, function: Function, ports: str) -> tuple[str, str, str]:
    return f"{ON[function]}/32", network, ports


def told(flows: Iterable[ServiceFlow]) -> set[tuple[str, str, str]]:
    """Source, destination and ports of each."""
    return {(str(each.source), str(each.destination), " ".join(map(str, each.ports))) for each in flows}


ALWAYS = {
    *(out(network, Function.NTP, "udp/123") for network in (SERVERS, FIXED, MOBILE)),
    *(out(network, Function.DNS, "tcp/53 udp/53") for network in (SERVERS, FIXED, MOBILE)),
    *(
        out(network, function, "tcp/443")
        for network in (SERVERS, FIXED, MOBILE)
        for function in (Function.PORTAL, Function.AUTHENTICATION, Function.INTERFACE)
    ),
    into(FIXED, Function.ZABBIX, "icmp"),
}
ORDERED: dict[Option, set[tuple[str, str, str]]] = {
    Option.SMTP: {out(SERVERS, Function.SMTP, "tcp/25")},
    Option.ANTIVIRUS: {out(SERVERS, Function.ANTIVIRUS, "tcp/443")},
    Option.BACKUP: {out(SERVERS, Function.BACKUP, "tcp/443")},
    Option.SNAPSHOT: set(),
    Option.MONITORING: {
        flow
        for network in (SERVERS, FIXED)
        for flow in (
            into(network, Function.ZABBIX, "icmp tcp/10050"),
            out(network, Function.ZABBIX, "tcp/10051"),
        )
    },
}


class TestWhatIsOpened:
    @pytest.mark.parametrize("options", [(), *((option,) for option in Option), tuple(Option)], ids=" ".join)
    def test_every_option_opens_its_own_flows_and_no_others(self, options: tuple[Option, ...]) -> None:
        """FAQ-1, FAQ-3, FAQ-17, FAQ-19, FAQ-23, FAQ-24, FAQ-28"""
        world = everything({f"{U}.options": [option.value for option in options]})
        wanted = ALWAYS.union(*(ORDERED[option] for option in options))
        assert told(flows_of(world.platform, world.tenants[U])) == wanted

    def test_a_tenants_own_policy_opens_what_its_servers_have(self) -> None:
        world = everything({f"{U}.options": [option.value for option in Option]})
        opened = tenant_services(world.platform, world.tenants[U])
        plain = {(str(each.source), str(each.destination), " ".join(map(str, each.ports))) for each in opened.values()}
        flows = told(flows_of(world.platform, world.tenants[U]))
        assert plain == {flow for flow in flows if SERVERS in flow}
        assert {each.peer for each in opened.values()} == {None}

    def test_a_function_without_a_server_opens_nothing(self) -> None:
        world = catalogue({"platform.services": {"ntp": ["ntp-1", "ntp-9"]}})
        assert set(tenant_services(world.platform, world.tenants[U])) == {"platform.ntp/ntp-1"}
        assert set(platform_services(world.platform)) == {
            f"{space}.ntp/ntp-1" for space in ("utilities", "vendors", "fixed-lines", "mobile-lines")
        }

    def test_what_is_answered_elsewhere_than_usual_is_opened_there(self) -> None:
        """The servers' own answers; what the agents of tenants answer on is Zabbix's."""
        world = everything(
            {
                "platform.service_ports": {"portal": ["tcp/8443", "tcp/443"], "zabbix": ["tcp/20051"]},
                f"{U}.options": ["monitoring"],
                f"{U}.lines": {},
                f"{U}.gateways": {},
            }
        )
        flows = told(flows_of(world.platform, world.tenants[U]))
        assert out(SERVERS, Function.PORTAL, "tcp/443 tcp/8443") in flows
        assert {flow for flow in flows if f"{ON[Function.ZABBIX]}/32" in flow} == {
            into(SERVERS, Function.ZABBIX, "icmp tcp/10050"),
            out(SERVERS, Function.ZABBIX, "tcp/20051"),
        }


_OPTIONS = st.lists(st.sampled_from([option.value for option in Option]), unique=True)


@given(_OPTIONS, _OPTIONS)
def test_every_flow_passes_both_filters_and_so_does_its_answer(ours: list[str], theirs: list[str]) -> None:
    """FAQ-22: first and last addresses of every flow, at every port of it."""
    world = everything({f"{U}.options": ours, f"{V}.options": theirs})
    rules = {owner: compile_rules(policy) for owner, policy in all_policies(world).items()}
    for owner in (U, V):
        for flow in flows_of(world.platform, world.tenants[owner]):
            stands = world.tenants[owner].network.cidr
            filtered = [PLATFORM, *([owner] if stands in (flow.source, flow.destination) else [])]
            for port in flow.ports:
                numbers = (40000, port.first) if port.protocol != "icmp" else ()
                ends = str(flow.source[0]), str(flow.destination[-1])
                for passed in filtered:
                    assert decide(rules[passed], *ends, port.protocol, *numbers) is Action.ACCEPT
                    assert decide(rules[passed], ends[1], ends[0], port.protocol, *numbers[::-1]) is Action.ACCEPT


# Whose rules change, when something is declared.

ENDS = ("app-1", "desk", "north", f"{V}/collector", f"{V}/maintenance", "platform/ntp-1", "platform/management")
_ALLOWANCE = st.fixed_dictionaries(
    {
        "from": st.sampled_from(ENDS),
        "to": st.sampled_from(ENDS),
        "ports": st.lists(st.sampled_from(["icmp", "tcp/22", "udp/5000-5002"]), min_size=1, max_size=2),
        "reason": st.just("test"),
    }
)
_ALLOWANCES = st.dictionaries(st.sampled_from("abcd"), _ALLOWANCE)


def _world(*, ours: Mapping[str, Any], platforms: Mapping[str, Any], **more: Any) -> Catalogue:
    return catalogue(
        {
            "platform.endpoints": {"management": {"cidr": "10.33.0.0/24"}},
            "platform.allowances": {
                name: {end: _seen_from_the_platform(value) for end, value in allowance.items()}
                for name, allowance in platforms.items()
            },
            f"{U}.allowances": ours,
            **more,
        }
    )


def _seen_from_the_platform(value: Any) -> Any:
    """An end as the platform writes it; what is no end stays."""
    if value not in ENDS:
        return value
    return value.removeprefix("platform/") if "/" in value else f"{U}/{value}"


def compiled(world: Catalogue) -> dict[str, tuple[Rule, ...]]:
    return {owner: compile_rules(policy_of(world, owner)) for owner, _ in world.networks()}


def without(rules: Iterable[Rule], key: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.allowance != key)


@given(_ALLOWANCES, _ALLOWANCES, st.sampled_from("abxz"), _ALLOWANCE, st.sampled_from([U, PLATFORM]))
def test_one_allowance_more_changes_its_own_rules_alone_and_alike_on_both_sides(
    ours: dict[str, Any], theirs: dict[str, Any], name: str, more: dict[str, Any], declaring: str
) -> None:
    """FAQ-22"""
    declared = ours if declaring == U else theirs
    declared.pop(name, None)
    before = compiled(_world(ours=ours, platforms=theirs))
    declared[name] = more
    after = compiled(_world(ours=ours, platforms=theirs))
    key = f"{declaring}/{name}"
    assert {owner: without(rules, key) for owner, rules in after.items()} == before
    sides = [own for rules in after.values() if (own := [rule for rule in rules if rule.allowance == key])]
    assert len(sides) <= 2
    assert all(side == sides[0] for side in sides)


NISHI: dict[str, Any] = {
    **WORLD[U],
    "tenant": "nishi-suido",
    "network": {"cidr": "10.64.2.0/24", "vlan": 102},
    "endpoints": {},
    "vms": {"app-1": _server("10.64.2.11")},
    "lines": {"south": {**WORLD[U]["lines"]["north"], "cidr": "10.160.2.0/28"}},
    "gateways": {},
    "allowances": {},
}


@given(_ALLOWANCES, _OPTIONS)
def test_one_tenant_more_changes_nobodys_rules(ours: dict[str, Any], options: list[str]) -> None:
    """FAQ-22: the platform's least of all."""
    before = compiled(_world(ours=ours, platforms={}))
    after = compiled(_world(ours=ours, platforms={}, **{"nishi-suido": {**NISHI, "options": options}}))
    del after["nishi-suido"]
    assert after == before


@given(_OPTIONS, st.sampled_from(Function))
def test_one_server_more_of_the_platform_changes_its_own_rules_alone(options: list[str], function: Function) -> None:
    before = compiled(everything({f"{U}.options": options}))
    carried = [function.value, "more"]
    after = compiled(
        everything(
            {
                f"{U}.options": options,
                "platform.vms.more": _server("10.32.0.99"),
                f"platform.services.{function}": carried,
            }
        )
    )
    for owner, rules in after.items():
        kept = tuple(rule for rule in rules if not (rule.allowance or "").endswith("/more"))
        assert kept == before[owner]
    assert len(after[PLATFORM]) > len(before[PLATFORM])


@given(_OPTIONS, st.sampled_from(list(Option)))
def test_one_option_more_changes_the_tenants_own_rules_alone(options: list[str], option: Option) -> None:
    """The platform's side is open to the whole space already."""
    less = [each for each in options if each != option]
    before = compiled(everything({f"{U}.options": less}))
    after = compiled(everything({f"{U}.options": [*less, option.value]}))
    assert {owner for owner in after if after[owner] != before[owner]} <= {U}
    assert set(before[U]) <= set(after[U])
