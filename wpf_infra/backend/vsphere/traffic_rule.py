"""One traffic rule of ours in vim's words (`DvsTrafficRule`), and back.

Here: pure mapping. Not here: the filter that rules stand in (`filter`).
A rule is ours when its description is one that we write (`caption`); it carries what the rule itself cannot.
The API: vim.dvs.TrafficRule, its IpQualifier (single ports, an address or a prefix) and MacQualifier (its protocol is
the EtherType: IPv4 and IPv6 as families).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netaddr import AddrFormatError, IPNetwork
from pyVmomi import vim

from wpf_infra.backend.vsphere.caption import Caption, Part
from wpf_infra.model.ports import Protocol
from wpf_infra.network.rules import EVERY_IPV4, EVERY_IPV6, Action, Rule

_NUMBERS = {Protocol.ICMP: 1, Protocol.TCP: 6, Protocol.UDP: 17}  # IANA's
_PROTOCOLS = {number: protocol for protocol, number in _NUMBERS.items()}
_ETHERTYPES = {EVERY_IPV4: 0x0800, EVERY_IPV6: 0x86DD}
_FAMILIES = {number: network for network, number in _ETHERTYPES.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of ours with its caption; rule None: it stands, and no longer says what we would have written."""

    caption: Caption
    rule: Rule | None


def written(line: Line) -> Any:
    """The line as vim's rule; it has one."""
    rule = line.rule
    assert rule is not None
    drops = rule.action is Action.DROP
    return vim.dvs.TrafficRule(
        description=line.caption.text,
        action=vim.dvs.TrafficRule.DropAction() if drops else vim.dvs.TrafficRule.AcceptAction(),
        direction=vim.dvs.TrafficRule.RuleDirectionType.both,
        qualifier=[_qualifier(rule)],
    )


def read(rule: Any) -> Line | None:
    """Vim's rule as a line of ours; None when it is foreign."""
    caption = Caption.parse(rule.description or "")
    if caption is None:
        return None
    try:
        return Line(caption, _rule(rule, caption))
    except ValueError:
        return Line(caption, None)


def _qualifier(rule: Rule) -> Any:
    if rule.source == rule.destination and rule.source in _ETHERTYPES:
        return vim.dvs.TrafficRule.MacQualifier(protocol=_exactly(_ETHERTYPES[rule.source]))
    qualifier = vim.dvs.TrafficRule.IpQualifier(
        sourceAddress=_addresses(rule.source), destinationAddress=_addresses(rule.destination)
    )
    if rule.protocol is not None:
        qualifier.protocol = _exactly(_NUMBERS[rule.protocol])
    if rule.source_port is not None:
        qualifier.sourceIpPort = _port(rule.source_port)
    if rule.destination_port is not None:
        qualifier.destinationIpPort = _port(rule.destination_port)
    return qualifier


def _rule(rule: Any, caption: Caption) -> Rule:
    """Raises ValueError for a rule that says anything we have no word for."""
    actions = {vim.dvs.TrafficRule.AcceptAction: Action.ACCEPT, vim.dvs.TrafficRule.DropAction: Action.DROP}
    action = actions.get(type(rule.action))
    qualifiers = rule.qualifier or []
    if action is None or len(qualifiers) != 1 or rule.direction != "both":
        raise ValueError
    (qualifier,) = qualifiers
    if isinstance(qualifier, vim.dvs.TrafficRule.MacQualifier):
        if qualifier.sourceAddress or qualifier.destinationAddress or qualifier.vlanId:
            raise ValueError
        family = _FAMILIES.get(_value(qualifier.protocol))
        if family is None:
            raise ValueError
        return Rule(action, family, family)
    if not isinstance(qualifier, vim.dvs.TrafficRule.IpQualifier) or qualifier.tcpFlags:
        raise ValueError
    protocol = None if qualifier.protocol is None else _PROTOCOLS.get(_value(qualifier.protocol))
    if qualifier.protocol is not None and protocol is None:
        raise ValueError
    return Rule(
        action,
        _network(qualifier.sourceAddress),
        _network(qualifier.destinationAddress),
        protocol,
        _port_number(qualifier.sourceIpPort),
        _port_number(qualifier.destinationIpPort),
        caption.allowance,
        caption.port,
        answers=caption.part is Part.REPLY,
        line=caption.line,
    )


def _exactly(number: int) -> Any:
    return vim.IntExpression(negate=False, value=number)


def _value(expression: Any) -> int:
    if expression is None or expression.negate or expression.value is None:
        raise ValueError
    return int(expression.value)


def _addresses(network: IPNetwork) -> Any:
    if network.size == 1:
        return vim.SingleIp(negate=False, address=str(network.ip))
    return vim.IpRange(negate=False, addressPrefix=str(network.network), prefixLength=network.prefixlen)


def _network(address: Any) -> IPNetwork:
    if address is None or address.negate:
        raise ValueError
    if isinstance(address, vim.SingleIp):
        written = f"{address.address}"
        if "/" in written:
            raise ValueError
    elif isinstance(address, vim.IpRange):
        written = f"{address.addressPrefix}/{address.prefixLength}"
    else:
        raise ValueError
    try:
        return IPNetwork(written)
    except AddrFormatError as error:
        raise ValueError from error


def _port(number: int) -> Any:
    return vim.dvs.TrafficRule.SingleIpPort(negate=False, portNumber=number)


def _port_number(port: Any) -> int | None:
    if port is None:
        return None
    if not isinstance(port, vim.dvs.TrafficRule.SingleIpPort) or port.negate:
        raise ValueError
    return int(port.portNumber)
