"""A disk of a server: its size from the menu, its storage class, its end.

Here: the declaration of a disk. Not here: the menu (`platform`) and what a change of size does (`wpf_infra.plan`).
"""

from __future__ import annotations

from typing import Annotated

from wpf_infra.language import Text
from wpf_infra.model.agreement import Retirement
from wpf_infra.model.scalar import Count, Id
from wpf_infra.model.value import Barred, Faq, Value


class Disk(Value):
    """A named disk; the name, never an order, says which data is meant (FAQ 15)."""

    barred = {
        key: Barred(
            12,
            Text(
                en="every disk lies on RAID6, which its storage class says; a disk does not choose",
                ja="ディスクはすべてRAID6の上にあります。RAIDを決めるのはストレージクラスで、ディスクではありません",
            ),
            Text(
                en=f"leave `{key}` out and name a `storage_class`",
                ja=f"`{key}` を消し、`storage_class` を指定してください",
            ),
        )
        for key in ("raid", "raid_level")
    }

    size_gb: Annotated[Count, Faq(15)]
    """Capacity in GB, one of the platform's menu; on a vCenter 2^30 bytes each, as its client counts."""
    storage_class: Annotated[Id, Faq(12)]
    """The storage class that holds it."""
    retire: Annotated[Retirement | None, Faq(15)] = None
    """The disk's end; without it a disk that is left out is refused."""
