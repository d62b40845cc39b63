"""What is meant: every declaration that lets a conversation begin, with the flows it means.

Here: the flows inside an owner, of allowances and of services, found by the addresses they touch. Not here: what the
filters make of it (`world`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, product
from typing import NamedTuple

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance
from wpf_infra.network.flow.flow_set import Box, FlowSet, Span, box, span
from wpf_infra.network.reach.acceptance import Ends
from wpf_infra.network.reach.cause import Cause, CauseKind
from wpf_infra.network.reach.zones import Zones
from wpf_infra.network.service import SERVICES, Service, flows_of


class Intent(NamedTuple):
    """source: who may begin; ports: what is answered, None for whatever."""

    cause: Cause
    source: Span
    destination: Span
    ports: tuple[Port, ...] | None

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All that opens such a conversation, from whatever port."""
        return tuple(box(self.source, self.destination, *port) for port in self._ports())

    @property
    def answers(self) -> tuple[Box, ...]:
        """All that looks like an answer: from what is asked on, to whatever port."""
        return tuple(
            box(self.destination, self.source, protocol, numbers, None) for protocol, _, numbers in self._ports()
        )

    def touches(self, asked: FlowSet, *, answers: bool) -> bool:
        """Is it between the ends of any of these flows? answers: of any that they would answer."""
        return asked.meets(self.destination, self.source) if answers else asked.meets(self.source, self.destination)

    def _ports(self) -> Iterator[tuple[Protocol | None, None, Span | None]]:
        """Protocol, port of the sender, port of the receiver; None: whatever."""
        if self.ports is None:
            yield None, None, None
        for port in self.ports or ():
            yield port.protocol, None, None if port.protocol is Protocol.ICMP else (port.first, port.last)


class Intents:
    """All intents of a catalogue, listed by their owners as far as somebody asks.

    ends: of each owner's policy; owners: whose an address is.
    """

    def __init__(self, catalogue: Catalogue, ends: Callable[[str], Ends], owners: Zones) -> None:
        self._catalogue = catalogue
        self._ends = ends
        self._owners = owners
        self._inside = cache(lambda owner: tuple(inside(ends(owner).policy)))
        self.services = cache(self._services_of)

    def touching(self, asked: FlowSet, *, answers: bool = False) -> Iterator[Intent]:
        """Those between the ends of any of these flows: inside owners first, then allowances, then services, by owner
        and name. answers: those that such flows look like an answer to.
        """
        spans = (asked.destinations, asked.sources) if answers else (asked.sources, asked.destinations)
        senders, receivers = ({owner for owner in self._owners.split(each) if owner is not None} for each in spans)
        served = (receivers if PLATFORM in senders else set()) | (senders if PLATFORM in receivers else set())
        free = (each for owner in sorted(senders & receivers) for each in self._inside(owner))
        ordered = (each for tenant in sorted(served - {PLATFORM}) for each in self.services(tenant))
        fewer = receivers if len(receivers) < len(senders) else senders
        return chain(
            (each for each in free if each.touches(asked, answers=answers)),
            self._allowed(fewer, asked, answers=answers),
            (each for each in ordered if each.touches(asked, answers=answers)),
        )

    def _allowed(self, owners: Iterable[str], asked: FlowSet, *, answers: bool) -> Iterator[Intent]:
        """Each once, though both of its owners list it."""
        found: dict[str, ResolvedAllowance] = {}
        for owner in owners:
            ends = self._ends(owner)
            for key in ends.allowances(asked, answers=answers):
                if not is_service(key):
                    found[key] = ends.policy.allowances[key]
        return (allowed(key, found[key]) for key in sorted(found))

    def _services_of(self, tenant: str) -> tuple[Intent, ...]:
        return tuple(
            Intent(
                service_cause(each.service, each.server, tenant), span(each.source), span(each.destination), each.ports
            )
            for each in flows_of(self._catalogue.platform, self._catalogue.tenants[tenant])
        )


def inside(policy: FirewallResource) -> Iterator[Intent]:
    """Inside an owner traffic is free, its lines included (FAQ 22, 35)."""
    cause = Cause(CauseKind.INSIDE, f"{policy.tenant}.network", None, 22, "")
    networks = [span(network) for network in (policy.network, *policy.lines.values())]
    for source, destination in product(networks, networks):
        yield Intent(cause, source, destination, None)


def is_service(key: str) -> bool:
    """Is it the key of a service in a policy? An owner's id has no dot."""
    return "." in key


def allowed(key: str, allowance: ResolvedAllowance) -> Intent:
    """key: `declaring-owner/allowance`."""
    declaring, _, name = key.partition("/")
    cause = Cause(CauseKind.ALLOWANCE, f"{declaring}.allowances.{name}", key, 22, allowance.reason)
    return Intent(cause, span(allowance.source), span(allowance.destination), allowance.ports)


def service_cause(service: Service, server: str, tenant: str) -> Cause:
    """Who orders an option declares it; what everybody has, the platform declares."""
    if service.option is None:
        return space_cause(service, server)
    return replace(space_cause(service, server), path=f"{tenant}.options")


def space_cause(service: Service, server: str) -> Cause:
    key = f"{PLATFORM}.{service.name}/{server}"
    return Cause(CauseKind.SERVICE, f"{PLATFORM}.services.{service.function}", key, service.row, service.name)


def spaces_opened(policy: FirewallResource) -> Iterator[Intent]:
    """What the platform's policy opens to whole address spaces, whoever has ordered it."""
    services = {service.name: service for service in SERVICES}
    for key, each in policy.allowances.items():
        if is_service(key):
            name, _, server = key.partition(".")[2].partition("/")
            cause = space_cause(services[name], server)
            yield Intent(cause, span(each.source), span(each.destination), each.ports)
