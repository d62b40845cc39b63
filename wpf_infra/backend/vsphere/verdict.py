"""What the traffic filter of a portgroup does with one packet, and which rule says so.

Here: a second reading of vim's rules, without the words we write them in: others' rules count as well as ours. Not
here: what rules should stand (`wpf_infra.network.rules`), ours in vim's words (`traffic_rule`), reading a portgroup.
The first rule that fits decides, nothing is remembered, and what no rule fits passes. Where the API leaves open what a
rule does, or the packet's description does not say what the rule asks for, both ways are followed: a packet `passes`
or does not only where every way ends alike (docs/decisions/0071).
The API: vim.dvs.TrafficRuleset, TrafficRule (its qualifiers hold together), NegatableExpression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from netaddr import EUI, AddrFormatError, IPNetwork
from pyVmomi import vim

ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD
_VERSIONS = {IPV4: 4, IPV6: 6}
_TCP = 6
_WITH_PORTS = frozenset({_TCP, 17})
_OF_SERVERS = "virtualMachine"
"""The system traffic that servers' packets are."""
_API = vim.dvs.TrafficRule
_ENDS = {_API.AcceptAction: True, _API.DropAction: False}


class Way(StrEnum):
    """Which way a packet goes through the port, as seen from the server behind it."""

    TO_SERVER = "incomingPackets"
    FROM_SERVER = "outgoingPackets"


_WAYS = {"both": frozenset(Way), **{str(way): frozenset({way}) for way in Way}}


@dataclass(frozen=True, slots=True)
class Packet:
    """ethertype: IEEE's number; source and destination: IP addresses as numbers; the ports are those of TCP and UDP;
    a MAC address or VLAN of None is not known.
    """

    source: int = 0
    destination: int = 0
    protocol: int = 0
    source_port: int = 0
    destination_port: int = 0
    ethertype: int = IPV4
    source_mac: EUI | None = None
    destination_mac: EUI | None = None
    vlan: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """passes: None where it is open; rule: the one that decides, None where none fits; doubted: rules before it that
    may decide instead.
    """

    passes: bool | None
    rule: Any | None
    doubted: tuple[Any, ...] = ()


_Test = Callable[[Packet], bool | None]
"""Does the packet fit? None where that is open."""


class PortFilter:
    """All rules of a port's settings, read once for any number of packets."""

    def __init__(self, port_config: Any) -> None:
        self._rulesets = [
            tuple(map(_ReadRule.of, _in_order(ruleset.rules or []))) for ruleset in _rulesets(port_config)
        ]

    def verdict(self, packet: Packet, way: Way) -> Verdict:
        """Sets of rules hold one after the other: what one drops is gone, and what is open in one stays open."""
        verdict = Verdict(True, None)
        for rules in self._rulesets:
            if verdict.passes is not False:
                here = _decided(rules, packet, way)
                verdict = verdict if verdict.passes is None and here.passes else here
        return verdict


@dataclass(frozen=True, slots=True)
class _ReadRule:
    rule: Any
    ends: bool | None
    """It lets pass, or drops; None where another action leaves that open."""
    ways: frozenset[Way]
    tests: tuple[_Test, ...]

    @classmethod
    def of(cls, rule: Any) -> _ReadRule:
        ways = _WAYS.get(rule.direction)
        tests = [test for qualifier in rule.qualifier or [] for test in _tests(qualifier)]
        if ways is None:
            tests.append(_always(None))
        return cls(rule, _ENDS.get(type(rule.action)), ways or frozenset(Way), tuple(tests))

    def fits(self, packet: Packet, way: Way) -> bool | None:
        if way not in self.ways:
            return False
        fits: bool | None = True
        for test in self.tests:
            answer = test(packet)
            if answer is False:
                return False
            if answer is None:
                fits = None
        return fits


def _decided(rules: Iterable[_ReadRule], packet: Packet, way: Way) -> Verdict:
    possible: set[bool] = set()
    doubted: list[Any] = []
    for rule in rules:
        fits = rule.fits(packet, way)
        if fits and rule.ends is not None:
            possible.add(rule.ends)
            return Verdict(_only(possible), rule.rule, tuple(doubted))
        if fits is not False:
            possible |= {True, False} if rule.ends is None else {rule.ends}
            doubted.append(rule.rule)
    possible.add(True)
    return Verdict(_only(possible), None, tuple(doubted))


def _only(possible: set[bool]) -> bool | None:
    return next(iter(possible)) if len(possible) == 1 else None


