"""A tenant's firewall policy as stateless rules: what a filter that remembers nothing has to know (FAQ 22).

Here: compiling allowances to rules, pure. Not here: a backend's own words for a rule (`wpf_infra.backend`), resolving
the ends of allowances (`resolve`).
A rule holds for packets in both directions, so a conversation is written twice: the request, and the reply with its
ends exchanged. It knows one port, so a range is written port by port. The residue of that: who may answer from a port
may also speak first from that port. Traffic inside the tenant is free, its lines included (FAQ 35); IPv4 and IPv6 that
no rule accepts are dropped; what is neither (ARP) is not spoken of, and passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from netaddr import IPNetwork

from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance

EVERY_IPV4 = IPNetwork("0.0.0.0/0")
EVERY_IPV6 = IPNetwork("::/0")
MOST_RULES = 2000
"""What one policy may come to: every packet of a tenant's servers passes the rules one by one."""


class Action(StrEnum):
    ACCEPT = "accept"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Rule:
    """allowance: the key of the allowance it belongs to, None for what is inside and what is dropped; port: the entry
    of the allowance's `ports` it was written for; answers: it is a reply's; line: the name of the line it lets speak
    with the owner's servers. protocol None: any; a port of None: any.
    """

    action: Action
    source: IPNetwork
    destination: IPNetwork
    protocol: Protocol | None = None
    source_port: int | None = None
    destination_port: int | None = None
    allowance: str | None = None
    port: Port | None = None
    answers: bool = False
    line: str | None = None


def compile_rules(policy: FirewallResource) -> tuple[Rule, ...]:
    """The whole policy in the order in which it holds: the first that fits decides.

    Among the accepting rules the order does not matter: one allowance more or less changes no other's rules.
    """
    allowed = (
        rule for key, allowance in sorted(policy.allowances.items()) for rule in compile_allowance(key, allowance)
    )
    return (*inside(policy), *allowed, *REST)


def number_of_rules(policy: FirewallResource) -> int:
    """What the policy comes to, without writing it all out."""
    allowed = sum(rules_for(allowance.ports) for allowance in policy.allowances.values())
    return RULES_OF_ALL + RULES_OF_A_LINE * len(policy.lines) + allowed


def rules_for(ports: Iterable[Port]) -> int:
    """How many rules an allowance of these ports comes to, for each of the two tenants."""
    return sum(2 * len(_numbers(port)) for port in dict.fromkeys(ports))


def compile_allowance(key: str, allowance: ResolvedAllowance) -> tuple[Rule, ...]:
    """Port by port in the order in which they are declared, which says nothing and is kept."""
    return tuple(rule for port in dict.fromkeys(allowance.ports) for rule in _conversations(key, allowance, port))


def inside(policy: FirewallResource) -> Iterator[Rule]:
    """An owner's servers speak freely, among each other and with its lines. Lines pass no port of theirs between
    themselves.
    """
    yield Rule(Action.ACCEPT, policy.network, policy.network)
    for name, line in sorted(policy.lines.items()):
        yield Rule(Action.ACCEPT, policy.network, line, line=name)
        yield Rule(Action.ACCEPT, line, policy.network, line=name)


REST = (Rule(Action.DROP, EVERY_IPV4, EVERY_IPV4), Rule(Action.DROP, EVERY_IPV6, EVERY_IPV6))
"""Nothing else passes."""
RULES_OF_ALL = 1 + len(REST)
"""What a policy without any line and allowance comes to."""
RULES_OF_A_LINE = 2


def _conversations(key: str, allowance: ResolvedAllowance, port: Port) -> Iterator[Rule]:
    source, destination = allowance.source, allowance.destination
    for number in _numbers(port):
        yield Rule(Action.ACCEPT, source, destination, port.protocol, None, number, key, port)
        yield Rule(Action.ACCEPT, destination, source, port.protocol, number, None, key, port, answers=True)


def _numbers(port: Port) -> Sequence[int | None]:
    """Those that take a rule each way."""
    return [None] if port.protocol is Protocol.ICMP else range(port.first, port.last + 1)
