"""A server, and the image captured from one (FAQ 12-16, 20, 25).

Here: the inputs of their resources. Not here: what a guest is told at its first boot, in words (`wpf_infra.guest`).
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wpf_infra.model.agreement import Consent, Retirement
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.closing import ClosingDays
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource.ground import OwnerKind
from wpf_infra.model.scalar import Address, Count, Flag, HostName, Id, Network, OwnerId, Sentence, VmId
from wpf_infra.model.software import SoftwareTerms
from wpf_infra.model.value import Faq, Value


class GuestServices(Value):
    """Where a server finds what the platform offers, as its guest is told at its first boot. Servers by name, for the
    guest verifies a certificate by the name; nothing outside the closed network is ever among them.
    """

    domain: HostName
    """The platform's domain; the server's own name is SERVER.TENANT.DOMAIN."""
    prefix_length: Annotated[Count, Faq(22)]
    """Of the tenant's network."""
    router: Address
    """The way to the other networks of the platform; there is none to anywhere else (FAQ 21)."""
    routes: Annotated[tuple[Network, ...], Faq(21)]
    """What is reached by way of it."""
    ntp: Annotated[dict[VmId, Address], Faq(1)]
    dns: dict[VmId, Address] = {}
    smtp: Annotated[dict[VmId, Address], Faq(24)] = {}
    antivirus: Annotated[dict[VmId, Address], Faq(19)] = {}
    backup: Annotated[dict[VmId, Address], Faq(23)] = {}
    zabbix: Annotated[dict[VmId, Address], Faq(18)] = {}
    authority: Annotated[Flag, Faq(3)] = False
    """The platform's own CA is trusted."""
    trust: Annotated[dict[str, str], Faq(3)] = {}
    """Anchors of vendors that this server has to trust, as PEM, by TENANT/NAME."""


class VmResource(Value):
    """A server. Agreements (`consent`, every `retire`), `software`, `guest` and what `power` was declared to be are
    recorded in the state, not observed on the backend.
    """

    kind: ClassVar[Kind] = Kind.VM
    type_name: ClassVar[str] = "wpf:compute:VirtualMachine"
    recorded_only: ClassVar[tuple[str, ...]] = (
        "software",
        "guest",
        "power",
        "power_reason",
        "closing_days",
        "consent",
        "retire",
    )
    """Fields that stand in the state alone."""
    tenant: OwnerId
    owner: Annotated[OwnerKind, Faq(14)]
    name: VmId
    cluster: Id
    os: Annotated[Id, Faq(20)]
    cpu: Annotated[Count, Faq(16)]
    memory_gib: Annotated[Count, Faq(16)]
    address: Address
    restart_priority: Annotated[RestartPriority, Faq(12)] = RestartPriority.MEDIUM
    anti_affinity: Annotated[Id | None, Faq(12)] = None
    from_image: Annotated[Id | None, Faq(25)] = None
    """The tenant's image that it is deployed from; the OS template where there is none."""
    disks: Annotated[dict[Id, Disk], Faq(15), Field(min_length=1)]
    software: Annotated[dict[Id, SoftwareTerms], Faq(23)] = {}
    guest: Annotated[GuestServices | None, Faq(18)] = None
    power: Annotated[Power | None, Faq(14)] = None
    power_reason: Annotated[Sentence | None, Faq(14)] = None
    closing_days: Annotated[ClosingDays | None, Faq(14)] = None
    """The operator's, beside a declared `power`: starts are for business hours."""
    consent: Annotated[Consent | None, Faq(15)] = None
    retire: Annotated[Retirement | None, Faq(13)] = None

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)

    def as_observed(self) -> VmResource:
        """As a backend that stands so sees it."""
        disks = {name: disk.model_copy(update={"retire": None}) for name, disk in self.disks.items()}
        unrecorded = {name: type(self).model_fields[name].get_default() for name in self.recorded_only}
        return self.model_copy(update={"disks": disks, **unrecorded})

    def with_record(self, recorded: VmResource) -> VmResource:
        """What is observed, with what stands in the state alone."""
        disks = {
            name: disk.model_copy(update={"retire": recorded.disks[name].retire}) if name in recorded.disks else disk
            for name, disk in self.disks.items()
        }
        kept = {name: getattr(recorded, name) for name in self.recorded_only}
        return self.model_copy(update={"disks": disks, **kept})


class ImageResource(Value):
    """A captured server, from which further ones are deployed (FAQ 25)."""

    kind: ClassVar[Kind] = Kind.IMAGE
    type_name: ClassVar[str] = "wpf:compute:Image"
    tenant: OwnerId
    name: Id
    of: Annotated[VmId, Faq(25)]
    """The server it is captured from."""
    os: Annotated[Id, Faq(20)]
    """That server's."""

    @property
    def identity(self) -> Identity:
        return Identity(self.tenant, self.kind, self.name)
