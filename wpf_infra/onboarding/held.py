"""What is held of the address space and the VLANs, and what is the lowest that is free.

Here: the pure search; whoever takes something says so with `also`. Not here: what a form asks for (`allocation`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from netaddr import IPAddress, IPNetwork

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.tenant import Tenant

Range = tuple[int, int]
"""First and last address, as numbers."""


@dataclass(frozen=True)
class Held:
    """ranges: of addresses, in any order, overlapping or not; vlans: the ids in use."""

    ranges: tuple[Range, ...] = ()
    vlans: frozenset[int] = frozenset()
    _merged: tuple[Range, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_merged", tuple(_merged(self.ranges)))

    def also(self, ranges: Iterable[Range] = (), vlans: Iterable[int] = ()) -> Held:
        return Held((*self._merged, *ranges), self.vlans | frozenset(vlans))

    def conflict(self, first: int, last: int) -> Range | None:
        """The first range held that shares an address with `first` to `last`."""
        index = bisect_left(self._merged, first, key=lambda each: each[1])
        found = self._merged[index] if index < len(self._merged) else None
        return found if found is not None and found[0] <= last else None

    def lowest_network(self, space: IPNetwork, prefix: int) -> IPNetwork | None:
        """The lowest network of that prefix length in `space` that shares no address with what is held."""
        size = 1 << (32 - prefix)
        candidate = space.first
        while candidate + size - 1 <= space.last:
            conflict = self.conflict(candidate, candidate + size - 1)
            if conflict is None:
                return IPNetwork((candidate, prefix))
            candidate = (conflict[1] // size + 1) * size
        return None

    def lowest_vlan(self, first: int, last: int) -> int | None:
        return next((vlan for vlan in range(first, last + 1) if vlan not in self.vlans), None)


def lowest_address(network: IPNetwork, place: int, taken: Container[int], reserved: Iterable[Range]) -> int | None:
    """The lowest address from the network's `place`-th on that is not taken, in no reserved range and not the
    network's last; a /31 or /32 has no such last one.
    """
    last = network.last if network.size <= 2 else network.last - 1
    held = Held(tuple(reserved))
    candidate = network.first + place
    while candidate <= last:
        conflict = held.conflict(candidate, candidate)
        if conflict is None and candidate not in taken:
            return int(candidate)
        candidate = conflict[1] + 1 if conflict is not None else candidate + 1
    return None


def held_in(catalogue: Catalogue) -> Held:
    """Everything that the platform and the tenants hold, also what stands outside the place it should stand in."""
    platform = catalogue.platform
    networks = [platform.network, *(tenant.network for tenant in catalogue.tenants.values())]
    ranges = [(network.cidr.first, network.cidr.last) for network in networks]
    ranges += [_single(server.address) for server in platform.vms.values()]
    for tenant in catalogue.tenants.values():
        ranges += _ranges(tenant)
    return Held(tuple(ranges), frozenset(network.vlan for network in networks))


def _ranges(tenant: Tenant) -> Iterator[Range]:
    networks = [each.cidr for each in tenant.lines.values()] + [each.cidr for each in tenant.endpoints.values()]
    addresses = [each.address for each in tenant.vms.values()] + [each.address for each in tenant.gateways.values()]
    yield from ((network.first, network.last) for network in networks)
    yield from (_single(address) for address in addresses)


def _single(address: IPAddress) -> Range:
    return int(address), int(address)


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    """Sorted and disjoint."""
    reaching: Range | None = None
    for first, last in sorted(ranges):
        if reaching is None:
            reaching = (first, last)
        elif first <= reaching[1] + 1:
            reaching = (reaching[0], max(reaching[1], last))
        else:
            yield reaching
            reaching = (first, last)
    if reaching is not None:
        yield reaching
