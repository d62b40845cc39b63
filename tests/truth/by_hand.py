"""What people and bad luck do to a world between two runs.

Here: random power, drift, failures. Not here: declarations (`declared`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from tests.truth.declared import OWNERS, Pick
from tests.truth.declared import World as Declared
from tests.truth.estate import Estate
from wpf_infra.backend.simulator.hand import World
from wpf_infra.errors import WpfError
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm

Act = Callable[[Pick, Estate, datetime], str]


def servers(estate: Estate) -> dict[Identity, ObservedVm]:
    """Everybody's, in a fixed order."""
    return {
        identity: seen
        for owner in OWNERS
        for identity, seen in sorted(estate.simulator.observe(owner).items(), key=lambda each: str(each[0]))
        if isinstance(seen, ObservedVm)
    }


def _server_act(act: Callable[[Pick, World, Identity, ObservedVm], str]) -> Act:
    """Done to one server; what the world does not allow is not done."""

    def acted(pick: Pick, estate: Estate, _: datetime) -> str:
        standing = servers(estate)
        identity = pick(list(standing))
        with suppress(WpfError):
            return f"{identity} {act(pick, estate.world, identity, standing[identity])}"
        return f"{identity} is left alone"

    return acted


def _resize(pick: Pick, world: World, identity: Identity, _: ObservedVm) -> str:
    cpu = pick((1, 2, 4))
    world.resize(identity, cpu=cpu)
    return f"gets {cpu} CPU by hand"


def _grow(_: Pick, world: World, identity: Identity, seen: ObservedVm) -> str:
    disk = min(seen.resource.disks)
    world.grow_disk(identity, disk, seen.resource.disks[disk].size_gb + 200)
    return f"disk {disk} grows by hand"


def _hang_on(pick: Pick, world: World, identity: Identity, _: ObservedVm) -> str:
    name = pick(("data", "theirs"))
    world.add_disk(identity, name, Disk(size_gb=100, storage_class="raid6"))
    return f"somebody hangs a disk {name} on"


def _remove(_: Pick, world: World, identity: Identity, __: ObservedVm) -> str:
    world.remove(identity)
    return "is deleted by hand"


def _copy(_: Pick, world: World, identity: Identity, __: ObservedVm) -> str:
    world.copy(identity, f"{identity.name}-copy")
    return "is copied by hand"


def _drop_allowance(pick: Pick, estate: Estate, _: datetime) -> str:
    owner = pick(OWNERS[1:])
    policy = estate.simulator.find(Identity(owner, Kind.FIREWALL, owner))
    names = sorted(getattr(policy.resource, "allowances", ())) if policy is not None else []
    if not names:
        return f"{owner} allows nothing"
    name = pick(names)
    estate.world.remove_allowance(owner, name)
    return f"{owner} allowance {name} is removed by hand"


def _host(act: str) -> Act:
    def acted(pick: Pick, estate: Estate, _: datetime) -> str:
        host = pick(("h1", "h2", "h3"))
        with suppress(WpfError):
            getattr(estate.world, act)(host)
        return f"{act} {host}"

    return acted


def _lose_disks(_: Pick, estate: Estate, __: datetime) -> str:
    lost = estate.world.fail_disk("g1", 3)
    estate.world.replace_disk("g1", 3)
    estate.world.finish_rebuild("g1")
    return f"three disks of g1 fail, and with them {', '.join(map(str, lost)) or 'nobody'}"


def _refresh(pick: Pick, estate: Estate, now: datetime) -> str:
    owner = pick(OWNERS)
    estate.refresh(owner, now)
    return f"{owner} is refreshed"


def _forget(pick: Pick, estate: Estate, _: datetime) -> str:
    owner = pick(OWNERS)
    records = estate.records[owner]
    if not records:
        return f"{owner} has no record"
    identity = pick(sorted(records, key=str))
    del records[identity]
    return f"the record of {identity} is lost"


ACTS: Mapping[str, Act] = {
    "resized": _server_act(_resize),
    "disk grown": _server_act(_grow),
    "disk hung on": _server_act(_hang_on),
    "removed": _server_act(_remove),
    "copied": _server_act(_copy),
    "allowance removed": _drop_allowance,
    "host failed": _host("fail_host"),
    "host repaired": _host("repair_host"),
    "host in maintenance": _host("enter_maintenance"),
    "data lost": _lose_disks,
    "refreshed": _refresh,
    "record lost": _forget,
}


def switch(pick: Pick, estate: Estate) -> list[str]:
    """Random power: most servers are left as they are."""
    said: list[str] = []
    for identity, seen in servers(estate).items():
        wanted = pick(("as it is", "as it is", "as it is", "on", "off"))
        if wanted not in ("as it is", seen.power):
            with suppress(WpfError):
                (estate.world.power_on if wanted == "on" else estate.world.power_off)(identity)
                said.append(f"{identity} is switched {wanted} by hand")
    return said


def as_it_stands(declared: Declared, estate: Estate) -> None:
    """The way out that a refusal says where a disk has grown by hand: the size it has is declared."""
    for identity, seen in servers(estate).items():
        vm = declared[identity.tenant]["vms"].get(identity.name)
        for name, disk in seen.resource.disks.items() if vm else ():
            if vm and name in vm["disks"] and vm["disks"][name]["size_gb"] < disk.size_gb:
                vm["disks"][name]["size_gb"] = disk.size_gb
