"""Whether every server still has a host when hosts fail, and every disk its place in a RAID group (FAQ 12).

Here: N+1 over declared hosts and sizes, for all tenants and the platform together. vCenter's own admission control
counts reservations only, so this is the one place that keeps the promise. Not here: placement (a backend's business).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.hardware import Host
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import HaCluster
from wpf_infra.policy.context import Context, Server
from wpf_infra.policy.packing import Item, unplaced
from wpf_infra.policy.rule import Objection, Rule

_ORDERS = (lambda host: (host.memory_gib, host.cpu), lambda host: (host.cpu, host.memory_gib))


@dataclass(frozen=True, slots=True)
class Reserve:
    """What admission control leaves. lost: hosts that may fail; cpu, memory_gib: what may be used, at most."""

    lost: int
    cpu: int
    memory_gib: int
    kept: Text

    @classmethod
    def of(cls, cluster: HaCluster) -> Reserve:
        """failover_hosts: the largest so many are gone. reserved_percent: that share is kept, and at least one host
        may go, however small the share.
        """
        hosts = list(cluster.hosts.values())
        control = cluster.admission_control
        if control.failover_hosts is not None:
            lost = control.failover_hosts
            kept = Text(en=f"with the {lost} largest of its hosts gone", ja=f"最大のホスト{lost}台が止まると")
            if lost == 1:
                kept = Text(en="with its largest host gone", ja=kept.ja)
            return cls(lost, *_left(hosts, lost), kept)
        percent = control.reserved_percent or 0
        lost = max(1, _hosts_within(hosts, percent))
        cpu, memory_gib = _left(hosts, lost)
        return cls(
            lost,
            min(cpu, sum(host.cpu for host in hosts) * (100 - percent) // 100),
            min(memory_gib, sum(host.memory_gib for host in hosts) * (100 - percent) // 100),
            Text(en=f"with {percent} % kept for failed hosts", ja=f"障害用に{percent}%を残すと"),
        )


def _left(hosts: Sequence[Host], lost: int) -> tuple[int, int]:
    """CPU and memory when the largest hosts of each kind are gone."""
    return (
        sum(sorted((host.cpu for host in hosts), reverse=True)[lost:]),
        sum(sorted((host.memory_gib for host in hosts), reverse=True)[lost:]),
    )


def _hosts_within(hosts: Sequence[Host], percent: int) -> int:
    """How many of the largest hosts fit into the share that is kept."""
    room = sum(host.memory_gib for host in hosts) * percent
    count = 0
    for host in sorted(hosts, key=lambda each: each.memory_gib, reverse=True):
        room -= host.memory_gib * 100
        if room < 0:
            break
        count += 1
    return count


def hosts_left(context: Context) -> Iterator[Objection]:
    for name, cluster in context.platform.clusters.items():
        lost = cluster.admission_control.failover_hosts
        if lost is not None and lost >= len(cluster.hosts):
            yield Objection(
                f"{PLATFORM}.clusters.{name}.admission_control.failover_hosts",
                Text(
                    en=f"{lost} of {len(cluster.hosts)} hosts may fail, which leaves none",
                    ja=f"ホスト{len(cluster.hosts)}台のうち{lost}台の停止を見込むと、1台も残りません",
                ),
                Text(
                    en=f"reserve at most {len(cluster.hosts) - 1}",
                    ja=f"{len(cluster.hosts) - 1}台以下にしてください",
                ),
            )


def servers_fit_a_host(context: Context) -> Iterator[Objection]:
    for name, cluster in context.platform.clusters.items():
        hosts = list(cluster.hosts.values())
        for server in context.servers_by_cluster.get(name, ()):
            if not _fits_any(server, hosts):
                yield Objection(
                    server.path,
                    Text(
                        en=f"no host of {name} can carry {server.vm.cpu} vCPU with {server.vm.memory_gib} GiB",
                        ja=f"{server.vm.cpu} vCPU・{server.vm.memory_gib} GiB を載せられるホストが {name} にありません",
                    ),
                    Text(en="order a smaller server", ja="小さいサーバにしてください"),
                )


def cluster_capacity(context: Context) -> Iterator[Objection]:
    """All servers still fit when hosts are gone: first by sums, then by actually placing them."""
    for name, cluster in context.platform.clusters.items():
        reserve = Reserve.of(cluster)
        servers = context.servers_by_cluster.get(name, ())
        if reserve.lost >= len(cluster.hosts) or not servers:
            continue
        path = f"{PLATFORM}.clusters.{name}"
        short = _short(reserve, servers)
        if short is not None:
            yield Objection(
                path,
                Text(
                    en=f"{reserve.kept.en}, {name} carries {short.en}",
                    ja=f"{reserve.kept.ja} {name} の容量は{short.ja}",
                ),
                _relief(name, servers, cpu=short.cpu, memory=short.memory),
            )
        elif (left := _without_place(context, cluster, reserve.lost, servers)) is not None:
            yield Objection(
                path,
                Text(
                    en=f"{reserve.kept.en}, no placement of all servers on the hosts of {name} was found: "
                    f"{left} finds no room, though the sums fit",
                    ja=f"{reserve.kept.ja} {name} のホストに全サーバを配置できません。合計は足りていますが "
                    f"{left} の置き場所がありません",
                ),
                _relief(name, servers, cpu=True, memory=True),
            )


@dataclass(frozen=True, slots=True)
class _Shortage:
    """What the sums are short of, cpu or memory or both, as the rest of a sentence."""

    cpu: bool
    memory: bool
    en: str
    ja: str


def _short(reserve: Reserve, servers: Sequence[Server]) -> _Shortage | None:
    cpu = sum(server.vm.cpu for server in servers)
    memory_gib = sum(server.vm.memory_gib for server in servers)
    parts = [
        (capacity, needed, unit)
        for capacity, needed, unit in ((reserve.cpu, cpu, "vCPU"), (reserve.memory_gib, memory_gib, "GiB"))
        if needed > capacity
    ]
    if not parts:
        return None
    return _Shortage(
        cpu > reserve.cpu,
        memory_gib > reserve.memory_gib,
        en=" and ".join(f"{capacity} {unit}, while {needed} are declared" for capacity, needed, unit in parts),
        ja="、".join(
            f"{capacity} {unit} で、宣言の合計 {needed} {unit} に足りません" for capacity, needed, unit in parts
        ),
    )


def _without_place(context: Context, cluster: HaCluster, lost: int, servers: Sequence[Server]) -> str | None:
    """A server that finds no host when the largest are gone, by memory or by CPU. What other rules say is left out:
    servers too large for any host, groups larger than the hosts that stay.
    """
    every = list(cluster.hosts.values())
    stays = len(every) - lost
    items = [
        Item(server.path, (server.vm.memory_gib, server.vm.cpu), _group(context, server, stays))
        for server in servers
        if _fits_any(server, every)
    ]
    seen: set[tuple[tuple[int, int], ...]] = set()
    for order in _ORDERS:
        bins = tuple((host.memory_gib, host.cpu) for host in sorted(every, key=order)[:stays])
        if tuple(sorted(bins)) not in seen and (left := unplaced(items, bins)) is not None:
            return left.name
        seen.add(tuple(sorted(bins)))
    return None


def _group(context: Context, server: Server, stays: int) -> tuple[str, str] | None:
    group = server.vm.anti_affinity
    if group is None or context.group_sizes[server.owner, group] > stays:
        return None
    return server.owner, group


def _fits_any(server: Server, hosts: Sequence[Host]) -> bool:
    return any(server.vm.cpu <= host.cpu and server.vm.memory_gib <= host.memory_gib for host in hosts)


def _relief(cluster: str, servers: Sequence[Server], *, cpu: bool, memory: bool) -> Text:
    """What to do, with the owners of most of what is short."""
    vcpus: Counter[str] = Counter()
    gibs: Counter[str] = Counter()
    for server in servers:
        vcpus[server.owner] += server.vm.cpu
        gibs[server.owner] += server.vm.memory_gib
    weight = gibs if memory else vcpus
    largest = ", ".join(
        " ".join((owner, *([f"{vcpus[owner]} vCPU"] if cpu else []), *([f"{gibs[owner]} GiB"] if memory else [])))
        for owner in sorted(weight, key=lambda owner: (-weight[owner], owner))[:3]
    )
    return Text(
        en=f"add a host to {cluster}, or order less there (most of it: {largest})",
        ja=f"{cluster} にホストを追加するか、サーバを減らしてください（多い順: {largest}）",
    )


def anti_affinity(context: Context) -> Iterator[Objection]:
    """A group has a host for each of its servers, also when hosts are gone."""
    groups: defaultdict[tuple[str, str, str], list[Server]] = defaultdict(list)
    for server in context.servers:
        if server.vm.anti_affinity is not None and server.cluster in context.platform.clusters:
            groups[server.owner, server.vm.anti_affinity, server.cluster].append(server)
    stays = {name: len(cluster.hosts) - Reserve.of(cluster).lost for name, cluster in context.platform.clusters.items()}
    for (_, group, cluster), servers in groups.items():
        left = stays[cluster]
        if 0 < left < len(servers):
            names = ", ".join(server.name for server in servers)
            yield Objection(
                f"{servers[0].path}.anti_affinity",
                Text(
                    en=f"the {len(servers)} servers of `{group}` ({names}) need a host each, and "
                    f"{cluster} keeps {left} when hosts fail",
                    ja=f"`{group}` の{len(servers)}台（{names}）は別々のホストが必要ですが、"
                    f"{cluster} は障害時に{left}台しか残りません",
                ),
                Text(
                    en=f"keep at most {left} servers in the group",
                    ja=f"グループを{left}台以下にしてください",
                ),
            )


def storage_capacity(context: Context) -> Iterator[Objection]:
    """Usable capacity (two disks of each group are parity) holds every disk, each within one group."""
    disks: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for server in context.servers:
        for name, disk in server.vm.disks.items():
            item = Item(f"{server.path}.disks.{name}", (disk.size_gb,))
            disks[disk.storage_class, server.cluster].append(item)
    groups: defaultdict[tuple[str, str], list[tuple[int]]] = defaultdict(list)
    for name, storage_class in context.platform.storage_classes.items():
        for group in storage_class.groups.values():
            groups[name, group.cluster].append((group.usable_gb,))
    for (name, cluster), items in disks.items():
        bins = groups.get((name, cluster))
        if bins is None:
            continue  # a dangling reference, which is another rule's
        usable = sum(size for (size,) in bins)
        needed = sum(item.size[0] for item in items)
        left = None if needed > usable else unplaced(items, bins)
        if needed <= usable and left is None:
            continue
        said = (
            Text(
                en=f"beside {cluster} it has {usable} GB usable, while disks of {needed} GB are declared",
                ja=f"{cluster} での実効容量は {usable} GB で、宣言されたディスク合計 {needed} GB に足りません",
            )
            if left is None
            else Text(
                en=f"beside {cluster} no RAID group has room for {left.name} ({left.size[0]} GB), though the sums fit",
                ja=f"{cluster} では {left.name}（{left.size[0]} GB）を置けるRAIDグループがありません"
                "（合計は足りています）",
            )
        )
        yield Objection(
            f"{PLATFORM}.storage_classes.{name}",
            said,
            Text(
                en=f"add a RAID group to {cluster}, or order less there",
                ja=f"{cluster} にRAIDグループを追加するか、ディスクを減らしてください",
            ),
        )


RULES = (
    Rule(
        "failover-hosts",
        12,
        Severity.ERROR,
        Text(en="admission control leaves hosts", ja="アドミッションコントロール後もホストが残る"),
        hosts_left,
    ),
    Rule(
        "server-fits-host",
        12,
        Severity.ERROR,
        Text(en="a server fits on a host of its cluster", ja="サーバがクラスタのホストに載る"),
        servers_fit_a_host,
    ),
    Rule(
        "cluster-capacity",
        12,
        Severity.ERROR,
        Text(en="all servers still fit when hosts fail (N+1)", ja="ホスト障害時も全サーバが載る（N+1）"),
        cluster_capacity,
    ),
    Rule(
        "anti-affinity-hosts",
        12,
        Severity.ERROR,
        Text(en="an anti-affinity group has hosts enough", ja="アンチアフィニティのホストが足りる"),
        anti_affinity,
    ),
    Rule(
        "storage-capacity",
        12,
        Severity.ERROR,
        Text(en="usable capacity holds every disk", ja="実効容量に全ディスクが収まる"),
        storage_capacity,
    ),
)
