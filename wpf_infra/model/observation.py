"""What a backend saw: the same model types as were declared, and what only reality has.

Here: observed objects. Not here: how they are read (`wpf_infra.backend`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wpf_infra.model.availability import Power
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import Issued, Resource, TenantResource, VmResource


@dataclass(frozen=True, slots=True)
class Observed:
    """An object of ours as it stands. `resource` has no agreements in it: those live in the state. issued: what the
    backend gave it, for kinds that are given something.
    """

    resource: Resource
    issued: Issued | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Copy:
    """A server that somebody cloned from one of ours by hand: it bears the mark of `of`, and is not ours to touch."""

    name: str
    of: Identity


@dataclass(frozen=True, slots=True)
class ObservedTenant(Observed):
    """copies: what stands in the tenant's room and takes itself for a server of ours."""

    resource: TenantResource
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedVm(Observed):
    """power: now; host: where it runs or last ran; built: its build came to its end, power-on included;
    restart_owed: it was shut down for a change that has not come to its end, and ran before; foreign_disks: names of
    disks that somebody hung on by hand, which are never ours to change.
    """

    resource: VmResource
    power: Power
    host: str | None = None
    built: bool = True
    restart_owed: bool = False
    foreign_disks: tuple[str, ...] = ()


Observation = Mapping[Identity, Observed]
