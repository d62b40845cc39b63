"""Which flows two catalogues may judge differently: all that something speaks of which has changed.

Here: declarations compared, as they stand and without asking what passes; most are equal. Not here: the judging
(`difference`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.model.platform import Platform
from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.flow.flow_set import FlowSet, between
from wpf_infra.network.reach.acceptance import Ends
from wpf_infra.network.reach.intent import Intent, allowed, inside
from wpf_infra.network.reach.world import World


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
        if owner in before.policies and owner in after.policies:
            yield from _differing(before.ends(owner), after.ends(owner))
        else:
            yield from _everything((before if owner in before.policies else after).policies[owner])
    same_services = _offered(before.catalogue.platform) == _offered(after.catalogue.platform)
    for tenant in sorted(before.catalogue.tenants.keys() | after.catalogue.tenants.keys()):
        if not same_services or _ordered(before, tenant) != _ordered(after, tenant):
            yield from set(before.services(tenant)) ^ set(after.services(tenant))


def _differing(old: Ends, new: Ends) -> Iterator[Intent]:
    """Of two policies of one owner."""
    if (old.policy.network, old.policy.lines) != (new.policy.network, new.policy.lines):
        yield from (*inside(old.policy), *inside(new.policy))
    for key in old.differing(new):
        both = (policy.allowances.get(key) for policy in (old.policy, new.policy))
        yield from (allowed(key, each) for each in both if each is not None)


def _everything(policy: FirewallResource) -> Iterator[Intent]:
    yield from inside(policy)
    yield from (allowed(key, each) for key, each in policy.allowances.items())


def _offered(platform: Platform) -> tuple[object, ...]:
    """All of the platform that services come from, without working them out."""
    return platform.services, platform.service_ports, {name: vm.address for name, vm in platform.vms.items()}


def _ordered(world: World, tenant: str) -> tuple[object, ...]:
    """The same of a tenant."""
    declared = world.catalogue.tenants.get(tenant)
    return () if declared is None else (declared.network, declared.options, declared.lines)
