"""High availability: who restarts where when a host is gone, and what admission control keeps free for that day.

Here: pure decisions on values. Not here: rows (`capacity`), nor hosts that fail (`hardware`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wpf_infra.backend.ledger.placement import Demand, HostLoad, choose
from wpf_infra.language import Text
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.identity import Identity

_WEIGHT = {priority: weight for weight, priority in enumerate(RestartPriority)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server that ran when its host failed, and still counts as standing there."""

    identity: Identity
    priority: RestartPriority
    demand: Demand
    host: str


@dataclass(frozen=True, slots=True)
class Restart:
    identity: Identity
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class Restarts:
    """In the order of the restarts; left_off: those for whom there is no place, in the same order."""

    placed: tuple[Restart, ...] = ()
    left_off: tuple[Identity, ...] = ()


def restart(hosts: Iterable[HostLoad], candidates: Iterable[Candidate]) -> Restarts:
    """Highest restart priority first, then by identity. Admission control has no say: this is what it saved for.

    A candidate whose own host is usable again starts there: its place was held.
    """
    free = {host.name: host for host in hosts}
    placed: list[Restart] = []
    left_off: list[Identity] = []
    for candidate in sorted(candidates, key=lambda one: (-_WEIGHT[one.priority], one.identity)):
        name = candidate.host if free[candidate.host].usable else None
        if name is None:
            name = choose(free.values(), candidate.demand)
            if name is None:
                left_off.append(candidate.identity)
                continue
            free[name] = free[name].carrying(candidate.demand)
        placed.append(Restart(candidate.identity, candidate.host, name))
    return Restarts(tuple(placed), tuple(left_off))


@dataclass(frozen=True, slots=True)
class Reserve:
    """What admission control keeps free: whole hosts (the largest), or a share of all. One of the two is set."""

    failover_hosts: int | None = None
    reserved_percent: int | None = None

    def usable(self, capacities: Iterable[int]) -> int:
        """How much of one resource may run, of the hosts that are connected."""
        ascending = sorted(capacities)
        if self.failover_hosts is not None:
            return sum(ascending[: max(0, len(ascending) - self.failover_hosts)])
        return sum(ascending) * (100 - (self.reserved_percent or 0)) // 100


def admit(connected: Sequence[tuple[int, int]], reserve: Reserve, running: Demand, more: Demand) -> Text | None:
    """None when `more` may start beside what is running, else what would be missing on the day a host fails.

    connected: CPU and memory in GiB of each host that is.
    """
    cpu = reserve.usable(host_cpu for host_cpu, _ in connected)
    memory_gib = reserve.usable(host_memory_gib for _, host_memory_gib in connected)
    if running.cpu + more.cpu <= cpu and running.memory_gib + more.memory_gib <= memory_gib:
        return None
    return Text(
        en=f"{running.cpu} CPU and {running.memory_gib} GiB run, {more.cpu} CPU and {more.memory_gib} GiB are to "
        f"start, and {cpu} CPU and {memory_gib} GiB may run while the failover capacity stays free",
        ja=f"稼働中 {running.cpu} CPU・{running.memory_gib} GiB、起動対象 {more.cpu} CPU・{more.memory_gib} GiB "
        f"に対し、フェイルオーバー容量を残して稼働できるのは {cpu} CPU・{memory_gib} GiB までです",
    )
