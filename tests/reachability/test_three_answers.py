"""Three answers, one truth: what the set model says of a flow, what the rules on the portgroups say, and what becomes
of real packets; and beside them the declarations themselves, without which a compiler that is wrong would only be
wrong three times.

Compared is, for every flow of `probes` between every pair of machines of a random small world (`scene`):

- *arrived*: the first packet of the flow comes in at the other machine: a datagram of UDP at its socket, the SYN of a
  TCP connection, an ICMP echo request. The models: the flow is permitted.
- *answered*: what is sent back comes in as well: a datagram from the port that was asked, the TCP connection
  established, the echo reply. The models: the flow is permitted, and its answer is.

The set model is `network.world`. The rules are those of `network.rules` as `backend.vsphere.filter` writes them,
judged by `backend.vsphere.verdict` at the source's and at the destination's port. The packets meet the same rules in
nftables (`nftables`, `lab`). The declarations are read by `declared`, which knows no rule. All four have to say the
same of both.

So many worlds in a test run; in `make fuzz` others, and more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from random import SystemRandom

import pytest

from tests.fuzz.wrong_input import EXAMPLES
from tests.reachability import lab
from tests.reachability.answers import Mishap, Portgroups, Sets, disagreements, seen
from tests.reachability.declared import Declared
from tests.reachability.probes import probes
from tests.reachability.scene import random_scene
from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import NUMBERS, Flow
from wpf_infra.network.rules import Action, Rule

_WORLDS = EXAMPLES // 200
"""In the long run: a world takes seconds where a reader takes milliseconds."""
_PACKETS = range(_WORLDS or 3)
_MODELS = range(3 * _WORLDS or 4)


def _seed(place: int) -> int:
    """The same in every test run, any in the long run; what fails names it."""
    return SystemRandom().randrange(10**9) if EXAMPLES else place


@pytest.fixture
def namespaces(requires: Callable[[bool, str], None]) -> None:
    requires(lab.is_possible(), "Linux network namespaces with ip and nft, and root to use them")


class Trial:
    """A random small world with all that is asked about it."""

    def __init__(self, seed: int, mishap: Mishap | None = None) -> None:
        self.seed = seed
        self.scene = random_scene(seed)
        self.declared = Declared(self.scene)
        self.portgroups = Portgroups(self.scene, mishap)
        self.flows = probes(self.scene.machines, self.declared.conversations())
        self.asked = {
            "declarations": lambda flow: seen(self.declared.permits, flow),
            "rules": lambda flow: seen(self.portgroups.permits, flow),
        }

    def with_sets(self) -> Trial:
        sets = Sets(self.scene)
        self.asked["sets"] = lambda flow: seen(sets.permits, flow)
        return self

    def with_packets(self) -> Trial:
        """What seems lost is tried again, almost alone: then a busy machine is no reason."""
        went = lab.observe(self.scene.machines, self.portgroups.nftables, self.flows)
        lost = [flow for flow in self.flows if went[flow] != self.asked["rules"](flow)]
        if lost:
            again = lab.observe(self.scene.machines, self.portgroups.nftables, lost)
            went |= {flow: went[flow] | again[flow] for flow in lost}
        self.asked["packets"] = went.__getitem__
        return self

    def disagreements(self) -> list[str]:
        return [f"world {self.seed}: {each}" for each in disagreements(self.flows, self.asked)]


@pytest.mark.parametrize("place", _PACKETS)
def test_sets_rules_and_packets_say_the_same(place: int, namespaces: None) -> None:
    """FAQ-22, FAQ-35"""
    trial = Trial(_seed(place)).with_sets().with_packets()
    assert trial.disagreements() == []
    fates = {trial.asked["packets"](flow).arrived for flow in trial.flows}
    assert fates == {True, False}, "a world where everything or nothing passes tells nothing"


@pytest.mark.parametrize("place", _MODELS)
class TestWithoutPackets:
    """More worlds, where nobody may make a namespace too."""

    def test_sets_and_rules_say_what_is_declared(self, place: int) -> None:
        assert Trial(_seed(place)).with_sets().disagreements() == []

    def test_what_is_meant_is_what_is_declared_and_what_is_left_is_the_rest(self, place: int) -> None:
        trial = Trial(_seed(place))
        sets = Sets(trial.scene)
        for flow in trial.flows:
            meant = trial.declared.intends(flow)
            assert sets.intends(flow) == meant, (trial.seed, flow)
            assert sets.leaves(flow) == (trial.declared.permits(flow) and not meant), (trial.seed, flow)

    def test_what_is_meant_passes_and_so_does_its_answer(self, place: int) -> None:
        trial = Trial(_seed(place))
        meant = [flow for flow in trial.flows if trial.declared.intends(flow)]
        assert meant
        for flow in meant:
            assert seen(trial.portgroups.permits, flow) == lab.Seen(True, True), (trial.seed, flow)

    def test_both_know_whose_filter_drops_it(self, place: int) -> None:
        trial = Trial(_seed(place))
        sets = Sets(trial.scene)
        for machine in trial.scene.machines:
            assert sets.world.filter_owner(int(machine.address)) == machine.portgroup, (trial.seed, machine)
        for flow in trial.flows:
            assert sets.world.dropped_by(flow) == trial.portgroups.dropped_by(flow), (trial.seed, flow)


def test_ipv6_is_dropped_at_every_port_and_arp_passes(namespaces: None) -> None:
    """That machines found each other for all else is ARP's doing, through the same ports."""
    trial = Trial(_seed(0))
    ports = {int(machine.address): machine.portgroup for machine in trial.scene.machines}
    flows = [Flow(*ends, NUMBERS[Protocol.UDP], 50_000, 50_001) for ends in permutations(ports, 2)]
    went = lab.observe_ipv6(trial.scene.machines, trial.portgroups.nftables, flows)
    for flow in flows:
        free = ports[flow.source] is None and ports[flow.destination] is None
        assert went[flow] == lab.Seen(free, free), (trial.seed, flow)
        assert trial.portgroups.permits_ipv6(flow) == free, (trial.seed, flow)
        assert trial.portgroups.permits_arp(flow), (trial.seed, flow)


