"""Small random worlds for reachability: a catalogue, and the machines that stand in it, each at its port.

Here: what is declared and who stands where, made together so that neither is worked out from the other. Not here: what
may pass (`declared`), what is asked (`probes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from netaddr import IPAddress, IPNetwork

from tests import samples
from wpf_infra.model import Catalogue, Platform, Tenant
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Option

_PORTS = ["tcp/443", "tcp/22", "tcp/8883-8885", "udp/514", "udp/5000-5001", "tcp/53", "udp/53", "icmp"]
_SERVICE_PORTS = ["tcp/443", "tcp/8080-8081", "udp/123", "tcp/25", "tcp/587"]
_NETWORKS = {  # two that touch each other, and one of a vendor's
    "east": IPNetwork("10.64.1.0/28"),
    "west": IPNetwork("10.64.1.16/28"),
    "works": IPNetwork("10.96.1.0/28"),
}
_LINES = {
    "fixed": (IPNetwork("10.160.1.0/29"), IPNetwork("10.160.1.8/29"), IPNetwork("10.160.1.16/29")),
    "mobile": (IPNetwork("10.176.1.0/29"), IPNetwork("10.176.1.8/29"), IPNetwork("10.176.1.16/29")),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """portgroup: the owner of the portgroup it is plugged into, None where no port of the platform's filters it."""

    name: str
    address: IPAddress
    portgroup: str | None


@dataclass(frozen=True)
class Scene:
    """ends: what each end of an allowance is, by `owner/name`."""

    catalogue: Catalogue
    machines: tuple[Machine, ...]
    ends: Mapping[str, IPNetwork]


def random_scene(seed: int) -> Scene:
    """The same for the same seed: a platform with some services, two or three tenants with servers, terminals, lines
    and gateways, allowances among them, and two machines that belong to nobody.
    """
    return _Stage(Random(seed)).scene()


class _Stage:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.machines: list[Machine] = []
        self.ends: dict[str, IPNetwork] = {}
        self.servers: set[str] = set()

    def scene(self) -> Scene:
        data = {PLATFORM: self.platform()}
        names = ["east", "works"] + (["west"] if self.random.random() < 0.7 else [])
        data |= {name: self.tenant(name, place) for place, name in enumerate(sorted(names))}
        for name, declaration in data.items():
            declaration["allowances"] = self.allowances(name)
        self.machines.append(Machine("neighbour", IPAddress("10.64.9.9"), None))
        self.machines.append(Machine("stranger", IPAddress("192.0.2.9"), None))
        platform = Platform.model_validate(data.pop(PLATFORM))
        tenants = {name: Tenant.model_validate(tenant) for name, tenant in data.items()}
        return Scene(Catalogue(platform, tenants), tuple(self.machines), dict(self.ends))

    def platform(self) -> dict[str, Any]:
        network = IPNetwork("10.32.0.0/28")
        servers = [f"core-{number}" for number in (1, 2)]
        functions = [each for each in Function if self.random.random() < 0.6] or [Function.NTP]
        called = [each for each in functions if self.random.random() < 0.25]
        operator = IPNetwork("10.33.0.0/29")
        self.ends[f"{PLATFORM}/operator"] = operator
        self.machines.append(Machine("operator", operator[1], None))
        return {
            **samples.WORLD["platform"],
            "network": {"cidr": str(network), "vlan": 10},
            "vms": self.vms(PLATFORM, network, servers),
            "services": {each: self.some(servers, 2) for each in functions},
            "service_ports": {each: self.some(_SERVICE_PORTS, 2) for each in called},
            "endpoints": {"operator": {"cidr": str(operator)}},
        }

    def tenant(self, name: str, place: int) -> dict[str, Any]:
        network = _NETWORKS[name]
        vms = self.vms(name, network, [f"app-{number}" for number in range(1, self.random.randint(2, 3))])
        self.machines.append(Machine(f"{name}/undeclared", network[5], name))
        desk = IPNetwork(f"{network[self.random.choice((0, 8, 8))]}/30")  # the servers stand among the first terminals
        self.ends[f"{name}/desk"] = desk
        self.machines.append(Machine(f"{name}/desk", desk[1], None))
        lines, gateways = self.lines(name, place)
        return {
            **samples.WORLD["minami-suido" if name != "works" else "kawa-systems"],
            "tenant": name,
            "vendor": None,
            "network": {"cidr": str(network), "vlan": 101 + place},
            "options": self.some(list(Option), 3),
            "endpoints": {"desk": {"cidr": str(desk)}},
            "images": {},
            "vms": vms,
            "lines": lines,
            "gateways": gateways,
        }

    def vms(self, owner: str, network: IPNetwork, names: list[str]) -> dict[str, Any]:
        shape = {
            "os": "rhel-9",
            "cpu": 2,
            "memory_gib": 8,
            "disks": {"system": {"size_gb": 100, "storage_class": "raid6"}},
        }
        declared = {}
        for number, name in enumerate(names):
            address = network[2 + number]
            self.ends[f"{owner}/{name}"] = IPNetwork(address)
            self.servers.add(f"{owner}/{name}")
            self.machines.append(Machine(f"{owner}/{name}", address, owner))
            declared[name] = {**shape, "address": str(address)}
        return declared

    def lines(self, owner: str, place: int) -> tuple[dict[str, Any], dict[str, Any]]:
        kinds = [kind for kind in _LINES if self.random.random() < 0.6]
        lines: dict[str, Any] = {}
        gateways: dict[str, Any] = {}
        for kind in kinds:
            cidr = _LINES[kind][place]
            self.ends |= {f"{owner}/{kind}": cidr, f"{owner}/{kind}-gw": IPNetwork(cidr[2])}
            self.machines.append(Machine(f"{owner}/{kind}-gw", cidr[2], None))
            lines[kind] = {"kind": kind, "ordered": "2026-01-05", "wanted": "2026-09-01", "cidr": str(cidr)}
            gateways[f"{kind}-gw"] = {"line": kind, "address": str(cidr[2])}
        if "mobile" in lines:
            lines["mobile"]["capacity_gb"] = 7
        return lines, gateways

    def allowances(self, owner: str) -> dict[str, Any]:
        ours = [end for end in self.ends if end.startswith(f"{owner}/")]
        theirs = [end for end in self.ends if end not in ours]
        declared = {}
        for number in range(self.random.randint(1, 3)):
            ends = [self.random.choice(ours), self.random.choice(theirs)]
            if owner == PLATFORM and self.random.random() < 0.5:
                ends = [f"{PLATFORM}/operator", self.random.choice(sorted(self.servers & set(ours)))]
            self.random.shuffle(ends)
            ports = self.some(_PORTS, 2)
            declared[f"a{number}"] = {"from": ends[0], "to": ends[1], "ports": ports, "reason": "needed"}
        return declared

    def some(self, of: list[Any], most: int) -> list[Any]:
        """One to so many of them, in the order of the list."""
        chosen = self.random.sample(range(len(of)), self.random.randint(1, min(most, len(of))))
        return [of[index] for index in sorted(chosen)]
