"""A policy as stateless rules: what passes and what does not, and that allowances keep to themselves (FAQ-22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPAddress

from wpf_infra.model.ports import Protocol
from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.rules import REST, Action, Rule, compile_allowance, compile_rules, inside, number_of_rules

APP, COLLECTOR = "10.64.1.11", "10.96.1.10"


def policy(*lines: str, **allowances: Sequence[str]) -> FirewallResource:
    """Lines by number; allowances by name, each with its ports, all from our server to the same one of a vendor."""
    return FirewallResource.model_validate(
        {
            "tenant": "hill",
            "network": "10.64.1.0/24",
            "lines": {f"line-{number}": line for number, line in enumerate(lines)},
            "allowances": {
                f"hill/{name}": {
                    "direction": "out",
                    "peer": "apps",
                    "source": f"{APP}/32",
                    "destination": f"{COLLECTOR}/32",
                    "ports": tuple(ports),
                    "reason": name,
                }
                for name, ports in allowances.items()
            },
        }
    )


def decide(rules: Sequence[Rule], source: str, destination: str, protocol: str, *ports: int) -> Action | None:
    """What a filter does with a packet: the first rule that fits; None when none does. ports: source, destination."""
    for rule in rules:
        fits: list[Any] = [
            IPAddress(source) in rule.source,
            IPAddress(destination) in rule.destination,
            rule.protocol is None or rule.protocol == protocol,
            rule.source_port is None or ports[:1] == (rule.source_port,),
            rule.destination_port is None or ports[1:] == (rule.destination_port,),
        ]
        if all(fits):
            return rule.action
    return None


class TestWhatPasses:
    """FAQ-22"""

    RULES = compile_rules(policy("10.160.1.0/28", web=["tcp/443"], alive=["icmp"], many=["udp/5000-5002"]))

    @pytest.mark.parametrize(
        ("packet", "action"),
        [
            ((APP, COLLECTOR, "tcp", 40000, 443), Action.ACCEPT),
            ((COLLECTOR, APP, "tcp", 443, 40000), Action.ACCEPT),
            ((APP, COLLECTOR, "tcp", 40000, 80), Action.DROP),
            ((COLLECTOR, APP, "tcp", 40000, 443), Action.DROP),
            ((APP, COLLECTOR, "udp", 40000, 443), Action.DROP),
            ((APP, COLLECTOR, "udp", 40000, 5001), Action.ACCEPT),
            ((APP, COLLECTOR, "udp", 40000, 5003), Action.DROP),
            ((APP, COLLECTOR, "icmp"), Action.ACCEPT),
            ((COLLECTOR, APP, "icmp"), Action.ACCEPT),
            (("10.64.1.12", COLLECTOR, "tcp", 40000, 443), Action.DROP),
            ((APP, "10.64.1.12", "udp", 1, 2), Action.ACCEPT),
            (("10.160.1.5", APP, "tcp", 40000, 22), Action.ACCEPT),
            ((APP, "10.160.1.5", "icmp"), Action.ACCEPT),
            (("10.160.1.5", COLLECTOR, "tcp", 40000, 443), Action.DROP),
            (("10.160.1.16", APP, "tcp", 40000, 22), Action.DROP),
            ((APP, "255.255.255.255", "udp", 68, 67), Action.DROP),
            (("fe80::1", "ff02::1", "icmpv6"), Action.DROP),
        ],
    )
    def test_a_packet_passes_when_it_was_stated(self, packet: tuple[Any, ...], action: Action) -> None:
        assert decide(self.RULES, *packet) is action

    def test_the_residue_of_statelessness_is_the_answering_port(self) -> None:
        """Who may answer from a port may speak first from it: nothing remembers who began."""
        assert decide(self.RULES, COLLECTOR, APP, "tcp", 443, 22) is Action.ACCEPT


def test_a_policy_without_allowances_is_the_tenant_alone() -> None:
    """FAQ-22"""
    assert compile_rules(policy()) == (*inside(policy()), *REST)


def test_a_line_is_inside_with_the_servers_alone() -> None:
    """FAQ-35: between two lines no port of the tenant's is passed, and no rule speaks of it."""
    lines = ("10.160.1.0/28", "10.176.1.0/28")
    spoken = {(str(rule.source), str(rule.destination), rule.line) for rule in inside(policy(*lines))}
    servers = "10.64.1.0/24"
    assert spoken == {
        (servers, servers, None),
        *((servers, line, f"line-{number}") for number, line in enumerate(lines)),
        *((line, servers, f"line-{number}") for number, line in enumerate(lines)),
    }


def test_a_range_is_written_port_by_port() -> None:
    rules = compile_allowance("hill/many", policy(many=["tcp/8883-8884"]).allowances["hill/many"])
    assert [(rule.source_port, rule.destination_port, rule.answers) for rule in rules] == [
        (None, 8883, False),
        (8883, None, True),
        (None, 8884, False),
        (8884, None, True),
    ]
    assert {str(rule.port) for rule in rules} == {"tcp/8883-8884"}
    assert {rule.protocol for rule in rules} == {Protocol.TCP}


_PORTS = st.lists(
    st.sampled_from(["tcp/22", "tcp/443", "udp/123", "icmp", "tcp/8883-8886"]), min_size=1, max_size=4, unique=True
)


@given(st.dictionaries(st.sampled_from("abcdef"), _PORTS), st.sampled_from("bxz"), _PORTS)
def test_one_allowance_more_changes_no_others_rules(held: dict[str, list[str]], name: str, ports: list[str]) -> None:
    """FAQ-22"""
    before = compile_rules(policy(**{key: held[key] for key in held if key != name}))
    after = compile_rules(policy(**{**held, name: ports}))
    assert tuple(rule for rule in after if rule.allowance != f"hill/{name}") == before
    assert sum(rule.allowance == f"hill/{name}" for rule in after) == len(after) - len(before)


@given(st.lists(st.sampled_from(["10.160.1.0/28", "10.160.1.16/28", "10.176.1.0/28"]), min_size=1, unique=True))
def test_one_line_more_changes_no_others_rules(lines: list[str]) -> None:
    """FAQ-35"""
    before = compile_rules(policy(*lines[:-1], web=["tcp/443"]))
    after = compile_rules(policy(*lines, web=["tcp/443"]))
    assert tuple(rule for rule in after if rule.line != f"line-{len(lines) - 1}") == before


@pytest.mark.parametrize(
    "wanted",
    [
        policy(),
        policy(web=["tcp/443"]),
        policy(web=["tcp/443", "icmp"], many=["udp/5000-5063"]),
        policy(alive=["icmp"]),
        policy("10.160.1.0/28", "10.176.1.0/28", alive=["icmp"]),
    ],
    ids=["nothing", "one port", "ranges", "no port", "lines"],
)
def test_rules_are_counted_without_being_written(wanted: FirewallResource) -> None:
    assert number_of_rules(wanted) == len(compile_rules(wanted))
