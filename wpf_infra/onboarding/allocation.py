"""A form made whole: network, VLAN and addresses where it leaves them out, always the lowest that is free.

Here: which free thing is taken for what; pure, on the form's plain data, whatever else is wrong in it. Not here: the
search (`held`), whether what the form gives may stand (`wpf_infra.policy`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from netaddr import IPAddress, IPNetwork
from pydantic import TypeAdapter, ValidationError

from wpf_infra.language import Text
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.platform import AddressSpace
from wpf_infra.model.scalar import Address, Network
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.onboarding.held import Held, Range, lowest_address
from wpf_infra.onboarding.rule import ALLOCATION
from wpf_infra.onboarding.shortage import around_held, no_address, no_line, no_room, none_left, not_around

_FIRST_GATEWAY = 5
"""A gateway's place on its line: those below are left to the routers. On a line of fewer addresses its middle."""
_TERMINALS_PREFIX = 28
"""Terminals get the highest free sixteen addresses, out of the servers' way."""
_KINDS = {
    TenantKind.UTILITY: Text(en="utilities", ja="事業者"),
    TenantKind.VENDOR: Text(en="vendors", ja="ベンダー"),
}
_LINES = {"fixed": Text(en="fixed lines", ja="固定回線"), "mobile": Text(en="mobile lines", ja="モバイル回線")}
_ADDRESS: TypeAdapter[IPAddress] = TypeAdapter(Address)
_NETWORK: TypeAdapter[IPNetwork] = TypeAdapter(Network)


@dataclass(frozen=True)
class Completed:
    """data: the form with everything that could be allocated in it; chosen: the dotted paths, without the tenant's id,
    of what was; findings: what could not be, and why; held: what was held before, and what this form holds.
    """

    data: Any
    chosen: frozenset[str]
    findings: tuple[Finding, ...]
    held: Held


def complete(data: Any, owner: str, space: AddressSpace, held: Held, *, every_line: bool = True) -> Completed:
    """The form's data made whole. What the form gives is kept; where it cannot be read, nothing is built on it.

    every_line: false where the form has lines that are not in the data.
    """
    if not isinstance(data, dict):
        return Completed(data, frozenset(), (), held)
    work = _Allocating(deepcopy(data), owner, space, held)
    work.hold_what_is_given()
    work.lines()
    work.network()
    work.terminals()
    work.servers()
    work.gateways(every_line)
    return Completed(work.data, frozenset(work.chosen), tuple(work.findings), work.held)


