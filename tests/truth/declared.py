"""Random declarations, and random changes of them, whether a rule would like them or not.

Here: plain data as in `tests.samples`, changed in place. Not here: what people do by hand (`by_hand`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Protocol, TypeVar

from tests.samples import WORLD, world
from wpf_infra.model import Catalogue, Platform, Tenant

T = TypeVar("T")
World = dict[str, Any]
TENANTS = ("minami-suido", "kawa-systems")
OWNERS = ("platform", *TENANTS)


class Pick(Protocol):
    """One of several, by chance."""

    def __call__(self, options: Sequence[T], /) -> T: ...


DUE, SOON, LATE = (
    {"ordered": "2026-09-20", "ends": "2026-10-31"},
    {"ordered": "2026-10-20", "ends": "2026-11-30"},
    {"ordered": "2026-11-20", "ends": "2099-12-31"},
)
_ENDS = (DUE, SOON, LATE, None)
_CONSENTS = (None, *({"by": "Kato", "on": on} for on in ("2026-11-20", "2026-11-24", "2026-12-01", "2026-11-01")))
_SIZES_GB, _CLASSES = (100, 300, 500), ("raid6", "raid6", "raid6", "archive")
_DISKS = ("system", "data", "logs")
_NAMES = ("app-1", "app-2", "app-3", "app-4")
_APART = (None, "app", "db")
_SYSTEMS = ("rhel-9", "rhel-8", "windows-server-2022")


def catalogue(declared: World) -> Catalogue:
    tenants = {name: Tenant.model_validate(data) for name, data in declared.items() if name != "platform"}
    return Catalogue(Platform.model_validate(declared["platform"]), tenants)


def some_world(pick: Pick) -> World:
    """The platform of the samples, and of each tenant some servers."""
    declared = world()
    for owner in TENANTS:
        declared[owner]["vms"] = {}
        declared[owner]["images"] = {}
        for name in _NAMES[: pick((1, 2, 3))]:
            declared[owner]["vms"][name] = _some_server(pick, declared, owner)
    return declared


def _some_server(pick: Pick, declared: World, owner: str) -> dict[str, Any]:
    taken = {server["address"] for server in declared[owner]["vms"].values()}
    return {
        "os": pick(_SYSTEMS),
        "cpu": pick((2, 1, 4)),
        "memory_gib": pick((8, 4, 16)),
        "address": next(each for each in _addresses(owner) if each not in taken),
        "anti_affinity": pick(_APART),
        "restart_priority": pick(("medium", "high", "low")),
        "consent": pick(_CONSENTS),
        "retire": pick((None, None, DUE)),
        "disks": {name: _some_disk(pick) for name in _DISKS[: pick((1, 2, 3))]},
    }


def _some_disk(pick: Pick) -> dict[str, Any]:
    return {"size_gb": pick((100, 100, 300)), "storage_class": "raid6", "retire": pick((DUE, *_ENDS))}


def _addresses(owner: str) -> list[str]:
    net = WORLD[owner]["network"]["cidr"].rpartition(".")[0]
    return [f"{net}.{host}" for host in range(11, 31)]


# Changes. Each names the stack it is in, and says in a few words what was changed.

Change = Callable[[Pick, World], tuple[str, str]]


def _server(pick: Pick, declared: World) -> tuple[str, str, dict[str, Any]]:
    """Owner, name and data of one that is declared, a tenant's rather than the platform's."""
    owners = [owner for owner in TENANTS for _ in declared[owner]["vms"]] or [
        owner for owner in OWNERS if declared[owner]["vms"]
    ]
    owner = pick([*owners, *(["platform"] if declared["platform"]["vms"] else [])])
    name = pick(sorted(declared[owner]["vms"]))
    return owner, name, declared[owner]["vms"][name]


def _of_server(name: str, values: Sequence[Any]) -> Change:
    """A property set to one of the values."""

    def change(pick: Pick, declared: World) -> tuple[str, str]:
        owner, server, data = _server(pick, declared)
        data[name] = pick(values)
        return owner, f"{owner}/{server} {name}: {data[name]}"

    return change


def _disk_of(change: Callable[[Pick, dict[str, Any], str], str]) -> Change:
    """Something done to one of a server's disks: all of them, and which."""

    def changed(pick: Pick, declared: World) -> tuple[str, str]:
        owner, server, data = _server(pick, declared)
        return owner, f"{owner}/{server} {change(pick, data['disks'], pick(sorted(data['disks'])))}"

    return changed


