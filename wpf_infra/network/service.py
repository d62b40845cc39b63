"""What the platform's functions and its tenants say to each other without being asked: a closed table, by option.

Here: the table, and a service as allowances of a tenant's policy and of the platform's own. Not here: allowances that
people declare (`resolve`).
The platform's side speaks of whole address spaces, so that a new tenant changes no rule of the platform's; a tenant's
side opens only what the tenant has. A flow passes where both sides open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from netaddr import IPNetwork

from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import AddressSpace, Platform
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.resource import Direction, ResolvedAllowance
from wpf_infra.model.tenant import Option, Tenant


class Reach(StrEnum):
    """Which of a tenant's networks take part in a service."""

    SERVERS = "servers"
    FIXED_LINES = "fixed-lines"
    MOBILE_LINES = "mobile-lines"


@dataclass(frozen=True, slots=True)
class Service:
    """name: stable, of the keys of rules; option: what a tenant has ordered it with, None for every tenant; opens:
    who opens the conversation, OUT the tenant, IN the platform; ports: what is answered; row: the FAQ row it rests on.
    """

    name: str
    function: Function
    option: Option | None
    opens: Direction
    ports: tuple[Port, ...]
    reach: frozenset[Reach]
    row: int


@dataclass(frozen=True, slots=True)
class ServiceFlow:
    """A service between one network of a tenant's (or a space) and one server of the platform."""

    service: Service
    server: str
    source: IPNetwork
    destination: IPNetwork
    ports: tuple[Port, ...]


_TCP, _UDP, _PING = Protocol.TCP, Protocol.UDP, Port(Protocol.ICMP)
_SERVERS = frozenset({Reach.SERVERS})
_MONITORED = frozenset({Reach.SERVERS, Reach.FIXED_LINES})  # FAQ 28: a mobile line has no monitoring
_ALL = frozenset(Reach)
_HTTPS = (Port(_TCP, 443, 443),)

SERVICES: tuple[Service, ...] = (
    Service("ntp", Function.NTP, None, Direction.OUT, (Port(_UDP, 123, 123),), _ALL, 1),
    Service("dns", Function.DNS, None, Direction.OUT, (Port(_TCP, 53, 53), Port(_UDP, 53, 53)), _ALL, 21),
    Service("portal", Function.PORTAL, None, Direction.OUT, _HTTPS, _ALL, 3),
    Service("authentication", Function.AUTHENTICATION, None, Direction.OUT, _HTTPS, _ALL, 3),
    Service("interface", Function.INTERFACE, None, Direction.OUT, _HTTPS, _ALL, 3),
    Service("smtp", Function.SMTP, Option.SMTP, Direction.OUT, (Port(_TCP, 25, 25),), _SERVERS, 24),
    Service("antivirus", Function.ANTIVIRUS, Option.ANTIVIRUS, Direction.OUT, _HTTPS, _SERVERS, 19),
    Service("backup", Function.BACKUP, Option.BACKUP, Direction.OUT, _HTTPS, _SERVERS, 23),
    Service(
        "zabbix-polls",
        Function.ZABBIX,
        Option.MONITORING,
        Direction.IN,
        (_PING, Port(_TCP, 10050, 10050)),  # Zabbix: passive checks of the agent
        _MONITORED,
        17,
    ),
    Service(
        "zabbix-reports",
        Function.ZABBIX,
        Option.MONITORING,
        Direction.OUT,
        (Port(_TCP, 10051, 10051),),  # Zabbix: active checks, which logs need
        _MONITORED,
        17,
    ),
    Service("line-pings", Function.ZABBIX, None, Direction.IN, (_PING,), frozenset({Reach.FIXED_LINES}), 28),
)


def networks_of(tenant: Tenant) -> Iterator[tuple[Reach, IPNetwork]]:
    """A tenant's networks: its servers' first, lines by name."""
    yield Reach.SERVERS, tenant.network.cidr
    for _, line in sorted(tenant.lines.items()):
        yield Reach.FIXED_LINES if line.kind == "fixed" else Reach.MOBILE_LINES, line.cidr


def flows_of(platform: Platform, tenant: Tenant) -> Iterator[ServiceFlow]:
    """Every service flow that the tenant has, its lines' among them."""
    ordered = [each for each in SERVICES if each.option is None or each.option in tenant.options]
    for reach, network in networks_of(tenant):
        for service in ordered:
            if reach in service.reach:
                yield from _flows(platform, service, network)


def tenant_services(platform: Platform, tenant: Tenant) -> dict[str, ResolvedAllowance]:
    """What the tenant's own policy opens for services, by `platform.SERVICE/SERVER`: its servers' part, for lines pass
    no port of theirs on the way to the platform.
    """
    network = tenant.network.cidr
    return {
        f"{PLATFORM}.{flow.service.name}/{flow.server}": _resolved(flow, flow.service.opens)
        for service in SERVICES
        if Reach.SERVERS in service.reach and (service.option is None or service.option in tenant.options)
        for flow in _flows(platform, service, network)
    }


def platform_services(platform: Platform) -> dict[str, ResolvedAllowance]:
    """What the platform's policy opens for services, whoever its tenants are, by `SPACE.SERVICE/SERVER`."""
    return {
        f"{space}.{flow.service.name}/{flow.server}": _resolved(flow, _OTHER_WAY[flow.service.opens])
        for space, reach, network in _spaces(platform.space)
        for service in SERVICES
        if reach in service.reach
        for flow in _flows(platform, service, network)
    }


_OTHER_WAY = {Direction.OUT: Direction.IN, Direction.IN: Direction.OUT}


def _spaces(space: AddressSpace) -> Iterator[tuple[str, Reach, IPNetwork]]:
    yield "utilities", Reach.SERVERS, space.utilities.cidr
    yield "vendors", Reach.SERVERS, space.vendors.cidr
    yield "fixed-lines", Reach.FIXED_LINES, space.fixed_lines
    yield "mobile-lines", Reach.MOBILE_LINES, space.mobile_lines


def _flows(platform: Platform, service: Service, network: IPNetwork) -> Iterator[ServiceFlow]:
    ports = service.ports
    if service.opens is Direction.OUT:
        ports = tuple(sorted(set(platform.service_ports.get(service.function, ports))))
    for server in sorted(set(platform.services.get(service.function, ()))):
        if (vm := platform.vms.get(server)) is not None:
            ours = IPNetwork(vm.address)
            ends = (network, ours) if service.opens is Direction.OUT else (ours, network)
            yield ServiceFlow(service, server, *ends, ports)


def _resolved(flow: ServiceFlow, direction: Direction) -> ResolvedAllowance:
    return ResolvedAllowance(
        direction=direction,
        source=flow.source,
        destination=flow.destination,
        ports=flow.ports,
        reason=f"{flow.service.name} (FAQ-{flow.service.row})",
    )
