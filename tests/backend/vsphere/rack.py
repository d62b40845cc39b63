"""The estate's platform as it is racked: what people put up before the library comes, and both at work on it.

Here: the room's shape, a library process's hands on it and people's, calls cut off. Not here: tests, servers (`site`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

from tests.backend.vsphere.site import settings
from tests.contract import estate
from tests.vcsim.server import Datastore, Fault, HostHardware, MachineRoom, VCenter
from wpf_infra.backend.vsphere import cluster, firewall, room, storage_class
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import Ground
from wpf_infra.backend.vsphere.survey import read_ground
from wpf_infra.errors import BackendError
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)

When = Literal["call", "task", "drop-reply"]
HOSTS = tuple(estate.CLUSTER.hosts)
ROOM = MachineRoom(
    datacenter="dc",
    clusters={
        "tokyo-1": {name: HostHardware(cpu=32, memory_gib=128) for name in HOSTS},
        "osaka-1": {name: HostHardware(cpu=32, memory_gib=128) for name in ("osaka-1-1", "osaka-1-2")},
    },
    datastores={
        "raid6-a": Datastore(cluster="tokyo-1", capacity_gb=12000),
        "raid6-b": Datastore(cluster="tokyo-1", capacity_gb=12000),
        "raid6-o": Datastore(cluster="osaka-1", capacity_gb=12000),
    },
    switch="dvs",
)


class Process:
    """One process of the library, or of people with its tools: every call on a fresh survey."""

    def __init__(self, vcenter: VCenter, *, hands: bool = False) -> None:
        self.vcenter = vcenter
        self.connection = Connection(settings(vcenter, hands=hands))

    def ground(self, policies_of: Collection[str] | None = None) -> Ground:
        return read_ground(self.connection, policies_of=policies_of)

    def find(self, resource: Resource) -> Resource | None:
        return self.ground().resource(resource.identity)

    def build(self, *resources: Resource) -> None:
        """Also settles."""
        for resource in resources:
            _BUILD[resource.kind](self.connection, self.ground(), resource)

    def remove(self, identity: Identity) -> None:
        _REMOVE[identity.kind](self.connection, self.ground(), identity)

    def run(self, start: Callable[..., Any], **arguments: Any) -> Any:
        return self.connection.run(lambda: start(**arguments), where="test")


_BUILD: dict[Kind, Callable[[Connection, Ground, Any], None]] = {
    ClusterResource.kind: cluster.claim,
    StorageClassResource.kind: storage_class.claim,
    TenantResource.kind: room.build_tenant,
    FirewallResource.kind: firewall.build_firewall,
}
_REMOVE: dict[Kind, Callable[[Connection, Ground, Identity], None]] = {
    ClusterResource.kind: cluster.release,
    StorageClassResource.kind: storage_class.release,
    TenantResource.kind: room.remove_tenant,
    FirewallResource.kind: firewall.remove_firewall,
}
assert VmResource.kind not in _BUILD


@contextmanager
def processes(vcenter: VCenter, count: int = 1, *, hands: bool = False) -> Iterator[list[Process]]:
    made = [Process(vcenter, hands=hands) for _ in range(count)]
    try:
        yield made
    finally:
        for process in made:
            process.connection.close()


def cuts(vcenter: VCenter, method: str, when: When) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Once for each of the calls that an act makes of this method: run the act, cut off there. Ends with an act that
    was not cut off.
    """
    skip, met = 0, True

    def attempt(act: Callable[[], None]) -> None:
        nonlocal met
        vcenter.reset_calls()
        vcenter.fail(Fault(methods=(method,), fault="HostCommunication", when=when, skip=skip))
        with suppress(BackendError):
            act()
        vcenter.clear_faults()
        met = vcenter.calls()[method] > skip

    while met:
        met = False
        yield attempt
        skip += 1
    assert skip > 1, "nothing was cut off"
