"""Small random catalogues, and an oracle that judges one packet at a time, in the plainest way there is.

Here: both, for the tests of sets of flows. Not here: anything of the sets themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from tests.samples import catalogue
from wpf_infra.model import Catalogue, Tenant
from wpf_infra.model.allowance import Allowance
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.network.filter import policy_of
from wpf_infra.network.flow.flow_set import Flow
from wpf_infra.network.rules import Action, Rule, compile_rules
from wpf_infra.network.service import flows_of

_OPTIONS = ("monitoring", "smtp", "snapshot", "antivirus", "backup")
_ENDS = {
    "minami-suido": ("app-1", "app-2", "desk", "north", "car", "north-gw"),
    "kawa-systems": ("collector", "collector-2", "maintenance"),
    "platform": ("ntp-1", "ntp-2", "hosts"),
}
_PORTS = ("tcp/22", "tcp/443", "udp/123", "tcp/8883-8886", "icmp", "udp/50-53")
HOSTS = "10.33.0.0/28"
"""What stands beside the platform's servers."""

_ports = st.lists(st.sampled_from(_PORTS), min_size=1, max_size=3, unique=True)


@st.composite
def _allowance(draw: st.DrawFn, declaring: str) -> dict[str, Any]:
    other = draw(st.sampled_from(sorted(_ENDS)))
    ends = [draw(st.sampled_from(_ENDS[declaring])), f"{other}/{draw(st.sampled_from(_ENDS[other]))}"]
    if draw(st.booleans()):
        ends.reverse()
    return {"from": ends[0], "to": ends[1], "ports": draw(_ports), "reason": "work"}


def _allowances(declaring: str) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    return st.dictionaries(st.sampled_from("abcd"), _allowance(declaring), max_size=4)


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """As of `tests.samples`: other options, allowances, services and ranges of terminals, a server among them."""
    options = st.lists(st.sampled_from(_OPTIONS), unique=True)
    found: dict[str, Any] = {"platform.endpoints": {"hosts": {"cidr": HOSTS}}}
    for owner in _ENDS:
        found[f"{owner}.allowances"] = draw(_allowances(owner))
    for tenant in ("minami-suido", "kawa-systems"):
        found[f"{tenant}.options"] = draw(options)
    found["minami-suido.vms.app-2.address"] = draw(st.sampled_from(["10.64.1.12", "10.64.1.241"]))
    found["kawa-systems.endpoints.maintenance.cidr"] = draw(st.sampled_from(["10.96.1.240/28", "10.96.1.8/29"]))
    found["platform.services"] = draw(
        st.dictionaries(
            st.sampled_from(["ntp", "dns", "smtp", "zabbix", "portal", "backup"]),
            st.lists(st.sampled_from(["ntp-1", "ntp-2"]), min_size=1, unique=True),
        )
    )
    return found


catalogues = changes().map(catalogue)

_NORTH = st.sampled_from(
    [("10.160.1.0/28", "10.160.1.5"), ("10.201.0.0/29", "10.201.0.5"), ("10.64.1.64/28", "10.64.1.77")]
)
"""A line and its gateway: in the space of lines, outside it, inside its owner's network."""
_SPACES = {
    "utilities.cidr": ["10.64.0.0/12", "10.64.1.0/28", "10.72.0.0/16"],
    "vendors.cidr": ["10.96.0.0/12", "10.97.0.0/16"],
    "fixed_lines": ["10.160.0.0/12", "10.160.1.4/30"],
    "mobile_lines": ["10.176.0.0/12", "10.177.0.0/16"],
}


@st.composite
def astray_changes(draw: st.DrawFn) -> dict[str, Any]:
    """As `changes`, of what rules refuse and a world does not: networks and lines outside the space of their kind, or
    half in it, so that what is meant does not all pass; and services on other ports than their own.
    """
    found = draw(changes())
    cidr, gateway = draw(_NORTH)
    found |= {f"platform.space.{space}": draw(st.sampled_from(networks)) for space, networks in _SPACES.items()}
    found |= {"minami-suido.lines.north.cidr": cidr, "minami-suido.gateways.north-gw.address": gateway}
    found["platform.endpoints"] = {"hosts": {"cidr": draw(st.sampled_from([HOSTS, "10.32.0.96/28"]))}}
    found["platform.service_ports"] = draw(st.dictionaries(st.sampled_from(["ntp", "dns", "zabbix"]), _ports))
    return found


astray = astray_changes().map(catalogue)


