"""What an end of a question names: a server, a range, a line, a gateway, a tenant, a function, an address, anything.

Here: finding it by its name. Not here: the ends of allowances, which are narrower (`resolve`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netaddr import IPNetwork

from wpf_infra.model.catalogue import Catalogue


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


def find_place(catalogue: Catalogue, text: str) -> Place:
    raise NotImplementedError


def name_of(catalogue: Catalogue, address: int) -> str:
    raise NotImplementedError
