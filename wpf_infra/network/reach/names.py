"""What people call an address.

Here: an address turned into words. Not here: words turned into addresses (`place`).
"""

from __future__ import annotations

from bisect import bisect_right

from netaddr import IPAddress

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.network.flow.flow_set import span
from wpf_infra.network.resolve import EndKind, all_ends


class Names:
    """Every address's name, for who asks for many."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._exactly: dict[int, str] = {}
        ranges = [(*span(network.cidr), owner) for owner, network in catalogue.networks()]
        for end in all_ends(catalogue):
            name = f"{end.owner}/{end.name}"
            if end.kind in (EndKind.VM, EndKind.GATEWAY):
                self._exactly.setdefault(int(end.network.first), name)
            else:
                ranges.append((*span(end.network), name))
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
