"""The same question put to the declarations, to the rules on portgroups, to the set model: what becomes of a flow?

Here: asking each in its own words. Not here: real packets (`lab`), comparing (`test_three_answers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from netaddr import IPAddress, IPNetwork
from pyVmomi import vim

from tests.reachability import nftables
from tests.reachability.declared import answer_to
from tests.reachability.lab import Seen
from tests.reachability.namespaces import ipv6_number
from tests.reachability.scene import Scene
from wpf_infra.backend.vsphere.caption import Caption
from wpf_infra.backend.vsphere.filter import lines, rewritten
from wpf_infra.backend.vsphere.traffic_rule import Line
from wpf_infra.backend.vsphere.verdict import ARP, IPV6, Packet, PortFilter, Way
from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.filter import all_policies
from wpf_infra.network.flow.flow_set import Flow, FlowSet, flows
from wpf_infra.network.reach.world import World
from wpf_infra.network.rules import Rule

Mishap = Callable[[Sequence[Rule]], Sequence[Rule]]
"""What a broken compiler would have made of an owner's rules."""


def seen(permits: Callable[[Flow], bool], flow: Flow) -> Seen:
    """What is seen of a flow where this is permitted: it arrives if it may pass, and is answered if the answer may."""
    return Seen(permits(flow), permits(flow) and permits(answer_to(flow)))


class Portgroups:
    """Every owner's rules as they are written on its portgroup, and the same for nftables."""

    def __init__(self, scene: Scene, mishap: Mishap | None = None) -> None:
        self._ports = {int(machine.address): machine.portgroup for machine in scene.machines}
        written = {owner: _lines(policy, mishap) for owner, policy in all_policies(scene.catalogue).items()}
        self._filters = {owner: PortFilter(_settings(held)) for owner, held in written.items()}
        self._rules = {owner: [line.rule for line in held if line.rule is not None] for owner, held in written.items()}

    def nftables(self, ports: Mapping[str, str]) -> str:
        return nftables.ruleset(self._rules, ports)

    def permits(self, flow: Flow) -> bool:
        return self.dropped_by(flow) is None

    def dropped_by(self, flow: Flow) -> str | None:
        """The owner of the first portgroup on its way that drops it."""
        return self._dropping(flow, Packet(*flow))

    def permits_ipv6(self, flow: Flow) -> bool:
        ends = ipv6_number(flow.source), ipv6_number(flow.destination)
        return self._dropping(flow, Packet(*ends, *flow[2:], ethertype=IPV6)) is None

    def permits_arp(self, flow: Flow) -> bool:
        return self._dropping(flow, Packet(ethertype=ARP)) is None

    def _dropping(self, flow: Flow, packet: Packet) -> str | None:
        for end, way in ((flow.source, Way.FROM_SERVER), (flow.destination, Way.TO_SERVER)):
            owner = self._ports[end]
            if owner is not None:
                verdict = self._filters[owner].verdict(packet, way)
                assert verdict.passes is not None, f"{packet} is open: {verdict}"
                if not verdict.passes:
                    return owner
        return None


class Sets:
    """The set model, asked for one pair of machines at a time."""

    def __init__(self, scene: Scene) -> None:
        self.world = World.of(scene.catalogue)
        self._permitted = lru_cache(maxsize=None)(lambda *ends: self.world.permitted(_pair(*ends)))
        self._intended = lru_cache(maxsize=None)(lambda *ends: self.world.intended(_pair(*ends)))
        self._residual = lru_cache(maxsize=None)(lambda *ends: self.world.residual(_pair(*ends)))

    def permits(self, flow: Flow) -> bool:
        return flow in self._permitted(flow.source, flow.destination)

    def intends(self, flow: Flow) -> bool:
        return flow in self._intended(flow.source, flow.destination)

    def leaves(self, flow: Flow) -> bool:
        return flow in self._residual(flow.source, flow.destination)


def _pair(source: int, destination: int) -> FlowSet:
    return flows(IPNetwork(IPAddress(source, 4)), IPNetwork(IPAddress(destination, 4)))


def _lines(policy: FirewallResource, mishap: Mishap | None) -> tuple[Line, ...]:
    held = lines(policy)
    if mishap is None:
        return held
    return tuple(Line(Caption.of(rule, policy), rule) for rule in mishap([line.rule for line in held if line.rule]))


def _settings(held: Sequence[Line]) -> object:
    """The settings of a new portgroup after its policy was written."""
    bare = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy()
    return rewritten(bare, held)


@dataclass(frozen=True, slots=True)
class Disagreement:
    flow: Flow
    said: Mapping[str, Seen]

    def __str__(self) -> str:
        ends = [str(IPAddress(end, 4)) for end in self.flow[:2]]
        words = f"{ends[0]}:{self.flow.source_port} → {ends[1]}:{self.flow.destination_port}"
        said = ", ".join(f"{who} {_FATES[held]}" for who, held in self.said.items())
        return f"{words}, protocol {self.flow.protocol}: {said}"


_FATES = {
    Seen(True, True): "answered",
    Seen(True, False): "arrived, not answered",
    Seen(False, False): "did not arrive",
    Seen(False, True): "answered though it did not arrive",
}


def disagreements(tried: Iterable[Flow], answers: Mapping[str, Callable[[Flow], Seen]]) -> Iterator[Disagreement]:
    for flow in tried:
        said = {who: answer(flow) for who, answer in answers.items()}
        if len(set(said.values())) > 1:
            yield Disagreement(flow, said)
