"""Building a server: one clone that carries it, then HA and DRS, power, and the mark that it came to its end.

Here: the stages, each of which looks at what stands and does what is missing, so that a build that was cut off is
finished by building again. Not here: what the clone is told (`clone`), where it goes (`wpf_infra.backend.ledger`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from secrets import token_hex
from time import monotonic, sleep
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere.attributes import defined, write
from wpf_infra.backend.vsphere.availability import Availability, Wish
from wpf_infra.backend.vsphere.clone import Placement, clone_spec, free_seats, new_disks, slot
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import DatastoreSeen
from wpf_infra.backend.vsphere.inscription import IDENTITY
from wpf_infra.backend.vsphere.machine import HEAVY, LIGHT, MachineSeen, see
from wpf_infra.backend.vsphere.machines import Quarters
from wpf_infra.backend.vsphere.mark import instance_uuid
from wpf_infra.backend.vsphere.power import start
from wpf_infra.backend.vsphere.reconfigure import Edit, edit, marks_of, reconfigure, with_uuids
from wpf_infra.errors import Conflict, Transient
from wpf_infra.language import Text, visible
from wpf_infra.model.resource import VmResource
from wpf_infra.plan.step import Reconfigure

PATIENCE_S = 900.0
"""How long another process may take over its clone of the same server."""
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 5.0
_TOKEN = token_hex(8)
"""Of this process: stands on what it builds until that is built, so that it knows its own clones from others'."""


def clone(
    connection: Connection, placement: Placement, resource: VmResource, *, patience_s: float = PATIENCE_S
) -> MachineSeen:
    """The server, placed and off; the one that another process has made in this moment, if that was quicker.

    Raises Conflict when a VM that is not ours has the name or the instanceUuid.
    """
    where, spec = str(resource.identity), clone_spec(resource, placement, token=_TOKEN)
    end, pause_s = monotonic() + patience_s, _FIRST_PAUSE_S
    while True:
        if standing := _holding(connection, placement.folder, resource):
            return standing
        try:
            ref = connection.run(
                lambda: placement.template.ref.CloneVM_Task(placement.folder, resource.name, spec), where=where
            )
        except Conflict as error:
            if not isinstance(error.__cause__, vim.fault.DuplicateName):
                raise
            if standing := _standing(connection, placement.folder, resource):
                return standing
            if monotonic() > end:
                raise _still_made(where) from error
            sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        else:
            return _accepted(connection, ref, resource)


def _holding(connection: Connection, folder: vim.Folder, resource: VmResource) -> MachineSeen | None:
    """The server, if it is what has its instanceUuid. Raises Conflict when something else has it: the vCenter would
    give the new VM another one.
    """
    holders = _holders(connection, resource)
    ours = next((each for each in holders if each.is_ours and each.identity == resource.identity), None)
    if holders and ours is None:
        child = _child(connection, folder, resource)
        if isinstance(child, vim.VirtualMachine):
            _clear(connection, next(iter(_read(connection, [child])), None), resource)
        raise _held(resource, holders)
    return ours


def _standing(connection: Connection, folder: vim.Folder, resource: VmResource) -> MachineSeen | None:
    """The server, if it is what holds its name; None while that is still being made, and when it was a stray of this
    process and has gone. Raises Conflict.
    """
    ref = _child(connection, folder, resource)
    is_vm = isinstance(ref, vim.VirtualMachine)
    seen = next(iter(_read(connection, [ref])), None) if is_vm else None
    if seen is not None and seen.is_ours and seen.identity == resource.identity:
        return seen
    if ref is None or (is_vm and (seen is None or seen.instance_uuid is None)) or _clear(connection, seen, resource):
        return None
    raise Conflict(
        Text(
            en=f"something else has the name {resource.name} in the tenant's folder, and is not ours",
            ja=f"テナントのフォルダに {resource.name} という名前の、このライブラリのものではないものがあります",
        ),
        where=str(resource.identity),
        remedy=Text(
            en="have its owner rename or move it in the vSphere Client",
            ja="vSphere Clientで名前を変更するか移動するよう、所有者に依頼してください",
        ),
    )


def _accepted(connection: Connection, ref: vim.VirtualMachine, resource: VmResource) -> MachineSeen:
    """The new VM, if the vCenter gave it the instanceUuid asked for; else it goes again, and Conflict is raised."""
    made = _read(connection, [ref])
    if made and made[0].is_ours:
        return made[0]
    _clear(connection, made[0] if made else None, resource)
    raise _held(resource, _holders(connection, resource))


