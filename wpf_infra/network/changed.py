"""Which flows two catalogues may judge differently: all that something speaks of which has changed.

Here: declarations compared, as they stand and without asking what passes; most are equal. Not here: the judging
(`difference`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.flow_set import FlowSet, between
from wpf_infra.network.intent import Intent, allowed, inside
from wpf_infra.network.world import World


def changed(before: World, after: World) -> FlowSet:
    """Flows outside of this set are judged alike in both worlds: at both ends stand the same filters, none of whose
    rules for such a flow has changed, and no declaration that means it.
    """
    moved = sorted(after.filters.changed(before.filters))
    spoken_of = FlowSet(part for each in _spoken_of(before, after) for part in (*each.boxes, *each.answers))
    return spoken_of | between(moved) | between(None, moved)


def _spoken_of(before: World, after: World) -> Iterator[Intent]:
    """What only one of the two means, or opens. Rules speak of that and of its answers."""
    for owner in sorted(before.policies.keys() | after.policies.keys()):
        old, new = before.policies.get(owner), after.policies.get(owner)
        if _room(old) != _room(new):
            yield from (each for policy in (old, new) if policy is not None for each in inside(policy))
        yield from _allowances(old, new)
    for tenant in sorted(before.catalogue.tenants.keys() | after.catalogue.tenants.keys()):
        if _orders(before, tenant) != _orders(after, tenant):
            yield from set(before.services(tenant)) ^ set(after.services(tenant))


def _room(policy: FirewallResource | None) -> tuple[object, ...]:
    return () if policy is None else (policy.network, policy.lines)


def _allowances(old: FirewallResource | None, new: FirewallResource | None) -> Iterator[Intent]:
    """Whatever reason is given for it, an allowance is its ends and its ports."""
    ours, theirs = (policy.allowances if policy is not None else {} for policy in (old, new))
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            yield from (allowed(key, side[key]) for side in (ours, theirs) if key in side)


def _orders(world: World, tenant: str) -> tuple[object, ...]:
    """All that a tenant's services come from, without working them out."""
    platform, declared = world.catalogue.platform, world.catalogue.tenants.get(tenant)
    if declared is None:
        return ()
    servers = {name: vm.address for name, vm in platform.vms.items()}
    return declared.network, declared.options, declared.lines, platform.services, platform.service_ports, servers