def _resize_disk(pick: Pick, disks: dict[str, Any], name: str) -> str:
    disks[name]["size_gb"] = pick(_SIZES_GB)
    return f"disk {name}: {disks[name]['size_gb']} GB"


def _reclass_disk(pick: Pick, disks: dict[str, Any], name: str) -> str:
    disks[name]["storage_class"] = pick(_CLASSES)
    return f"disk {name}: {disks[name]['storage_class']}"


def _end_disk(pick: Pick, disks: dict[str, Any], name: str) -> str:
    disks[name]["retire"] = pick(_ENDS)
    return f"disk {name} retire: {disks[name]['retire']}"


def _add_disk(pick: Pick, disks: dict[str, Any], _: str) -> str:
    free = [each for each in (*_DISKS, "more", "further") if each not in disks]
    if not free:
        return "has every disk"
    added = pick(free)
    disks[added] = _some_disk(pick) | {"storage_class": pick(_CLASSES)}
    return f"disk {added} added: {disks[added]}"


def _leave_disk_out(pick: Pick, disks: dict[str, Any], name: str) -> str:
    """The due ones first."""
    name = next((each for each in sorted(disks) if disks[each].get("retire") == DUE), name)
    if len(disks) == 1:
        disks["kept" if name != "kept" else "kept-2"] = _some_disk(pick)
    return f"disk {name} left out: {disks.pop(name)}"


def _rename_disk(pick: Pick, disks: dict[str, Any], name: str) -> str:
    renamed = pick([each for each in (*_DISKS, "renamed") if each not in disks] or [name])
    disks[renamed] = disks.pop(name)
    return f"disk {name} renamed {renamed}"


def _power(pick: Pick, declared: World) -> tuple[str, str]:
    """A utility's, as its vendor asked; of others nothing is declared."""
    owner = TENANTS[0]
    if not declared[owner]["vms"]:
        return _add_server(pick, declared)
    name = pick(sorted(declared[owner]["vms"]))
    data = declared[owner]["vms"][name]
    data |= {"power": pick(("on", "off", "off", None)), "power_reason": pick((None, "leak"))}
    return owner, f"{owner}/{name} power: {data['power']}, {data['power_reason']}"


def _image(pick: Pick, declared: World) -> tuple[str, str]:
    """Captured, or left out again; sometimes a server is made of it."""
    owner = pick(TENANTS)
    images, servers = declared[owner]["images"], declared[owner]["vms"]
    if images.pop("golden", None) or not servers:
        for server in servers.values():
            server.pop("from_image", None)
        return owner, f"{owner} images: {images}"
    of = pick(sorted(servers))
    images["golden"] = {"of": of}
    if pick((True, False)):
        taken = {server["address"] for server in servers.values()}
        address = next(each for each in _addresses(owner) if each not in taken)
        servers["copied"] = deepcopy(servers[of]) | {"from_image": "golden", "address": address, "retire": None}
    return owner, f"{owner} images: {images}, {sorted(servers)}"


def _authority(pick: Pick, declared: World) -> tuple[str, str]:
    declared["platform"]["certificate_authority"] = pick(
        ({"domains": ["wpf.internal"]}, {"domains": ["wpf.internal"], "crl_days": 20}, None)
    )
    return "platform", f"platform certificate_authority: {declared['platform']['certificate_authority']}"


