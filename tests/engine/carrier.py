"""What carries an estate: the simulator in its folder, or a vCenter; with the hands that reach into it.

Here: what the stories ask of either. Not here: the project on disk (`estate`), the contract's own harnesses.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from tests.contract.vsphere import VsphereHarness
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.hand import World
from wpf_infra.model.identity import Identity, Kind


class Carrier(Protocol):
    def happened(self) -> list[tuple[str, str]]:
        """Everything that happened to servers so far, in order: (event, identity)."""

    def servers(self, tenants: Collection[str]) -> set[tuple[str, str]]:
        """(tenant, name) of every server of ours that stands."""

    def power(self, identity: Identity, *, on: bool) -> None:
        """As the vendor does in the management console."""


class OnSimulator:
    def __init__(self, file: Path) -> None:
        self._file = file

    def happened(self) -> list[tuple[str, str]]:
        world = World(self._file)
        try:
            entries = world.journal()
        finally:
            world.close()
        return [(entry.event.value, str(entry.identity)) for entry in entries]

    def servers(self, tenants: Collection[str]) -> set[tuple[str, str]]:
        simulator = Simulator(self._file)
        try:
            seen = [identity for tenant in tenants for identity in simulator.observe(tenant)]
        finally:
            simulator.close()
        return {(identity.tenant, identity.name) for identity in seen if identity.kind is Kind.VM}

    def power(self, identity: Identity, *, on: bool) -> None:
        world = World(self._file)
        try:
            (world.power_on if on else world.power_off)(identity)
        finally:
            world.close()


class OnVcenter:
    def __init__(self, harness: VsphereHarness) -> None:
        self.harness = harness

    def happened(self) -> list[tuple[str, str]]:
        return [(str(happening), str(identity)) for identity, happening in self.harness.history()]

    def servers(self, tenants: Collection[str]) -> set[tuple[str, str]]:
        backend = self.harness.backend()
        try:
            seen = [identity for tenant in tenants for identity in backend.observe(tenant)]
        finally:
            backend.close()
        return {(identity.tenant, identity.name) for identity in seen if identity.kind is Kind.VM}

    def power(self, identity: Identity, *, on: bool) -> None:
        self.harness.power(identity, on=on)
