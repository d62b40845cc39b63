"""Networks and VLANs: each tenant's in the space of its kind, none of them twice.

Here: rules about whole networks. Not here: the addresses in them (`address`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from netaddr import IPNetwork

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Space
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.address import astray, inside, line_space, private
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

_KINDS = {
    TenantKind.UTILITY: Text(en="utilities", ja="事業者"),
    TenantKind.VENDOR: Text(en="vendors", ja="ベンダー"),
}


def networks_private(context: Context) -> Iterator[Objection]:
    for owner in sorted(astray(context)):
        tenant = context.tenants[owner]
        cidr, wanted = tenant.network.cidr, context.platform.space.of(tenant.kind).cidr
        if not private(cidr.first, cidr.last):
            yield Objection(
                f"{owner}.network.cidr",
                Text(
                    en=f"{cidr} is not private: nothing here touches the internet",
                    ja=f"{cidr} はプライベートアドレスではありません。この網はインターネットにつながりません",
                ),
                Text(en=f"take a free network of {wanted}", ja=f"{wanted} の空きネットワークを使ってください"),
            )


def networks_in_space(context: Context) -> Iterator[Objection]:
    for owner in sorted(astray(context)):
        tenant = context.tenants[owner]
        wanted = context.platform.space.of(tenant.kind).cidr
        if private(tenant.network.cidr.first, tenant.network.cidr.last):
            kind = _KINDS[tenant.kind]
            yield Objection(
                f"{owner}.network.cidr",
                Text(
                    en=f"{tenant.network.cidr} lies outside the space of {kind.en}, {wanted}",
                    ja=f"{tenant.network.cidr} は{kind.ja}の空間 {wanted} の外です",
                ),
                Text(en=f"take a free network of {wanted}", ja=f"{wanted} の空きネットワークを使ってください"),
            )


def vlans_in_space(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        space = context.platform.space.of(tenant.kind)
        if not space.vlan_first <= tenant.network.vlan <= space.vlan_last:
            kind = _KINDS[tenant.kind]
            yield Objection(
                f"{owner}.network.vlan",
                Text(
                    en=f"VLAN {tenant.network.vlan} is none of {kind.en}' ({space.vlan_first} to {space.vlan_last})",
                    ja=f"VLAN {tenant.network.vlan} は{kind.ja}の範囲（{space.vlan_first}〜{space.vlan_last}）の外です",
                ),
                Text(
                    en=f"take a free VLAN from {space.vlan_first} to {space.vlan_last}",
                    ja=f"{space.vlan_first}〜{space.vlan_last} の空きVLANを使ってください",
                ),
            )


def vlans_unique(context: Context) -> Iterator[Objection]:
    owners: defaultdict[int, list[str]] = defaultdict(list)
    for owner, network in context.catalogue.networks():
        owners[network.vlan].append(owner)
    for vlan, same in owners.items():
        for index, owner in enumerate(same if len(same) > 1 else ()):
            other = same[0 if index else 1]
            yield Objection(
                f"{owner}.network.vlan",
                Text(en=f"VLAN {vlan} is also {other}'s", ja=f"VLAN {vlan} は {other} と重複しています"),
                Text(en="give one of the two a free VLAN", ja="どちらかに空きVLANを割り当ててください"),
            )


def networks_apart(context: Context) -> Iterator[Objection]:
    """Tenants' networks and every line's: no two share an address. What lies outside its space is said to, and is
    nobody's neighbour there; so is the platform's own network, which lies in no space.
    """
    said = astray(context)
    entries = [
        (f"{owner}.network.cidr", tenant.network.cidr) for owner, tenant in context.tenants.items() if owner not in said
    ]
    entries += [
        (f"{owner}.lines.{name}.cidr", line.cidr)
        for owner, tenant in context.tenants.items()
        for name, line in tenant.lines.items()
        if inside(line.cidr, line_space(context, line))
    ]
    for path, cidr, other_path, other in _overlaps(entries):
        where = other_path.removesuffix(".cidr").removesuffix(".network")
        yield Objection(
            path,
            Text(en=f"{cidr} overlaps {other} of {where}", ja=f"{cidr} は {where} の {other} と重なっています"),
            Text(en="give one of the two a free network", ja="どちらかに空きネットワークを割り当ててください"),
        )


def platform_network_apart(context: Context) -> Iterator[Objection]:
    """The platform's own network and VLAN are private, and none that onboarding could hand to a tenant."""
    network = context.platform.network
    if not private(network.cidr.first, network.cidr.last):
        yield Objection(f"{PLATFORM}.network.cidr", *_public(network.cidr))
    for name, cidr in _spaces(context):
        if cidr.first <= network.cidr.last and network.cidr.first <= cidr.last:
            yield Objection(
                f"{PLATFORM}.network.cidr",
                Text(
                    en=f"{network.cidr} overlaps the space `{name}`, {cidr}",
                    ja=f"{network.cidr} は空間 `{name}`（{cidr}）と重なっています",
                ),
                Text(
                    en="take a private network outside the spaces",
                    ja="空間の外のプライベートネットワークにしてください",
                ),
            )
    for name, tenants in _tenant_spaces(context):
        if tenants.vlan_first <= network.vlan <= tenants.vlan_last:
            yield Objection(
                f"{PLATFORM}.network.vlan",
                Text(
                    en=f"VLAN {network.vlan} lies in the range of `{name}` "
                    f"({tenants.vlan_first} to {tenants.vlan_last})",
                    ja=f"VLAN {network.vlan} は `{name}` の範囲（{tenants.vlan_first}〜{tenants.vlan_last}）にあります",
                ),
                Text(en="take a VLAN outside the tenants' ranges", ja="テナントの範囲の外のVLANにしてください"),
            )