def _rulesets(port_config: Any) -> list[Any]:
    """Those that are switched on, by precedence."""
    policy = getattr(port_config, "filterPolicy", None)
    configs = (policy.filterConfig or []) if policy is not None else []
    rulesets = [getattr(config, "trafficRuleset", None) for config in configs]
    return sorted(
        (each for each in rulesets if each is not None and each.enabled), key=lambda ruleset: ruleset.precedence or 0
    )


def _in_order(rules: list[Any]) -> list[Any]:
    """By their number; as they are listed where one has none."""
    if any(rule.sequence is None for rule in rules):
        return rules
    return sorted(rules, key=lambda rule: rule.sequence)


def _tests(qualifier: Any) -> Iterator[_Test]:
    if isinstance(qualifier, _API.IpQualifier):
        yield lambda packet: packet.ethertype in _VERSIONS
        yield _address(qualifier.sourceAddress, lambda packet: packet.source)
        yield _address(qualifier.destinationAddress, lambda packet: packet.destination)
        yield _number(qualifier.protocol, lambda packet: packet.protocol)
        yield _port(qualifier.sourceIpPort, lambda packet: packet.source_port)
        yield _port(qualifier.destinationIpPort, lambda packet: packet.destination_port)
        if qualifier.tcpFlags is not None:
            yield lambda packet: None if packet.protocol == _TCP else False
    elif isinstance(qualifier, _API.MacQualifier):
        yield _number(qualifier.protocol, lambda packet: packet.ethertype)
        yield _number(qualifier.vlanId, lambda packet: packet.vlan)
        yield _mac(qualifier.sourceAddress, lambda packet: packet.source_mac)
        yield _mac(qualifier.destinationAddress, lambda packet: packet.destination_mac)
    elif isinstance(qualifier, _API.SystemTrafficQualifier):
        yield _system_traffic(qualifier.typeOfSystemTraffic)
    else:
        yield _always(None)


def _always(answer: bool | None) -> _Test:
    return lambda _: answer


def _system_traffic(expression: Any) -> _Test:
    """A vim.StringExpression."""
    if expression is None or expression.value is None:
        return _always(None)
    return _always((expression.value == _OF_SERVERS) != bool(expression.negate))


def _number(expression: Any, of: Callable[[Packet], int | None]) -> _Test:
    """A vim.IntExpression; without a value it says nothing that can be known."""
    if expression is None:
        return _always(True)
    if expression.value is None:
        return _always(None)
    wanted, negated = int(expression.value), bool(expression.negate)
    return lambda packet: None if (held := of(packet)) is None else (held == wanted) != negated


def _address(address: Any, of: Callable[[Packet], int]) -> _Test:
    """A vim.SingleIp or vim.IpRange of either family."""
    if address is None:
        return _always(True)
    try:
        network = _network(address)
    except (AddrFormatError, ValueError):
        return _always(None)
    version, first, last, negated = network.version, network.first, network.last, bool(address.negate)
    return lambda packet: (_VERSIONS.get(packet.ethertype) == version and first <= of(packet) <= last) != negated


def _network(address: Any) -> IPNetwork:
    if isinstance(address, vim.SingleIp) and "/" not in address.address:
        return IPNetwork(address.address)
    if isinstance(address, vim.IpRange):
        return IPNetwork(f"{address.addressPrefix}/{address.prefixLength}")
    raise ValueError(type(address))


def _port(port: Any, of: Callable[[Packet], int]) -> _Test:
    """A SingleIpPort or IpPortRange; whether what has no ports lacks this one is open."""
    if port is None:
        return _always(True)
    if isinstance(port, _API.SingleIpPort):
        first = last = int(port.portNumber)
    elif isinstance(port, _API.IpPortRange):
        first, last = int(port.startPortNumber), int(port.endPortNumber)
    else:
        return _always(None)
    negated = bool(port.negate)
    without = None if negated else False
    return lambda packet: (first <= of(packet) <= last) != negated if packet.protocol in _WITH_PORTS else without


def _mac(address: Any, of: Callable[[Packet], EUI | None]) -> _Test:
    """A vim.SingleMac, or a vim.MacRange: the same in every bit of its mask."""
    if address is None:
        return _always(True)
    try:
        wanted, mask = EUI(address.address), EUI(getattr(address, "mask", None) or "FF-FF-FF-FF-FF-FF")
    except AddrFormatError:
        return _always(None)
    kept, negated = int(mask), bool(address.negate)
    return lambda packet: (
        None if (held := of(packet)) is None else ((int(held) & kept) == (int(wanted) & kept)) != negated
    )