def _clear(connection: Connection, stray: MachineSeen | None, resource: VmResource) -> bool:
    """Take away what this very process cloned, when the vCenter gave it another instanceUuid: it was never started.

    A copy that somebody made of a built server has no token; one of a server that is being built elsewhere has another.
    """
    marks = stray.marks if stray is not None else None
    if stray is None or marks is None or not stray.is_copy or stray.running or stray.is_template or marks.built:
        return False
    if (stray.name, marks.identity, marks.build) != (resource.name, resource.identity, _TOKEN):
        return False
    connection.run(lambda: stray.ref.Destroy_Task(), where=str(resource.identity))
    return True


def _child(connection: Connection, folder: vim.Folder, resource: VmResource) -> Any:
    """What has the server's name in its tenant's folder."""
    index = connection.content.searchIndex
    assert index is not None, "a vCenter has one"
    return connection.call(lambda: index.FindChild(folder, resource.name), where=str(resource.identity))


def _holders(connection: Connection, resource: VmResource) -> list[MachineSeen]:
    """Who has the instanceUuid, anywhere on the vCenter."""
    index, uuid = connection.content.searchIndex, instance_uuid(resource.identity)
    assert index is not None, "a vCenter has one"
    refs = connection.call(lambda: index.FindAllByUuid(None, uuid, True, True), where=str(resource.identity))
    return _read(connection, refs or ())


def _read(connection: Connection, refs: Sequence[Any]) -> list[MachineSeen]:
    return [see(ref, told) for ref, told in connection.read_objects(refs, (*LIGHT, *HEAVY)).items()] if refs else []


def _held(resource: VmResource, holders: Sequence[MachineSeen]) -> Conflict:
    names = ", ".join(sorted(visible(each.name) for each in holders)) or "?"
    return Conflict(
        Text(
            en=f"its instanceUuid belongs to another VM, {names}",
            ja=f"instanceUuid が別の仮想マシン {names} に使用されています",
        ),
        where=str(resource.identity),
        remedy=Text(
            en="give that VM another vc.uuid, or take it away, then run it again",
            ja="その仮想マシンの vc.uuid を変更するか削除してから、再実行してください",
        ),
    )


def _still_made(where: str) -> Transient:
    return Transient(
        Text(
            en="somebody else is making a VM of that name, and has not come to an end",
            ja="同名の仮想マシンが別の処理で作成中のまま、終わっていません",
        ),
        where=where,
        remedy=Text(
            en="look at the tasks in the vSphere Client, then run it again",
            ja="vSphere Clientでタスクを確認し、再実行してください",
        ),
    )


def refit(
    connection: Connection, seen: MachineSeen, resource: VmResource, *, host: vim.HostSystem | None = None
) -> None:
    """Give an unfinished server that is off the settings now wanted; `finish` does the rest."""
    wanted = Reconfigure(cpu=resource.cpu, memory_gib=resource.memory_gib, address=resource.address)
    reconfigure(connection, seen, wanted, host=host)


def finish(
    connection: Connection,
    seen: MachineSeen,
    resource: VmResource,
    *,
    availability: Availability,
    cluster: vim.ClusterComputeResource,
    quarters: Quarters,
    datastores: Mapping[str, DatastoreSeen],
    host: vim.HostSystem | None = None,
) -> None:
    """All that comes after the clone, as far as it is missing. quarters: its tenant's; datastores: of disks that are
    missing; host: where it starts, if not where it stands.
    """
    now = edit(connection, seen, lambda now: _completed(now, resource, datastores))
    if marks_of(now).built:
        return
    availability.settle(cluster, Wish.of(now, quarters, resource.restart_priority, resource.anti_affinity))
    start(connection, now, host=host)
    _note(connection, now)
    edit(connection, now, lambda now: Edit(replace(with_uuids(now), built=True, build=None, restart_owed=False)))


def _note(connection: Connection, now: MachineSeen) -> None:
    """Its identity among the vCenter's own words too: they can be read when its host or its datastore is away."""
    identity = str(now.identity)
    write(connection, defined(connection), now.ref, {IDENTITY: identity}, where=identity)


def _completed(now: MachineSeen, resource: VmResource, datastores: Mapping[str, DatastoreSeen]) -> Edit:
    """Its group's word, and the disks that it does not have: those of a clone that carried everything are none."""
    marks = marks_of(now)
    if marks.built:
        return Edit(marks)
    missing = sorted(set(resource.disks) - set(now.disks))
    seats = dict(zip(missing, free_seats(now.devices, len(missing), str(resource.identity)), strict=True))
    return Edit(
        replace(
            marks,
            anti_affinity=resource.anti_affinity,
            disks={**marks.disks, **{name: slot(seats[name], resource.disks[name]) for name in missing}},
        ),
        devices=tuple(new_disks({name: (resource.disks[name], datastores[name], seats[name]) for name in missing})),
    )
