"""A tenant's distributed portgroup: its name and VLAN, and that no other holds that VLAN (FAQ 22).

Here: making, changing and taking it away. Not here: the rest of the room (`room`), the rules on it (`firewall`).
Its description names the tenant from the first moment, before the mark can: so a build that was cut off is known again,
and nobody else takes it. The API: vim.DistributedVirtualSwitch.addPortgroups, DistributedVirtualPortgroup.reconfigure.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import ClusterSeen, Ground, PortgroupSeen, SwitchSeen
from wpf_infra.backend.vsphere.survey import read_ground, vlan_of
from wpf_infra.errors import Conflict, NotFound, Unsupported
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import TenantResource

_SETTINGS = "config.defaultPortConfig"


def name_of(vlan: int) -> str:
    """One name a VLAN, so that the vCenter's own refusal of a second one keeps it to one tenant."""
    return f"wpf-vlan-{vlan:04d}"


def description_of(identity: Identity) -> str:
    return f"wpf {identity}"


def stand(connection: Connection, ground: Ground, resource: TenantResource, cluster: ClusterSeen) -> Any:
    """The tenant's portgroup with its VLAN, marked. Raises Conflict when somebody else has that VLAN."""
    where = str(resource.identity)
    switch = _switch(ground, cluster, resource.identity)
    own = _own(ground, resource.identity)
    if own is None:
        _require_free(connection, ground, switch, resource)
        own = _make(connection, switch, resource)
    elif own.switch != switch.ref:
        raise Unsupported(
            Text(
                en=f"cluster {cluster.name} is on switch {switch.name}, and the tenant's portgroup is on another",
                ja=f"クラスタ {cluster.name} のスイッチは {switch.name} で、テナントのポートグループとは別です",
            ),
            where=where,
            remedy=Text(
                en="onboard a new tenant there and retire this one",
                ja="移行先に新しいテナントを用意し、こちらを解約してください",
            ),
        )
    else:
        _settle(connection, ground, switch, own, resource)
    if own.claim is None:
        attributes.write(connection, ground.fields, own.ref, {inscription.IDENTITY: where}, where=where)
    return own.ref


def take_away(connection: Connection, ground: Ground, identity: Identity) -> None:
    """Raises Conflict while a server is attached to it, ours or not."""
    own = _own(ground, identity)
    if own is None:
        return
    attached = [ref for found in connection.read_objects([own.ref], ["vm"]).values() for ref in found.get("vm", ())]
    if attached:
        names = sorted(found["name"] for found in connection.read_objects(attached[:5], ["name"]).values())
        raise Conflict(
            Text(
                en=f"its portgroup {own.name} is in use by {', '.join(names)}",
                ja=f"ポートグループ {own.name} は {', '.join(names)} が使用中です",
            ),
            where=str(identity),
            row=22,
            remedy=Text(
                en="move their network adapters to another portgroup first",
                ja="先にそのネットワークアダプタを別のポートグループへ移してください",
            ),
        )
    connection.run(own.ref.Destroy_Task, where=str(identity))


def _own(ground: Ground, identity: Identity) -> PortgroupSeen | None:
    """The one with the tenant's mark, else one that was made for it and not yet marked."""
    marked = ground.room(identity.tenant).portgroup
    made = (one for one in ground.portgroups if one.claim is None and one.description == description_of(identity))
    return marked or next(made, None)


def _make(connection: Connection, switch: SwitchSeen, resource: TenantResource) -> PortgroupSeen:
    vlan = resource.network.vlan
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name=name_of(vlan),
        description=description_of(resource.identity),
        type=vim.dvs.DistributedVirtualPortgroup.PortgroupType.earlyBinding,
        numPorts=8,
        autoExpand=True,
        defaultPortConfig=vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(vlan=_vlan(vlan)),
    )
    taken: Conflict | None = None
    try:
        start = functools.partial(switch.ref.AddDVPortgroup_Task, spec=[spec])
        connection.run(start, where=str(resource.identity))
    except Conflict as conflict:
        taken = conflict
    now = read_ground(connection, policies_of=())
    own = _own(now, resource.identity)
    if own is None or own.name != name_of(vlan):
        raise _held(now, name_of(vlan), resource) or taken or _vanished(resource)
    return own


