"""The platform's own endpoints and allowances are judged as everybody's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.allowing import P, U, V, allowance
from tests.policy.judged import found, told

X = f"{P}.allowances.x"
HOSTS = {f"{P}.endpoints.hosts": {"cidr": "10.33.0.0/24"}}


def rules(changes: dict[str, Any]) -> list[tuple[str, str]]:
    return [(rule, path) for rule, _, path in told({**HOSTS, **changes})]


def test_what_its_servers_speak_with_is_let_be() -> None:
    """FAQ-22"""
    time = {X: allowance("hosts", "ntp-1", "udp/123"), f"{P}.allowances.y": allowance("ntp-2", "hosts", "tcp/443")}
    assert rules(time) == []


@pytest.mark.parametrize(
    ("given", "rule", "path"),
    [
        (allowance(f"{U}/app-2", f"{V}/collector", "tcp/22"), "allowance-own-tenant", X),
        (allowance("ntp-1", "hostz", "tcp/22"), "allowance-end-exists", f"{X}.to"),
        (allowance("platform", "hosts", "tcp/22"), "allowance-end-exists", f"{X}.from"),
        (allowance("ntp-1", "ntp-2", "tcp/22"), "allowance-within-tenant", X),
        (allowance("hosts", "hosts", "tcp/22"), "allowance-unused", X),
        (allowance("hosts", f"{U}/north", "tcp/22"), "allowance-unused", X),
        (allowance("hosts", "ntp-2", "tcp/25"), "allowance-no-mail-in", X),
        (allowance("ntp-1", "hosts", "tcp/25"), "allowance-no-mail-in", X),
        (allowance("hosts", f"{U}/app-2", "tcp/25"), "allowance-no-mail-in", X),
        (allowance(f"{V}/collector-2", "ntp-2", "tcp/587"), "option-smtp", f"{X}.to"),
    ],
)
def test_its_allowances_are_judged(given: dict[str, Any], rule: str, path: str) -> None:
    """FAQ-22, FAQ-24"""
    assert rules({X: given}) == [(rule, path)]


def test_a_misspelt_endpoint_is_guessed() -> None:
    (finding,) = found({**HOSTS, X: allowance("ntp-1", "hostz", "tcp/22")})
    assert finding.remedy.en == "did you mean `hosts`?"


@pytest.mark.parametrize(("source", "destination"), [("ntp-2", "hosts"), (f"{U}/app-2", "ntp-2"), ("ntp-1", "ntp-2")])
def test_mail_leaves_by_the_relay(source: str, destination: str) -> None:
    """FAQ-24"""
    assert "allowance-no-mail-in" not in [rule for rule, _ in rules({X: allowance(source, destination, "tcp/25")})]


@pytest.mark.parametrize(
    ("cidr", "rule", "where"),
    [
        ("10.32.0.128/25", "platform-endpoint-apart", "platform.network"),
        ("10.64.0.0/24", "platform-endpoint-apart", "platform.space.utilities.cidr"),
        ("10.176.1.0/28", "platform-endpoint-apart", "platform.space.mobile_lines"),
        ("10.0.0.0/8", "platform-endpoint-apart", "platform.network"),
        ("8.8.8.0/24", "endpoint-private", ""),
        ("0.0.0.0/0", "endpoint-private", ""),
    ],
)
def test_its_endpoints_are_private_networks_beside_everybodys(cidr: str, rule: str, where: str) -> None:
    """FAQ-21, FAQ-22"""
    (finding,) = found({f"{P}.endpoints.hosts": {"cidr": cidr}})
    assert (finding.rule, finding.path) == (rule, f"{P}.endpoints.hosts.cidr")
    assert where in finding.summary.en


def test_a_tenant_astray_is_nobodys_endpoint_either() -> None:
    """FAQ-22"""
    changes = {f"{U}.network.cidr": "10.34.1.0/24", f"{P}.endpoints.hosts": {"cidr": "10.34.1.0/28"}}
    assert ("platform-endpoint-apart", f"{P}.endpoints.hosts.cidr") in rules({**changes})


def test_endpoints_may_lie_in_each_other() -> None:
    assert rules({f"{P}.endpoints.vcenter": {"cidr": "10.33.0.10/32"}}) == []


def test_what_it_agreed_has_happened() -> None:
    """FAQ-22"""
    agreed = {"by": "network team", "on": "2026-11-25", "reason": "test"}
    late = {X: {**allowance("ntp-1", "hosts", "udp/123"), "agreed": agreed}}
    assert rules(late) == [("allowance-agreed-dated", f"{X}.agreed.on")]
