"""Allowances that change nothing: leaving them out is no difference to the set model, and leaves nothing to be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings

from tests.policy.allowing import P, U, V, allowance, worlds
from tests.policy.judged import found
from tests.samples import NOW
from wpf_infra.calendar import TOKYO
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.network.reach.difference import compare
from wpf_infra.network.reach.world import World
from wpf_infra.policy import judge

CHANGING_NOTHING = {"allowance-shadowed", "allowance-redundant", "allowance-once"}
X = f"{U}.allowances.x"
BACK = allowance("app-2", f"{V}/collector", "tcp/1-3", "udp/1")


def of(rule: str, changes: dict[str, Any], now: datetime = NOW) -> list[Finding]:
    return [each for each in found(changes, now) if each.rule == f"allowance-{rule}"]


def without(catalogue: Catalogue, paths: set[str]) -> Catalogue:
    def left(owner: str, allowances: dict[str, Any]) -> dict[str, Any]:
        return {name: each for name, each in allowances.items() if f"{owner}.allowances.{name}" not in paths}

    platform = catalogue.platform
    return replace(
        catalogue,
        platform=platform.model_copy(update={"allowances": left(P, platform.allowances)}),
        tenants={
            name: tenant.model_copy(update={"allowances": left(name, tenant.allowances)})
            for name, tenant in catalogue.tenants.items()
        },
    )


@settings(max_examples=60, deadline=None)
@given(declared=worlds(most=7))
def test_all_that_is_found_may_go_at_once(declared: Catalogue) -> None:
    """FAQ-22"""
    paths = {each.path for each in judge(declared, NOW) if each.rule in CHANGING_NOTHING}
    remaining = without(declared, paths)
    assert not compare(World.of(declared), World.of(remaining))
    assert not {each.rule for each in judge(remaining, NOW)} & CHANGING_NOTHING


@settings(max_examples=40, deadline=None)
@given(declared=worlds(most=2))
def test_no_other_one_could_go(declared: Catalogue) -> None:
    """FAQ-22: what is left means something that nothing else does, or stands inside an owner."""
    silent = CHANGING_NOTHING | {"allowance-unused", "allowance-within-tenant"}
    paths = {each.path for each in judge(declared, NOW) if each.rule in silent}
    remaining = without(declared, paths)
    world = World.of(remaining)
    owners = {P: remaining.platform.allowances, **{name: each.allowances for name, each in remaining.tenants.items()}}
    for path in (f"{owner}.allowances.{name}" for owner, allowances in owners.items() for name in allowances):
        assert compare(world, World.of(without(remaining, {path}))).lost, path


@pytest.mark.parametrize(
    ("changes", "shadowed", "by"),
    [
        ({X: BACK, f"{U}.allowances.y": allowance("app-2", f"{V}/collector", "tcp/2")}, "y", X),
        (
            {
                X: allowance("app-2", f"{V}/collector", "tcp/5", "tcp/7"),
                f"{V}.allowances.w": {"from": f"{U}/app-2", "to": "wall", "ports": ["tcp/1-9"], "reason": "test"},
            },
            "x",
            f"{V}.allowances.w",
        ),
        ({X: allowance("app-2", f"{P}/ntp-1", "udp/123")}, "x", "the platform's service `ntp`"),
        ({X: allowance("north", f"{P}/ntp-1", "udp/123")}, "x", "the platform's service `ntp`"),
        ({X: allowance(f"{P}/ntp-2", "app-1", "icmp", "tcp/10050")}, "x", "the platform's service `zabbix`"),
    ],
    ids=["ports", "addresses", "service", "service-of-a-line", "service-that-calls"],
)
def test_one_wider_is_named(changes: dict[str, Any], shadowed: str, by: str) -> None:
    """FAQ-22"""
    world = {f"{V}.endpoints.wall": {"cidr": "10.96.1.8/30"}, **changes}
    (finding,) = of("shadowed", world)
    assert (finding.row, finding.severity, finding.path) == (22, Severity.WARNING, f"{U}.allowances.{shadowed}")
    assert finding.summary.en == f"{by} allows all of this already"
    assert of("redundant", world) == []


def test_of_two_that_are_equal_under_other_names_the_later_is_said() -> None:
    """FAQ-22"""
    changes = {
        f"{V}.endpoints.one": {"cidr": "10.96.1.10/32"},
        f"{U}.allowances": {
            "a": allowance("app-2", f"{V}/one", "tcp/1-2"),
            "b": allowance("app-2", f"{V}/collector", "tcp/2", "tcp/1"),
        },
    }
    assert [each.path for each in of("shadowed", changes)] == [f"{U}.allowances.b"]


def test_what_is_stated_twice_is_said_once() -> None:
    changes = {X: BACK, f"{U}.allowances.y": BACK}
    assert [each.rule for each in found(changes)] == ["allowance-once"]
    terminals = allowance("desk", f"{V}/maintenance", "tcp/443")
    changes = {X: terminals, f"{U}.allowances.y": terminals}
    findings = [(each.rule, each.path) for each in found(changes) if each.path in (X, f"{U}.allowances.y")]
    assert findings == [("allowance-unused", X), ("allowance-once", f"{U}.allowances.y")]


def test_several_together_are_named() -> None:
    """FAQ-22"""
    changes = {
        X: allowance("app-2", f"{V}/collector", "tcp/1-4"),
        **{
            f"{U}.allowances.y{port}": allowance("app-2", f"{V}/collector", f"tcp/{port}", f"udp/{port}")
            for port in (1, 2, 3, 4, 5)
        },
    }
    (finding,) = of("redundant", changes)
    assert finding.path == X
    one, two, three = (f"{U}.allowances.y{number}" for number in (1, 2, 3))
    assert finding.summary.en == f"{one} and {two} and {three} and 1 more allow all of this together"


def test_of_three_that_hold_each_other_only_the_last_is_said() -> None:
    """FAQ-22: without it the others do not hold each other any more."""
    pairs = {"a": ("tcp/1", "tcp/2"), "b": ("tcp/2", "tcp/4"), "c": ("tcp/4", "tcp/1")}
    changes = {f"{U}.allowances.{name}": allowance("app-2", f"{V}/collector", *ports) for name, ports in pairs.items()}
    assert [each.path for each in of("redundant", changes)] == [f"{U}.allowances.c"]


@pytest.mark.parametrize(
    ("source", "destination"),
    [
        ("desk", f"{V}/maintenance"),
        ("north", f"{V}/maintenance"),
        (f"{V}/maintenance", "north-gw"),
        (f"{P}/hosts", "north"),
    ],
)
def test_between_what_has_no_port_of_ours_nothing_applies_it(source: str, destination: str) -> None:
    """FAQ-22"""
    changes = {f"{P}.endpoints": {"hosts": {"cidr": "10.33.0.0/24"}}, X: allowance(source, destination, "tcp/443")}
    (finding,) = of("unused", changes)
    assert (finding.path, finding.severity) == (X, Severity.WARNING)
    assert "no filter" in finding.summary.en


@pytest.mark.parametrize("server", ["10.64.1.240", "10.64.1.250", "10.64.1.255"])
def test_a_server_among_terminals_applies_it(server: str) -> None:
    """FAQ-22"""
    changes = {X: allowance("desk", f"{V}/maintenance", "tcp/443"), f"{U}.vms.app-2.address": server}
    assert of("unused", changes) == []


def test_a_server_whose_end_is_past_speaks_no_more() -> None:
    """FAQ-22, FAQ-13"""
    changes = {f"{V}.vms.collector.retire": {"ordered": "2026-09-01", "ends": "2026-11-30"}}
    telemetry = f"{U}.allowances.telemetry"
    assert of("unused", changes, datetime(2026, 11, 30, 23, 59, tzinfo=TOKYO)) == []
    (finding,) = of("unused", changes, datetime(2026, 12, 1, tzinfo=TOKYO))
    assert finding.path == telemetry
    assert finding.summary.en == f"the server {V}/collector ended on 2026-11-30: nobody speaks by this any more"
