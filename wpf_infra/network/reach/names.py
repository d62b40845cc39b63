"""What people call an address.

Here: an address turned into words. Not here: words turned into addresses (`place`).
"""

from __future__ import annotations

from bisect import bisect_right

from netaddr import IPAddress

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.flow.flow_set import span


class Names:
    """Every address's name, for who asks for many."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._exactly: dict[int, str] = {}
        ranges: list[tuple[int, int, str]] = []
        for owner, network in catalogue.networks():
            declared = catalogue.owner(owner)
            assert declared is not None
            self._exactly |= {int(vm.address): f"{owner}/{name}" for name, vm in declared.vms.items()}
            ranges.append((*span(network.cidr), owner))
            ranges += [(*span(each.cidr), f"{owner}/{name}") for name, each in declared.endpoints.items()]
            if isinstance(declared, Tenant):
                self._exactly |= {int(each.address): f"{owner}/{name}" for name, each in declared.gateways.items()}
                ranges += [(*span(line.cidr), f"{owner}/{name}") for name, line in declared.lines.items()]
        self._ranges = sorted(ranges, key=lambda each: (each[0], -each[1]))
        self._firsts = [first for first, _, _ in self._ranges]

    def of(self, address: int) -> str:
        """`higashi-suido/app-1`, or whose it is: `higashi-suido (10.64.8.77)`, `higashi-suido/plant-north
        (10.160.8.7)`; the address alone where it is nobody's.
        """
        if (name := self._exactly.get(address)) is not None:
            return name
        around = self._ranges[: bisect_right(self._firsts, address)]
        narrowest = next((name for _, last, name in reversed(around) if last >= address), None)
        return str(IPAddress(address, 4)) if narrowest is None else f"{narrowest} ({IPAddress(address, 4)})"


def name_of(catalogue: Catalogue, address: int) -> str:
    """As `Names` has it, for who asks once."""
    return Names(catalogue).of(address)
