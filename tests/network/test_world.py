"""A world's sets, packet by packet against an oracle, over random small catalogues (FAQ-22, FAQ-35)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from tests.network.small_worlds import ADDRESSES, HOSTS, Oracle, astray, catalogues, changes, headers
from tests.samples import GONE, catalogue
from wpf_infra.errors import WpfError
from wpf_infra.model import Catalogue
from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import EVERYTHING, NOTHING, Flow, FlowSet, between, flows, only
from wpf_infra.network.reach.acceptance import accepted
from wpf_infra.network.reach.world import CauseKind, World
from wpf_infra.network.reach.zones import Unsound
from wpf_infra.network.rules import EVERY_IPV4, Action, Rule

samples = st.lists(headers, min_size=100, max_size=100)
windows = st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=3, unique=True).map(
    lambda found: [(address, address) for address in sorted(found)]
)


def number(address: str) -> int:
    return int(IPAddress(address))


@settings(max_examples=40)
@given(astray | catalogues, samples)
def test_every_packet_is_judged_as_by_the_definitions(declared: Catalogue, sample: list[Flow]) -> None:
    world, oracle = World.of(declared), Oracle(declared)
    permitted, intended = world.permitted(EVERYTHING), world.intended(EVERYTHING)
    residual, unfiltered = world.residual(EVERYTHING), world.unfiltered(EVERYTHING)
    for flow in sample:
        assert (flow in permitted) is oracle.permitted(flow), flow
        assert (flow in intended) is oracle.intended(flow), flow
        assert (flow in residual) is (oracle.permitted(flow) and not oracle.intended(flow)), flow
        assert (flow in unfiltered) is oracle.unfiltered(flow), flow
        assert world.filter_owner(flow.source) == oracle.filter_owner(flow.source)
        assert (world.dropped_by(flow) is None) is oracle.permitted(flow)


@settings(max_examples=25)
@given(astray | catalogues, windows, windows)
def test_what_is_asked_of_a_part_is_the_part_of_the_whole(
    declared: Catalogue, sources: list[tuple[int, int]], destinations: list[tuple[int, int]]
) -> None:
    world, window = World.of(declared), between(sources, destinations)
    for sets in (world.permitted, world.intended, world.residual, world.unfiltered):
        assert sets(window) == sets(EVERYTHING) & window
    for parts in (world.intents, world.residues):
        causes = [cause for cause, _ in parts(EVERYTHING)]
        assert len(causes) == len(set(causes))
        whole = {cause: part & window for cause, part in parts(EVERYTHING)}
        assert dict(parts(window)) == {cause: part for cause, part in whole.items() if part}
    assert FlowSet.union(part for _, part in world.drops(window)) == window - world.permitted(window)


@settings(max_examples=40)
@given(catalogues)
def test_what_is_meant_passes_and_so_does_its_answer(declared: Catalogue) -> None:
    world = World.of(declared)
    permitted, intended = world.permitted(EVERYTHING), world.intended(EVERYTHING)
    assert intended.is_subset(permitted)
    assert intended.turned().is_subset(permitted)
    assert world.residual(EVERYTHING) == permitted - intended


@settings(max_examples=40)
@given(astray | catalogues)
def test_whatever_is_meant_or_left_has_its_declaration(declared: Catalogue) -> None:
    world = World.of(declared)
    intents, residues = list(world.intents(EVERYTHING)), list(world.residues(EVERYTHING))
    assert FlowSet.union(part for _, part in intents) == world.intended(EVERYTHING)
    assert FlowSet.union(part for _, part in residues) == world.residual(EVERYTHING)
    assert all(part for _, part in (*intents, *residues))
    assert dict(residues).get(None, NOTHING) == world.unfiltered(EVERYTHING) - world.intended(EVERYTHING)
    for cause, _ in (*intents, *residues):
        if cause is not None:
            owner, key, *rest = cause.path.split(".")
            assert (found := declared.owner(owner)) is not None
            assert hasattr(found, key)
            assert cause.kind is not CauseKind.ALLOWANCE or rest[0] in found.allowances


@settings(max_examples=40)
@given(changes(), st.sampled_from(["tcp/9000-9003", "icmp"]))
def test_one_allowance_more_changes_its_own_conversation_alone(given_: dict[str, Any], port: str) -> None:
    """What may be asked is gained, what looks like an answer is left, and nothing else is otherwise."""
    path = "minami-suido.allowances"
    new = {"from": "app-2", "to": "kawa-systems/collector", "ports": [port], "reason": "work"}
    before = World.of(catalogue(given_))
    after = World.of(catalogue({**given_, path: {**given_[path], "new": new}}))
    protocol = Protocol.ICMP if port == "icmp" else Protocol.TCP
    server = IPNetwork(given_["minami-suido.vms.app-2.address"]), IPNetwork("10.96.1.10")
    asked = flows(*server, protocol, None, None if port == "icmp" else (9000, 9003))
    for sets, expected in (("intended", asked), ("permitted", asked | asked.turned())):
        old, now = (getattr(world, sets)(EVERYTHING) for world in (before, after))
        assert now == old | expected
    assert after.residual(EVERYTHING) == (before.residual(EVERYTHING) | asked.turned()) - after.intended(EVERYTHING)


class TestWhoIsBehindAFilter:
    WORLD = World.of(
        catalogue({"platform.endpoints": {"hosts": {"cidr": HOSTS}}, "minami-suido.vms.app-2.address": "10.64.1.241"})
    )

    @pytest.mark.parametrize(
        ("address", "owner"),
        [
            ("10.64.1.11", "minami-suido"),
            ("10.64.1.77", "minami-suido"),
            ("10.64.1.240", None),
            ("10.64.1.241", "minami-suido"),
            ("10.64.1.242", None),
            ("10.160.1.5", None),
            ("10.32.0.200", "platform"),
            ("10.33.0.1", None),
            ("10.64.9.1", None),
            ("0.0.0.0", None),
            ("255.255.255.255", None),
        ],
    )
    def test_whose_rules_stand_at_an_address(self, address: str, owner: str | None) -> None:
        """A range of terminals has no port of ours, a server that stands in it has."""
        assert self.WORLD.filter_owner(number(address)) == owner

    @pytest.mark.parametrize(
        ("source", "destination", "owner"),
        [
            ("10.64.1.11", "10.96.1.10", "minami-suido"),
            ("10.96.1.10", "10.64.1.11", "kawa-systems"),
            ("10.160.1.5", "10.96.1.10", "kawa-systems"),
            ("10.64.9.1", "10.32.0.11", "platform"),
            ("10.160.1.5", "10.96.1.245", None),
            ("10.64.1.11", "10.64.1.77", None),
        ],
    )
    def test_who_drops_first(self, source: str, destination: str, owner: str | None) -> None:
        assert self.WORLD.dropped_by(Flow(number(source), number(destination), 6, 40000, 5432)) == owner


class TestRulesInAnyOrder:
    """What a filter accepts is what its first fitting rule says, whichever way round they stand."""

    nets = st.sampled_from([IPNetwork(each) for each in ("10.0.0.0/30", "10.0.0.1/32", "10.0.0.2/31", "0.0.0.0/0")])
    ports = st.sampled_from([None, 1, 2])

    @st.composite
    @staticmethod
    def rules(draw: st.DrawFn) -> Rule:
        nets, ports = TestRulesInAnyOrder.nets, TestRulesInAnyOrder.ports
        protocol = draw(st.sampled_from([None, Protocol.TCP]))
        pair = (draw(ports), draw(ports)) if protocol is not None else (None, None)
        return Rule(draw(st.sampled_from(list(Action))), draw(nets), draw(nets), protocol, *pair)

    @given(st.lists(rules(), max_size=6))
    def test_the_first_that_fits_decides(self, rules: list[Rule]) -> None:
        expected, spoken_of = NOTHING, NOTHING
        for rule in rules:
            sent, answered = (
                None if port is None else (port, port) for port in (rule.source_port, rule.destination_port)
            )
            fits = flows(rule.source, rule.destination, rule.protocol, sent, answered)
            if rule.action is Action.ACCEPT:
                expected |= fits - spoken_of
            spoken_of |= fits
        assert accepted(rules) == expected | (EVERYTHING - spoken_of)

    def test_what_no_rule_speaks_of_passes(self) -> None:
        assert accepted(()) == EVERYTHING
        assert accepted((Rule(Action.DROP, EVERY_IPV4, EVERY_IPV4),)) == NOTHING


class TestResidues:
    def causes(self, flow: Flow, declared: dict[str, Any] | None = None) -> list[str | None]:
        world = World.of(catalogue(declared))
        return [None if cause is None else f"{cause.path} {cause.key}" for cause, _ in world.residues(only(flow))]

    def test_who_answers_may_speak_first_from_the_port_it_answers_on(self) -> None:
        flow = Flow(number("10.96.1.10"), number("10.64.1.11"), 6, 443, 3389)
        assert self.causes(flow) == ["minami-suido.allowances.telemetry minami-suido/telemetry"]
        assert self.causes(flow._replace(source_port=444)) == []

    def test_a_line_reaches_what_the_platform_opens_to_all_lines(self) -> None:
        """The space of lines is opened as a whole, whether or not the tenant has ordered it."""
        flow = Flow(number("10.160.1.5"), number("10.32.0.12"), 6, 40000, 10051)
        assert self.causes(flow, {"minami-suido.options": []}) == [
            "platform.services.zabbix platform.zabbix-reports/ntp-2"
        ]
        assert self.causes(flow) == []

    def test_between_a_line_and_terminals_nobody_filters(self) -> None:
        assert self.causes(Flow(number("10.160.1.5"), number("10.96.1.245"), 6, 40000, 445)) == [None]


class TestUnsound:
    moves = st.fixed_dictionaries(
        {},
        optional={
            path: st.sampled_from(places)
            for path, places in {
                "minami-suido.network.cidr": ["10.64.0.0/23", "10.64.1.0/28", "10.96.0.0/16"],
                "minami-suido.endpoints.desk.cidr": ["10.64.1.0/24", "10.64.2.0/28"],
                "minami-suido.lines.north.cidr": ["10.96.1.16/28", "10.64.1.16/28", "10.33.0.0/29"],
                "minami-suido.gateways.north-gw.address": ["10.160.1.16", "10.96.1.17", "10.64.1.17"],
                "kawa-systems.vms.collector.address": ["10.96.2.10", "10.96.1.255"],
                "platform.endpoints.hosts.cidr": [HOSTS, "10.176.1.8/29", "10.32.0.0/25"],
            }.items()
        },
    )

    @given(moves)
    def test_a_world_is_refused_where_it_has_no_one_answer_and_only_there(self, moves: dict[str, Any]) -> None:
        declared = catalogue(moves)
        if Oracle(declared).is_sound:
            World.of(declared)
        else:
            with pytest.raises(Unsound):
                World.of(declared)

    @pytest.mark.parametrize(
        ("declared", "where"),
        [
            ({"kawa-systems.network.cidr": "10.64.1.0/25"}, "kawa-systems."),
            ({"kawa-systems.network.cidr": "10.64.0.0/16"}, "kawa-systems."),
            (
                {"minami-suido.lines.north.cidr": "10.96.1.128/28", "minami-suido.gateways": GONE},
                "minami-suido.lines.north.cidr",
            ),
            ({"platform.endpoints": {"hosts": {"cidr": "10.64.0.0/16"}}}, "minami-suido.network.cidr"),
            ({"minami-suido.vms.app-1.address": "10.64.2.11"}, "minami-suido.vms.app-1.address"),
            ({"minami-suido.endpoints.desk.cidr": "10.64.2.0/28"}, "minami-suido.endpoints.desk.cidr"),
            ({"minami-suido.gateways.north-gw.address": "10.160.2.5"}, "minami-suido.gateways.north-gw.address"),
            ({"minami-suido.gateways.north-gw.line": "nowhere"}, "minami-suido.gateways.north-gw.address"),
        ],
        ids=["inside another's", "around another's", "line", "platform's", "server", "terminals", "gateway", "no line"],
    )
    def test_a_world_without_one_answer_is_refused(self, declared: dict[str, Any], where: str) -> None:
        with pytest.raises(WpfError, match="wpf check") as refused:
            World.of(catalogue(declared))
        assert refused.value.exit_code == 2
        assert refused.value.where is not None
        assert refused.value.where.startswith(where)

    def test_an_owners_own_networks_may_nest(self) -> None:
        World.of(catalogue({"minami-suido.lines.car.cidr": "10.160.1.0/29"}))