def _settle(
    connection: Connection, ground: Ground, switch: SwitchSeen, own: PortgroupSeen, resource: TenantResource
) -> None:
    """Name and VLAN in one task, with the version that was read."""
    vlan = resource.network.vlan
    read = connection.read_objects([own.ref], [_SETTINGS, "config.configVersion"]).get(own.ref)
    if read is None:
        raise _vanished(resource)
    if own.name == name_of(vlan) and vlan_of(read.get(_SETTINGS)) == vlan:
        return
    _require_free(connection, ground, switch, resource)
    settings = copy.copy(read[_SETTINGS])
    settings.vlan = _vlan(vlan)
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name=name_of(vlan), configVersion=read.get("config.configVersion"), defaultPortConfig=settings
    )
    try:
        start = functools.partial(own.ref.ReconfigureDVPortgroup_Task, spec=spec)
        connection.run(start, where=str(resource.identity))
    except Conflict as conflict:
        now = read_ground(connection, policies_of=())
        raise _held(now, name_of(vlan), resource) or conflict from conflict


def _require_free(connection: Connection, ground: Ground, switch: SwitchSeen, resource: TenantResource) -> None:
    """By name among ours, by number among the others of the switch."""
    if held := _held(ground, name_of(resource.network.vlan), resource):
        raise held
    others = {one.ref: one.name for one in ground.portgroups if one.switch == switch.ref and one.claim is None}
    for ref, found in connection.read_objects(list(others), [_SETTINGS]).items() if others else ():
        if vlan_of(found.get(_SETTINGS)) == resource.network.vlan and ref != _ref(_own(ground, resource.identity)):
            raise _taken(resource, f"portgroup {others[ref]}", f"ポートグループ {others[ref]}")


def _held(ground: Ground, name: str, resource: TenantResource) -> Conflict | None:
    """Another's portgroup of that name."""
    own = _ref(_own(ground, resource.identity))
    for one in ground.portgroups:
        if one.name == name and one.ref != own:
            if one.claim is not None:
                return _taken(resource, f"tenant {one.claim.tenant}", f"テナント {one.claim.tenant}")
            whose = f"portgroup {one.name}" + (f" ({one.description})" if one.description else "")
            return _taken(resource, whose, whose.replace("portgroup", "ポートグループ", 1))
    return None


def _ref(portgroup: PortgroupSeen | None) -> Any:
    return portgroup.ref if portgroup is not None else None


def _taken(resource: TenantResource, whose: str, whose_ja: str) -> Conflict:
    vlan = resource.network.vlan
    return Conflict(
        Text(en=f"VLAN {vlan} is held by {whose}", ja=f"VLAN {vlan} は{whose_ja} が使用中です"),
        where=str(resource.identity),
        row=22,
        remedy=Text(en="declare a free VLAN", ja="空いているVLANを宣言してください"),
    )


def _vanished(resource: TenantResource) -> NotFound:
    return NotFound(
        Text(en="its portgroup is gone again", ja="ポートグループがなくなりました"),
        where=str(resource.identity),
        remedy=Text(en="run it again", ja="再実行してください"),
    )


def _switch(ground: Ground, cluster: ClusterSeen, identity: Identity) -> SwitchSeen:
    """The one that every host of the cluster is a member of."""
    switches = ground.switches_of(cluster)
    if len(switches) == 1:
        return switches[0]
    if not switches:
        raise NotFound(
            Text(
                en=f"no distributed switch has every host of cluster {cluster.name}",
                ja=f"クラスタ {cluster.name} の全ホストが属する分散スイッチがありません",
            ),
            where=str(identity),
            row=12,
            remedy=Text(
                en="add the cluster's hosts to one distributed switch first",
                ja="先にクラスタの全ホストを1つの分散スイッチに追加してください",
            ),
        )
    names = ", ".join(switch.name for switch in switches)
    raise Conflict(
        Text(
            en=f"cluster {cluster.name} has several distributed switches: {names}",
            ja=f"クラスタ {cluster.name} には分散スイッチが複数あります: {names}",
        ),
        where=str(identity),
        row=22,
        remedy=Text(
            en=f"mark the tenants' one: set its custom attribute {inscription.IDENTITY} to "
            f"platform/cluster/{cluster.name}",
            ja=f"テナント用のスイッチのカスタム属性 {inscription.IDENTITY} を "
            f"platform/cluster/{cluster.name} にしてください",
        ),
    )


def _vlan(vlan: int) -> Any:
    return vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(inherited=False, vlanId=vlan)
