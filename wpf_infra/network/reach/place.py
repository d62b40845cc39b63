"""What an end of a question names: a server, a range, a line, a gateway, a tenant, a function, an address, anything.

Here: finding it by its name. Not here: the ends of allowances, which are narrower (`resolve`), names of addresses
(`names`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from netaddr import AddrFormatError, IPNetwork

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.reach.zones import networks_inside
from wpf_infra.network.resolve import EndKind, resolve_end
from wpf_infra.network.rules import EVERY_IPV4


class PlaceKind(StrEnum):
    VM = "vm"
    ENDPOINT = "endpoint"
    LINE = "line"
    GATEWAY = "gateway"
    TENANT = "tenant"
    SERVICE = "service"
    ADDRESS = "address"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Place:
    """written: as it was asked for; owner: whose it is, a tenant or `platform`, as far as it is anybody's; name: what
    its owner calls it, None for a whole tenant and for addresses.
    """

    written: str
    kind: PlaceKind
    owner: str | None
    name: str | None
    networks: tuple[IPNetwork, ...]


KIND_OF = {
    EndKind.VM: PlaceKind.VM,
    EndKind.ENDPOINT: PlaceKind.ENDPOINT,
    EndKind.LINE: PlaceKind.LINE,
    EndKind.GATEWAY: PlaceKind.GATEWAY,
}
"""What an end of an allowance is called as a place."""
_HOW = Text(
    en="name a tenant, TENANT/NAME, platform/NAME, a platform function, an address, a network or `any`",
    ja="テナント、テナント/名前、platform/名前、基盤機能、アドレス、ネットワーク、any のいずれかを指定してください",
)


def find_place(catalogue: Catalogue, text: str) -> Place:
    """Reads TENANT, `platform`, OWNER/NAME, `platform/FUNCTION`, a NAME that only one owner has, an address, a network
    or `any`. Raises Unreadable for what names nothing, or several things.
    """
    if text == "any":
        return Place(text, PlaceKind.ANY, None, None, (EVERY_IPV4,))
    if (network := _network(text)) is not None:
        return Place(text, PlaceKind.ADDRESS, _owner_of(catalogue, network), None, (network,))
    if (owner := catalogue.owner(text)) is not None:
        return Place(text, PlaceKind.TENANT, text, None, networks_inside(owner))
    found = tuple(_things(catalogue, text))
    if len(found) == 1:
        return found[0]
    raise _ambiguous(text, found) if found else _unknown(catalogue, text)


def _network(text: str) -> IPNetwork | None:
    """An address or a network of either version; names have neither a dot nor a colon."""
    if "." not in text and ":" not in text:
        return None
    try:
        return IPNetwork(text).cidr
    except (AddrFormatError, ValueError):
        raise Unreadable(
            Text(
                en=f"`{visible(text)}` is neither an address nor a network",
                ja=f"`{visible(text)}` はアドレスでもネットワークでもありません",
            ),
            remedy=Text(
                en="write 10.1.2.3 or 10.1.2.0/24, or a name", ja="10.1.2.3 や 10.1.2.0/24、または名前で書いてください"
            ),
        ) from None


def _owner_of(catalogue: Catalogue, network: IPNetwork) -> str | None:
    """Whose network or line it lies in, whole."""
    for name in _owners(catalogue):
        owner = catalogue.owner(name)
        if owner is not None and any(network in inside for inside in networks_inside(owner)):
            return name
    return None


def _things(catalogue: Catalogue, text: str) -> Iterator[Place]:
    """All that the text may mean, among the owner's it names, or among everybody's."""
    owner, slash, name = text.partition("/")
    for each in (owner,) if slash else (PLATFORM, *sorted(catalogue.tenants)):
        yield from _of_owner(catalogue, text, each, name if slash else text)


def _of_owner(catalogue: Catalogue, text: str, owner: str, name: str) -> Iterator[Place]:
    """A server that is called like a function is meant before the function."""
    ends = resolve_end(catalogue, f"{owner}/{name}", owner)
    for end in ends:
        yield Place(text, KIND_OF[end.kind], owner, name, (end.network,))
    if owner == PLATFORM and not ends and name in catalogue.platform.services:
        platform = catalogue.platform
        servers = [platform.vms[each] for each in platform.services[Function(name)] if each in platform.vms]
        if servers:
            networks = tuple(IPNetwork(server.address) for server in servers)
            yield Place(text, PlaceKind.SERVICE, PLATFORM, name, networks)


def _ambiguous(text: str, found: Iterable[Place]) -> Unreadable:
    meant = ", ".join(f"{place.owner}/{place.name} ({place.kind})" for place in found)
    return Unreadable(
        Text(en=f"`{text}` may mean {meant}", ja=f"`{text}` は {meant} のどれか決まりません"),
        remedy=Text(en="write its owner before it: OWNER/NAME", ja="所有者を付けて 所有者/名前 の形で書いてください")
        if "/" not in text
        else Text(en="give them different names", ja="別々の名前を付けてください"),
    )


def _unknown(catalogue: Catalogue, text: str) -> Unreadable:
    owner, slash, _ = text.partition("/")
    if slash and catalogue.owner(owner) is None:
        known: list[str] = sorted(catalogue.tenants)
        what = Text(en=f"there is no tenant `{visible(owner)}`", ja=f"テナント `{visible(owner)}` はありません")
        return Unreadable(what, remedy=_suggestion(owner, known))
    names = [
        f"{each}/{name}" for each in ((owner,) if slash else _owners(catalogue)) for name in _names(catalogue, each)
    ]
    if not slash:
        names = [*_owners(catalogue), *(name.partition("/")[2] for name in names)]
    return Unreadable(
        Text(en=f"nothing is called `{visible(text)}`", ja=f"`{visible(text)}` という名前のものはありません"),
        remedy=_suggestion(text, names),
    )


def _owners(catalogue: Catalogue) -> tuple[str, ...]:
    return PLATFORM, *sorted(catalogue.tenants)


def _names(catalogue: Catalogue, owner: str) -> Iterator[str]:
    declared = catalogue.owner(owner)
    if declared is not None:
        yield from (*declared.vms, *declared.endpoints)
    if isinstance(declared, Tenant):
        yield from (*declared.lines, *declared.gateways)
    elif declared is not None:
        yield from declared.services


def _suggestion(name: str, known: Iterable[str]) -> Text:
    close = get_close_matches(name, dict.fromkeys(known), n=1)
    return Text(en=f"did you mean `{close[0]}`?", ja=f"`{close[0]}` の誤りではありませんか") if close else _HOW