def _certificate(pick: Pick, declared: World) -> tuple[str, str]:
    """Where there is an authority; or it is left out."""
    owner = TENANTS[0]
    held = declared[owner].setdefault("certificates", {})
    if declared["platform"].get("certificate_authority") and not held:
        path = pick(("gateway-to-platform", "client-to-platform"))
        held["north-gw"] = {"path": path, "common_name": "north-gw.minami-suido.wpf.internal"}
    else:
        held.clear()
    return owner, f"{owner} certificates: {held}"


def _readdress(pick: Pick, declared: World) -> tuple[str, str]:
    owner, name, data = _server(pick, declared)
    data["address"] = pick(_addresses(owner)[:8])
    return owner, f"{owner}/{name} address: {data['address']}"


def _add_server(pick: Pick, declared: World) -> tuple[str, str]:
    owner = pick(OWNERS)
    name = pick([each for each in (*_NAMES, "late-1", "late-2", "late-3") if each not in declared[owner]["vms"]])
    declared[owner]["vms"][name] = _some_server(pick, declared, owner)
    return owner, f"{owner}/{name} added: {declared[owner]['vms'][name]}"


def _leave_server_out(pick: Pick, declared: World) -> tuple[str, str]:
    """One whose end is past, where there is any."""
    due = [
        (owner, name) for owner in TENANTS for name, each in declared[owner]["vms"].items() if each.get("retire") == DUE
    ]
    owner, name, _ = (*pick(due), {}) if due else _server(pick, declared)
    del declared[owner]["vms"][name]
    return owner, f"{owner}/{name} left out"


def _resize_for_consent(pick: Pick, declared: World) -> tuple[str, str]:
    """As the letter asks for it: the vendor's consent beside the change."""
    owner, name, data = _server(pick, declared)
    data |= {"consent": {"by": "Kato", "on": "2026-11-24"}, "cpu": pick((1, 2, 4, 8)), "memory_gib": pick((4, 8, 16))}
    return owner, f"{owner}/{name} resized with consent: {data['cpu']} CPU, {data['memory_gib']} GiB"


def _of_owner(name: str, values: Sequence[Any], owners: Sequence[str] = OWNERS) -> Change:
    """A dotted property of a tenant or the platform set to one of the values."""
    *around, last = name.split(".")

    def change(pick: Pick, declared: World) -> tuple[str, str]:
        owner = pick(owners)
        place = declared[owner]
        for step in around:
            place = place.setdefault(step, {})
        place[last] = pick(values)
        return owner, f"{owner} {name}: {place[last]}"

    return change


def _allow(pick: Pick, declared: World) -> tuple[str, str]:
    owner, other = pick((TENANTS, TENANTS[::-1]))
    declared[owner].setdefault("allowances", {})[pick(("telemetry", "further"))] = {
        "from": pick(_NAMES[:2]),
        "to": f"{other}/{pick(_NAMES[:2])}",
        "ports": pick((["tcp/443"], ["tcp/443", "udp/514"], ["icmp"])),
        "reason": pick(("telemetry", "logs")),
    }
    return owner, f"{owner} allowances: {declared[owner]['allowances']}"


def _of_platform(path: str, values: Mapping[str, Any]) -> Change:
    """One of several named things of the platform put there, or (None) left out."""

    def change(pick: Pick, declared: World) -> tuple[str, str]:
        place = declared["platform"]
        for step in path.split("."):
            place = place.setdefault(step, {})
        name = pick(sorted(values))
        value = pick(values[name])
        if value is None:
            place.pop(name, None)
        else:
            place[name] = value
        return "platform", f"platform {path}.{name}: {value}"

    return change


def _host(cpu: int, memory_gib: int) -> dict[str, int]:
    return {"cpu": cpu, "memory_gib": memory_gib}


def _group(disks: int, disk_gb: int, cluster: str = "c1") -> dict[str, Any]:
    return {"cluster": cluster, "disks": disks, "disk_gb": disk_gb}


def _line(cidr: str, **more: Any) -> dict[str, Any]:
    days = {"ordered": "2026-01-05", "wanted": "2026-09-01", "delivered": "2026-08-31"}
    return {"kind": "fixed", **days, "cidr": cidr, **more}


