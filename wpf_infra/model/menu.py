"""The platform's menu: what may be ordered (FAQ 15, 16, 20, 23, 34).

Here: sizes, OS templates, software and its terms. Not here: what a tenant orders (`vm`, `software`, `line`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from wpf_infra.model.scalar import Count, Id
from wpf_infra.model.value import SORTED, Faq, Value

CLIENTS_OF_ATERM_MR05LN = 16


class Brought(StrEnum):
    """May a vendor bring its own licence of what the platform offers?"""

    NEVER = "never"
    SOFTWARE_ASSURANCE = "software-assurance"


class Product(Value):
    """Software that the platform offers, with its licence."""

    brought: Annotated[Brought, Faq(23)] = Brought.NEVER
    """Whether a vendor may bring its own licence."""
    known_as: Annotated[frozenset[Id], SORTED, Faq(23)] = frozenset()
    """What it is called (`sqlserver`, `mssql`): other editions have it in their names and are brought on its terms."""


class OwnKind(StrEnum):
    """Kinds of software for which the platform's own is used and no other."""

    ANTIVIRUS = "antivirus"
    BACKUP = "backup"


class Menu(Value):
    disk_gb: Annotated[frozenset[Count], SORTED, Faq(15)]
    """Disk sizes in GB."""
    cpu: Annotated[frozenset[Count], SORTED, Faq(16)]
    """Numbers of virtual CPUs."""
    memory_gib: Annotated[frozenset[Count], SORTED, Faq(16)]
    """Memory sizes in GiB."""
    os: Annotated[frozenset[Id], SORTED, Faq(20)]
    """OS templates."""
    software: Annotated[dict[Id, Product], Faq(23)]
    """What the platform offers with its licence, by name."""
    foreign_software: Annotated[dict[Id, OwnKind], Faq(23)] = {}
    """Products of others, by a word of their names (`veeam`), that stand for what only the platform provides."""
    companions: Annotated[frozenset[Id], SORTED, Faq(23)] = frozenset()
    """Words that make something else of what they stand beside: an `oracle-client` is no database."""
    wifi_clients: Annotated[Count, Faq(34)] = CLIENTS_OF_ATERM_MR05LN
    """How many Wi-Fi clients the mobile router carries at once."""
