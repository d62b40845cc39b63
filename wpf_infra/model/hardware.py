"""What stands in the machine room: hosts, RAID groups, and what is kept free for a failed host (FAQ 12).

Here: the parts that declarations and resources of clusters and storage classes share. Not here: clusters themselves.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from wpf_infra.language import Text
from wpf_infra.model.scalar import Count, Id, Percent
from wpf_infra.model.value import Faq, Value, refusal


class Host(Value):
    """A physical host, with two power supplies and two uplinks (FAQ 12)."""

    cpu: Count
    """Virtual CPUs it may carry."""
    memory_gib: Count
    """Memory in GiB."""


class AdmissionControl(Value):
    """What HA keeps free for a failed host: whole hosts, or a share of the cluster (vSphere's two policies)."""

    failover_hosts: Annotated[Count | None, Faq(12)] = None
    """How many hosts may fail; instead of reserved_percent."""
    reserved_percent: Annotated[Percent | None, Faq(12)] = None
    """The share of CPU and memory that is kept free; instead of failover_hosts."""

    @model_validator(mode="after")
    def _one_policy(self) -> Self:
        if (self.failover_hosts is None) == (self.reserved_percent is None):
            raise refusal(
                Text(
                    en="admission control is either failover_hosts or reserved_percent, one of them",
                    ja="アドミッションコントロールは failover_hosts か reserved_percent のどちらか一方です",
                ),
                Text(en="keep one of the two", ja="どちらか一方だけにしてください"),
            )
        return self


class RaidGroup(Value):
    """A RAID6 group of equal disks beside one cluster: usable capacity is (disks - 2) * disk_gb."""

    cluster: Id
    """The cluster that it stands beside."""
    disks: Annotated[Count, Faq(12), Field(ge=4)]
    """Number of disks, two of them parity."""
    disk_gb: Count
    """Capacity of one disk in GB."""

    @property
    def usable_gb(self) -> int:
        return (self.disks - 2) * self.disk_gb
