"""Plans of what stands around the servers: tenants, clusters, storage classes.

Here: their pure diffs. Not here: servers (`vm`) and firewall policies (`firewall`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text, same
from wpf_infra.model.hardware import AdmissionControl
from wpf_infra.model.resource import ClusterResource, StorageClassResource, TenantResource
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build, Settle

_FIXED_OF_A_TENANT = {"owner": 14, "cluster": 12, "network.cidr": 22, "network.vlan": 22}
"""What its servers and rules stand on, and the FAQ row."""


_PUT_BACK = frozenset({"network.cidr", "network.vlan"})
"""Of these, what somebody altered on the backend by hand: isolation stands on it (FAQ 22)."""


def diff_tenant(observed: TenantResource | None, desired: TenantResource, recorded: TenantResource | None) -> Plan:
    """What its servers stand on is fixed; its name and quota are records (a quota is enforced by policy)."""
    if observed is None:
        return _gone(desired)
    changes: list[Change] = []
    for path, row in _FIXED_OF_A_TENANT.items():
        before, after = _at(observed, path), _at(desired, path)
        if before == after:
            continue
        if path in _PUT_BACK and recorded is not None and _at(recorded, path) == after:
            changes.append(Change(path, Disturbance.ONLINE, _put_back(path, before, after), row))
        else:
            changes.append(Change(path, Disturbance.REFUSED, _fixed(path, before, after), row))
    if observed.name != desired.name:
        before, after = (f"{name.en} / {name.ja}" for name in (observed.name, desired.name))
        changes.append(Change("name", Disturbance.NONE, same(f"name {before} → {after}")))
    changes.extend(
        Change(f"quota.{name}", Disturbance.NONE, same(f"quota.{name} {before} → {after}"))
        for name in ("cpu", "memory_gib", "storage_gb")
        if (before := getattr(observed.quota, name)) != (after := getattr(desired.quota, name))
    )
    return _settled(desired, changes)


def diff_cluster(observed: ClusterResource | None, desired: ClusterResource) -> Plan:
    if observed is None:
        return _gone(desired)
    changes: list[Change] = []
    for name in sorted({*observed.hosts, *desired.hosts}):
        before, after = observed.hosts.get(name), desired.hosts.get(name)
        if before == after:
            continue
        if before is None:
            what = Text(en=f"hosts.{name} joins", ja=f"hosts.{name} を追加します")
        elif after is None:
            what = Text(
                en=f"hosts.{name} leaves: its servers move to the others while they run",
                ja=f"hosts.{name} を外します。サーバは稼働したまま他のホストへ移します",
            )
        else:
            was, becomes = (f"{host.cpu} CPU, {host.memory_gib} GiB" for host in (before, after))
            what = same(f"hosts.{name} {was} → {becomes}")
        changes.append(Change(f"hosts.{name}", Disturbance.ONLINE, what, 12))
    if observed.admission_control != desired.admission_control:
        kept, wanted = _kept_free(observed.admission_control), _kept_free(desired.admission_control)
        changes.append(
            Change(
                "admission_control",
                Disturbance.ONLINE,
                Text(
                    en=f"admission_control {kept} → {wanted}: what is kept free for a failed host; nothing is stopped",
                    ja=f"admission_control {kept} → {wanted}: ホスト障害に備える空き容量を変えます。停止は伴いません",
                ),
                12,
            )
        )
    return _settled(desired, changes)


def _kept_free(admission_control: AdmissionControl) -> str:
    return ", ".join(f"{name} {value}" for name, value in admission_control.data().items())


def diff_storage_class(observed: StorageClassResource | None, desired: StorageClassResource) -> Plan:
    """Groups are added and grown; what holds data is not taken away."""
    if observed is None:
        return _gone(desired)
    return _settled(desired, list(_group_changes(observed, desired)))


def _group_changes(observed: StorageClassResource, desired: StorageClassResource) -> Iterator[Change]:
    for name in sorted({*observed.groups, *desired.groups}):
        before, after = observed.groups.get(name), desired.groups.get(name)
        path = f"groups.{name}"
        if before == after:
            continue
        if before is None:
            yield Change(path, Disturbance.ONLINE, Text(en=f"{path} is added", ja=f"{path} を追加します"), 12)
        elif after is None or after.cluster != before.cluster or after.usable_gb < before.usable_gb:
            what = Text(
                en=f"{path} would lose capacity that may hold data: keep it declared, add a new group, move the disks "
                "and take the empty group away with the storage's own tools, then leave it out",
                ja=f"{path} の容量が減り、データが失われるおそれがあります。宣言に残したまま新しいグループを追加し、"
                "ストレージ側の手順でディスクの移動とグループの撤去を終えてから、宣言から外してください",
            )
            yield Change(path, Disturbance.REFUSED, what, 12)
        else:
            was, becomes = (f"{group.disks} × {group.disk_gb} GB" for group in (before, after))
            what = Text(
                en=f"{path} {was} → {becomes}: {after.usable_gb} GB usable",
                ja=f"{path} {was} → {becomes}: 実効容量 {after.usable_gb} GB",
            )
            yield Change(path, Disturbance.ONLINE, what, 12)


def _settled(desired: TenantResource | ClusterResource | StorageClassResource, changes: list[Change]) -> Plan:
    return Plan(desired.identity, tuple(changes), (Settle(desired),) if changes else ())


def _gone(desired: TenantResource | ClusterResource | StorageClassResource) -> Plan:
    what = Text(en="is gone from the backend: it is made again", ja="がバックエンドから失われています。作り直します")
    row = 22 if isinstance(desired, TenantResource) else 12
    return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, row),), (Build(desired),))


def _at(resource: TenantResource, path: str) -> object:
    found: object = resource
    for name in path.split("."):
        found = getattr(found, name)
    return found


def _put_back(path: str, before: object, after: object) -> Text:
    """Nobody declared it otherwise: it was altered on the backend."""
    return Text(
        en=f"{path} {before} → {after}: it was altered by hand and is put back",
        ja=f"{path} {before} → {after}: 手作業で変更されているため、元に戻します",
    )


def _fixed(path: str, before: object, after: object) -> Text:
    return Text(
        en=f"{path} {before} → {after}: a tenant keeps it for life, its servers and rules stand on it; onboard a new "
        "tenant beside this one, move, then retire this one",
        ja=f"{path} {before} → {after}: サーバと通信許可の土台のため変更できません。新しいテナントを用意して移行し、"
        "このテナントを解約してください",
    )
