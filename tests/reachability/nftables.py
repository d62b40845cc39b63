"""Compiled rules in the words of nftables, at the switch's side of each machine's cable.

Here: text for `nft -f`. Not here: running it (`lab`).
Rules are the owner's chain, met by what a machine sends (ingress of its port) and by what is sent to it (egress): the
first that fits decides, nothing is remembered, and what no rule fits passes, as on a distributed switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wpf_infra.network.rules import EVERY_IPV4, EVERY_IPV6, Action, Rule

_FAMILIES = {EVERY_IPV4: "ip", EVERY_IPV6: "ip6"}


def ruleset(rules: Mapping[str, Sequence[Rule]], ports: Mapping[str, str]) -> str:
    """rules: by owner; ports: the owner whose rules hold, by the switch's device."""
    chains = {owner: f"owner_{number}" for number, owner in enumerate(sorted(rules))}
    blocks = [_chain(chain, map(_words, rules[owner])) for owner, chain in chains.items()]
    for device, owner in ports.items():
        for hook in ("ingress", "egress"):
            head = f'type filter hook {hook} device "{device}" priority 0; policy accept;'
            blocks.append(_chain(f"{device}_{hook}", [head, f"jump {chains[owner]}"]))
    return "\n".join(["table netdev portgroups {", *blocks, "}"])


def _chain(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"chain {name} {{", *lines, "}"])


def _words(rule: Rule) -> str:
    words = []
    if rule.source == rule.destination and rule.source in _FAMILIES:
        words.append(f"meta protocol {_FAMILIES[rule.source]}")
    else:
        words.append(f"ip saddr {rule.source} ip daddr {rule.destination}")
    if rule.protocol is not None:
        words.append(f"ip protocol {rule.protocol}")
    if rule.source_port is not None:
        words.append(f"{rule.protocol} sport {rule.source_port}")
    if rule.destination_port is not None:
        words.append(f"{rule.protocol} dport {rule.destination_port}")
    return " ".join([*words, "accept" if rule.action is Action.ACCEPT else "drop"])
