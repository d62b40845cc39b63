"""An owner's whole policy: what is its own, and of every declaration its part (FAQ-22, FAQ-35)."""

from __future__ import annotations

import pytest

from tests.samples import GONE, catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.network.filter import all_policies, policy_of
from wpf_infra.network.resolve import allowances_of
from wpf_infra.network.service import platform_services, tenant_services

U, V = "minami-suido", "kawa-systems"
REACHES_THE_PLATFORM = {
    "platform.endpoints": {"management": {"cidr": "10.33.0.0/24"}},
    "platform.allowances": {"time": {"from": "management", "to": "ntp-1", "ports": ["udp/123"], "reason": "time"}},
    f"{U}.allowances.extra": {"from": "app-1", "to": "platform/ntp-1", "ports": ["icmp"], "reason": "test"},
}


def test_a_policy_is_the_owners_network_its_lines_its_allowances_and_its_services() -> None:
    world = catalogue(REACHES_THE_PLATFORM)
    policy = policy_of(world, U)
    assert policy.tenant == U
    assert str(policy.network) == "10.64.1.0/24"
    assert {name: str(line) for name, line in policy.lines.items()} == {
        "car": "10.176.1.0/28",
        "north": "10.160.1.0/28",
    }
    declared, services = allowances_of(world, U), tenant_services(world.platform, world.tenants[U])
    assert policy.allowances == {**declared, **services}
    assert not declared.keys() & services.keys()


def test_the_platform_has_one_of_whole_spaces() -> None:
    world = catalogue(REACHES_THE_PLATFORM)
    policy = policy_of(world, PLATFORM)
    assert str(policy.network) == "10.32.0.0/24"
    assert policy.lines == {}
    declared, services = allowances_of(world, PLATFORM), platform_services(world.platform)
    assert set(declared) == {"platform/time", f"{U}/extra"}
    assert policy.allowances == {**declared, **services}
    assert not declared.keys() & services.keys()


def test_what_stands_in_a_policy_stands_in_order_whatever_the_order_of_the_files() -> None:
    for policy in all_policies(catalogue(REACHES_THE_PLATFORM)).values():
        assert list(policy.allowances) == sorted(policy.allowances)
        assert list(policy.lines) == sorted(policy.lines)


def test_one_pass_says_what_each_look_says() -> None:
    world = catalogue(REACHES_THE_PLATFORM)
    assert all_policies(world) == {owner: policy_of(world, owner) for owner in (PLATFORM, V, U)}


def test_without_platform_servers_and_allowances_there_is_the_inside_alone() -> None:
    world = catalogue({"platform.services": GONE, f"{U}.allowances": GONE})
    assert all(policy.allowances == {} for policy in all_policies(world).values())


def test_nobody_undeclared_has_one() -> None:
    with pytest.raises(KeyError):
        policy_of(catalogue(), "nobody")