@dataclass(frozen=True)
class Oracle:
    """What becomes of one packet, by the definitions and nothing else."""

    catalogue: Catalogue

    def permitted(self, flow: Flow) -> bool:
        owners = {self.filter_owner(end) for end in flow[:2]} - {None}
        return all(_decision(self._rules[owner], flow) is Action.ACCEPT for owner in owners if owner is not None)

    def unfiltered(self, flow: Flow) -> bool:
        return self.filter_owner(flow.source) is None and self.filter_owner(flow.destination) is None

    def intended(self, flow: Flow) -> bool:
        return any(
            flow.source in _addresses(source) and flow.destination in _addresses(destination) and _answers(ports, flow)
            for source, destination, ports in self._meant
        )

    @property
    def is_sound(self) -> bool:
        """Has every address one owner, and does everything stand in its owner's network, or on its line?"""
        claims = [(owner, network.cidr) for owner, network in self.catalogue.networks()]
        claims += [("platform", each.cidr) for each in self.catalogue.platform.endpoints.values()]
        standing: list[tuple[Any, Any]] = []
        for owner, tenant in self.catalogue.tenants.items():
            claims += [(owner, line.cidr) for line in tenant.lines.values()]
            standing += [(f"{vm.address}/32", tenant.network.cidr) for vm in tenant.vms.values()]
            standing += [(each.cidr, tenant.network.cidr) for each in tenant.endpoints.values()]
            standing += [(f"{each.address}/32", tenant.lines[each.line].cidr) for each in tenant.gateways.values()]
        return all(set(_addresses(inner)) <= set(_addresses(outer)) for inner, outer in standing) and not any(
            owner != other and set(_addresses(cidr)) & set(_addresses(other_cidr))
            for (owner, cidr), (other, other_cidr) in combinations(claims, 2)
        )

    def filter_owner(self, address: int) -> str | None:
        for owner, network in self.catalogue.networks():
            if address in _addresses(network.cidr):
                tenant = self.catalogue.tenants.get(owner)
                terminals = tenant.endpoints.values() if tenant is not None else ()
                servers = [int(vm.address) for vm in tenant.vms.values()] if tenant is not None else []
                is_terminal = address not in servers and any(address in _addresses(each.cidr) for each in terminals)
                return None if is_terminal else owner
        return None

    @cached_property
    def _rules(self) -> Mapping[str, tuple[Rule, ...]]:
        return {owner: compile_rules(policy_of(self.catalogue, owner)) for owner, _ in self.catalogue.networks()}

    @cached_property
    def _meant(self) -> tuple[tuple[Any, Any, Sequence[Port] | None], ...]:
        """From where, to where, answered on what; None: whatever."""
        found: list[tuple[Any, Any, Sequence[Port] | None]] = []
        for owner, network in self.catalogue.networks():
            tenant = self.catalogue.tenants.get(owner)
            mine = [network.cidr, *(line.cidr for line in (tenant.lines.values() if tenant is not None else ()))]
            found += [(source, destination, None) for source in mine for destination in mine]
            for allowance in self._declared(owner):
                ends = [self._end(end, owner) for end in (allowance.source, allowance.destination)]
                found.append((ends[0], ends[1], allowance.ports))
            if tenant is not None:
                services = flows_of(self.catalogue.platform, tenant)
                found += [(each.source, each.destination, each.ports) for each in services]
        return tuple(found)

    def _declared(self, owner: str) -> Iterator[Allowance]:
        declared = self.catalogue.owner(owner)
        assert declared is not None
        yield from declared.allowances.values()

    def _end(self, end: str, declaring: str) -> Any:
        owner, _, name = end.rpartition("/")
        declared = self.catalogue.owner(owner or declaring)
        assert declared is not None
        if name in declared.vms:
            return f"{declared.vms[name].address}/32"
        if name in declared.endpoints:
            return declared.endpoints[name].cidr
        assert isinstance(declared, Tenant)
        return declared.lines[name].cidr if name in declared.lines else f"{declared.gateways[name].address}/32"


def _decision(rules: Sequence[Rule], flow: Flow) -> Action | None:
    for rule in rules:
        if (
            rule.source.version == 4
            and flow.source in _addresses(rule.source)
            and flow.destination in _addresses(rule.destination)
            and (rule.protocol is None or _NUMBER[rule.protocol] == flow.protocol)
            and rule.source_port in (None, flow.source_port)
            and rule.destination_port in (None, flow.destination_port)
        ):
            return rule.action
    return None


_NUMBER = {Protocol.ICMP: 1, Protocol.TCP: 6, Protocol.UDP: 17}


def _answers(ports: Sequence[Port] | None, flow: Flow) -> bool:
    return ports is None or any(
        _NUMBER[port.protocol] == flow.protocol
        and (port.protocol is Protocol.ICMP or port.first <= flow.destination_port <= port.last)
        for port in ports
    )


@cache
def _addresses(network: Any) -> range:
    found = IPv4Network(str(network))
    return range(int(found[0]), int(found[-1]) + 1)


ADDRESSES = tuple(
    int(IPv4Address(each))
    for each in (
        *("10.64.1.0", "10.64.1.11", "10.64.1.12", "10.64.1.77", "10.64.1.241", "10.64.1.245"),
        *("10.96.1.10", "10.96.1.11", "10.96.1.15", "10.96.1.243", "10.96.1.255"),
        *("10.32.0.11", "10.32.0.12", "10.32.0.99", "10.33.0.3"),
        *("10.160.1.3", "10.160.1.5", "10.160.1.16", "10.176.1.0", "10.201.0.5", "10.64.1.3"),
        *("10.64.9.9", "10.96.9.9", "192.0.2.1"),
    )
)
"""One of everything: servers, terminals, lines, gateways, free addresses, and what is nobody's."""

_numbers = st.sampled_from((21, 22, 25, 49, 51, 123, 443, 8882, 8883, 8886, 10050, 10051, 40000))
headers = st.builds(
    Flow,
    source=st.sampled_from(ADDRESSES),
    destination=st.sampled_from(ADDRESSES),
    protocol=st.sampled_from((1, 6, 6, 17, 17, 47)),
    source_port=_numbers,
    destination_port=_numbers,
)
