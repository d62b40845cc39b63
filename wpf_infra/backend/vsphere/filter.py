"""A policy's rules in vim's words (`DvsTrafficRule`) and back; the filter of a portgroup with ours exchanged.

Here: pure mapping. Not here: reading and writing a portgroup (`firewall`), compiling allowances (`wpf_infra.network`).
A rule is ours when its description is one that we write; it carries what the rule itself cannot. All other rules are
foreign: they keep their place, and what they do.
The API: vim.dvs.TrafficRule, TrafficRule.IpQualifier (single ports, no TCP flags), TrafficRule.MacQualifier (its
protocol is the EtherType), DistributedVirtualPort.FilterPolicy (a list of FilterConfig replaces the list there is).
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from netaddr import IPNetwork
from pydantic import ValidationError
from pyVmomi import vim

from wpf_infra.backend.vsphere.caption import Caption, Part
from wpf_infra.model.ports import Protocol
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance
from wpf_infra.network.rules import EVERY_IPV4, EVERY_IPV6, Action, Rule, compile_rules

AGENT = "dvfilter-generic-vmware"
"""The agent that filters on a distributed switch."""
_FIRST_REST = 1_000_000
"""Where the rules that drop the rest are numbered from: what is inserted before them moves nothing."""
_NUMBERS = {Protocol.ICMP: 1, Protocol.TCP: 6, Protocol.UDP: 17}  # IANA's
_PROTOCOLS = {number: protocol for protocol, number in _NUMBERS.items()}
_ETHERTYPES = {EVERY_IPV4: 0x0800, EVERY_IPV6: 0x86DD}
_FAMILIES = {number: network for network, number in _ETHERTYPES.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of ours with its caption; rule None: it stands, and no longer says what we would have written."""

    caption: Caption
    rule: Rule | None


def lines(policy: FirewallResource, cidr: IPNetwork) -> tuple[Line, ...]:
    """What the policy of the tenant with that network comes to, in order."""
    return tuple(Line(Caption.of(rule, policy), rule) for rule in compile_rules(policy, cidr))


def policy(port_config: Any, tenant: str, cidr: IPNetwork) -> FirewallResource | None:
    """The policy as it stands; None unless the rules that every policy has stand, alone and in their order.

    An allowance is there when its rules are exactly those it is compiled to, all before what drops the rest.
    """
    standing = [line for rule in _effective(port_config) if (line := read(rule)) is not None]
    empty = FirewallResource(tenant=tenant)
    if [line for line in standing if line.caption.allowance is None] != list(lines(empty, cidr)):
        return None
    dropped_from = next(index for index, line in enumerate(standing) if line.caption.part is Part.REST)
    found: dict[str, ResolvedAllowance] = {}
    late = {line.caption.allowance for line in standing[dropped_from:]}
    by_key: dict[str, list[Line]] = {}
    for line in standing:
        if line.caption.allowance is not None:
            by_key.setdefault(line.caption.allowance, []).append(line)
    for key, held in sorted(by_key.items()):
        allowance = _allowance(held)
        if allowance is None or key in late:
            continue
        alone = FirewallResource.model_construct(tenant=tenant, allowances={key: allowance})
        if Counter(held) == Counter(line for line in lines(alone, cidr) if line.caption.allowance == key):
            found[key] = allowance
    return FirewallResource(tenant=tenant, allowances=found)


def rewritten(port_config: Any, wanted: Sequence[Line]) -> Any:
    """`port_config` with ours of its rules exchanged for the wanted ones; None when nothing is to change.

    Lines that stand keep their rule, key and place; none wanted takes ours away.
    """
    config = _filter_config(port_config)
    ruleset = config.trafficRuleset if config is not None else None
    before = _ordered(ruleset.rules or []) if ruleset is not None else []
    after = _numbered(_merged(before, wanted))
    same = len(after) == len(before) and all(one is other for one, other in zip(after, before, strict=True))
    if same and (ruleset is None or ruleset.enabled or not wanted):
        return None
    ruleset = copy.copy(ruleset) if ruleset is not None else vim.dvs.TrafficRuleset()
    ruleset.rules = after
    ruleset.enabled = bool(wanted) or (bool(ruleset.enabled) and bool(after))
    new = copy.copy(config) if config is not None else _new_filter_config()
    new.trafficRuleset = ruleset
    new.inherited = False
    others = [one for one in _filter_configs(port_config) if one is not config and not one.inherited]
    changed = copy.copy(port_config)
    changed.filterPolicy = vim.dvs.DistributedVirtualPort.FilterPolicy(inherited=False, filterConfig=[*others, new])
    return changed


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
        return IPNetwork(address.address)
    if isinstance(address, vim.IpRange):
        return IPNetwork(f"{address.addressPrefix}/{address.prefixLength}")
    raise ValueError


