"""Random allowances of the small world, for rules that are compared with the set model.

Here: who allows what to whom. Not here: the world (`tests.samples`).
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.samples import catalogue
from wpf_infra.model.catalogue import Catalogue

U, V, P = "minami-suido", "kawa-systems", "platform"
ENDS = {
    U: ("app-1", "app-2", "desk", "north", "north-gw"),
    V: ("collector", "collector-2", "maintenance", "wall"),
    P: ("ntp-1", "ntp-2", "hosts", "vcenter"),
}
_PORTS = ("icmp", "tcp/443", "tcp/442-444", "tcp/3389", "udp/123", "udp/53", "tcp/10051", "tcp/1")
ports = st.lists(st.sampled_from(_PORTS), min_size=1, max_size=3, unique=True)


def allowance(source: str, destination: str, *ports: str) -> dict[str, Any]:
    return {"from": source, "to": destination, "ports": list(ports), "reason": "test"}


@st.composite
def allowances(draw: st.DrawFn, owner: str, most: int) -> dict[str, Any]:
    """Each with one end of the owner's."""
    found = {}
    for number in range(draw(st.integers(0, most))):
        ours = draw(st.sampled_from(ENDS[owner]))
        other = draw(st.sampled_from([each for each in ENDS if each != owner or owner == P]))
        theirs = f"{other}/{draw(st.sampled_from(ENDS[other]))}"
        ends = draw(st.permutations((ours, theirs)))
        found[f"a{number}"] = allowance(*ends, *draw(ports))
    return found


@st.composite
def worlds(draw: st.DrawFn, most: int = 4) -> Catalogue:
    """Owners that allow each other a few things, some of whose servers say what they listen on. A server of the
    vendor's stands among the terminals of one of its endpoints.
    """
    listens = st.none() | st.lists(st.sampled_from(_PORTS), max_size=2)
    vms = (f"{U}.vms.app-1", f"{U}.vms.app-2", f"{V}.vms.collector", f"{P}.vms.ntp-1", f"{U}.gateways.north-gw")
    return catalogue(
        {
            f"{P}.endpoints": {"hosts": {"cidr": "10.33.0.0/28"}, "vcenter": {"cidr": "10.33.0.10/32"}},
            f"{V}.endpoints.wall": {"cidr": "10.96.1.8/30"},
            **{f"{owner}.allowances": draw(allowances(owner, most)) for owner in ENDS},
            **{f"{vm}.listens": draw(listens) for vm in vms},
        }
    )