def platform_endpoints_apart(context: Context) -> Iterator[Objection]:
    """The platform's endpoints are networks beside everybody's: an address in one of them is nobody's server. Of all
    that one overlaps the first is said.
    """
    others = [(f"{PLATFORM}.network", context.platform.network.cidr)]
    others += [(f"{PLATFORM}.space.{name}", cidr) for name, cidr in _spaces(context)]
    for owner, tenant in context.tenants.items() if context.platform.endpoints else ():
        others.append((f"{owner}.network", tenant.network.cidr))
        others += [(f"{owner}.lines.{name}", line.cidr) for name, line in tenant.lines.items()]
    taken = [(cidr.first, cidr.last, where, cidr) for where, cidr in others]
    for name, endpoint in context.platform.endpoints.items():
        first, last = endpoint.cidr.first, endpoint.cidr.last
        overlapped = next((each for each in taken if each[0] <= last and first <= each[1]), None)
        if overlapped is not None and private(first, last):
            _, _, where, cidr = overlapped
            yield Objection(
                f"{PLATFORM}.endpoints.{name}.cidr",
                Text(
                    en=f"{endpoint.cidr} overlaps {cidr} of {where}",
                    ja=f"{endpoint.cidr} は {where} の {cidr} と重なっています",
                ),
                Text(
                    en="take a network beside those; a server of the platform or a tenant is named as it is declared",
                    ja="その外のネットワークにしてください。基盤やテナントのサーバは、宣言した名前で指定できます",
                ),
            )


def spaces_sound(context: Context) -> Iterator[Objection]:
    """The four spaces are private and apart, the VLAN ranges run upwards and are apart."""
    entries = [(f"{PLATFORM}.space.{name}", cidr) for name, cidr in _spaces(context)]
    for path, cidr in entries:
        if not private(cidr.first, cidr.last):
            yield Objection(path, *_public(cidr))
    for path, cidr, other_path, other in _overlaps(entries):
        yield Objection(
            path,
            Text(
                en=f"{cidr} overlaps {other} of {other_path}", ja=f"{cidr} は {other_path} の {other} と重なっています"
            ),
            Text(en="keep the spaces apart", ja="空間同士が重ならないようにしてください"),
        )
    (_, utilities), (_, vendors) = _tenant_spaces(context)
    for name, space in _tenant_spaces(context):
        if space.vlan_first > space.vlan_last:
            yield Objection(
                f"{PLATFORM}.space.{name}.vlan_last",
                Text(
                    en=f"the VLAN range runs from {space.vlan_first} down to {space.vlan_last}",
                    ja=f"VLANの範囲が {space.vlan_first} から {space.vlan_last} と逆順です",
                ),
                Text(en="write the lower VLAN first", ja="小さいVLANを先に書いてください"),
            )
    if utilities.vlan_first <= vendors.vlan_last and vendors.vlan_first <= utilities.vlan_last:
        yield Objection(
            f"{PLATFORM}.space.vendors.vlan_first",
            Text(
                en="the VLAN ranges of utilities and vendors overlap", ja="事業者とベンダーのVLAN範囲が重なっています"
            ),
            Text(en="keep the ranges apart", ja="範囲が重ならないようにしてください"),
        )


