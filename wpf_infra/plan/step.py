"""The single operations that a plan asks of a backend, in the order in which they must happen.

Here: frozen values. Not here: choosing them (`wpf_infra.plan.vm`) and doing them (`wpf_infra.backend`).
Every step is idempotent: a run that was cut off repeats it without harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netaddr import IPAddress

from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.resource import Resource, VmResource


@dataclass(frozen=True, slots=True)
class ShutDownGuest:
    """Ask the guest to shut down, never pull the plug.

    owe_restart: first mark that a restart is owed, so that a cut-off run cannot forget that the server ran before;
    without it a mark that stands is taken away, also of a server that is off: it is to stay off.
    """

    owe_restart: bool = True


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """Change a server that is off; None and empty leave as is. Disks only grow.

    memory_gib in GiB; grow: disk to its new size in GB; owe_restart: mark, in the same call, that a start is owed.
    """

    cpu: int | None = None
    memory_gib: int | None = None
    address: IPAddress | None = None
    grow: Mapping[str, int] = field(default_factory=dict)
    add: Mapping[str, Disk] = field(default_factory=dict)
    owe_restart: bool = False


@dataclass(frozen=True, slots=True)
class EraseDisk:
    """Overwrite a disk of a server that is off, then take it away (FAQ 13, 15). Gone already is done already."""

    disk: str


@dataclass(frozen=True, slots=True)
class SetAvailability:
    """The server's place in HA and DRS, on or off: its restart priority and its anti-affinity group (None: none)."""

    restart_priority: RestartPriority
    anti_affinity: str | None


@dataclass(frozen=True, slots=True)
class TellGuest:
    """Hand the guest of a server that is off its words anew, read at its next start. guest: filled in on the way to the
    backend, which knows the authority that the guest is to trust.
    """

    resource: VmResource
    guest: GuestConfig | None = None


@dataclass(frozen=True, slots=True)
class PowerOn:
    """Start the server, and clear the mark of an owed restart. Running already is done already. reason: why it is
    started outside business hours, for the record (FAQ 14).
    """

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """Create what is not there, or bring a build that was cut off to its end."""

    resource: Resource


@dataclass(frozen=True, slots=True)
class Settle:
    """Give an object without a power switch the settings of `resource`."""

    resource: Resource


Step = ShutDownGuest | Reconfigure | EraseDisk | SetAvailability | TellGuest | PowerOn | Build | Settle