_USER = WORLD["minami-suido"]["users"]["sato"]
_METRIC = {"kind": "resource", "metric": "cpu-used-percent", "above": 90, "severity": "minor"}
_WORK = {
    "title": {"ja": "作業", "en": "Work"},
    "announced": "2026-11-01",
    "starts": "2026-12-01T22:00:00+09:00",
    "ends": "2026-12-02T02:00:00+09:00",
    "targets": {"clusters": ["c1"]},
}

CHANGES: Mapping[str, Change] = {
    "cpu": _of_server("cpu", (1, 2, 4, 8, 16, 32)),
    "memory": _of_server("memory_gib", (2, 4, 8, 16, 32, 128)),
    "resize with consent": _resize_for_consent,
    "address": _readdress,
    "os": _of_server("os", _SYSTEMS),
    "restart priority": _of_server("restart_priority", ("low", "medium", "high")),
    "anti-affinity": _of_server("anti_affinity", _APART),
    "consent": _of_server("consent", _CONSENTS),
    "end of a server": _of_server("retire", (DUE, *_ENDS)),
    "power": _power,
    "image": _image,
    "certificate authority": _authority,
    "certificate": _certificate,
    "server added": _add_server,
    "server left out": _leave_server_out,
    "disk's size": _disk_of(_resize_disk),
    "disk's class": _disk_of(_reclass_disk),
    "disk's end": _disk_of(_end_disk),
    "disk added": _disk_of(_add_disk),
    "disk left out": _disk_of(_leave_disk_out),
    "disk renamed": _disk_of(_rename_disk),
    "backup": _of_server("backup", (True, False)),
    "antivirus": _of_server("antivirus", (True, False)),
    "monitoring": _of_server("monitoring", ({}, {"ping": {"kind": "ping", "severity": "major"}}, {"cpu": _METRIC})),
    "tenant's name": _of_owner("name", ({"ja": "新", "en": "New"}, {"ja": "旧", "en": "Old"})),
    "quota": _of_owner("quota.cpu", (16, 32, 64)),
    "tenant's cluster": _of_owner("cluster", ("c1", "c1", "c2"), TENANTS),
    "vlan": _of_owner("network.vlan", (101, 102), ("minami-suido",)),
    "mail address": _of_owner("notify", ("noc@example.jp", "ops@example.jp"), TENANTS),
    "options": _of_owner("options", (["monitoring"], ["smtp"], []), TENANTS),
    "allowance": _allow,
    "no allowances": _of_owner("allowances", ({},), TENANTS),
    "line": _of_owner("lines.north", (_line("10.160.1.0/28"), _line("10.160.2.0/28", spare_router=True)), TENANTS[:1]),
    "user": _of_owner("users.kato", (_USER, _USER | {"role": "general"}), TENANTS),
    "no users": _of_owner("users", ({},), TENANTS),
    "host": _of_platform(
        "clusters.c1.hosts", {"h4": (None, _host(16, 64), _host(8, 32)), "h5": (_host(16, 64), _host(32, 128), None)}
    ),
    "admission control": _of_platform(
        "clusters.c1", {"admission_control": ({"failover_hosts": 2}, {"reserved_percent": 40}, {"failover_hosts": 1})}
    ),
    "RAID group": _of_platform(
        "storage_classes.raid6.groups",
        {"g1": (_group(8, 500), _group(6, 500), _group(5, 400)), "g4": (_group(6, 500), None)},
    ),
    "storage class": _of_platform("storage_classes", {"spare": ({"groups": {"g9": _group(6, 500)}}, None)}),
    "service": _of_platform("services", {"ntp": (["ntp-1"], ["ntp-1", "ntp-2"]), "smtp": (["ntp-1"], ["ntp-2"])}),
    "maintenance": _of_platform("maintenance", {"work": (_WORK, _WORK | {"emergency": True}, None)}),
}
COLD = ("cpu", "memory", "address", "disk's size", "disk added", "disk left out")
"""Those for which a server has to be off."""
