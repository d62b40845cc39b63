"""Allowances seen from each tenant: both sides, one declaration, nothing that was not stated (FAQ-22)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import catalogue
from wpf_infra.network.resolve import all_allowances, allowances_of, touched_tenants

U, V = "minami-suido", "kawa-systems"


def plain(changes: dict[str, Any] | None, tenant: str) -> dict[str, tuple[str, str, str, str, str]]:
    """Direction, peer, source, destination and ports of each, as text."""
    return {
        key: (
            each.direction.value,
            str(each.peer),
            str(each.source),
            str(each.destination),
            " ".join(map(str, each.ports)),
        )
        for key, each in allowances_of(catalogue(changes), tenant).items()
    }


def test_one_declaration_is_seen_from_both_sides() -> None:
    """FAQ-22"""
    assert plain(None, U) == {
        f"{U}/maintenance": ("in", V, "10.96.1.240/28", "10.64.1.11/32", "icmp tcp/3389"),
        f"{U}/telemetry": ("out", V, "10.64.1.11/32", "10.96.1.10/32", "tcp/443 tcp/8883-8884"),
    }
    assert plain(None, V) == {
        f"{U}/maintenance": ("out", U, "10.96.1.240/28", "10.64.1.11/32", "icmp tcp/3389"),
        f"{U}/telemetry": ("in", U, "10.64.1.11/32", "10.96.1.10/32", "tcp/443 tcp/8883-8884"),
    }


ENDS = (
    ("app-1", "10.64.1.11/32"),
    (f"{U}/app-1", "10.64.1.11/32"),
    ("desk", "10.64.1.240/28"),
    ("car", "10.176.1.0/28"),
    ("north-gw", "10.160.1.5/32"),
)


@pytest.mark.parametrize(("end", "network"), ENDS)
def test_an_end_is_a_server_terminals_a_line_or_a_gateway(end: str, network: str) -> None:
    """FAQ-35: lines and gateways count as inside their tenant."""
    declared = {"from": end, "to": f"{V}/collector", "ports": ["icmp"], "reason": "test"}
    changes = {f"{U}.allowances": {"x": declared}}
    assert plain(changes, U) == {f"{U}/x": ("out", V, network, "10.96.1.10/32", "icmp")}


NOTHING = (
    ("inside one tenant", "app-1", "app-2"),
    ("between two others", f"{V}/collector", "platform/ntp-1"),
    ("from nothing", "app-9", f"{V}/collector"),
    ("to nobody", "app-1", "nobody/collector"),
    ("ambiguous", "app-2", f"{V}/collector"),
)


@pytest.mark.parametrize(("why", "source", "destination"), NOTHING, ids=[why for why, _, _ in NOTHING])
def test_what_was_not_soundly_stated_opens_nothing(why: str, source: str, destination: str) -> None:
    """FAQ-22"""
    declared = {"from": source, "to": destination, "ports": ["icmp"], "reason": "test"}
    changes = {f"{U}.allowances": {"x": declared}, f"{U}.endpoints.app-2": {"cidr": "10.64.1.224/28"}}
    assert all_allowances(catalogue(changes)) == {}


def test_the_platform_may_be_the_other_side() -> None:
    changes = {
        f"{U}.allowances": {"x": {"from": "app-1", "to": "platform/ntp-1", "ports": ["udp/123"], "reason": "test"}}
    }
    assert plain(changes, "platform") == {f"{U}/x": ("in", U, "10.64.1.11/32", "10.32.0.11/32", "udp/123")}
    assert touched_tenants(catalogue(changes), U) == {"platform"}


PLATFORM: dict[str, Any] = {
    "platform.endpoints": {"management": {"cidr": "10.33.0.0/24"}},
    "platform.allowances": {
        "hosts-time": {"from": "management", "to": "ntp-1", "ports": ["udp/123"], "reason": "time of the hosts"},
        "sources": {"from": "ntp-2", "to": "management", "ports": ["udp/123"], "reason": "a time source"},
        "inspection": {"from": "ntp-1", "to": f"{U}/app-1", "ports": ["icmp"], "reason": "test"},
        "free": {"from": "ntp-1", "to": "ntp-2", "ports": ["icmp"], "reason": "inside its network"},
    },
}


def test_the_platform_declares_as_a_tenant_does_and_its_other_networks_are_outside() -> None:
    """FAQ-22"""
    changes = {**PLATFORM, f"{U}.allowances": {}}
    assert plain(changes, "platform") == {
        "platform/hosts-time": ("in", "platform", "10.33.0.0/24", "10.32.0.11/32", "udp/123"),
        "platform/inspection": ("out", U, "10.32.0.11/32", "10.64.1.11/32", "icmp"),
        "platform/sources": ("out", "platform", "10.32.0.12/32", "10.33.0.0/24", "udp/123"),
    }
    assert plain(changes, U) == {
        "platform/inspection": ("in", "platform", "10.32.0.11/32", "10.64.1.11/32", "icmp"),
    }
    assert touched_tenants(catalogue(changes), "platform") == {U}
    assert touched_tenants(catalogue(changes), U) == {"platform"}


def test_touched_tenants_are_those_at_the_other_ends() -> None:
    assert touched_tenants(catalogue(), U) == {V}
    assert touched_tenants(catalogue(), V) == {U}
    assert touched_tenants(catalogue(), "platform") == frozenset()


def test_one_pass_says_what_each_look_says() -> None:
    whole = catalogue(PLATFORM)
    assert all_allowances(whole) == {name: allowances_of(whole, name) for name in (U, V, "platform")}
