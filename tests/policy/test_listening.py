"""What is let through to servers that say what they answer on (FAQ 22)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.allowing import P, U, V, allowance
from tests.policy.judged import found
from wpf_infra.model.finding import Finding, Severity

X = f"{U}.allowances.x"
LISTENS = f"{V}.vms.collector.listens"


def of(rule: str, changes: dict[str, Any]) -> list[Finding]:
    return [each for each in found(changes) if each.rule == rule]


@pytest.mark.parametrize(
    ("listens", "extra"),
    [
        (["tcp/443"], "tcp/8883-8884"),
        (["tcp/443", "tcp/8884"], "tcp/8883"),
        (["udp/443", "tcp/8000-8063", "tcp/8883-8884"], "tcp/443"),
        (["icmp"], "tcp/443, tcp/8883-8884"),
    ],
)
def test_what_nobody_answers_is_named(listens: list[str], extra: str) -> None:
    """FAQ-22"""
    (finding,) = of("allowance-wider", {LISTENS: listens})
    assert (finding.row, finding.severity) == (22, Severity.WARNING)
    assert finding.path == f"{U}.allowances.telemetry.ports"
    assert finding.summary.en.endswith(f": nobody answers {extra}")
    assert f"add {extra} to {LISTENS}" in finding.remedy.en


def test_to_a_server_that_listens_on_nothing_nothing_need_be_allowed() -> None:
    """FAQ-22"""
    (finding,) = of("allowance-wider", {LISTENS: []})
    assert finding.summary.en == f"{V}/collector listens on nothing, so nobody answers this"
    assert finding.remedy.en.startswith("leave the allowance out")


def test_a_gateway_listens_too() -> None:
    """FAQ-22"""
    changes = {
        X: allowance(f"{V}/collector-2", "north-gw", "tcp/22", "tcp/443"),
        f"{U}.gateways.north-gw.listens": ["tcp/22"],
    }
    (finding,) = of("allowance-wider", changes)
    assert finding.remedy.en.startswith("allow tcp/22 only")
    assert finding.remedy.en.endswith(f"add tcp/443 to {U}.gateways.north-gw.listens")


@pytest.mark.parametrize(
    "changes",
    [
        {LISTENS: ["tcp/443", "tcp/8883-8884"]},
        {LISTENS: ["tcp/443", "tcp/8882-8890", "udp/1"]},
        {LISTENS: None},
        {f"{U}.vms.app-1.listens": ["tcp/3389", "icmp", "tcp/1433"]},
        {X: allowance(f"{V}/collector-2", "north", "tcp/80"), f"{U}.gateways.north-gw.listens": ["tcp/22"]},
    ],
    ids=["exactly", "more", "unknown", "opener", "line"],
)
def test_what_is_answered_or_unknown_is_let_be(changes: dict[str, Any]) -> None:
    """FAQ-22"""
    assert of("allowance-wider", changes) == []


def test_a_service_goes_to_every_server_that_carries_it() -> None:
    """FAQ-22"""
    changes = {f"{P}.vms.ntp-1.listens": ["udp/123"], f"{P}.vms.ntp-2.listens": ["udp/123", "tcp/25"]}
    (finding,) = of("service-wider", changes)  # ntp-2 is the Zabbix server, too
    assert finding.path == f"{P}.vms.ntp-2.listens"
    assert finding.summary.en.startswith("tenants reach tcp/10051 of it as `zabbix`")
    assert of("service-wider", {**changes, f"{P}.vms.ntp-2.listens": ["udp/123", "tcp/25", "tcp/10051"]}) == []


@pytest.mark.parametrize(
    ("ports", "wrong"),
    [
        ({"smtp": ["tcp/25", "tcp/587"]}, []),
        ({"smtp": ["icmp", "tcp/25"], "ntp": ["udp/123"]}, []),
        ({"portal": ["tcp/443"]}, ["portal"]),  # nobody carries it here
        ({"ntp": ["icmp"]}, ["ntp"]),
    ],
)
def test_ports_are_of_functions_that_tenants_use(ports: dict[str, list[str]], wrong: list[str]) -> None:
    """FAQ-22"""
    findings = of("service-ports", {f"{P}.service_ports": ports})
    assert [(each.path, each.severity) for each in findings] == [
        (f"{P}.service_ports.{function}", Severity.ERROR) for function in wrong
    ]
