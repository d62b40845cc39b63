"""Finding servers on a vCenter: all below a folder, one by its identity, one as it stands now; and OS templates.

Here: which properties are read, and in how few calls. Not here: what they mean (`machine`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.ledger.server import gone
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.machine import (
    HEAVY,
    LIGHT,
    MachineSeen,
    Surroundings,
    is_away,
    is_noted,
    observe,
    see,
    unreadable,
)
from wpf_infra.backend.vsphere.mark import instance_uuid, rule_name
from wpf_infra.errors import Conflict, NotFound
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity

Memory = dict[vim.VirtualMachine, Mapping[str, Any]]
"""The heavy properties last read of each VM, good for as long as its `config.changeVersion` stays."""
_FRESH_S = 5.0
"""How old what is known of a template may be: it is asked for once for every server that is built."""


@dataclass(frozen=True, slots=True)
class Quarters:
    """Where a tenant's servers are: below its folder, and in its pool, which a server keeps in whatever folder. None
    stands for a part that the room has lost.
    """

    folder: vim.Folder | None
    pool: vim.ResourcePool | None


def read_tenant(
    connection: Connection,
    quarters: Quarters,
    memory: Memory | None = None,
) -> tuple[MachineSeen, ...]:
    """Every VM in a tenant's room, ours or not, in whatever folder somebody put it; as `read_machines` does."""
    pool = quarters.pool
    read: Mapping[str, Any] = connection.read_objects([pool], ["vm"]).get(pool, {}) if pool is not None else {}
    return read_machines(connection, quarters.folder, {}, memory, elsewhere=read.get("vm") or ())


def read_machines(
    connection: Connection,
    folder: vim.Folder | None,
    surroundings: Mapping[str, Surroundings],
    memory: Memory | None = None,
    *,
    elsewhere: Iterable[vim.VirtualMachine] = (),
) -> tuple[MachineSeen, ...]:
    """Every VM below the folder, ours or not, by name; `observed` of ours whose tenant is among the surroundings.
    elsewhere: VMs that may hang in another folder.

    A VM that cannot be read now is left out if it is a stranger's; Transient is raised for one that was ours when it
    was last read, or is by the vCenter's own words. Two calls whatever their number; with a memory, the second is for
    those that changed since.
    """
    memory = {} if memory is None else memory
    light = connection.read(vim.VirtualMachine, LIGHT, within=folder) if folder is not None else {}
    if further := [ref for ref in elsewhere if ref not in light]:
        light = {**light, **connection.read_objects(further, LIGHT)}
    light = {ref: told for ref, told in light.items() if not _is_strange(ref, memory.get(ref), told)}
    moved = [ref for ref, properties in light.items() if not _is_known(memory.get(ref), properties)]
    memory.update(connection.read_objects(moved, HEAVY) if moved else {})
    machines = [see(ref, {**memory[ref], **properties}) for ref, properties in light.items() if ref in memory]
    return tuple(sorted(_observed(machines, surroundings), key=lambda machine: (machine.name, str(machine.ref))))


def _is_known(remembered: Mapping[str, Any] | None, light: Mapping[str, Any]) -> bool:
    version = light.get("config.changeVersion")
    return remembered is not None and version is not None and remembered.get("config.changeVersion") == version


def _is_strange(ref: vim.VirtualMachine, remembered: Mapping[str, Any] | None, light: Mapping[str, Any]) -> bool:
    """It cannot be read, and nothing says that it is a server of ours. Raises Transient when something does."""
    if not is_away(light):
        return False
    if is_noted(light) or (remembered is not None and see(ref, remembered).is_ours):
        raise unreadable(light)
    return True


def _observed(machines: Iterable[MachineSeen], surroundings: Mapping[str, Surroundings]) -> Iterable[MachineSeen]:
    peers: defaultdict[tuple[str, str], list[MachineSeen]] = defaultdict(list)
    for machine in machines:
        if machine.is_ours and machine.marks and machine.marks.anti_affinity:
            peers[machine.marks.identity.tenant, machine.marks.anti_affinity].append(machine)
    for machine in machines:
        marks = machine.marks
        around = surroundings.get(marks.identity.tenant) if marks and machine.is_ours else None
        if marks is None or around is None:
            yield machine
        else:
            yield observe(machine, around, peers.get((marks.identity.tenant, marks.anti_affinity or ""), ()))


def find_machine(
    connection: Connection,
    identity: Identity,
    surroundings: Callable[[], Surroundings | None] | None = None,
    quarters: Quarters | None = None,
    memory: Memory | None = None,
) -> MachineSeen | None:
    """The server of that identity in our datacenter, wherever it hangs; None when there is none of ours.

    surroundings: asked for once the server is found; `observed` only with them. quarters: its tenant's, read too when
    it takes its peers to tell its group, and when it is not found: one that cannot be read now is in no index.
    """
    uuid = instance_uuid(identity)
    search, datacenter = connection.content.searchIndex, connection.datacenter
    assert search is not None, "a vCenter has one"
    refs = connection.call(lambda: search.FindAllByUuid(datacenter, uuid, True, True), where=str(identity))
    found = [see(ref, properties) for ref, properties in connection.read_objects(refs or (), (*LIGHT, *HEAVY)).items()]
    machine = next((each for each in found if each.is_ours and each.identity == identity), None)
    around = surroundings() if machine is not None and surroundings is not None else None
    if machine is None and quarters is not None and quarters.folder is not None:
        _check_readable(connection, identity, quarters.folder)
    if machine is None or around is None:
        return machine
    group = machine.marks.anti_affinity if machine.marks else None
    peers: Iterable[MachineSeen] = ()
    if group and quarters and machine.ref not in around.rules.get(rule_name(identity.tenant, group), ()):
        peers = read_tenant(connection, quarters, memory)
    return observe(machine, around, peers)