def _without_an_answer(rules: Sequence[Rule]) -> list[Rule]:
    """The last of the rules for replies is left out."""
    answers = [rule for rule in rules if rule.answers and rule.port is not None]
    return [rule for rule in rules if rule not in answers[-1:]]


def _turned_round(rules: Sequence[Rule]) -> list[Rule]:
    """What is asked for is looked for on the asking side: such a request arrives, and its answer does not."""
    return [
        rule if rule.answers else replace(rule, source_port=rule.destination_port, destination_port=rule.source_port)
        for rule in rules
    ]


def _without_the_rest(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.action is not Action.DROP]


def _without_the_last_of_a_range(rules: Sequence[Rule]) -> list[Rule]:
    return [
        rule
        for rule in rules
        if rule.port is None
        or rule.port.first == rule.port.last
        or rule.port.last not in (rule.source_port, rule.destination_port)
    ]


def _of_any_protocol(rules: Sequence[Rule]) -> list[Rule]:
    """As long as they name no port."""
    return [
        replace(rule, protocol=None) if rule.port and rule.port.protocol is Protocol.ICMP else rule for rule in rules
    ]


@pytest.mark.parametrize(
    "mishap",
    [_without_an_answer, _turned_round, _without_the_rest, _without_the_last_of_a_range, _of_any_protocol],
    ids=lambda mishap: mishap.__name__.strip("_"),
)
def test_a_compiler_that_is_wrong_is_found_out(mishap: Mishap, namespaces: None) -> None:
    """By the rules as they are judged, and by packets alike: both against what is declared."""
    trial = Trial(0, mishap)
    wrong = [each.flow for each in disagreements(trial.flows, trial.asked)]
    assert wrong
    trial.flows = tuple(wrong[:: max(1, len(wrong) // 100)])
    trial.with_packets()
    assert len(trial.disagreements()) == len(trial.flows)
    del trial.asked["declarations"]
    assert trial.disagreements() == []


def test_a_laboratory_leaves_nothing_behind(namespaces: None) -> None:
    """Not even where it is broken off: everything is held by one thread's open files."""

    def left() -> tuple[str, set[str], int]:
        links = {link.name for link in Path("/sys/class/net").iterdir()}
        return str(Path("/proc/self/ns/net").readlink()), links, len(list(Path("/proc/self/fd").iterdir()))

    def broken_off(ports: Mapping[str, str]) -> str:
        raise KeyboardInterrupt

    before = left()
    machines = random_scene(0).machines
    one, other = (int(machine.address) for machine in machines[:2])
    flow = Flow(one, other, NUMBERS[Protocol.TCP], 50_000, 50_001)
    assert lab.observe(machines, Trial(0).portgroups.nftables, [flow])
    with pytest.raises(KeyboardInterrupt):
        lab.observe(machines, broken_off, [flow])
    assert left() == before
