"""Flows of a small world tried with real packets, in a laboratory that leaves nothing behind.

Here: one call from flows to what became of them. Not here: which flows (`probes`), what ought to become of them
(`declared`), the machines (`namespaces`), the packets (`talks`).
All of it happens in a thread of its own, which never comes back from its namespaces: the caller stays where it is.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from netaddr import IPAddress

from tests.reachability.namespaces import Network, Ruleset
from tests.reachability.scene import Machine
from tests.reachability.talks import Connections, Datagrams, Datagrams6, Echoes, Talk
from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import NUMBERS, Flow

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a flow: its first packet arrived; an answer to it came back."""

    arrived: bool
    answered: bool

    def __or__(self, other: Seen) -> Seen:
        """Seen at one time or the other."""
        return Seen(self.arrived or other.arrived, self.answered or other.answered)


@cache
def is_possible() -> bool:
    """Are there namespaces, `ip`, and an `nft` with the hooks that this takes, and the right to use them?"""
    one, other = Machine("one", IPAddress("192.0.2.1"), "all"), Machine("other", IPAddress("192.0.2.2"), None)
    flow = Flow(int(one.address), int(other.address), NUMBERS[Protocol.UDP], 50_000, 50_001)
    try:
        observe([one, other], _open_hooks, [flow])
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def observe(machines: Sequence[Machine], ruleset: Ruleset, flows: Iterable[Flow]) -> dict[Flow, Seen]:
    """Every flow tried with real packets."""
    return _apart(lambda: _observed(machines, ruleset, tuple(flows)))


def observe_ipv6(machines: Sequence[Machine], ruleset: Ruleset, flows: Iterable[Flow]) -> dict[Flow, Seen]:
    """The same in IPv6, for flows of UDP: from the machine that has the source in IPv4, and so on."""
    return _apart(lambda: _observed(machines, ruleset, tuple(flows), Datagrams6))


def _apart(work: Callable[[], _T]) -> _T:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _open_hooks(ports: Mapping[str, str]) -> str:
    hook = 'chain {0}_{1} {{ type filter hook {1} device "{0}" priority 0; policy accept; }}'
    return "\n".join(
        ["table netdev open {", *(hook.format(port, way) for port in ports for way in ("ingress", "egress")), "}"]
    )


def _observed(
    machines: Sequence[Machine], ruleset: Ruleset, flows: Sequence[Flow], only: type[Talk] | None = None
) -> dict[Flow, Seen]:
    found: dict[Flow, Seen] = {}
    for kind, together in _together(flows):
        with closing(Network(machines, ruleset)) as network:
            for first in range(0, len(together), kind.at_once):
                wave = together[first : first + kind.at_once]
                with closing((only or kind)(network, wave)) as talk:
                    talk.hold()
                    found |= {flow: Seen(flow in talk.arrived, flow in talk.answered) for flow in wave}
    return found


def _together(flows: Sequence[Flow]) -> Iterator[tuple[type[Talk], list[Flow]]]:
    """Flows of one protocol that one network can carry."""
    for protocol, kind in ((Protocol.ICMP, Echoes), (Protocol.UDP, Datagrams), (Protocol.TCP, Connections)):
        ours = [flow for flow in flows if flow.protocol == NUMBERS[protocol]]
        yield from ((kind, together) for together in kind.apart(ours) if together)