def _check_readable(connection: Connection, identity: Identity, folder: vim.Folder) -> None:
    """Raises Transient when a VM of the server's name stands in its place, and cannot be read now."""
    index = connection.content.searchIndex
    assert index is not None, "a vCenter has one"
    ref = connection.call(lambda: index.FindChild(folder, identity.name), where=str(identity))
    if isinstance(ref, vim.VirtualMachine):
        properties = connection.read_objects([ref], LIGHT).get(ref, {})
        if is_away(properties):
            raise unreadable(properties)


def look(connection: Connection, seen: MachineSeen) -> MachineSeen:
    """The same server as it stands now. Raises NotFound when it is gone, or no longer the server it was."""
    properties = connection.read_objects([seen.ref], (*LIGHT, *HEAVY)).get(seen.ref)
    now = see(seen.ref, properties) if properties else None
    if now is None or not now.is_ours or now.identity != seen.identity:
        raise gone(str(seen.identity or seen.name))
    return now


@dataclass(frozen=True, slots=True)
class Template:
    """An OS template. extra_keys: the keys of its extraConfig, which every clone begins with."""

    ref: vim.VirtualMachine
    name: str
    devices: tuple[Any, ...] = field(repr=False, compare=False)
    extra_keys: frozenset[str] = frozenset()


class Templates:
    """The datacenter's OS templates; where each is, is looked up once a process. fresh_s: how long what was read of
    one is good for.
    """

    def __init__(self, connection: Connection, *, fresh_s: float = _FRESH_S) -> None:
        self._connection = connection
        self._fresh_s = fresh_s
        self._places: dict[str, vim.VirtualMachine] = {}
        self._known: dict[str, tuple[float, Template]] = {}
        self._looking = Lock()

    def find(self, os: str, *, where: str) -> Template:
        """where: the identity of the server that wants it. Raises NotFound, and Conflict where two have the name."""
        read_at, known = self._known.get(os, (0.0, None))
        if known is not None and monotonic() - read_at < self._fresh_s:
            return known
        place = self._places.get(os)
        template = self._read(os, place) if place else None
        if template is None:
            with self._looking:
                if self._places.get(os) == place:  # nobody else has looked in the meantime
                    self._places[os] = self._place(os, where)
            template = self._read(os, self._places[os])
        if template is None:
            raise self._missing(os, where)
        self._known[os] = monotonic(), template
        return template

    def _read(self, os: str, ref: vim.VirtualMachine) -> Template | None:
        """None when it went away or is another's by now: somebody puts a newer one in its place each month."""
        properties = self._connection.read_objects([ref], (*LIGHT, *HEAVY)).get(ref)
        machine = see(ref, properties) if properties else None
        if machine is None or not machine.is_template or machine.name != os:
            return None
        return Template(ref, os, tuple(machine.devices), machine.extra_keys)

    def _place(self, os: str, where: str) -> vim.VirtualMachine:
        datacenter = self._connection.datacenter
        top = self._connection.read_objects([datacenter], ("vmFolder",))[datacenter]["vmFolder"]
        machines = self._connection.read(vim.VirtualMachine, ("name", "config.template"), within=top)
        refs = [ref for ref, each in machines.items() if each.get("config.template") and each.get("name") == os]
        if not refs:
            raise self._missing(os, where)
        if len(refs) > 1:
            name = self._datacenter()
            raise Conflict(
                Text(
                    en=f"there are {len(refs)} OS templates named {os} in datacenter {name}",
                    ja=f"データセンター {name} にOSテンプレート {os} が {len(refs)} 個あります",
                ),
                where=where,
                row=20,
                remedy=Text(
                    en="rename those that are not to be used, in the vSphere Client",
                    ja="使用しないものの名前をvSphere Clientで変更してください",
                ),
            )
        place: vim.VirtualMachine = refs[0]
        return place

    def _missing(self, os: str, where: str) -> NotFound:
        name = self._datacenter()
        return NotFound(
            Text(
                en=f"there is no OS template {os} in datacenter {name}",
                ja=f"データセンター {name} にOSテンプレート {os} がありません",
            ),
            where=where,
            row=20,
            remedy=Text(
                en="put a template of that name there, or declare an OS that has one",
                ja="その名前のテンプレートを用意するか、テンプレートのあるOSを宣言してください",
            ),
        )

    def _datacenter(self) -> str:
        datacenter = self._connection.datacenter
        name: str = self._connection.read_objects([datacenter], ("name",))[datacenter]["name"]
        return name
