"""A virtual server as its tenant declares it.

Here: the declaration. Not here: what a change of it disturbs (`wpf_infra.plan`), nor what the backend makes of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wpf_infra.model.agreement import Consent, Retirement
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.closed_network import NO_INTERNET, NO_OTHER_MAIL, NO_OTHER_TIME
from wpf_infra.model.disk import Disk
from wpf_infra.model.monitoring import Monitor
from wpf_infra.model.ports import PortRange
from wpf_infra.model.scalar import Address, Count, Flag, Id, Sentence
from wpf_infra.model.software import SoftwareTerms
from wpf_infra.model.value import Faq, Value


class VirtualMachine(Value):
    barred = {**NO_OTHER_TIME, **NO_INTERNET, **NO_OTHER_MAIL}

    os: Annotated[Id, Faq(20)]
    """The OS template, of the platform's menu; never changed in place."""
    cpu: Annotated[Count, Faq(16)]
    """Virtual CPUs, of the platform's menu."""
    memory_gib: Annotated[Count, Faq(16)]
    """Memory in GiB, of the platform's menu."""
    address: Address
    """The server's one IPv4 address, in its tenant's network."""
    restart_priority: Annotated[RestartPriority, Faq(12)] = RestartPriority.MEDIUM
    """The order in which HA restarts it after a host has failed."""
    anti_affinity: Annotated[Id | None, Faq(12)] = None
    """Servers of one group never share a host."""
    disks: Annotated[dict[Id, Disk], Faq(15), Field(min_length=1)]
    """Its disks, by name; the name says which data is meant."""
    software: Annotated[dict[Id, SoftwareTerms], Faq(23)] = {}
    """Software on it and by whose licence, by name."""
    listens: Annotated[tuple[PortRange, ...] | None, Faq(22)] = None
    """What it answers others on, where that is known: no allowance to it need be wider."""
    monitoring: Annotated[dict[Id, Monitor], Faq(17)] = {}
    """What is monitored on it, by name."""
    antivirus: Annotated[Flag, Faq(19)] = False
    """The platform's antivirus is installed."""
    backup: Annotated[Flag, Faq(23)] = False
    """The platform's backup takes the server."""
    from_image: Annotated[Id | None, Faq(25)] = None
    """The image it is deployed from."""
    power: Annotated[Power | None, Faq(14)] = None
    """Declared for servers of utility tenants only."""
    power_reason: Annotated[Sentence | None, Faq(14)] = None
    """Why a start outside 9:00-17:00 of a business day is wanted."""
    consent: Annotated[Consent | None, Faq(15)] = None
    """The vendor's consent to a stop."""
    retire: Annotated[Retirement | None, Faq(13)] = None
    """The server's end."""
