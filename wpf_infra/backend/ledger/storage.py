"""RAID6 groups: where a disk may stand, and how many failures its data survives.

Here: pure decisions on values. Not here: rows (`capacity`), nor disks that fail (`hardware`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wpf_infra.language import Text

PARITY_DISKS = 2
"""RAID6 lives through this many missing disks at once (FAQ 12)."""


@dataclass(frozen=True, slots=True)
class GroupLoad:
    """A RAID6 group and what stands on it, in GB. failed: gone; rebuilding: replaced, not yet filled."""

    storage_class: str
    name: str
    disks: int
    disk_gb: int
    used_gb: int = 0
    failed: int = 0
    rebuilding: int = 0
    lost: bool = False

    @property
    def usable_gb(self) -> int:
        return (self.disks - PARITY_DISKS) * self.disk_gb

    @property
    def free_gb(self) -> int:
        return self.usable_gb - self.used_gb

    @property
    def survives(self) -> int:
        """How many more disks may fail before data is lost."""
        return 0 if self.lost else PARITY_DISKS - self.failed - self.rebuilding

    def holds(self, size_gb: int) -> bool:
        return not self.lost and self.free_gb >= size_gb


def choose(groups: Iterable[GroupLoad], size_gb: int) -> str | None:
    """The group for a new disk: most free first, then by name."""
    fitting = [group for group in groups if group.holds(size_gb)]
    best = min(fitting, key=lambda group: (-group.free_gb, group.name), default=None)
    return best.name if best else None


def shortage(groups: Iterable[GroupLoad], size_gb: int) -> Text:
    """Why `choose` found none."""
    alive = [group for group in groups if not group.lost]
    if not alive:
        return Text(en="the cluster has no group of that class", ja="クラスタにこのクラスのグループがありません")
    nearest = min(alive, key=lambda group: (-group.free_gb, group.name))
    return Text(
        en=f"{size_gb} GB are wanted; the group with most free, {nearest.name}, has {nearest.free_gb} GB",
        ja=f"必要なのは {size_gb} GB ですが、最も空きの多い {nearest.name} でも {nearest.free_gb} GB です",
    )