@dataclass
class _Allocating:
    data: dict[str, Any]
    owner: str
    space: AddressSpace
    held: Held
    chosen: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def hold_what_is_given(self) -> None:
        self.data.setdefault("network", {})
        self._hold([self._network(), *(_network(line.get("cidr")) for _, line in self._parts("lines"))])

    def lines(self) -> None:
        for name, line in self._parts("lines"):
            if "cidr" in line or line.get("kind") not in list(_LINES):
                continue
            within = self.space.fixed_lines if line["kind"] == "fixed" else self.space.mobile_lines
            given = {
                f"gateways.{each}.address": address
                for each, gateway in self._parts("gateways")
                if gateway.get("line") == name and (address := _address(gateway.get("address"))) is not None
            }
            path = f"lines.{name}.cidr"
            found = self._free(path, within, self.space.line_prefix, given, _LINES[line["kind"]])
            if found is not None:
                self._choose(path, line, "cidr", str(found))
                self._hold([found])

    def network(self) -> None:
        kind = self.data.get("kind")
        network = self.data["network"]
        if kind not in list(TenantKind) or not isinstance(network, dict):
            return
        within = self.space.of(TenantKind(kind))
        if "cidr" not in network:
            found = self._free(
                "network.cidr", within.cidr, self.space.tenant_prefix, self._given(), _KINDS[TenantKind(kind)]
            )
            if found is not None:
                self._choose("network.cidr", network, "cidr", str(found))
                self._hold([found])
        if "vlan" not in network:
            vlan = self.held.lowest_vlan(within.vlan_first, within.vlan_last)
            if vlan is None:
                kinds = _KINDS[TenantKind(kind)]
                span = f"{within.vlan_first}-{within.vlan_last}"
                self._say("network.vlan", *none_left(Text(en="VLAN", ja="VLAN"), kinds, span))
            else:
                self._choose("network.vlan", network, "vlan", vlan)
        vlan = network.get("vlan")
        self.held = self.held.also(vlans=[vlan] if isinstance(vlan, int) else [])

    def terminals(self) -> None:
        network = self._network()
        if network is None:
            return
        for name, endpoint in self._parts("endpoints"):
            if "cidr" in endpoint:
                continue
            path = f"endpoints.{name}.cidr"
            found = next(self._highest_sixteen(network), None)
            if found is None:
                self._say(path, *no_room(network))
            else:
                self._choose(path, endpoint, "cidr", str(found))

    def servers(self) -> None:
        network = self._network()
        if network is None:
            return
        taken = {int(address) for _, server in self._parts("vms") if (address := _address(server.get("address")))}
        reserved = tuple(self._terminals())
        for name, server in self._parts("vms"):
            if "address" not in server:
                self._address(f"vms.{name}.address", server, network, self.space.first_server, taken, reserved)

    def gateways(self, every_line: bool) -> None:
        lines = dict(self._parts("lines"))
        taken = {int(address) for _, each in self._parts("gateways") if (address := _address(each.get("address")))}
        for name, gateway in self._parts("gateways"):
            line = gateway.get("line")
            network = _network(lines[line].get("cidr")) if isinstance(line, str) and line in lines else None
            if "address" in gateway:
                continue
            if isinstance(line, str) and line not in lines:
                if every_line:
                    self._say(f"gateways.{name}.line", *no_line(line, list(lines)))
            elif network is not None:
                place = min(_FIRST_GATEWAY, network.size // 2)
                self._address(f"gateways.{name}.address", gateway, network, place, taken, ())

    def _address(
        self,
        path: str,
        part: dict[str, Any],
        network: IPNetwork,
        place: int,
        taken: set[int],
        reserved: tuple[Range, ...],
    ) -> None:
        found = lowest_address(network, place, taken, reserved)
        if found is None:
            self._say(path, *no_address(network, place))
        else:
            taken.add(found)
            self._choose(path, part, "address", str(IPAddress(found)))

    def _free(
        self, path: str, within: IPNetwork, prefix: int, given: Mapping[str, IPAddress], whose: Text
    ) -> IPNetwork | None:
        """The lowest free network; where addresses in it are given already, the one around them."""
        for place, address in given.items():
            around = IPNetwork((int(address), prefix)).cidr
            inside = within.first <= around.first and around.last <= within.last
            if not inside or any(each not in around for each in given.values()):
                self._say(place, *not_around(address, around, within))
                return None
            if self.held.conflict(around.first, around.last) is not None:
                self._say(place, *around_held(address, around))
                return None
            return around
        found = self.held.lowest_network(within, prefix)
        if found is None:
            self._say(path, *none_left(Text(en=f"/{prefix} network", ja=f"/{prefix}"), whose, str(within)))
        return found

    def _given(self) -> dict[str, IPAddress]:
        """The addresses that the form gives of its own network, by where it does."""
        servers = {f"vms.{name}.address": _address(each.get("address")) for name, each in self._parts("vms")}
        networks = {f"endpoints.{name}.cidr": _network(each.get("cidr")) for name, each in self._parts("endpoints")}
        ends = {path: IPAddress(network.first) for path, network in networks.items() if network is not None}
        return {path: address for path, address in {**servers, **ends}.items() if address is not None}

    def _highest_sixteen(self, network: IPNetwork) -> Iterator[IPNetwork]:
        """Free ranges for terminals, the highest first, none of them where servers begin."""
        given = [int(address) for _, each in self._parts("vms") if (address := _address(each.get("address")))]
        held = Held((*((each, each) for each in given), *self._terminals()))
        first = network.last + 1 - (1 << (32 - _TERMINALS_PREFIX))
        while first > network.first + self.space.first_server:
            found = IPNetwork((first, _TERMINALS_PREFIX))
            if held.conflict(found.first, found.last) is None:
                yield found
            first -= found.size

    def _terminals(self) -> Iterator[Range]:
        for _, endpoint in self._parts("endpoints"):
            if (cidr := _network(endpoint.get("cidr"))) is not None:
                yield cidr.first, cidr.last

    def _network(self) -> IPNetwork | None:
        network = self.data["network"]
        return _network(network.get("cidr")) if isinstance(network, dict) else None

    def _parts(self, group: str) -> list[tuple[str, dict[str, Any]]]:
        parts = self.data.get(group)
        found = parts.items() if isinstance(parts, dict) else ()
        return [(name, part) for name, part in found if isinstance(part, dict)]

    def _hold(self, networks: Any) -> None:
        self.held = self.held.also((network.first, network.last) for network in networks if network is not None)

    def _choose(self, path: str, part: dict[str, Any], key: str, value: object) -> None:
        part[key] = value
        self.chosen.add(path)

    def _say(self, path: str, summary: Text, remedy: Text) -> None:
        self.findings.append(Finding(ALLOCATION.id, None, f"{self.owner}.{path}", Severity.ERROR, summary, remedy))


def _address(value: object) -> IPAddress | None:
    try:
        return _ADDRESS.validate_python(value)
    except ValidationError:
        return None


def _network(value: object) -> IPNetwork | None:
    try:
        return _NETWORK.validate_python(value)
    except ValidationError:
        return None
