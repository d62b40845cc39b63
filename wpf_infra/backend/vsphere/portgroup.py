"""A tenant's distributed portgroup: its name and VLAN, and that no other holds that VLAN (FAQ 22).

Here: making, changing and removing it, and the pure check whether it can stand. Not here: the rest of the room
(`room`), the rules on it (`firewall`).
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
from wpf_infra.backend.vsphere.destruction import destroy
from wpf_infra.backend.vsphere.ground import ClusterSeen, Ground, PortgroupSeen, SwitchSeen
from wpf_infra.backend.vsphere.inscription import portgroup_description, portgroup_name
from wpf_infra.backend.vsphere.survey import read_ground, vlan_of, with_vlans
from wpf_infra.errors import Conflict, NotFound, Unsupported
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import TenantResource

_SETTINGS = "config.defaultPortConfig"


def build(connection: Connection, ground: Ground, resource: TenantResource, cluster: ClusterSeen) -> None:
    """The tenant's portgroup with its VLAN, marked; also settles it. Raises what `check` raises, and Conflict when
    another tenant has that VLAN.
    """
    where = str(resource.identity)
    switch = check(ground, resource, cluster)
    own = _own(ground, resource.identity)
    if own is None:
        _require_free(connection, ground, switch, resource)
        own = _make(connection, switch, resource)
    else:
        _settle(connection, ground, switch, own, resource)
    if own.claim is None:
        attributes.write(connection, ground.fields, own.ref, {inscription.IDENTITY: where}, where=where)


def check(ground: Ground, resource: TenantResource, cluster: ClusterSeen) -> SwitchSeen:
    """The switch that it stands on, or can stand on. The VLANs of foreign portgroups count as far as they were read
    (`survey.with_vlans`); which tenant has which is the ledger's.

    Raises NotFound without a switch, Conflict for several and for a VLAN that is not a tenant's, Unsupported when the
    tenant's portgroup is on another switch.
    """
    switch = _switch(ground, cluster, resource.identity)
    own = _own(ground, resource.identity)
    if own is not None and own.switch != switch.ref:
        raise Unsupported(
            Text(
                en=f"cluster {cluster.name} is on switch {switch.name}, and the tenant's portgroup is on another",
                ja=f"クラスタ {cluster.name} のスイッチは {switch.name} で、テナントのポートグループとは別です",
            ),
            where=str(resource.identity),
            remedy=Text(
                en="onboard a new tenant there and retire this one",
                ja="移行先に新しいテナントを用意し、こちらを解約してください",
            ),
        )
    if (own is None or own.name != portgroup_name(resource.network.vlan)) and (
        held := _held_by_others(ground, switch, resource)
    ):
        raise held
    return switch


def remove(connection: Connection, ground: Ground, identity: Identity) -> None:
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
    destroy(connection, own.ref, own.ref.Destroy_Task, where=str(identity))


def _own(ground: Ground, identity: Identity) -> PortgroupSeen | None:
    """The one with the tenant's mark, else one that was made for it and not yet marked."""
    marked = ground.room(identity.tenant).portgroup
    description = portgroup_description(identity)
    made = (one for one in ground.portgroups if one.claim is None and one.description == description)
    return marked or next(made, None)


def _make(connection: Connection, switch: SwitchSeen, resource: TenantResource) -> PortgroupSeen:
    vlan = resource.network.vlan
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name=portgroup_name(vlan),
        description=portgroup_description(resource.identity),
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
    if own is None or own.name != portgroup_name(vlan):
        raise _held(now, resource) or taken or _vanished(resource)
    return own


def _settle(
    connection: Connection, ground: Ground, switch: SwitchSeen, own: PortgroupSeen, resource: TenantResource
) -> None:
    """Name and VLAN in one task, with the version that was read."""
    vlan = resource.network.vlan
    read = connection.read_objects([own.ref], [_SETTINGS, "config.configVersion"]).get(own.ref)
    if read is None:
        raise _vanished(resource)
    if own.name == portgroup_name(vlan) and vlan_of(read.get(_SETTINGS)) == vlan:
        return
    _require_free(connection, ground, switch, resource)
    settings = copy.copy(read[_SETTINGS])
    settings.vlan = _vlan(vlan)
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        name=portgroup_name(vlan), configVersion=read.get("config.configVersion"), defaultPortConfig=settings
    )
    try:
        start = functools.partial(own.ref.ReconfigureDVPortgroup_Task, spec=spec)
        connection.run(start, where=str(resource.identity))
    except Conflict as conflict:
        now = read_ground(connection, policies_of=())
        raise _held(now, resource) or conflict from conflict


def _require_free(connection: Connection, ground: Ground, switch: SwitchSeen, resource: TenantResource) -> None:
    """By name among ours, by name and number among the others of the switch."""
    held = _held(ground, resource) or _held_by_others(with_vlans(connection, ground), switch, resource)
    if held is not None:
        raise held


def _held(ground: Ground, resource: TenantResource) -> Conflict | None:
    """Another's portgroup of the name that goes with the VLAN, ours or not."""
    own, name = _own(ground, resource.identity), portgroup_name(resource.network.vlan)
    for one in ground.portgroups:
        if one.name == name and (own is None or one.ref != own.ref):
            return _taken(resource, one)
    return None


def _held_by_others(ground: Ground, switch: SwitchSeen, resource: TenantResource) -> Conflict | None:
    """An unmarked portgroup that has the VLAN, or its name."""
    own, vlan = _own(ground, resource.identity), resource.network.vlan
    for one in ground.portgroups:
        if one.claim is not None or (own is not None and one.ref == own.ref):
            continue
        if one.name == portgroup_name(vlan) or (one.switch == switch.ref and one.vlan == vlan):
            return _taken(resource, one)
    return None


def _taken(resource: TenantResource, holder: PortgroupSeen) -> Conflict:
    vlan = resource.network.vlan
    if holder.claim is not None:
        whose, whose_ja = f"tenant {holder.claim.tenant}", f"テナント {holder.claim.tenant}"
    else:
        described = holder.name + (f" ({holder.description})" if holder.description else "")
        whose, whose_ja = f"portgroup {described}", f"ポートグループ {described}"
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
