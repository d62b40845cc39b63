"""Monitoring: what the Zabbix agent can look at, and who hears of it (FAQ 4, 17, 18).

Here: what is declared to be monitored, and on what. Not here: the closed sets, which are the schema's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.monitoring import Log, Monitor, Ping, Process, Resource
from wpf_infra.model.monitoring import Severity as MonitorSeverity
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.context import Context
from wpf_infra.policy.pattern import broken
from wpf_infra.policy.rule import Objection, Rule

_WINDOWS_FILE = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]")
"""A drive's root, or another server's share."""


def agent_carried(context: Context) -> Iterator[Objection]:
    for path, agent in _by_agent(context):
        if agent is False:
            yield Objection(
                path,
                Text(
                    en="the device carries no Zabbix agent (`agent: false`), without which there is ping alone",
                    ja="この機器にはZabbixエージェントが入りません（`agent: false`）。監視できるのはpingだけです",
                ),
                Text(en="monitor it by ping, or leave this out", ja="ping監視にするか、これを消してください"),
            )


def agent_confirmed(context: Context) -> Iterator[Objection]:
    for path, agent in _by_agent(context):
        if agent is None:
            yield Objection(
                path,
                Text(
                    en="this needs the Zabbix agent, which the vendor installs where the device can carry it",
                    ja="これにはゲートウェイ上のZabbixエージェントが必要です。機器が対応していればベンダーが導入します",
                ),
                Text(
                    en="ask the vendor whether the device can carry it, and record `agent: true` or `agent: false`",
                    ja="対応しているかベンダーに確認し、`agent: true` か `agent: false` を記録してください",
                ),
            )


def log_files(context: Context) -> Iterator[Objection]:
    """Of servers alone: what a gateway runs is not declared."""
    for server in context.servers:
        windows = server.vm.os.startswith("windows")
        for name, monitor in server.vm.monitoring.items():
            if not isinstance(monitor, Log):
                continue
            if _WINDOWS_FILE.match(monitor.file) if windows else monitor.file.startswith("/"):
                continue
            example = r"C:\app\error.log" if windows else "/var/log/app/error.log"
            yield Objection(
                f"{server.path}.monitoring.{name}.file",
                Text(
                    en=f"this is no absolute path on {server.vm.os}, so the agent finds no such file",
                    ja=f"{server.vm.os} の絶対パスではないので、エージェントがファイルを見つけられません",
                ),
                Text(en=f"write it like {example}", ja=f"{example} のように書いてください"),
            )


def log_matches(context: Context) -> Iterator[Objection]:
    for path, monitors in _monitored(context):
        for name, monitor in monitors.items():
            reason = broken(monitor.match) if isinstance(monitor, Log) else None
            if reason is not None:
                yield Objection(
                    f"{path}.{name}.match",
                    Text(
                        en=f"this is no regular expression: {reason}", ja=f"正規表現として正しくありません（{reason}）"
                    ),
                    Text(
                        en=r"correct it; a sign that stands for itself has a backslash before it: \( \[ \*",
                        ja=r"直してください。記号そのものを探すときは \( \[ \* のように前に \ を付けます",
                    ),
                )


def watched_once(context: Context) -> Iterator[Objection]:
    for path, monitors in _monitored(context):
        first: dict[tuple[object, ...], str] = {}
        for name, monitor in sorted(monitors.items()):
            other = first.setdefault(_watched(monitor), name)
            if other != name:
                yield Objection(
                    f"{path}.{name}",
                    Text(
                        en=f"`{other}` watches the same; a fault would be told twice",
                        ja=f"`{other}` と同じものを監視しています。同じ障害が二重に通知されます",
                    ),
                    Text(en="leave one of them out", ja="どちらかを消してください"),
                )


def minor_heard(context: Context) -> Iterator[Objection]:
    """Once for a tenant: it is one thing that is missing."""
    for owner, tenant in context.tenants.items():
        vendors_own = tenant.kind is TenantKind.VENDOR
        if vendors_own or tenant.vendor is not None or context.catalogue.is_unjudged(f"{owner}.vendor"):
            continue
        minor = sorted(
            f"{kind}.{name}.monitoring.{key}"
            for kind, watched in (("vms", tenant.vms), ("gateways", tenant.gateways))
            for name, each in watched.items()
            for key, monitor in each.monitoring.items()
            if monitor.severity is MonitorSeverity.MINOR
        )
        if minor:
            named = ", ".join(minor[:3]) + (", …" if len(minor) > 3 else "")
            yield Objection(
                f"{owner}.vendor",
                Text(
                    en=f"a fault of severity `minor` is mailed to the vendor alone, and none is named ({named})",
                    ja=f"重大度 `minor` の障害はベンダーにだけ通知されますが、ベンダーの指定がありません（{named}）",
                ),
                Text(
                    en="name the vendor's tenant in `vendor`; `major` is mailed to the utility too",
                    ja="`vendor` にベンダーテナントを指定してください。`major` なら事業者にも通知されます",
                ),
            )


def _watched(monitor: Monitor) -> tuple[object, ...]:
    """What it looks at, whatever the severity; two thresholds of one metric are two things."""
    match monitor:
        case Ping():
            return (monitor.kind,)
        case Process():
            return (monitor.kind, monitor.process)
        case Resource():
            return (monitor.kind, monitor.metric, monitor.above)
        case Log():
            return (monitor.kind, monitor.file, monitor.match)


def _by_agent(context: Context) -> Iterator[tuple[str, bool | None]]:
    """What of gateways only the agent can monitor, and whether the device carries it."""
    for owner, tenant in context.tenants.items():
        for name, gateway in tenant.gateways.items():
            for key, monitor in gateway.monitoring.items():
                if not isinstance(monitor, Ping):
                    yield f"{owner}.gateways.{name}.monitoring.{key}", gateway.agent


def _monitored(context: Context) -> Iterator[tuple[str, Mapping[str, Monitor]]]:
    for server in context.servers:
        yield f"{server.path}.monitoring", server.vm.monitoring
    for owner, tenant in context.tenants.items():
        for name, gateway in tenant.gateways.items():
            yield f"{owner}.gateways.{name}.monitoring", gateway.monitoring


RULES = (
    Rule(
        "monitoring-agent",
        18,
        Severity.ERROR,
        Text(
            en="a gateway without the agent is monitored by ping alone",
            ja="エージェントの入らないゲートウェイの監視はpingだけ",
        ),
        agent_carried,
    ),
    Rule(
        "monitoring-agent-confirmed",
        18,
        Severity.WARNING,
        Text(
            en="whether a gateway carries the agent is known before it is relied on",
            ja="ゲートウェイにエージェントが入るかどうかを確認しておく",
        ),
        agent_confirmed,
    ),
    Rule(
        "monitoring-minor-heard",
        4,
        Severity.WARNING,
        Text(en="a minor fault is mailed to somebody", ja="`minor` の障害の通知先がある"),
        minor_heard,
    ),
    Rule(
        "monitoring-log-file",
        17,
        Severity.WARNING,
        Text(en="a monitored log is an absolute path", ja="監視するログは絶対パスで書く"),
        log_files,
    ),
    Rule(
        "monitoring-log-match",
        17,
        Severity.ERROR,
        Text(en="a log's `match` is a regular expression", ja="ログの `match` は正規表現である"),
        log_matches,
    ),
    Rule(
        "monitoring-once",
        17,
        Severity.WARNING,
        Text(en="nothing is monitored twice", ja="同じものを二重に監視しない"),
        watched_once,
    ),
)
