"""A simulated world, printed: tables for people, data for machines.

Here: which tables. Not here: a table (`table`), the picture's contents (`wpf_infra.backend.simulator.status`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from wpf_infra.backend.ledger.journal import Entry
from wpf_infra.backend.simulator.faults import Fault
from wpf_infra.backend.simulator.status import ServerStatus, Status
from wpf_infra.cli.output import say
from wpf_infra.cli.table import print_table
from wpf_infra.language import Text, same, spoken
from wpf_infra.model.identity import Identity, Kind


@dataclass(frozen=True, slots=True)
class Picture:
    """status: what stands; journal: the last events, oldest first; faults: those still to come."""

    status: Status
    journal: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    def data(self) -> dict[str, Any]:
        return {
            "identity": self.status.identity,
            "hosts": [asdict(host) for host in self.status.hosts],
            "groups": [
                {
                    **asdict(group.load),
                    "cluster": group.cluster,
                    "usable_gb": group.load.usable_gb,
                    "survives": group.load.survives,
                }
                for group in self.status.groups
            ],
            "servers": [{**asdict(server), "identity": str(server.identity)} for server in self.status.servers],
            "journal": [{**asdict(entry), "identity": str(entry.identity)} for entry in self.journal],
            "faults": [asdict(fault) for fault in self.faults],
        }


def short(identity: Identity) -> str:
    """`tenant/vm` for a server, as people name it on the command line."""
    return f"{identity.tenant}/{identity.name}" if identity.kind is Kind.VM else str(identity)


def print_picture(picture: Picture) -> None:
    _print_hosts(picture.status)
    _print_groups(picture.status)
    _print_servers(picture.status)
    _print_faults(picture.faults)
    _print_journal(picture.journal)
    say(picture.status.identity)


def _print_hosts(status: Status) -> None:
    print_table(
        Text(en="hosts", ja="ホスト"),
        (
            Text(en="host", ja="ホスト"),
            Text(en="state", ja="状態"),
            same("CPU"),
            Text(en="memory GiB", ja="メモリ GiB"),
            Text(en="running", ja="稼働"),
            Text(en="power supplies", ja="電源"),
            Text(en="uplinks", ja="回線"),
        ),
        [
            (
                f"{host.cluster}/{host.name}",
                _STATES[host.state].in_(spoken()),
                f"{host.cpu_used}/{host.cpu}",
                f"{host.memory_used_gib}/{host.memory_gib}",
                f"{host.running}/{host.standing}",
                f"{host.power_supplies}/2",
                f"{host.uplinks}/2",
            )
            for host in status.hosts
        ],
        _COLOURS,
    )


def _print_groups(status: Status) -> None:
    print_table(
        Text(en="RAID6 groups", ja="RAID6グループ"),
        (
            Text(en="group", ja="グループ"),
            Text(en="cluster", ja="クラスタ"),
            Text(en="used GB", ja="使用 GB"),
            Text(en="disks", ja="ディスク"),
            Text(en="state", ja="状態"),
        ),
        [
            (
                f"{group.load.storage_class}/{group.load.name}",
                group.cluster,
                f"{group.load.used_gb}/{group.load.usable_gb}",
                f"{group.load.disks - group.load.failed - group.load.rebuilding}/{group.load.disks}",
                _group_state(group.load.lost, group.load.survives, group.load.rebuilding).in_(spoken()),
            )
            for group in status.groups
        ],
    )


def _print_servers(status: Status) -> None:
    print_table(
        Text(en="servers", ja="サーバ"),
        (
            Text(en="server", ja="サーバ"),
            Text(en="power", ja="電源"),
            Text(en="host", ja="ホスト"),
            same("CPU"),
            Text(en="memory GiB", ja="メモリ GiB"),
            Text(en="remarks", ja="備考"),
        ),
        [
            (
                short(server.identity),
                server.power,
                f"{server.cluster}/{server.host}",
                str(server.cpu),
                str(server.memory_gib),
                ", ".join(remark.in_(spoken()) for remark in _remarks(server)),
            )
            for server in status.servers
        ],
        _COLOURS,
    )


def _print_journal(journal: Sequence[Entry]) -> None:
    print_table(
        Text(en="what happened last", ja="最近の出来事"),
        (same("#"), Text(en="who", ja="主体"), Text(en="what", ja="内容"), Text(en="to", ja="対象"), same("")),
        [
            (
                str(entry.sequence),
                entry.actor,
                entry.event,
                short(entry.identity),
                " ".join(f"{name}={value}" for name, value in entry.detail.items()),
            )
            for entry in journal
        ],
    )


_STATES = {
    "connected": Text(en="connected", ja="正常"),
    "failed": Text(en="failed", ja="故障"),
    "maintenance": Text(en="maintenance", ja="保守中"),
}


def _group_state(lost: bool, survives: int, rebuilding: int) -> Text:
    if lost:
        return Text(en="data lost", ja="データ消失")
    rest = Text(en=f"survives {survives} more", ja=f"あと{survives}本の故障に耐える")
    if rebuilding:
        return Text(en=f"rebuilding, {rest.en}", ja=f"再構築中、{rest.ja}")
    return rest


def _remarks(server: ServerStatus) -> list[Text]:
    remarks: list[Text] = []
    if not server.built:
        remarks.append(Text(en="half built", ja="作成途中"))
    if server.restart_owed:
        remarks.append(Text(en="a restart is owed", ja="再起動待ち"))
    if server.left_off:
        remarks.append(Text(en="left off by a failure", ja="障害により停止中"))
    if server.lost:
        names = ", ".join(server.lost)
        remarks.append(Text(en=f"data lost: {names}", ja=f"データ消失: {names}"))
    if server.foreign:
        names = ", ".join(server.foreign)
        remarks.append(Text(en=f"foreign disks: {names}", ja=f"外部ディスク: {names}"))
    return remarks


def _print_faults(faults: Sequence[Fault]) -> None:
    if faults:
        print_table(
            Text(en="injected faults", ja="注入された障害"),
            (
                Text(en="kind", ja="種類"),
                Text(en="call", ja="呼び出し"),
                Text(en="of", ja="対象"),
                Text(en="stage", ja="段階"),
                Text(en="times", ja="回数"),
            ),
            [
                (fault.kind, fault.call, fault.identity, fault.stage, "∞" if fault.times is None else str(fault.times))
                for fault in faults
            ],
        )


_COLOURS = {_STATES["failed"].en: "red", _STATES["failed"].ja: "red", "off": "yellow"}
