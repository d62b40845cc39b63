"""The machine room of a test vCenter: hardware and OS templates that stand before anybody works with it.

Here: values and their wire form. Not here: a running server (`server`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class HostHardware:
    """A host: hardware threads and memory."""

    cpu: int
    memory_gib: int


@dataclass(frozen=True)
class Datastore:
    """A datastore, mounted on every host of one cluster. GB are 2**30 bytes, as vSphere's client counts."""

    cluster: str
    capacity_gb: int


@dataclass(frozen=True)
class Template:
    """An OS template: one system disk (SCSI 0:0) and one network card, on the first cluster's first datastore."""

    disk_gb: int = 40


@dataclass(frozen=True)
class MachineRoom:
    """What stands there: clusters with HA and DRS on and their hosts, datastores, templates, one distributed switch."""

    datacenter: str = "dc"
    clusters: Mapping[str, Mapping[str, HostHardware]] = field(default_factory=dict)
    datastores: Mapping[str, Datastore] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    switch: str = "switch"

    def wire(self) -> dict[str, Any]:
        """As the program reads it: lists, because order counts there."""
        return {
            "datacenter": self.datacenter,
            "switch": self.switch,
            "clusters": [
                {
                    "name": name,
                    "hosts": [{"name": host, "cpu": it.cpu, "memory_gib": it.memory_gib} for host, it in hosts.items()],
                }
                for name, hosts in self.clusters.items()
            ],
            "datastores": [
                {"name": name, "cluster": it.cluster, "capacity_gb": it.capacity_gb}
                for name, it in self.datastores.items()
            ],
            "templates": [{"name": name, "disk_gb": it.disk_gb} for name, it in self.templates.items()],
        }
