"""The traffic filter of a portgroup: a policy as its rules show it, and the filter with our rules exchanged.

Here: pure mapping. Not here: single rules in vim's words (`traffic_rule`), reading and writing a portgroup
(`firewall`), compiling allowances (`wpf_infra.network`). Foreign rules keep their place, and what they do.
The API: vim.dvs.DistributedVirtualPort.FilterPolicy (a list of FilterConfig replaces the list there is),
TrafficRuleset (its rules hold in the order of their `sequence`).
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from netaddr import IPNetwork
from pydantic import ValidationError
from pyVmomi import vim

from wpf_infra.backend.vsphere.caption import Caption, Part
from wpf_infra.backend.vsphere.traffic_rule import Line, read, written
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance
from wpf_infra.network.rules import compile_rules

AGENT = "dvfilter-generic-vmware"
"""The agent that filters on a distributed switch."""
_FIRST_REST = 1_000_000
"""Where the rules that drop the rest are numbered from: what is inserted before them moves nothing."""


def lines(policy: FirewallResource) -> tuple[Line, ...]:
    """What the policy comes to, in order."""
    return tuple(Line(Caption.of(rule, policy), rule) for rule in compile_rules(policy))


def policy(port_config: Any, tenant: str) -> FirewallResource | None:
    """The policy as it stands; None unless the rules that every policy has stand, alone and in their order.

    A line or an allowance is there when its rules are exactly those it is compiled to, all before what drops the rest.
    """
    standing = [line for rule in _effective(port_config) if (line := read(rule)) is not None]
    bare = _bare(standing, tenant)
    if bare is None:
        return None
    dropped_from = next(index for index, line in enumerate(standing) if line.caption.part is Part.REST)
    late = {line.caption.entry for line in standing[dropped_from:]}
    found_lines: dict[str, IPNetwork] = {}
    allowances: dict[str, ResolvedAllowance] = {}
    for entry, held in sorted(_by_entry(standing).items()):
        alone = _alone(bare, entry, held)
        if alone is None or entry in late or held != [line for line in lines(alone) if line.caption.entry == entry]:
            continue
        found_lines |= alone.lines
        allowances |= alone.allowances
    return bare.model_copy(update={"lines": found_lines, "allowances": allowances})


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


def _bare(standing: Sequence[Line], tenant: str) -> FirewallResource | None:
    """The policy without its lines and allowances, of the network that its inside rule shows."""
    ground = [line for line in standing if line.caption.entry is None]
    rule = ground[0].rule if ground else None
    if rule is None:
        return None
    bare = FirewallResource.model_construct(tenant=tenant, network=rule.source, lines={}, allowances={})
    return bare if ground == list(lines(bare)) else None


def _alone(bare: FirewallResource, entry: tuple[str, str], held: Sequence[Line]) -> FirewallResource | None:
    """The policy with nothing but the line or allowance that these rules would have been written for."""
    kind, name = entry
    if kind == "line":
        rule = held[0].rule
        return None if rule is None else bare.model_copy(update={"lines": {name: rule.destination}})
    allowance = _allowance(held)
    return None if allowance is None else bare.model_copy(update={"allowances": {name: allowance}})


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
                "ports": tuple(dict.fromkeys(line.caption.port for line in held if line.caption.port is not None)),
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
    """What stands and is wanted stays where it is; what is new goes before the first of ours that drops the rest. A
    line or an allowance of which anything differs is written anew.
    """
    standing, wanted_by_entry = _by_entry(line for rule in before if (line := read(rule))), _by_entry(wanted)
    stale = {entry for entry, held in standing.items() if held != wanted_by_entry.get(entry)}
    missing = Counter(wanted)
    merged: list[Any] = []
    dropping: list[int] = []
    for rule in before:
        line = read(rule)
        if line is None:
            merged.append(rule)
        elif line.caption.entry in stale:
            continue
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


def _by_entry(held: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    """The rules of each line and allowance, in their order."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in held:
        if (entry := line.caption.entry) is not None:
            found.setdefault(entry, []).append(line)
    return found


def _taken(missing: Counter[Line], wanted: Sequence[Line]) -> Iterator[Line]:
    for line in wanted:
        if missing[line]:
            missing[line] -= 1
            yield line


def _numbered(rules: Sequence[Any]) -> list[Any]:
    """Ours numbered after the rule before; a number that says so already stays, and a foreign rule's always may."""
    numbered: list[Any] = []
    last = -1
    for rule in rules:
        line = read(rule)
        if rule.sequence is None and line is None:
            numbered.append(rule)
            continue
        if rule.sequence is None or rule.sequence <= last:
            rests = line is not None and line.caption.part is Part.REST
            rule = copy.copy(rule)
            rule.sequence = max(last + 1, _FIRST_REST if rests else 1)
        numbered.append(rule)
        last = rule.sequence
    return numbered