def _port(number: int) -> Any:
    return vim.dvs.TrafficRule.SingleIpPort(negate=False, portNumber=number)


def _port_number(port: Any) -> int | None:
    if port is None:
        return None
    if not isinstance(port, vim.dvs.TrafficRule.SingleIpPort) or port.negate:
        raise ValueError
    return int(port.portNumber)


def _allowance(held: Sequence[Line]) -> ResolvedAllowance | None:
    """The allowance that these lines would have been written for; whether they all stand is another question."""
    first = held[0]
    caption, rule = first.caption, first.rule
    if rule is None:
        return None
    ends = (rule.source, rule.destination) if caption.part is Part.REQUEST else (rule.destination, rule.source)
    try:
        return ResolvedAllowance.model_validate(
            {
                "direction": caption.direction,
                "peer": caption.peer,
                "source": ends[0],
                "destination": ends[1],
                "ports": tuple(sorted({line.caption.port for line in held if line.caption.port is not None})),
                "reason": caption.reason,
            }
        )
    except ValidationError:
        return None


def _filter_configs(port_config: Any) -> list[Any]:
    filter_policy = getattr(port_config, "filterPolicy", None)
    return list(filter_policy.filterConfig or []) if filter_policy is not None else []


def _filter_config(port_config: Any) -> Any | None:
    """The portgroup's own traffic filter."""
    kind = vim.dvs.DistributedVirtualPort.TrafficFilterConfig
    return next(
        (one for one in _filter_configs(port_config) if isinstance(one, kind) and one.agentName in (None, AGENT)), None
    )


def _new_filter_config() -> Any:
    return vim.dvs.DistributedVirtualPort.TrafficFilterConfig(inherited=False, agentName=AGENT, onFailure="failClosed")


def _effective(port_config: Any) -> list[Any]:
    """The rules that packets meet, in order; none while their set is switched off."""
    config = _filter_config(port_config)
    ruleset = config.trafficRuleset if config is not None else None
    return _ordered(ruleset.rules or []) if ruleset is not None and ruleset.enabled else []


def _ordered(rules: Sequence[Any]) -> list[Any]:
    """By their number where all have one, else as they are listed."""
    if any(rule.sequence is None for rule in rules):
        return list(rules)
    return sorted(rules, key=lambda rule: rule.sequence)


def _merged(before: Sequence[Any], wanted: Sequence[Line]) -> list[Any]:
    """What stands and is wanted stays where it is; what is new goes before the first of ours that drops the rest."""
    missing = Counter(wanted)
    merged: list[Any] = []
    dropping: list[int] = []
    for rule in before:
        line = read(rule)
        if line is None:
            merged.append(rule)
        elif missing[line] and not (dropping and line.caption.part is not Part.REST):
            missing[line] -= 1
            if line.caption.part is Part.REST:
                dropping.append(len(merged))
            merged.append(rule)
    new = list(_taken(missing, wanted))
    rest = [written(line) for line in new if line.caption.part is Part.REST]
    at = dropping[0] if dropping else len(merged)
    merged[at:at] = [written(line) for line in new if line.caption.part is not Part.REST]
    return [*merged, *rest]


def _taken(missing: Counter[Line], wanted: Sequence[Line]) -> Iterator[Line]:
    for line in wanted:
        if missing[line]:
            missing[line] -= 1
            yield line


def _numbered(rules: Sequence[Any]) -> list[Any]:
    """Ours numbered after the rule before; a number that says so already stays, and a foreign rule's always may."""
    numbered: list[Any] = []
    last = 0
    for rule in rules:
        line = read(rule)
        if rule.sequence is None and line is None:
            numbered.append(rule)
            continue
        if rule.sequence is None or rule.sequence <= last:
            rests = line is not None and line.caption.part is Part.REST
            rule = copy.copy(rule)
            rule.sequence = max(last + 1, _FIRST_REST if rests else 0)
        numbered.append(rule)
        last = rule.sequence
    return numbered
