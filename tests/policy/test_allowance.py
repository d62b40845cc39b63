"""Allowances: mail that would come in, and what is stated twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import NOW, catalogue
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.ports import parse_port
from wpf_infra.policy import judge
from wpf_infra.policy.port_set import merged

U, V, P = "minami-suido", "kawa-systems", "platform"
RELAY = {f"{P}.services": {"ntp": ["ntp-1", "ntp-2"], "smtp": ["ntp-2"]}}


def allowance(source: str, destination: str, *ports: str) -> dict[str, Any]:
    return {"from": source, "to": destination, "ports": list(ports), "reason": "test"}


def judged(rule: str, changes: dict[str, Any]) -> list[Finding]:
    return [finding for finding in judge(catalogue(changes), NOW) if finding.rule == rule]


@pytest.mark.parametrize(
    ("source", "destination", "ports"),
    [
        (f"{V}/collector", "app-1", ["tcp/25"]),
        (f"{V}/collector", "app-1", ["icmp", "tcp/443", "tcp/587"]),
        (f"{V}/collector", "app-1", ["tcp/460-470"]),
        (f"{V}/collector", "app-1", ["tcp/20-30"]),
        ("app-1", f"{V}/collector", ["tcp/25"]),
        ("app-1", f"{V}/maintenance", ["tcp/465"]),
        ("platform/ntp-2", "app-1", ["tcp/25"]),
        ("app-1", "platform/ntp-1", ["tcp/25"]),
    ],
)
def test_no_mail_reaches_a_server(source: str, destination: str, ports: list[str]) -> None:
    """FAQ-24"""
    changes = {**RELAY, f"{U}.allowances.x": allowance(source, destination, *ports)}
    (finding,) = judged("allowance-no-mail-in", changes)
    assert (finding.row, finding.path, finding.severity) == (24, f"{U}.allowances.x", Severity.ERROR)


@pytest.mark.parametrize(
    ("destination", "ports"),
    [
        ("platform/ntp-2", ["tcp/25", "tcp/587"]),
        (f"{V}/collector", ["udp/25", "tcp/26", "tcp/443", "icmp", "tcp/588-600"]),
        (f"{V}/nobody", ["tcp/25"]),
        ("app-2", ["tcp/25"]),  # inside a tenant traffic is free
    ],
)
def test_mail_to_the_relay_and_other_conversations_are_let_be(destination: str, ports: list[str]) -> None:
    """FAQ-24"""
    assert judged("allowance-no-mail-in", {**RELAY, f"{U}.allowances.x": allowance("app-1", destination, *ports)}) == []


def test_what_is_allowed_is_stated_once() -> None:
    """FAQ-22"""
    changes = {f"{U}.allowances.x": allowance("app-1", f"{V}/collector", "tcp/8884", "tcp/443", "tcp/8883")}
    (finding,) = judged("allowance-once", changes)
    assert (finding.row, finding.path, finding.severity) == (22, f"{U}.allowances.x", Severity.WARNING)
    assert f"{U}.allowances.telemetry allows the same" in finding.summary.en


def test_the_other_sides_statement_counts() -> None:
    """FAQ-22"""
    changes = {f"{V}.allowances.rdp": allowance("maintenance", f"{U}/app-1", "tcp/3389", "icmp")}
    (finding,) = judged("allowance-once", changes)
    assert (finding.path, f"{V}.allowances.rdp" in finding.summary.en) == (f"{U}.allowances.maintenance", True)


@pytest.mark.parametrize(
    "other",
    [
        allowance("app-1", f"{V}/collector", "tcp/443"),
        allowance("app-2", f"{V}/collector", "tcp/443", "tcp/8883-8884"),
        allowance(f"{V}/collector", "app-1", "tcp/443", "tcp/8883-8884"),
        allowance("app-1", f"{V}/nobody", "tcp/443", "tcp/8883-8884"),
    ],
)
def test_what_differs_is_let_be(other: dict[str, Any]) -> None:
    assert (
        judged("allowance-once", {f"{U}.allowances.x": other, f"{U}.allowances.y": {**other, "ports": ["tcp/1"]}}) == []
    )


def test_ports_are_compared_as_the_set_they_are() -> None:
    def ports(*entries: str) -> list[str]:
        return [str(port) for port in merged([parse_port(entry) for entry in entries])]

    assert ports("tcp/3", "tcp/1-2", "icmp", "tcp/2-3", "icmp") == ["icmp", "tcp/1-3"]
    assert ports("tcp/1-10", "tcp/3", "tcp/12") == ["tcp/1-10", "tcp/12"]
    assert ports("udp/2", "tcp/1") == ["tcp/1", "udp/2"]


@pytest.mark.parametrize("name", ["any", "internet", "colector"])
def test_an_end_that_is_nothing_is_one_finding(name: str) -> None:
    """FAQ-22"""
    (finding,) = judge(catalogue({f"{U}.allowances.x": allowance("app-1", name, "tcp/443")}), NOW)
    assert (finding.rule, finding.path) == ("allowance-end-exists", f"{U}.allowances.x.to")


@pytest.mark.parametrize("whole", [V, U, P])
@pytest.mark.parametrize("side", ["from", "to"])
def test_a_whole_tenant_is_no_end(whole: str, side: str) -> None:
    """FAQ-22"""
    ends = (whole, "app-1") if side == "from" else ("app-1", whole)
    (finding,) = judge(catalogue({f"{U}.allowances.x": allowance(*ends, "tcp/443")}), NOW)
    assert (finding.rule, finding.path) == ("allowance-end-exists", f"{U}.allowances.x.{side}")
    assert finding.remedy.en.startswith(f"write {whole}/NAME")


def test_a_misspelt_tenant_is_one_finding() -> None:
    """FAQ-22"""
    changes = {f"{U}.allowances.x": allowance("minami-suidou/app-1", f"{V}/collector", "tcp/22")}
    (finding,) = judge(catalogue(changes), NOW)
    assert (finding.rule, finding.remedy.en) == ("allowance-end-exists", f"did you mean `{U}`?")
