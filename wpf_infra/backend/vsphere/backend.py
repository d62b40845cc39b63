"""vSphere as a backend: each call read, decided on the mirror, and carried out on the vCenter.

Here: the contract's calls and which module answers them. Not here: what any of them does.
"""

from __future__ import annotations

import functools
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from wpf_infra.backend.contract import Act, Delete, Erasure
from wpf_infra.backend.vsphere import (
    build,
    cluster,
    firewall,
    foresight,
    power,
    reconfigure,
    removal,
    room,
    storage_class,
)
from wpf_infra.backend.vsphere.availability import Availability
from wpf_infra.backend.vsphere.clone import Placement
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import DatastoreSeen, Ground
from wpf_infra.backend.vsphere.machine import MachineSeen, Surroundings
from wpf_infra.backend.vsphere.machines import Memory, Quarters, Templates, find_machine, look
from wpf_infra.backend.vsphere.mirror import Decision, Mirror
from wpf_infra.backend.vsphere.picture import broken_room, surroundings, take
from wpf_infra.backend.vsphere.settings import VsphereSettings
from wpf_infra.backend.vsphere.survey import read_cluster, read_ground, with_vlans
from wpf_infra.backend.vsphere.uncarried import check_carried
from wpf_infra.errors import BackendError
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.plan.step import (
    Build,
    EraseDisk,
    PowerOn,
    Reconfigure,
    SetAvailability,
    Settle,
    ShutDownGuest,
    Step,
    TellGuest,
)

_ONE_BY_ONE = 4
"""Up to so many servers of a rehearsal are read by themselves, more in bulk."""


