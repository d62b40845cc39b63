"""Who answers may also speak first: exactly what the set model leaves of an allowance, as far as somebody answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from netaddr import IPNetwork

from tests.policy.allowing import P, U, V, allowance, worlds
from tests.policy.judged import found, sentence
from tests.samples import NOW, catalogue
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.flow.flow_set import NUMBERS, Box, FlowSet, flows
from wpf_infra.network.reach.world import World
from wpf_infra.network.resolve import resolve_end, stays_inside
from wpf_infra.policy import judge
from wpf_infra.policy.context import Context
from wpf_infra.policy.reverse import Answering, Exposure, exposures

RULE = "allowance-reverse"
TELEMETRY = f"{U}.allowances.telemetry"
UNAGREED = {f"{TELEMETRY}.agreed": None}


def messages(changes: dict[str, Any]) -> list[str]:
    return [each.summary.en.partition(": ")[2] for each in found(changes) if each.rule == RULE]


def boxes(exposure: Exposure) -> Iterator[Box]:
    source, destination, ports = exposure.cell
    for answered in exposure.answered:
        for port in ports:
            number = NUMBERS[port.protocol]
            yield Box(*source, *destination, number, number, answered.first, answered.last, port.first, port.last)


def answered_to(world: Catalogue, owner: str, network: IPNetwork, asking: IPNetwork) -> FlowSet:
    """What somebody in the network is known to answer to those asking, written down as plainly as it can be."""

    def reaching(place: IPNetwork, ports: tuple[Port, ...]) -> FlowSet:
        tcp_or_udp = [port for port in ports if port.protocol is not Protocol.ICMP]
        return FlowSet.union(flows(asking, place, p.protocol, None, (p.first, p.last)) for p in tcp_or_udp)

    declared = world.owner(owner)
    assert declared is not None
    things = [*declared.vms.values(), *(declared.gateways.values() if isinstance(declared, Tenant) else ())]
    known = [(IPNetwork(each.address), each.listens) for each in things if each.listens is not None]
    answered = []
    for name in (P, U, V):
        declaring = world.owner(name)
        assert declaring is not None
        for each in declaring.allowances.values():
            (asks,) = resolve_end(world, each.source, name)
            (answers,) = resolve_end(world, each.destination, name)
            if answers.owner == owner and not stays_inside(asks, answers):
                answered.append(reaching(answers.network, each.ports))
    silent = FlowSet.union(flows(asking, place) for place, _ in known)
    listening = FlowSet.union(reaching(place, ports) for place, ports in known)
    return ((FlowSet.union(answered) - silent) | listening) & flows(asking, network)


@settings(max_examples=150, deadline=None)
@given(declared=worlds())
def test_exactly_what_is_left_is_exposed(declared: Catalogue) -> None:
    """FAQ-22"""
    context, world = Context(declared, NOW), World.of(declared)
    answering = Answering(context)
    for each in context.conversations.stated:
        asking, network = each.destination.network, each.source.network
        within = answered_to(declared, each.source.owner, network, asking)
        left = FlowSet.union(
            residue for cause, residue in world.residues(within) if cause is not None and cause.path == each.path
        )
        exposed = FlowSet(box for exposure in exposures(context, each, answering) for box in boxes(exposure))
        assert exposed - world.unfiltered(exposed) == left, each.path


@settings(max_examples=40, deadline=None)
@given(declared=worlds())
def test_one_finding_an_allowance_that_exposes_something(declared: Catalogue) -> None:
    context = Context(declared, NOW)
    answering = Answering(context)
    exposing = {each.path for each in context.conversations.stated if [*exposures(context, each, answering)]}
    assert {each.path for each in judge(declared, NOW) if each.rule == RULE} == exposing


def test_the_pair_is_named() -> None:
    """FAQ-22"""
    assert messages(UNAGREED) == [f"{V}/collector from tcp/443, tcp/8883-8884 → {U}/app-1 tcp/3389"]
    said = sentence(UNAGREED, RULE)
    assert f"the firewall of {U}/app-1 itself" in said and "`agreed: {by, on, reason}`" in said


@pytest.mark.parametrize(
    "changes",
    [
        {},  # agreed
        {**UNAGREED, f"{U}.allowances.back": allowance(f"{V}/collector", "app-1", "tcp/3389")},
        {**UNAGREED, f"{U}.vms.app-1.listens": ["icmp"], f"{U}.allowances.maintenance.ports": ["icmp"]},
        {**UNAGREED, f"{U}.allowances.maintenance.ports": ["udp/3389"]},  # it answers from tcp
        {**UNAGREED, f"{U}.allowances.maintenance.ports": ["icmp"]},  # ping has no port
        {f"{TELEMETRY}": allowance("app-1", f"{V}/collector", "icmp")},
        {f"{TELEMETRY}": allowance("app-2", f"{V}/collector", "tcp/443")},  # nobody reaches that one
        {
            f"{U}.gateways.north-gw.listens": ["tcp/22"],
            f"{U}.allowances": {"x": allowance("north", f"{V}/maintenance", "tcp/443")},
        },  # no filter stands there
    ],
    ids=["agreed", "allowed", "listens", "udp", "ping-answered", "ping-asked", "other-server", "unfiltered"],
)
def test_what_exposes_nothing_is_let_be(changes: dict[str, Any]) -> None:
    """FAQ-22"""
    assert messages(changes) == []


def test_what_is_declared_to_listen_counts_without_any_allowance() -> None:
    """FAQ-22"""
    changes = {**UNAGREED, f"{U}.vms.app-1.listens": ["tcp/3389", "tcp/1433", "udp/1434", "icmp"]}
    assert messages(changes) == [f"{V}/collector from tcp/443, tcp/8883-8884 → {U}/app-1 tcp/1433, tcp/3389"]


def test_a_part_of_a_range_is_named_by_what_stands_there() -> None:
    """FAQ-22: terminals speak, one of which answers the vendor."""
    changes = {
        f"{U}.gateways.north-gw.listens": ["tcp/22"],
        f"{U}.allowances.line": allowance("north", f"{V}/collector", "tcp/443"),
        f"{U}.allowances.all": allowance(f"{V}/collector-2", "north", "tcp/80"),
    }
    (told,) = messages(changes)
    assert told == (
        f"{V}/collector from tcp/443 → {U} (10.160.1.0-10.160.1.4) tcp/80; "
        f"{V}/collector from tcp/443 → {U}/north-gw tcp/22; "
        f"{V}/collector from tcp/443 → {U} (10.160.1.6-10.160.1.15) tcp/80"
    )


def test_the_platforms_relay_does_not_take_mail_from_where_it_hands_it_on() -> None:
    """FAQ-22, FAQ-24"""
    changes = {
        f"{P}.endpoints": {"mail-gateway": {"cidr": "10.33.2.25/32"}},
        f"{P}.vms.ntp-2.listens": ["tcp/25", "udp/123"],
        f"{P}.allowances": {"mail-out": allowance("ntp-2", "mail-gateway", "tcp/25")},
    }
    (finding,) = (each for each in found(changes) if each.rule == RULE)
    assert finding.path == f"{P}.allowances.mail-out"
    assert f"{P}/mail-gateway from tcp/25 → {P}/ntp-2 tcp/25" in finding.summary.en


@pytest.mark.parametrize("unread", [f"{V}.allowances.back", f"{U}.vms.app-1.listens.0", V])
def test_what_could_not_be_read_might_allow_it(unread: str) -> None:
    """FAQ-22: of a stand-in nothing is said."""
    world = replace(catalogue(UNAGREED), unjudged=frozenset({unread}))
    assert [each.path for each in judge(world, NOW) if each.rule == RULE] == []
