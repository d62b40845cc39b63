"""What the declarations of a small world say may pass, flow by flow and without any rule.

Here: the meaning of a declaration in the plainest words (FAQ 22, 35), against which compiled rules are held. Not here:
rules, sets, or anything of `wpf_infra.network` but the table of services and the type of a flow.
At the port of an owner's server passes what is inside the owner, and both ways of each conversation of the owner's: a
filter remembers nothing, so who answers from a port may also speak first from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netaddr import IPNetwork

from tests.reachability.scene import Scene
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.resource import Direction
from wpf_infra.network.flow.flow_set import NUMBERS, Flow
from wpf_infra.network.service import SERVICES, Reach, Service


def answer_to(flow: Flow) -> Flow:
    return Flow(flow.destination, flow.source, flow.protocol, flow.destination_port, flow.source_port)


@dataclass(frozen=True, slots=True)
class Conversation:
    source: IPNetwork
    destination: IPNetwork
    port: Port

    def opens(self, flow: Flow) -> bool:
        return (
            _within(flow.source, self.source)
            and _within(flow.destination, self.destination)
            and flow.protocol == NUMBERS[self.port.protocol]
            and (self.port.protocol is Protocol.ICMP or self.port.first <= flow.destination_port <= self.port.last)
        )

    def carries(self, flow: Flow) -> bool:
        return self.opens(flow) or self.opens(answer_to(flow))


class Declared:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._owners = (PLATFORM, *scene.catalogue.tenants)
        self._ports = {int(machine.address): machine.portgroup for machine in scene.machines}
        self._conversations = {owner: list(self._held_at(owner)) for owner in self._owners}
        self._wanted = {each for _, each in self._allowances()}
        for owner in scene.catalogue.tenants:
            self._wanted |= set(self._services(owner, self._networks(owner)))

    def permits(self, flow: Flow) -> bool:
        """Both ports let it pass, as far as there are any."""
        owners = {self._ports[flow.source], self._ports[flow.destination]} - {None}
        return all(self._passes(owner, flow) for owner in owners if owner is not None)

    def intends(self, flow: Flow) -> bool:
        """Somebody wanted it: it is inside an owner, or opens a conversation."""
        return any(self._is_within_owner(owner, flow) for owner in self._owners) or any(
            each.opens(flow) for each in self._wanted
        )

    def conversations(self) -> frozenset[Conversation]:
        """All that any owner's port knows of."""
        return frozenset(each for held in self._conversations.values() for each in held) | self._wanted

    def _passes(self, owner: str, flow: Flow) -> bool:
        network = self._network(owner)
        ends = [_within(end, network) for end in (flow.source, flow.destination)]
        if any(ends) and self._is_within_owner(owner, flow):
            return True
        return any(each.carries(flow) for each in self._conversations[owner])

    def _is_within_owner(self, owner: str, flow: Flow) -> bool:
        networks = [network for _, network in self._networks(owner)]
        return all(any(_within(end, each) for each in networks) for end in (flow.source, flow.destination))

    def _held_at(self, owner: str) -> Iterator[Conversation]:
        yield from (each for owners, each in self._allowances() if owner in owners)
        if owner != PLATFORM:
            yield from self._services(owner, [(Reach.SERVERS, self._network(owner))])
            return
        space = self._scene.catalogue.platform.space
        spaces = [(Reach.SERVERS, space.utilities.cidr), (Reach.SERVERS, space.vendors.cidr)]
        spaces += [(Reach.FIXED_LINES, space.fixed_lines), (Reach.MOBILE_LINES, space.mobile_lines)]
        yield from (each for service in SERVICES for each in self._of_service(service, spaces))

    def _allowances(self) -> Iterator[tuple[set[str], Conversation]]:
        catalogue = self._scene.catalogue
        declared = {PLATFORM: catalogue.platform.allowances}
        declared |= {name: tenant.allowances for name, tenant in catalogue.tenants.items()}
        for allowances in declared.values():
            for allowance in allowances.values():
                ends = (allowance.source, allowance.destination)
                owners = {end.partition("/")[0] for end in ends}
                source, destination = (self._scene.ends[end] for end in ends)
                for port in allowance.ports:
                    yield owners, Conversation(source, destination, port)

    def _services(self, owner: str, networks: list[tuple[Reach, IPNetwork]]) -> Iterator[Conversation]:
        options = self._scene.catalogue.tenants[owner].options
        for service in SERVICES:
            if service.option is None or service.option in options:
                yield from self._of_service(service, networks)

    def _of_service(self, service: Service, networks: list[tuple[Reach, IPNetwork]]) -> Iterator[Conversation]:
        platform = self._scene.catalogue.platform
        outward = service.opens is Direction.OUT
        ports = platform.service_ports.get(service.function, service.ports) if outward else service.ports
        for server in platform.services.get(service.function, ()):
            ours = IPNetwork(platform.vms[server].address)
            for reach, network in networks:
                for port in ports if reach in service.reach else ():
                    yield Conversation(network, ours, port) if outward else Conversation(ours, network, port)

    def _networks(self, owner: str) -> list[tuple[Reach, IPNetwork]]:
        tenant = self._scene.catalogue.tenants.get(owner)
        lines = tenant.lines.values() if tenant is not None else ()
        own = (Reach.SERVERS, self._network(owner))
        return [own, *((Reach(f"{line.kind}-lines"), line.cidr) for line in lines)]

    def _network(self, owner: str) -> IPNetwork:
        catalogue = self._scene.catalogue
        return (catalogue.platform if owner == PLATFORM else catalogue.tenants[owner]).network.cidr


def _within(address: int, network: IPNetwork) -> bool:
    return bool(network.first <= address <= network.last)