class Vsphere:
    """A vCenter, as `wpf_infra.backend.contract.Backend`. Safe in many threads; other processes may be at it too."""

    def __init__(self, settings: VsphereSettings) -> None:
        self._settings = settings
        self._connection = Connection(settings)
        self._memory: Memory = {}
        self._mirror = Mirror(self._connection, self._memory)
        self._availability = Availability(self._connection, self._memory)
        self._templates = Templates(self._connection)
        self._turns = _Turns()

    def identity(self) -> str | None:
        return f"vcenter:{self._connection.instance_uuid()}/{self._settings.datacenter}"

    def observe(self, tenant: str) -> Observation:
        return take(self._connection, [tenant], self._memory, loads=False).observation(tenant)

    def find(self, identity: Identity) -> Observed | None:
        if identity.kind is Kind.VM:
            seen = self._find(identity, exactly=True)
            return seen.observed if seen else None
        if identity.kind is Kind.TENANT:
            return self.observe(identity.tenant).get(identity)
        resource = read_ground(self._connection, policies_of=[identity.tenant]).resource(identity)
        return Observed(resource) if resource else None

    def create(self, resource: Resource, guest: GuestConfig | None = None) -> None:  # noqa: ARG002 - no guestinfo yet
        check_carried(resource.identity, Build(resource))
        if isinstance(resource, VmResource):
            self._build(resource)
        else:
            self._settle(resource.identity, Build(resource), resource)

    def perform(self, identity: Identity, step: Step) -> None:
        match step:
            case Build(resource):
                self.create(resource)
            case Settle(resource):
                self._settle(identity, step, resource)
            case _:
                with self._turns.of(identity):
                    self._step(identity, step, self._find(identity, exactly=isinstance(step, SetAvailability)))

    def delete(self, identity: Identity) -> Erasure | None:
        if identity.kind is Kind.IMAGE:
            return None
        with self._turns.of(identity):
            if identity.kind is Kind.VM:
                seen = self._find(identity)
                if seen is None or seen.observed is None:
                    return None
                with self._mirror.decided(identity, [Delete()], seen) as decision:
                    where = decision.ground.clusters[seen.observed.resource.cluster].ref
                    return removal.delete(
                        self._connection,
                        seen,
                        availability=self._availability,
                        cluster=where,
                        quarters=_quarters(decision.ground, identity.tenant),
                    )
            with self._mirror.decided(identity, [Delete()]) as decision:
                _RELEASE[identity.kind](self._connection, decision.ground, identity)
            return None

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        plans = [plan for plan in plans if plan[1]]
        identities = {identity for identity, _ in plans}
        if not plans:
            return {}
        few = len(identities) <= _ONE_BY_ONE and all(identity.kind is Kind.VM for identity in identities)
        seen = {identity: self._find(identity) for identity in identities} if few else None
        told = self._mirror.rehearse(plans, seen)
        machines = self._mirror.machines() if seen is None else {each: one for each, one in seen.items() if one}
        ground = functools.cache(self._ground_with_vlans)
        for identity, error in foresight.refusals(plans, machines, ground, self._templates):
            told.setdefault(identity, error)
        return told

    def close(self) -> None:
        self._mirror.close()
        self._connection.close()

    def _ground_with_vlans(self) -> Ground:
        return with_vlans(self._connection, read_ground(self._connection, policies_of=()))

    def _find(self, identity: Identity, *, exactly: bool = False) -> MachineSeen | None:
        """The server with what the model sees of it. exactly: with its place in HA and DRS as it is this moment. Raises
        Conflict when it stands and its room cannot be read.
        """
        ground, tenant = self._mirror.ground(identity.tenant), identity.tenant
        folder, room = ground.room(tenant).folder, ground.tenant(tenant)

        def around() -> Surroundings | None:
            if folder is None or room is None:
                raise broken_room(ground, identity)
            cluster_seen = ground.clusters[room.cluster]
            return surroundings(
                ground, tenant, read_cluster(self._connection, cluster_seen) if exactly else cluster_seen
            )

        return find_machine(self._connection, identity, around, _quarters(ground, tenant), self._memory)

    def _build(self, resource: VmResource) -> None:
        identity = resource.identity
        with self._turns.of(identity):
            seen = self._find(identity, exactly=True)
            with self._mirror.decided(identity, [Build(resource)], seen) as decision:
                if seen is not None and seen.observed is not None and seen.observed.built:
                    return
                ground, host = decision.ground, _host(decision, resource.cluster)
                if seen is None:
                    seen = build.clone(self._connection, self._placement(decision, resource), resource)
                    host = self._confirmed(decision, resource, seen)
                elif not seen.running:
                    build.refit(self._connection, seen, resource, host=host)
                build.finish(
                    self._connection,
                    seen,
                    resource,
                    availability=self._availability,
                    cluster=ground.clusters[resource.cluster].ref,
                    quarters=_quarters(ground, resource.tenant),
                    datastores=_datastores(decision),
                    host=host,
                )

    def _confirmed(self, decision: Decision, resource: VmResource, seen: MachineSeen) -> Any:
        """The host to start the clone on: other processes see it by now, as this one sees theirs. Where an earlier one
        took the room it goes again, never started.
        """
        assert decision.host is not None, "a server stands on a host"
        try:
            host = self._mirror.place_again(resource, seen, decision.host)
        except BackendError:
            now = look(self._connection, seen)
            if not now.running and now.marks is not None and not now.marks.built:
                self._connection.run(lambda: now.ref.Destroy_Task(), where=str(resource.identity))
            raise
        return decision.ground.clusters[resource.cluster].hosts[host].ref

    def _placement(self, decision: Decision, resource: VmResource) -> Placement:
        ground = decision.ground
        place = ground.room(resource.tenant)
        assert place.folder and place.pool and place.portgroup, "the ledger has refused a server without a room"
        switch = ground.switch_of_portgroup(place.portgroup)
        assert switch is not None, "a portgroup stands on a switch"
        return Placement(
            folder=place.folder.ref,
            pool=place.pool.ref,
            host=_host(decision, resource.cluster),
            datastores=_datastores(decision),
            portgroup_key=place.portgroup.key,
            switch_uuid=switch.uuid,
            template=self._templates.find(resource.os, where=str(resource.identity)),
        )

    def _step(self, identity: Identity, step: Step, seen: MachineSeen | None) -> None:
        """For whoever has the turn. The ledger refuses a step for a server that does not stand."""
        with self._mirror.decided(identity, [step], seen) as decision:
            assert seen is not None and seen.observed is not None
            within = seen.observed.resource.cluster
            moved = _host(decision, within) if identity in decision.moves else None
            match step:
                case ShutDownGuest():
                    power.shut_down_guest(self._connection, seen, owe_restart=step.owe_restart)
                case TellGuest():
                    pass
                case PowerOn():
                    power.power_on(self._connection, seen, host=moved)
                case Reconfigure():
                    datastores = _datastores(decision)
                    reconfigure.reconfigure(self._connection, seen, step, datastores=datastores, host=moved)
                case SetAvailability():
                    reconfigure.set_availability(
                        self._connection,
                        seen,
                        step,
                        availability=self._availability,
                        cluster=decision.ground.clusters[within].ref,
                        quarters=_quarters(decision.ground, identity.tenant),
                        host=moved,
                    )
                case EraseDisk(disk):
                    removal.erase_disk(self._connection, seen, disk)
                case _:
                    raise AssertionError(f"a step that nobody carries out: {step}")

    def _settle(self, identity: Identity, step: Build | Settle, resource: Resource) -> None:
        """An object without a power switch, new or not. Servers that have to make way move first, while they run."""
        with self._turns.of(identity), self._mirror.decided(identity, [step]) as decision:
            for server, host in decision.moves.items():
                self._move(decision.ground, server, host)
            ground = decision.ground
            match resource:
                case ClusterResource():
                    cluster.claim(self._connection, ground, resource)
                case StorageClassResource():
                    storage_class.claim(self._connection, ground, resource)
                case TenantResource():
                    room.build_tenant(self._connection, ground, resource)
                case FirewallResource():
                    firewall.build_firewall(self._connection, ground, resource)

    def _move(self, ground: Ground, identity: Identity, host: str) -> None:
        seen = self._find(identity)
        if seen is not None and seen.observed is not None:
            reconfigure.relocate(
                self._connection, seen, ground.clusters[seen.observed.resource.cluster].hosts[host].ref
            )


_RELEASE = {
    Kind.CLUSTER: cluster.release,
    Kind.STORAGE_CLASS: storage_class.release,
    Kind.TENANT: room.remove_tenant,
    Kind.FIREWALL: firewall.remove_firewall,
}


class _Turns:
    """One call at a time for each object, of this process; the vCenter keeps other processes apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: defaultdict[Identity, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def of(self, identity: Identity) -> Iterator[None]:
        with self._lock:
            turn = self._turns[identity]
        with turn:
            yield


def _host(decision: Decision, within: str) -> Any:
    """The host that was decided on, as the vCenter knows it."""
    assert decision.host is not None, "a server stands on a host"
    return decision.ground.clusters[within].hosts[decision.host].ref


def _quarters(ground: Ground, tenant: str) -> Quarters:
    """Where a tenant's servers are, as far as its room stands."""
    room = ground.room(tenant)
    return Quarters(room.folder.ref if room.folder else None, room.pool.ref if room.pool else None)


def _datastores(decision: Decision) -> Mapping[str, DatastoreSeen]:
    """Of each disk of the server."""
    stand = decision.ground.datastores
    return {disk: stand[group] for disk, group in decision.groups.items() if group in stand}
