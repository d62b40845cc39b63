"""The whole platform as one backend: each kind by its carrier, and the trail of all that is changed.

Here: who carries what, what a guest is told on the way, and the records around a change. Not here: any carrier. A
record is begun before the change and ended after it, so that a run that was cut off is seen to have been.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from wpf_infra.backend.contract import Act, Backend, Delete, Erasure
from wpf_infra.errors import BackendError, NotFound, WpfError
from wpf_infra.guest.render import render
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observation, Observed, ObservedVm
from wpf_infra.model.resource import AuthorityResource, Resource, VmResource
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Settle, Step, TellGuest

if TYPE_CHECKING:
    from wpf_infra.backend.issuer.issuer import Issuer
    from wpf_infra.backend.registry.registry import Registry

T = TypeVar("T")
_REGISTERED = frozenset({Kind.USER, Kind.USER_ROLL, Kind.LINE, Kind.MONITORING, Kind.MAINTENANCE})
_ISSUED = frozenset({Kind.AUTHORITY, Kind.CERTIFICATE, Kind.ANCHOR})
_WITH_DATA = frozenset({Kind.VM, Kind.IMAGE})
DONE = "done"
_TAKEN_BY_ANOTHER = "nothing: another run took it away in the same moment, and has the record"
_SEEN_GONE = "begun by a run that was cut off; its disks were gone when it was looked for"


class Whole:
    """machines: the simulator or a vCenter; actor: who is written into the trail; reason: why, where it is given."""

    def __init__(
        self, machines: Backend, registry: Registry, issuer: Issuer, *, actor: str, reason: str | None = None
    ) -> None:
        self.machines = machines
        self.registry = registry
        self.issuer = issuer
        self._actor = actor
        self._reason = reason

    def identity(self) -> str | None:
        return self.machines.identity()

    def observe(self, tenant: str) -> Observation:
        return {**self.machines.observe(tenant), **self.registry.observe(tenant), **self.issuer.observe(tenant)}

    def find(self, identity: Identity) -> Observed | None:
        return self._carrier(identity).find(identity)

    def create(self, resource: Resource, guest: GuestConfig | None = None) -> None:
        told = guest or self._guest(resource)
        carrier = self._carrier(resource.identity)
        self._recorded(
            resource.identity, "create", None, resource.data(), lambda: carrier.create(resource, told), self._reason
        )

    def perform(self, identity: Identity, step: Step) -> None:
        match step:
            case Build(resource):
                self.create(resource)
                return
            case TellGuest(resource):
                step = TellGuest(resource, self._guest(resource))
            case EraseDisk(disk):
                self._erase_disk(identity, step, disk)
                return
        carrier = self._carrier(identity)
        before = self._standing(identity) if isinstance(step, Settle) else None
        reason = step.reason if isinstance(step, PowerOn) and step.reason else self._reason
        self._recorded(
            identity, type(step).__name__, before, _detail(step), lambda: carrier.perform(identity, step), reason
        )

    def delete(self, identity: Identity) -> Erasure | None:
        if identity.kind in _WITH_DATA:
            return self._erase(identity)
        carrier = self._carrier(identity)
        before = self._standing(identity)
        if before is None:
            return None
        return self._recorded(identity, "delete", before, None, lambda: carrier.delete(identity), self._reason)

    def rehearse(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> Mapping[Identity, BackendError]:
        told: dict[Identity, BackendError] = {}
        for carrier in (self.machines, self.registry, self.issuer):
            theirs = [plan for plan in plans if self._carrier(plan[0]) is carrier]
            if theirs:
                told.update(carrier.rehearse(theirs))
        for identity, error in self._untrusting(plans):
            told.setdefault(identity, error)
        return told

    def close(self) -> None:
        self.machines.close()
        self.registry.close()
        self.issuer.close()

    def _carrier(self, identity: Identity) -> Backend:
        if identity.kind in _REGISTERED:
            return self.registry
        return self.issuer if identity.kind in _ISSUED else self.machines

    # What a guest is told.

    def _guest(self, resource: Resource) -> GuestConfig | None:
        """Raises NotFound while the authority that it is to trust does not stand."""
        if not isinstance(resource, VmResource) or resource.guest is None:
            return None
        bundle = self.issuer.trust_bundle() if resource.guest.authority else None
        if resource.guest.authority and bundle is None:
            raise _no_authority(resource.identity)
        return render(resource, bundle)

    def _untrusting(self, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> list[tuple[Identity, BackendError]]:
        """Servers that are to be built before the authority stands that they are to trust."""
        steps = [(identity, act) for identity, acts in plans for act in acts]
        if any(isinstance(act, Build) and isinstance(act.resource, AuthorityResource) for _, act in steps):
            return []
        needing = [
            identity
            for identity, act in steps
            if isinstance(act, Build | TellGuest)
            and isinstance(act.resource, VmResource)
            and act.resource.guest is not None
            and act.resource.guest.authority
        ]
        if not needing or self.issuer.trust_bundle() is not None:
            return []
        return [(identity, _no_authority(identity)) for identity in needing]

    # Records.

    def _recorded(
        self, identity: Identity, call: str, before: Any, after: Any, work: Callable[[], T], reason: str | None
    ) -> T:
        number = self.registry.begin(self._actor, reason, identity, call, before, after)
        try:
            outcome = work()
        except WpfError as error:
            self.registry.end(number, error.what.en)
            raise
        self.registry.end(number, DONE)
        return outcome

    def _standing(self, identity: Identity) -> Any:
        found = self._carrier(identity).find(identity)
        return None if found is None else found.resource.data()

    def _erase(self, identity: Identity) -> Erasure | None:
        """The record is begun before the first byte is overwritten, and not for what would be refused."""
        found = self.machines.find(identity)
        if found is None:
            self._end_open(identity)
            return None
        for error in self.machines.rehearse([(identity, [Delete()])]).values():
            raise error
        number = self.registry.begin_erasure(identity, _disks(found))
        before = found.resource.data()
        erasure = self._recorded(identity, "delete", before, None, lambda: self.machines.delete(identity), self._reason)
        self.registry.end_erasure(number, erasure or Erasure(identity, {}, _TAKEN_BY_ANOTHER))
        return erasure

    def _erase_disk(self, identity: Identity, step: EraseDisk, disk: str) -> None:
        found = self.machines.find(identity)
        disks = {name: size for name, size in _disks(found).items() if name == disk} if found else {}
        for error in self.machines.rehearse([(identity, [step])]).values():
            raise error
        number = self.registry.begin_erasure(identity, disks) if disks else None
        self._recorded(
            identity,
            "EraseDisk",
            {"disks": disks},
            None,
            lambda: self.machines.perform(identity, step),
            self._reason,
        )
        if number is not None:
            self.registry.end_erasure(number, Erasure(identity, disks, METHOD_OF_A_DISK))

    def _end_open(self, identity: Identity) -> None:
        """An earlier run was cut off when all was overwritten and taken away, and the end not yet written."""
        record = self.registry.open_erasure(identity)
        if record is not None:
            self.registry.end_erasure(record.number, Erasure(identity, record.disks, _SEEN_GONE))


METHOD_OF_A_DISK = "one pass of zeros over the virtual disk (a logical overwrite)"


def _disks(found: Observed) -> dict[str, int]:
    if not isinstance(found, ObservedVm):
        return {}
    return {name: disk.size_gb for name, disk in found.resource.disks.items()}


def _detail(step: Step) -> Any:
    """The step as plain data; what a guest is told has its own place."""
    if isinstance(step, Settle):
        return step.resource.data()
    return {
        field.name: _plain(value)
        for field in dataclasses.fields(step)
        if field.name not in ("resource", "guest") and (value := getattr(step, field.name)) not in (None, {}, False)
    }


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    data = getattr(value, "data", None)
    if data is not None:
        return data()
    return value if isinstance(value, bool | int) else str(value)


def _no_authority(identity: Identity) -> NotFound:
    return NotFound(
        Text(
            en="the platform's certificate authority does not stand yet, and its guest is to trust it",
            ja="ゲストに信頼させる基盤の認証局がまだありません",
        ),
        where=str(identity),
        row=3,
        remedy=Text(
            en="bring the platform's stack up first (`wpf up` does it in that order)",
            ja="先に基盤のスタックを適用してください（`wpf up` はこの順に適用します）",
        ),
    )
