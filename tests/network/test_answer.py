"""Answers to questions, against the oracle and as people read them (FAQ-22)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.small_worlds import ADDRESSES, Oracle, astray, catalogues
from tests.samples import catalogue
from wpf_infra.model import Catalogue
from wpf_infra.network.flow.flow_set import NOTHING, Flow, FlowSet
from wpf_infra.network.reach.answer import Answer, Part, Verdict, ask
from wpf_infra.network.reach.question import read_question
from wpf_infra.network.reach.world import CauseKind, World

PLACES = (
    *("any", "minami-suido", "kawa-systems", "platform", "app-1", "collector", "minami-suido/desk", "maintenance"),
    *("north", "north-gw", "ntp-1", "hosts", "10.64.1.77", "10.160.0.0/12"),
)
PORTS = ("", ":tcp/443", ":tcp/1-65535", ":udp/123", ":icmp", ":tcp/8884-9000")
SENT_FROM = (22, 25, 50, 51, 52, 53, 123, 443, 8883, 8884, 8885, 8886, 10050, 10051, 40000)
"""Every port that anything is answered on, and another."""


def answer(source: str, destination: str, changes: dict[str, Any] | None = None) -> Answer:
    declared = catalogue(changes)
    return ask(World.of(declared), read_question(declared, source, destination))


def pieces(found: Answer) -> dict[Verdict, FlowSet]:
    return {
        verdict: FlowSet.union(part.flows for part in found.parts if part.verdict is verdict) for verdict in Verdict
    }


@settings(max_examples=60)
@given(astray | catalogues, st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(PORTS))
def test_parts_are_all_that_was_asked(declared: Catalogue, source: str, destination: str, port: str) -> None:
    """Every class of flows that differ in the port they are sent from alone has one verdict, and every class that is
    asked about has one. What is meant and what is dropped are whole classes; of what is left, the flows that pass.
    """
    world, question = World.of(declared), read_question(declared, source, destination + port)
    found = ask(world, question)
    by_verdict = pieces(found)
    classes = {verdict: flows.from_any_port() for verdict, flows in by_verdict.items()}
    assert FlowSet.union(classes.values()) == question.flows
    assert all(one & other == NOTHING for one, other in combinations(classes.values(), 2))
    permitted, intended = world.permitted(question.flows), world.intended(question.flows)
    assert by_verdict[Verdict.INTENDED] == classes[Verdict.INTENDED]
    assert by_verdict[Verdict.INTENDED].is_subset(intended & permitted)
    assert by_verdict[Verdict.RESIDUAL] == classes[Verdict.RESIDUAL] & permitted
    assert (classes[Verdict.RESIDUAL] - (intended & permitted)).from_any_port() == classes[Verdict.RESIDUAL]
    assert by_verdict[Verdict.BLOCKED] == classes[Verdict.BLOCKED]
    assert by_verdict[Verdict.BLOCKED] & permitted == NOTHING
    assert sum(part.flows.size() for part in found.parts) == FlowSet.union(part.flows for part in found.parts).size()


@settings(max_examples=60)
@given(astray | catalogues, st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(PORTS))
def test_a_witness_speaks_for_its_part(declared: Catalogue, source: str, destination: str, port: str) -> None:
    world, oracle = World.of(declared), Oracle(declared)
    for part in ask(world, read_question(declared, source, destination + port)).parts:
        assert part.witness in part.flows
        assert oracle.permitted(part.witness) is (part.verdict is not Verdict.BLOCKED)
        assert oracle.intended(part.witness) or part.verdict is not Verdict.INTENDED
        looks_like_one = bool(part.flows) and part.flows.turned().is_subset(world.intended(part.flows.turned()))
        assert part.answers is (part.cause is not None and part.verdict is Verdict.RESIDUAL and looks_like_one)
        assert (part.dropped_by is not None) is (part.verdict is Verdict.BLOCKED)
        assert part.dropped_by == world.dropped_by(part.witness)
        assert part.unfiltered is (part.verdict is Verdict.RESIDUAL and oracle.unfiltered(part.witness))
        assert (part.cause is None) is (part.unfiltered or part.verdict is Verdict.BLOCKED)


@settings(max_examples=25)
@given(
    astray | catalogues,
    st.sampled_from(ADDRESSES),
    st.sampled_from(ADDRESSES),
    st.sampled_from([(6, 22), (6, 443), (17, 123), (1, 0)]),
)
def test_one_class_has_one_verdict(declared: Catalogue, source: int, destination: int, asked: tuple[int, int]) -> None:
    """Meant and passing from every port, else passing from some, else dropped."""
    protocol, port = asked
    oracle = Oracle(declared)
    sent = [Flow(source, destination, protocol, each, port) for each in SENT_FROM]
    if all(oracle.intended(flow) and oracle.permitted(flow) for flow in sent):
        expected = Verdict.INTENDED
    else:
        expected = Verdict.RESIDUAL if any(map(oracle.permitted, sent)) else Verdict.BLOCKED
    written = {1: "icmp", 6: f"tcp/{port}", 17: f"udp/{port}"}[protocol]
    ends = (".".join(str(end >> shift & 255) for shift in (24, 16, 8, 0)) for end in (source, destination))
    question = read_question(declared, next(ends), f"{next(ends)}:{written}")
    assert ask(World.of(declared), question).verdict is expected


def only_part(found: Answer) -> Part:
    (part,) = found.parts
    return part


class TestAnswers:
    def test_what_an_allowance_means(self) -> None:
        part = only_part(answer("maintenance", "app-1:tcp/3389"))
        assert part.verdict is Verdict.INTENDED
        assert part.cause is not None
        assert (part.cause.kind, part.cause.path, part.cause.row, part.cause.reason) == (
            CauseKind.ALLOWANCE,
            "minami-suido.allowances.maintenance",
            22,
            "maintenance",
        )
        assert part.witness.destination_port == 3389

    def test_what_only_looks_like_an_answer(self) -> None:
        part = only_part(answer("collector", "app-1:tcp/3389"))
        assert part.verdict is Verdict.RESIDUAL
        assert part.cause is not None
        assert part.cause.path == "minami-suido.allowances.telemetry"
        assert part.witness.source_port in (443, 8883, 8884)

    def test_what_nobody_allows(self) -> None:
        part = only_part(answer("app-2", "collector:tcp/443"))
        assert (part.verdict, part.cause, part.dropped_by) == (Verdict.BLOCKED, None, "minami-suido")

    @pytest.mark.parametrize(
        ("source", "destination", "path", "row"),
        [
            ("app-1", "app-2", "minami-suido.network", 22),
            ("north-gw", "car:tcp/80", "minami-suido.network", 22),
            ("app-1", "platform/ntp:udp/123", "platform.services.ntp", 1),
            ("car", "ntp-1:udp/123", "platform.services.ntp", 1),
            ("app-1", "platform/smtp:tcp/25", "minami-suido.options", 24),
            ("platform/zabbix", "minami-suido/north:icmp", "minami-suido.options", 17),
        ],
    )
    def test_where_it_is_declared(self, source: str, destination: str, path: str, row: int) -> None:
        found = answer(source, destination)
        assert found.verdict is Verdict.INTENDED
        assert {(part.cause.path, part.cause.row) for part in found.parts if part.cause is not None} == {(path, row)}

    def test_an_option_that_is_not_ordered_opens_nothing(self) -> None:
        """FAQ-24"""
        part = only_part(answer("collector", "platform/smtp:tcp/25"))
        assert (part.verdict, part.dropped_by) == (Verdict.BLOCKED, "kawa-systems")

    def test_what_is_meant_and_passes_only_as_an_answer_is_left(self) -> None:
        """Outside the space that the platform opens, the service is meant and dropped, but from one port."""
        allowance = {"from": "ntp-2", "to": "minami-suido/app-1", "ports": ["tcp/9000"], "reason": "work"}
        found = answer(
            "app-1",
            "ntp-2:tcp/20-25",
            {"platform.space.utilities.cidr": "10.72.0.0/16", "platform.allowances": {"work": allowance}},
        )
        part = only_part(found)
        assert (part.verdict, part.answers, part.witness.source_port) == (Verdict.RESIDUAL, True, 9000)
        assert part.cause is not None
        assert part.cause.path == "platform.allowances.work"

    def test_between_a_line_and_terminals_of_another_no_filter_stands(self) -> None:
        part = only_part(answer("north-gw", "maintenance:tcp/445"))
        assert (part.verdict, part.unfiltered, part.cause) == (Verdict.RESIDUAL, True, None)

    def test_blocked_outweighs_residual_outweighs_intended(self) -> None:
        """Both app servers are asked about: one is answered, the other is not."""
        found = answer("minami-suido", "collector:tcp/443")
        assert {part.verdict for part in found.parts} == {Verdict.INTENDED, Verdict.BLOCKED}
        assert found.verdict is Verdict.BLOCKED
        assert answer("app-1", "collector:tcp/443").verdict is Verdict.INTENDED

    @pytest.mark.parametrize("ends", [("2001:db8::1", "app-1"), ("app-1", "2001:db8::1:tcp/443")])
    def test_ipv6_is_blocked(self, ends: tuple[str, str]) -> None:
        found = answer(*ends)
        assert (found.parts, found.verdict) == ((), Verdict.BLOCKED)

    def test_a_network_outside_its_space_has_services_on_paper_only(self) -> None:
        """The platform opens whole spaces: what lies outside of them is meant, and dropped all the same."""
        changes = {
            "kawa-systems.network.cidr": "10.200.1.0/24",
            "kawa-systems.endpoints": {},
            "kawa-systems.vms.collector.address": "10.200.1.10",
            "kawa-systems.vms.collector-2.address": "10.200.1.11",
            "minami-suido.allowances": {},
        }
        part = only_part(answer("collector", "ntp-1:udp/123", changes))
        assert (part.verdict, part.dropped_by) == (Verdict.BLOCKED, "platform")


def test_a_witness_stands_between_things_with_names() -> None:
    part = only_part(answer("minami-suido", "minami-suido"))
    ends = {"10.64.1.11", "10.64.1.12", "10.160.1.1", "10.160.1.5", "10.176.1.1", "10.64.1.241"}
    assert all(".".join(str(end >> shift & 255) for shift in (24, 16, 8, 0)) in ends for end in part.witness[:2])
    assert part.witness.source != part.witness.destination
    assert part.witness.source_port == 49152
