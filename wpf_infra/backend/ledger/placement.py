"""Where a server may stand: free CPU, free memory, and apart from those it must not share a host with.

Here: pure decisions on values. Not here: rows (`capacity`). A server holds its place whether it runs or not, so that
a start never fails for want of room (docs/decisions/0022).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wpf_infra.language import Text

Group = tuple[str, str]
"""Tenant and anti-affinity group: two tenants' groups of one name have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a server needs of a host. memory_gib in GiB."""

    cpu: int
    memory_gib: int
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class HostLoad:
    """A host and what stands on it. usable: connected, so that something may be placed there."""

    name: str
    cpu: int
    memory_gib: int
    cpu_used: int = 0
    memory_used_gib: int = 0
    groups: frozenset[Group] = frozenset()
    usable: bool = True

    @property
    def cpu_free(self) -> int:
        return self.cpu - self.cpu_used

    @property
    def memory_free_gib(self) -> int:
        return self.memory_gib - self.memory_used_gib

    def fits(self, demand: Demand) -> bool:
        return (
            self.usable
            and self.cpu_free >= demand.cpu
            and self.memory_free_gib >= demand.memory_gib
            and (demand.group is None or demand.group not in self.groups)
        )

    def carrying(self, demand: Demand) -> HostLoad:
        """The host with the server on it."""
        return replace(
            self,
            cpu_used=self.cpu_used + demand.cpu,
            memory_used_gib=self.memory_used_gib + demand.memory_gib,
            groups=self.groups if demand.group is None else self.groups | {demand.group},
        )


def choose(hosts: Iterable[HostLoad], demand: Demand, *, stay: str | None = None) -> str | None:
    """The host for a server: where it stands if it may stay, else most memory free, then most CPU, then by name."""
    fitting = [host for host in hosts if host.fits(demand)]
    if any(host.name == stay for host in fitting):
        return stay
    best = min(fitting, key=lambda host: (-host.memory_free_gib, -host.cpu_free, host.name), default=None)
    return best.name if best else None


def shortage(hosts: Iterable[HostLoad], demand: Demand) -> Text:
    """Why `choose` found none: what is missing, and where it came nearest."""
    usable = [host for host in hosts if host.usable]
    if not usable:
        return Text(en="no host of the cluster is connected", ja="クラスタに接続中のホストがありません")
    roomy = [host for host in usable if host.fits(replace(demand, group=None))]
    if roomy and demand.group is not None:
        names = ", ".join(sorted(host.name for host in roomy))
        return Text(
            en=f"every host with room ({names}) already carries a server of anti-affinity group {demand.group[1]}",
            ja=f"空きのあるホスト（{names}）にはアンチアフィニティグループ {demand.group[1]} のサーバが既にあります",
        )
    nearest = min(usable, key=lambda host: (-host.memory_free_gib, -host.cpu_free, host.name))
    return Text(
        en=f"{demand.cpu} CPU and {demand.memory_gib} GiB are wanted; the host with most free, {nearest.name}, "
        f"has {nearest.cpu_free} CPU and {nearest.memory_free_gib} GiB",
        ja=f"必要なのは {demand.cpu} CPU・{demand.memory_gib} GiB ですが、最も空きの多い {nearest.name} でも "
        f"{nearest.cpu_free} CPU・{nearest.memory_free_gib} GiB です",
    )
