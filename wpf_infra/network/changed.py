"""Which flows two catalogues may judge differently: all that something speaks of which has changed.

Here: declarations compared, as they stand and without asking what passes; most are equal. Not here: the judging
(`difference`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.flow_set import FlowSet, between
from wpf_infra.network.intent import conversation, inside
from wpf_infra.network.world import World
from wpf_infra.network.zones import span


def changed(before: World, after: World) -> FlowSet:
    """Flows outside of this set are judged alike in both worlds: at both ends stand the same filters, none of whose
    rules for such a flow has changed, and no declaration that means it.
    """
    moved = sorted(after.filters.changed(before.filters))
    spoken_of = FlowSet.union(_spoken_of(before, after))
    return FlowSet.union((spoken_of, spoken_of.turned(), between(moved), between(None, moved)))


def _spoken_of(before: World, after: World) -> Iterator[FlowSet]:
    """What only one of the two means. Rules speak of the same flows, and of the same turned."""
    for owner in sorted(before.policies.keys() | after.policies.keys()):
        old, new = before.policies.get(owner), after.policies.get(owner)
        if _room(old) != _room(new):
            yield from (each.flows for policy in (old, new) if policy is not None for each in inside(policy))
        yield from _allowances(old, new)
    for tenant in sorted(before.catalogue.tenants.keys() | after.catalogue.tenants.keys()):
        if _orders(before, tenant) != _orders(after, tenant):
            yield from (each.flows for each in set(before.services(tenant)) ^ set(after.services(tenant)))


def _room(policy: FirewallResource | None) -> tuple[object, ...]:
    return () if policy is None else (policy.network, policy.lines)


def _allowances(old: FirewallResource | None, new: FirewallResource | None) -> Iterator[FlowSet]:
    """Whatever reason is given for it, an allowance is its ends and its ports."""
    ours, theirs = (policy.allowances if policy is not None else {} for policy in (old, new))
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            for each in (ours.get(key), theirs.get(key)):
                if each is not None:
                    yield conversation(span(each.source), span(each.destination), each.ports)


def _orders(world: World, tenant: str) -> tuple[object, ...]:
    """All that a tenant's services come from, without working them out."""
    platform, declared = world.catalogue.platform, world.catalogue.tenants.get(tenant)
    if declared is None:
        return ()
    servers = {name: vm.address for name, vm in platform.vms.items()}
    return declared.network, declared.options, declared.lines, platform.services, platform.service_ports, servers
