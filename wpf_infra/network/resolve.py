"""The ends of allowances, as networks, seen from one tenant.

Here: finding what an end names, and which allowances concern a tenant. Not here: whether an allowance is permitted
(`wpf_infra.policy`): what names nothing or nobody of its own tenant opens nothing, so an unjudged mistake stays closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from netaddr import IPNetwork

from wpf_infra.model.allowance import Allowance
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import Direction, ResolvedAllowance
from wpf_infra.model.tenant import Tenant


class EndKind(StrEnum):
    """What an end may name, by the key it is declared under; also the order in which a name is looked up."""

    VM = "vms"
    ENDPOINT = "endpoints"
    LINE = "lines"
    GATEWAY = "gateways"


@dataclass(frozen=True, slots=True)
class ResolvedEnd:
    """owner: the tenant or `platform`; network: the one address of a VM or gateway, the range of a line or endpoint."""

    owner: str
    kind: EndKind
    name: str
    network: IPNetwork


def allowances_of(catalogue: Catalogue, tenant_id: str) -> dict[str, ResolvedAllowance]:
    """All allowances that concern the tenant (or `platform`), whichever side declared them.

    Keyed `declaring-owner/allowance`, sorted by key. An allowance between two ends of one tenant is not among them:
    inside a tenant traffic is free (FAQ 22).
    """
    return dict(
        sorted(
            (key, _seen(tenant_id, source, destination, allowance))
            for key, allowance, source, destination in _crossings(catalogue, tenant_id)
        )
    )


def all_allowances(catalogue: Catalogue) -> dict[str, dict[str, ResolvedAllowance]]:
    """What `allowances_of` says for every owner that has any, in one pass."""
    found: dict[str, dict[str, ResolvedAllowance]] = {}
    for key, allowance, source, destination in _crossings(catalogue):
        seen = _seen(source.owner, source, destination, allowance)
        found.setdefault(source.owner, {})[key] = seen
        if destination.owner != source.owner:
            answering = {"direction": Direction.IN, "peer": source.owner}
            found.setdefault(destination.owner, {})[key] = seen.model_copy(update=answering)
    return {owner: dict(sorted(theirs.items())) for owner, theirs in sorted(found.items())}


def touched_tenants(catalogue: Catalogue, tenant_id: str) -> frozenset[str]:
    """Who stands at the other end of an allowance of the tenant (`platform` included): the stacks that follow it."""
    return frozenset(
        owner
        for _, _, source, destination in _crossings(catalogue, tenant_id)
        for owner in (source.owner, destination.owner)
        if owner != tenant_id
    )


def split_end(end: str, declaring: str) -> tuple[str, str]:
    """Owner and name of an end as it is written; without an owner it is the declaring tenant's."""
    owner, _, name = end.rpartition("/")
    return owner or declaring, name


def resolve_end(catalogue: Catalogue, end: str, declaring: str) -> tuple[ResolvedEnd, ...]:
    """Everything the end names: one when it is sound, none when it dangles, several when the name is ambiguous."""
    owner_id, name = split_end(end, declaring)
    owner = catalogue.owner(owner_id)
    if owner is None:
        return ()
    found = [(EndKind.VM, IPNetwork(vm.address))] if (vm := owner.vms.get(name)) is not None else []
    if (endpoint := owner.endpoints.get(name)) is not None:
        found.append((EndKind.ENDPOINT, endpoint.cidr))
    if isinstance(owner, Tenant):
        if (line := owner.lines.get(name)) is not None:
            found.append((EndKind.LINE, line.cidr))
        if (gateway := owner.gateways.get(name)) is not None:
            found.append((EndKind.GATEWAY, IPNetwork(gateway.address)))
    return tuple(ResolvedEnd(owner_id, kind, name, network) for kind, network in found)


def all_ends(catalogue: Catalogue) -> Iterator[ResolvedEnd]:
    """Everything that an end may name, by owner, the platform first; of each what is narrow before what is wide."""
    for owner_id, _ in catalogue.networks():
        owner = catalogue.owner(owner_id)
        assert owner is not None
        tenant = owner if isinstance(owner, Tenant) else None
        found = [(EndKind.VM, name, IPNetwork(vm.address)) for name, vm in sorted(owner.vms.items())]
        found += [(EndKind.ENDPOINT, name, each.cidr) for name, each in sorted(owner.endpoints.items())]
        if tenant is not None:
            gateways = sorted(tenant.gateways.items())
            found += [(EndKind.GATEWAY, name, IPNetwork(gateway.address)) for name, gateway in gateways]
            found += [(EndKind.LINE, name, line.cidr) for name, line in sorted(tenant.lines.items())]
        yield from (ResolvedEnd(owner_id, kind, name, network) for kind, name, network in found)


def _crossings(
    catalogue: Catalogue, concerning: str | None = None
) -> Iterator[tuple[str, Allowance, ResolvedEnd, ResolvedEnd]]:
    """Every allowance that leaves an owner's inside, the declaring owner at one end, with ends that name exactly one
    thing each.

    concerning: only those with this owner at one end.
    """
    resolved = cache(lambda end, declaring: resolve_end(catalogue, end, declaring))
    declared = {PLATFORM: catalogue.platform.allowances}
    declared |= {name: tenant.allowances for name, tenant in sorted(catalogue.tenants.items())}
    for declaring, allowances in declared.items():
        for name, allowance in sorted(allowances.items()):
            if concerning is not None and concerning not in _owners(allowance, declaring):
                continue
            sources, destinations = resolved(allowance.source, declaring), resolved(allowance.destination, declaring)
            if len(sources) == len(destinations) == 1:
                source, destination = sources[0], destinations[0]
                if declaring in (source.owner, destination.owner) and not stays_inside(source, destination):
                    yield f"{declaring}/{name}", allowance, source, destination


def _owners(allowance: Allowance, declaring: str) -> tuple[str, ...]:
    return tuple(split_end(end, declaring)[0] for end in (allowance.source, allowance.destination))


def stays_inside(source: ResolvedEnd, destination: ResolvedEnd) -> bool:
    """Is it free anyway? All that is a tenant's is inside it; beside the platform's servers stand other networks."""
    if source.owner != destination.owner:
        return False
    return source.owner != PLATFORM or source.kind is destination.kind is EndKind.VM


def _seen(owner: str, source: ResolvedEnd, destination: ResolvedEnd, allowance: Allowance) -> ResolvedAllowance:
    outward = source.owner == owner and not (source.owner == destination.owner and source.kind is EndKind.ENDPOINT)
    return ResolvedAllowance(
        direction=Direction.OUT if outward else Direction.IN,
        peer=destination.owner if outward else source.owner,
        source=source.network,
        destination=destination.network,
        ports=tuple(sorted(set(allowance.ports))),
        reason=allowance.reason,
    )
