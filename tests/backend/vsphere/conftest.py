"""A vCenter for each test, with a small room: one cluster of three hosts, two datastores, two templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.vsphere import rack
from tests.backend.vsphere.site import Hands, Site, prepared
from tests.vcsim.server import Datastore, HostHardware, MachineRoom, Template, VCenter, started
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.settings import VsphereSettings

ROOM = MachineRoom(
    datacenter="Tokyo",
    clusters={"tokyo-1": {f"esx-{number}": HostHardware(cpu=32, memory_gib=128) for number in (1, 2, 3)}},
    datastores={"raid6-1": Datastore("tokyo-1", 8000), "raid6-2": Datastore("tokyo-1", 8000)},
    templates={"rhel-9": Template(), "windows-server-2022": Template(disk_gb=60)},
    switch="platform",
)


@pytest.fixture
def vcenter(tmp_path: Path) -> Iterator[VCenter]:
    """Just started; nobody is logged in."""
    with started(ROOM, tmp_path) as running:
        yield running


@pytest.fixture
def settings(vcenter: VCenter) -> VsphereSettings:
    """The library's own account."""
    return VsphereSettings(vcenter.host, vcenter.user, vcenter.password, vcenter.datacenter, vcenter.ca_file)


@pytest.fixture
def connection(settings: VsphereSettings) -> Iterator[Connection]:
    """As the library; logged out at the end."""
    connection = Connection(settings)
    yield connection
    connection.close()


@pytest.fixture
def site(vcenter: VCenter) -> Iterator[Site]:
    """A tenant's room, and a process of the library that places servers there."""
    with prepared(vcenter) as site:
        yield site


@pytest.fixture
def hands(site: Site) -> Iterator[Hands]:
    """People at work on the same vCenter."""
    hands = Hands(site.vcenter)
    yield hands
    hands.connection.close()


@pytest.fixture
def racked(tmp_path: Path) -> Iterator[VCenter]:
    """The estate's machine room, and nothing in it yet."""
    with started(rack.ROOM, tmp_path) as racked:
        yield racked


@pytest.fixture
def library(racked: VCenter) -> Iterator[rack.Process]:
    with rack.processes(racked) as (library,):
        yield library


@pytest.fixture
def people(racked: VCenter) -> Iterator[rack.Process]:
    with rack.processes(racked, hands=True) as (people,):
        yield people