def _spaces(context: Context) -> tuple[tuple[str, IPNetwork], ...]:
    space = context.platform.space
    return (
        ("utilities.cidr", space.utilities.cidr),
        ("vendors.cidr", space.vendors.cidr),
        ("fixed_lines", space.fixed_lines),
        ("mobile_lines", space.mobile_lines),
    )


def _tenant_spaces(context: Context) -> tuple[tuple[str, Space], tuple[str, Space]]:
    space = context.platform.space
    return ("utilities", space.utilities), ("vendors", space.vendors)


def _public(cidr: IPNetwork) -> tuple[Text, Text]:
    return (
        Text(en=f"{cidr} is not private", ja=f"{cidr} はプライベートアドレスではありません"),
        Text(
            en="take a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
            ja="10.0.0.0/8、172.16.0.0/12、192.168.0.0/16 のいずれかから選んでください",
        ),
    )


def _overlaps(entries: Iterable[tuple[str, IPNetwork]]) -> Iterator[tuple[str, IPNetwork, str, IPNetwork]]:
    """Each network that overlaps another, with one that it overlaps; both sides are said. One sorted sweep."""
    reaching: tuple[int, str, IPNetwork] | None = None
    said: set[str] = set()
    for first, last, path, cidr in sorted((cidr.first, cidr.last, path, cidr) for path, cidr in entries):
        if reaching is not None and first <= reaching[0]:
            _, other_path, other = reaching
            if other_path not in said:
                said.add(other_path)
                yield other_path, other, path, cidr
            said.add(path)
            yield path, cidr, other_path, other
        if reaching is None or last > reaching[0]:
            reaching = (last, path, cidr)


RULES = (
    Rule(
        "space-sound",
        None,
        Severity.ERROR,
        Text(en="the address and VLAN spaces are private and apart", ja="アドレス・VLANの空間が重ならない"),
        spaces_sound,
    ),
    Rule(
        "platform-network-apart",
        21,
        Severity.ERROR,
        Text(
            en="the platform's network is private and outside the spaces",
            ja="基盤のネットワークはプライベートで、空間の外にある",
        ),
        platform_network_apart,
    ),
    Rule(
        "platform-endpoint-apart",
        22,
        Severity.ERROR,
        Text(
            en="the platform's endpoints lie beside its network, the spaces and every tenant",
            ja="基盤のエンドポイントは基盤・空間・テナントのネットワークの外にある",
        ),
        platform_endpoints_apart,
    ),
    Rule(
        "network-private",
        21,
        Severity.ERROR,
        Text(en="a tenant's network is private", ja="テナントのネットワークはプライベートである"),
        networks_private,
    ),
    Rule(
        "network-in-space",
        None,
        Severity.ERROR,
        Text(en="a tenant's network lies in the space of its kind", ja="テナントのネットワークが種別の空間にある"),
        networks_in_space,
    ),
    Rule(
        "networks-apart",
        22,
        Severity.ERROR,
        Text(en="no two networks or lines overlap", ja="ネットワーク・回線が重ならない"),
        networks_apart,
    ),
    Rule(
        "vlan-in-space",
        None,
        Severity.ERROR,
        Text(en="a tenant's VLAN lies in the range of its kind", ja="VLANが種別の範囲にある"),
        vlans_in_space,
    ),
    Rule(
        "vlan-unique", 22, Severity.ERROR, Text(en="no two tenants share a VLAN", ja="VLANが重複しない"), vlans_unique
    ),
)
