"""A vCenter for each test of the server, and two who are logged in there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vcsim.client import Client
from tests.vcsim.server import Datastore, HostHardware, MachineRoom, Template, VCenter, started

ROOM = MachineRoom(
    datacenter="mizu",
    clusters={
        "tokyo-1": {f"esx-{number}": HostHardware(cpu=16, memory_gib=128) for number in (1, 2)},
        "osaka-1": {"esx-9": HostHardware(cpu=8, memory_gib=64)},
    },
    datastores={
        "raid6": Datastore("tokyo-1", 1000),
        "fast": Datastore("tokyo-1", 300),
        "far": Datastore("osaka-1", 500),
    },
    templates={"rocky-9": Template(40), "windows": Template(60)},
    switch="platform",
)


@pytest.fixture
def vcenter(tmp_path: Path) -> Iterator[VCenter]:
    with started(ROOM, tmp_path) as running:
        yield running


@pytest.fixture
def client(vcenter: VCenter) -> Iterator[Client]:
    """As the library."""
    client = Client(vcenter)
    yield client
    client.close()


@pytest.fixture
def hands(vcenter: VCenter) -> Iterator[Client]:
    """As people at work by hand."""
    client = Client(vcenter, hands=True)
    yield client
    client.close()
