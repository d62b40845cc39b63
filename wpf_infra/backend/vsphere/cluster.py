"""A cluster that people racked and added to the vCenter, taken into management: its HA and DRS, its marks (FAQ 12).

Here: claiming, settling and releasing. Not here: servers' own entries in its lists (`availability`), which are not the
cluster's to write, and the decision whether anything may stand in the way (`wpf_infra.backend.ledger`).
The API: vim.ComputeResource.reconfigureEx, merging (`modify`): what a specification does not name stays.
"""

from __future__ import annotations

import functools
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import ClusterSeen, Ground
from wpf_infra.errors import Conflict, NotFound
from wpf_infra.language import Text
from wpf_infra.model.hardware import AdmissionControl
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import ClusterResource


def claim(connection: Connection, ground: Ground, resource: ClusterResource) -> None:
    """Settings, then the hosts' marks, then the cluster's: it is seen as ours when all is done. Also settles it: a host
    that is left out is given back.

    Raises NotFound for a cluster or host that is not in the vCenter, Conflict for a cluster marked as another's.
    """
    where = str(resource.identity)
    seen = check(ground, resource)
    if not seen.ready or seen.admission_control != resource.admission_control:
        _reconfigure(connection, seen, resource.admission_control, where)
    for name, host in resource.hosts.items():
        there = seen.hosts[name]
        if there.claim != resource.identity or there.declared != host:
            words = {**inscription.host_words(host), inscription.IDENTITY: where}
            attributes.write(connection, ground.fields, there.ref, words, where=where)
    _give_back(connection, ground, seen, resource.identity, keep=resource.hosts.keys())
    if seen.claim != resource.identity:
        attributes.write(connection, ground.fields, seen.ref, {inscription.IDENTITY: where}, where=where)


def release(connection: Connection, ground: Ground, identity: Identity) -> None:
    """Takes our marks away, the cluster's last; nothing is destroyed, and HA and DRS stay as they are."""
    seen = ground.clusters.get(identity.name)
    if seen is None:
        return
    _give_back(connection, ground, seen, identity)
    if seen.claim == identity:
        attributes.write(connection, ground.fields, seen.ref, {inscription.IDENTITY: ""}, where=str(identity))


def specification(admission_control: AdmissionControl) -> Any:
    """HA, host monitoring and DRS on, and what HA keeps free."""
    policy: Any
    if admission_control.failover_hosts is not None:
        policy = vim.cluster.FailoverLevelAdmissionControlPolicy(failoverLevel=admission_control.failover_hosts)
    else:
        percent = admission_control.reserved_percent
        policy = vim.cluster.FailoverResourcesAdmissionControlPolicy(
            cpuFailoverResourcesPercent=percent, memoryFailoverResourcesPercent=percent, autoComputePercentages=False
        )
    return vim.cluster.ConfigSpecEx(
        dasConfig=vim.cluster.DasConfigInfo(
            enabled=True, hostMonitoring="enabled", admissionControlEnabled=True, admissionControlPolicy=policy
        ),
        drsConfig=vim.cluster.DrsConfigInfo(enabled=True),
    )


def _reconfigure(connection: Connection, seen: ClusterSeen, admission_control: AdmissionControl, where: str) -> None:
    start = functools.partial(
        seen.ref.ReconfigureComputeResource_Task, spec=specification(admission_control), modify=True
    )
    connection.run(start, where=where)


def _give_back(
    connection: Connection, ground: Ground, seen: ClusterSeen, identity: Identity, keep: Any = frozenset()
) -> None:
    blank = {inscription.CPU: "", inscription.MEMORY_GIB: "", inscription.IDENTITY: ""}  # cut off, it is found again
    for name, host in seen.hosts.items():
        if name not in keep and host.claim == identity:
            attributes.write(connection, ground.fields, host.ref, blank, where=str(identity))


def check(ground: Ground, resource: ClusterResource) -> ClusterSeen:
    """The cluster, when all that is declared of it stands there. Raises NotFound, Conflict."""
    seen = ground.clusters.get(resource.name)
    if seen is None:
        raise NotFound(
            Text(
                en=f"the vCenter has no cluster {resource.name}", ja=f"vCenterにクラスタ {resource.name} がありません"
            ),
            where=str(resource.identity),
            row=12,
            remedy=_rename_or_rack(ground, resource.identity),
        )
    if missing := sorted(resource.hosts.keys() - seen.hosts.keys()):
        names = ", ".join(missing)
        raise NotFound(
            Text(
                en=f"cluster {resource.name} of the vCenter has no host {names}",
                ja=f"vCenterのクラスタ {resource.name} にホスト {names} がありません",
            ),
            where=str(resource.identity),
            row=12,
            remedy=_RACK,
        )
    if seen.claim is not None and seen.claim != resource.identity:
        raise Conflict(
            Text(
                en=f"the vCenter's cluster {resource.name} is marked as {seen.claim}",
                ja=f"vCenterのクラスタ {resource.name} には {seen.claim} の印があります",
            ),
            where=str(resource.identity),
            remedy=Text(
                en=f"if that is no longer so, clear its custom attribute {inscription.IDENTITY}",
                ja=f"不要な印であれば、カスタム属性 {inscription.IDENTITY} を消してください",
            ),
        )
    return seen


def _rename_or_rack(ground: Ground, identity: Identity) -> Text:
    renamed = next((one.name for one in ground.clusters.values() if one.claim == identity), None)
    if renamed is None:
        return _RACK
    return Text(
        en=f"its mark is on cluster {renamed}: give that its name back in the vSphere Client",
        ja=f"その印はクラスタ {renamed} にあります。vSphere Clientで名前を元に戻してください",
    )


_RACK = Text(
    en="rack it and add it to the vCenter under that name first, then run it again",
    ja="先に機器を設置し、その名前でvCenterに追加してから、再実行してください",
)
