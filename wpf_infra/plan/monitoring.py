"""A monitored host's plan: what is watched, and who is told (FAQ 4, 17, 18, 28).

Here: monitors by name; their order never matters. Not here: Zabbix.
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.monitoring import Monitor
from wpf_infra.model.resource import MonitoringResource
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build, Settle


def diff_monitoring(observed: MonitoringResource | None, desired: MonitoringResource) -> Plan:
    if observed is None:
        what = Text(en="is no longer monitored: it is again", ja="の監視が失われています。改めて監視します")
        return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, 17),), (Build(desired),))
    changes = tuple(_changes(observed, desired))
    return Plan(desired.identity, changes, (Settle(desired),) if changes else ())


def _changes(observed: MonitoringResource, desired: MonitoringResource) -> Iterator[Change]:
    for name in sorted({*observed.monitors, *desired.monitors}):
        if (before := observed.monitors.get(name)) != (after := desired.monitors.get(name)):
            yield Change(f"monitors.{name}", Disturbance.ONLINE, _monitor(name, before, after), 17)
    for name, row in (("address", 17), ("agent", 18), ("vendor_mail", 4), ("owner_mail", 4)):
        if (is_ := getattr(observed, name)) != (becomes := getattr(desired, name)):
            shown = f"{name} {_or_none(is_)} → {_or_none(becomes)}"
            what = Text(en=f"{shown}: nothing is stopped", ja=f"{shown}: 停止は伴いません")
            yield Change(name, Disturbance.ONLINE, what, row)


def _monitor(name: str, before: Monitor | None, after: Monitor | None) -> Text:
    if before is None:
        assert after is not None
        return Text(
            en=f"{name} begins: {after.kind}, {after.severity}", ja=f"{name} を開始: {after.kind}、{after.severity}"
        )
    if after is None:
        return Text(en=f"{name} ends: {before.kind}, {before.severity}", ja=f"{name} を終了: {before.kind}")
    changed = ", ".join(
        f"{key} {before.data().get(key, '-')} → {after.data().get(key, '-')}"
        for key in sorted({*before.data(), *after.data()})
        if before.data().get(key) != after.data().get(key)
    )
    return Text(en=f"{name} changes: {changed}", ja=f"{name} を変更: {changed}")


def _or_none(value: object) -> str:
    return "-" if value is None else str(value)
