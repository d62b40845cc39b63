"""What a tenant's room on the platform consists of: whose it is, its name, network and quota.

Here: the parts that a tenant's declaration, the platform's own and their resources share. Not here: what stands in it.
"""

from __future__ import annotations

from enum import StrEnum

from wpf_infra.model.scalar import Count, Network, Sentence, VlanId
from wpf_infra.model.value import Value


class TenantKind(StrEnum):
    """Whose tenant it is decides who stops and starts its servers (FAQ 14)."""

    UTILITY = "utility"
    VENDOR = "vendor"


class BilingualName(Value):
    ja: Sentence
    """In Japanese."""
    en: Sentence
    """In English."""


class TenantNetwork(Value):
    cidr: Network
    """The tenant's own IPv4 network, in the space of its kind."""
    vlan: VlanId
    """The VLAN it is, in the range of its kind."""


class Quota(Value):
    cpu: Count
    """Virtual CPUs over all servers."""
    memory_gib: Count
    """Memory in GiB over all servers."""
    storage_gb: Count
    """Disks in GB over all servers."""
