"""Addresses of servers, terminals and gateways: each in its place, each once, none of them public (FAQ 21).

Here: rules about single addresses and the ranges inside a tenant. Not here: the networks themselves (`space`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netaddr import IPAddress, IPNetwork

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.line import FixedLine, MobileLine
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

_PRIVATE = tuple(IPNetwork(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""
_LINE_KINDS = {"fixed": "固定", "mobile": "モバイル"}
_PRIVATE_BOUNDS = tuple((each.first, each.last) for each in _PRIVATE)


def inside(inner: IPNetwork, outer: IPNetwork) -> bool:
    return bool(outer.first <= inner.first and inner.last <= outer.last)


def private(first: int, last: int) -> bool:
    """Does the whole range lie in one private block?"""
    return any(low <= first and last <= high for low, high in _PRIVATE_BOUNDS)


def astray(context: Context) -> frozenset[str]:
    """Tenants whose network lies outside the space of their kind: rules about whole networks say so, and what would
    follow from it is not said beside.
    """
    space = context.platform.space
    return frozenset(
        owner
        for owner, tenant in context.tenants.items()
        if not inside(tenant.network.cidr, space.of(tenant.kind).cidr)
    )


def in_network(context: Context) -> Iterator[Objection]:
    bounds = {owner: (each.network.cidr.first, each.network.cidr.last) for owner, each in context.owners}
    said = astray(context)
    for server in context.servers:
        if server.owner in said:
            continue
        first, last = bounds[server.owner]
        if not first <= int(server.vm.address) <= last:
            cidr = context.catalogue.owner(server.owner)
            assert cidr is not None
            network = cidr.network.cidr
            yield Objection(
                f"{server.path}.address",
                Text(
                    en=f"{server.vm.address} lies outside the network {network} of {server.owner}",
                    ja=f"{server.vm.address} は {server.owner} のネットワーク {network} の外です",
                ),
                Text(en=f"give it a free address of {network}", ja=f"{network} の空きアドレスを割り当ててください"),
            )


def not_reserved(context: Context) -> Iterator[Objection]:
    """The first and last address of a network belong to the network itself; a /31 or /32 has none such."""
    for owner, declared in context.owners:
        for name, vm in declared.vms.items():
            if objection := _reserved(f"{owner}.vms.{name}.address", vm.address, declared.network.cidr):
                yield objection
    for owner, tenant in context.tenants.items():
        for name, gateway in tenant.gateways.items():
            line = tenant.lines.get(gateway.line)
            if line is not None and (
                objection := _reserved(f"{owner}.gateways.{name}.address", gateway.address, line.cidr)
            ):
                yield objection


def unique(context: Context) -> Iterator[Objection]:
    """Reported at every place that has the address, so that whoever is checked sees it."""
    places: defaultdict[int, list[tuple[str, IPAddress]]] = defaultdict(list)
    for server in context.servers:
        places[int(server.vm.address)].append((f"{server.path}.address", server.vm.address))
    for owner, tenant in sorted(context.tenants.items()):
        for name, gateway in sorted(tenant.gateways.items()):
            places[int(gateway.address)].append((f"{owner}.gateways.{name}.address", gateway.address))
    for same in places.values():
        for index, (path, address) in enumerate(same if len(same) > 1 else ()):
            other = same[0 if index else 1][0].removesuffix(".address")
            yield Objection(
                path,
                Text(en=f"{address} is also the address of {other}", ja=f"{address} は {other} と重複しています"),
                Text(en="give one of the two a free address", ja="どちらかに空きアドレスを割り当ててください"),
            )


def endpoints_in_network(context: Context) -> Iterator[Objection]:
    """A range that is public is said by a rule of its own."""
    said = astray(context)
    for owner, tenant in context.tenants.items():
        for name, endpoint in tenant.endpoints.items() if owner not in said else ():
            public = not private(endpoint.cidr.first, endpoint.cidr.last)
            if not public and not inside(endpoint.cidr, tenant.network.cidr):
                yield Objection(
                    f"{owner}.endpoints.{name}.cidr",
                    Text(
                        en=f"{endpoint.cidr} lies outside the tenant's network {tenant.network.cidr}",
                        ja=f"{endpoint.cidr} はテナントのネットワーク {tenant.network.cidr} の外です",
                    ),
                    Text(
                        en=f"give the terminals a range of {tenant.network.cidr}",
                        ja=f"{tenant.network.cidr} の中の範囲にしてください",
                    ),
                )


def endpoints_hold_no_server(context: Context) -> Iterator[Objection]:
    """A server among the terminals has the terminals' allowances too; seldom meant. A range that is larger than the
    tenant's network is another mistake.
    """
    for owner, tenant in context.tenants.items():
        for name, endpoint in tenant.endpoints.items():
            first, last = endpoint.cidr.first, endpoint.cidr.last
            if not private(first, last) or not inside(endpoint.cidr, tenant.network.cidr):
                continue
            for vm_name, vm in tenant.vms.items():
                if first <= int(vm.address) <= last:
                    yield Objection(
                        f"{owner}.vms.{vm_name}.address",
                        Text(
                            en=f"{vm.address} lies in the endpoint `{name}` ({endpoint.cidr}), so its allowances hold "
                            "for this server too",
                            ja=f"{vm.address} はエンドポイント `{name}`（{endpoint.cidr}）の中にあり、"
                            "その通信許可がこのサーバにも及びます",
                        ),
                        Text(
                            en="move the server or the endpoint, unless that is meant",
                            ja="意図したものでなければ、サーバかエンドポイントの範囲を変えてください",
                        ),
                    )


def line_space(context: Context, line: FixedLine | MobileLine) -> IPNetwork:
    """Where lines of its kind lie."""
    space = context.platform.space
    return space.fixed_lines if isinstance(line, FixedLine) else space.mobile_lines


def lines_in_space(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        for name, line in tenant.lines.items():
            wanted = line_space(context, line)
            if not inside(line.cidr, wanted):
                yield Objection(
                    f"{owner}.lines.{name}.cidr",
                    Text(
                        en=f"{line.cidr} lies outside the space of {line.kind} lines, {wanted}",
                        ja=f"{line.cidr} は{_LINE_KINDS[line.kind]}回線の空間 {wanted} の外です",
                    ),
                    Text(en=f"take a free network of {wanted}", ja=f"{wanted} の空きネットワークを使ってください"),
                )


def gateways_on_line(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        for name, gateway in tenant.gateways.items():
            line = tenant.lines.get(gateway.line)
            if line is None or not inside(line.cidr, line_space(context, line)):
                continue
            if not line.cidr.first <= int(gateway.address) <= line.cidr.last:
                yield Objection(
                    f"{owner}.gateways.{name}.address",
                    Text(
                        en=f"{gateway.address} lies outside the line `{gateway.line}`, {line.cidr}",
                        ja=f"{gateway.address} は回線 `{gateway.line}` の {line.cidr} の外です",
                    ),
                    Text(
                        en=f"give the gateway a free address of {line.cidr}",
                        ja=f"{line.cidr} の空きアドレスを割り当ててください",
                    ),
                )


def endpoints_private(context: Context) -> Iterator[Objection]:
    for owner, declared in context.owners:
        for name, endpoint in declared.endpoints.items():
            if not private(endpoint.cidr.first, endpoint.cidr.last):
                yield Objection(
                    f"{owner}.endpoints.{name}.cidr",
                    Text(
                        en=f"{endpoint.cidr} is not private: nothing here touches the internet",
                        ja=f"{endpoint.cidr} はプライベートアドレスではありません。"
                        "この網はインターネットにつながりません",
                    ),
                    Text(
                        en="take the private network that the platform's servers reach it by",
                        ja="基盤のサーバから届くプライベートネットワークを書いてください",
                    )
                    if owner == PLATFORM
                    else Text(
                        en="declare terminals inside the tenant's network only",
                        ja="テナントのネットワーク内の端末だけを宣言してください",
                    ),
                )


def _reserved(path: str, address: IPAddress, network: IPNetwork) -> Objection | None:
    if network.size <= 2 or int(address) not in (network.first, network.last):
        return None
    lowest = int(address) == network.first
    return Objection(
        path,
        Text(
            en=f"{address} is the {'network' if lowest else 'broadcast'} address of {network}",
            ja=f"{address} は {network} の{'ネットワーク' if lowest else 'ブロードキャスト'}アドレスです",
        ),
        Text(
            en=f"take an address between {IPAddress(network.first + 1)} and {IPAddress(network.last - 1)}",
            ja=f"{IPAddress(network.first + 1)} から {IPAddress(network.last - 1)} の間で割り当ててください",
        ),
    )


RULES = (
    Rule(
        "address-in-network",
        None,
        Severity.ERROR,
        Text(en="a server's address lies in its tenant's network", ja="サーバのアドレスがテナントのネットワークにある"),
        in_network,
    ),
    Rule(
        "address-reserved",
        None,
        Severity.ERROR,
        Text(en="network and broadcast addresses are nobody's", ja="ネットワーク・ブロードキャストアドレスは使わない"),
        not_reserved,
    ),
    Rule("address-unique", None, Severity.ERROR, Text(en="an address is used once", ja="アドレスが重複しない"), unique),
    Rule(
        "endpoint-in-network",
        None,
        Severity.ERROR,
        Text(en="terminals lie in their tenant's network", ja="エンドポイントがテナントのネットワークにある"),
        endpoints_in_network,
    ),
    Rule(
        "endpoint-private",
        21,
        Severity.ERROR,
        Text(en="endpoints have private addresses", ja="エンドポイントはプライベートアドレスである"),
        endpoints_private,
    ),
    Rule(
        "endpoint-holds-server",
        22,
        Severity.WARNING,
        Text(en="no server stands among terminals", ja="エンドポイントの範囲にサーバがない"),
        endpoints_hold_no_server,
    ),
    Rule(
        "line-in-space",
        None,
        Severity.ERROR,
        Text(en="a line's network lies in the space of its kind", ja="回線のネットワークが種別の空間にある"),
        lines_in_space,
    ),
    Rule(
        "gateway-on-line",
        None,
        Severity.ERROR,
        Text(en="a gateway's address lies on its line", ja="ゲートウェイのアドレスが回線の中にある"),
        gateways_on_line,
    ),
)
