"""What a vCenter, or the machine room, would refuse and the ledger does not know of: told before anybody is stopped.

Here: which check belongs to which act. Pure, apart from looking up OS templates. Not here: the checks themselves; each
stands beside the work that it guards, which asks it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from wpf_infra.backend.contract import Act, Delete
from wpf_infra.backend.vsphere import clone, cluster, firewall, power, reconfigure, removal, room, storage_class
from wpf_infra.backend.vsphere.ground import Ground
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import Templates
from wpf_infra.backend.vsphere.uncarried import check_carried
from wpf_infra.errors import BackendError
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.plan.step import Build, EraseDisk, Reconfigure, Settle, ShutDownGuest


def refusals(
    plans: Sequence[tuple[Identity, Sequence[Act]]],
    machines: Mapping[Identity, MachineSeen],
    ground: Callable[[], Ground],
    templates: Templates,
) -> Iterator[tuple[Identity, BackendError]]:
    """machines: the servers that stand, as they were seen; ground: read only where it is asked about."""
    for identity, acts in plans:
        try:
            for act in acts:
                _check(identity, act, machines.get(identity), ground, templates)
        except BackendError as error:
            yield identity, error


def _check(
    identity: Identity, act: Act, seen: MachineSeen | None, ground: Callable[[], Ground], templates: Templates
) -> None:
    check_carried(identity, act)
    match act:
        case Build(VmResource() as resource):
            if seen is None:
                clone.check(resource, templates.find(resource.os, where=str(identity)))
        case Build(resource) | Settle(resource):
            _check_ground(resource, ground())
        case ShutDownGuest() if seen is not None:
            power.check_shut_down(seen)
        case Reconfigure() if seen is not None:
            reconfigure.check_growth(seen, act.grow)
        case EraseDisk(disk) if seen is not None:
            removal.check_erasable(seen, disk)
        case Delete() if seen is not None:
            removal.check_removable(seen)


def _check_ground(resource: Resource, ground: Ground) -> None:
    match resource:
        case ClusterResource():
            cluster.check(ground, resource)
        case StorageClassResource():
            storage_class.check(ground, resource)
        case TenantResource():
            room.check(ground, resource)
        case FirewallResource():
            firewall.check(ground, resource)
