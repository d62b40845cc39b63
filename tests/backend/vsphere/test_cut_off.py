"""Every call, cut off at each single change that it makes on the vCenter: it says so, and the same call ends it.

Here: one sweep for all calls. A cut is the n-th change that fails with all after it, or that ends in a failed task, or
is done and never answered. Whatever the cut, afterwards everything stands as if there had been none (`whole`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from netaddr import IPAddress

from tests.backend.vsphere import whole
from tests.contract import estate
from tests.contract.vsphere import VsphereHarness, harness_in
from tests.vcsim.server import Entry, Fault
from wpf_infra.backend.contract import Act, Backend, Delete, Erasure
from wpf_infra.errors import BackendError
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.identity import PLATFORM, Identity, Kind
from wpf_infra.model.observation import Observation, Observed, ObservedVm
from wpf_infra.model.resource import Resource, StorageClassResource, VmResource
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Reconfigure, SetAvailability, Settle, ShutDownGuest

How = Literal["call", "task", "drop-reply"]

TASKS = (
    "CloneVM_Task", "ReconfigVM_Task", "PowerOnVM_Task", "RelocateVM_Task", "MigrateVM_Task",
    "ZeroFillVirtualDisk_Task", "Destroy_Task", "UnregisterAndDestroy_Task", "AddDVPortgroup_Task",
    "ReconfigureDVPortgroup_Task", "ReconfigureComputeResource_Task", "Rename_Task",
)  # fmt: skip
AT_ONCE = ("ShutdownGuest", "CreateFolder", "CreateResourcePool", "UpdateConfig", "SetField", "AddCustomFieldDef")
READS = {
    "RetrieveServiceContent", "Login", "Logout", "Fetch", "FindByInventoryPath", "FindAllByUuid", "CreateContainerView",
    "DestroyView", "RetrieveProperties", "RetrievePropertiesEx", "ContinueRetrievePropertiesEx", "CurrentTime",
    "CreatePropertyCollector", "CreateFilter", "WaitForUpdatesEx", "CancelWaitForUpdates", "DestroyPropertyFilter",
    "DestroyPropertyCollector", "FindChild",
}  # fmt: skip
CUTS: Mapping[How, tuple[str, ...]] = {"call": TASKS + AT_ONCE, "task": TASKS, "drop-reply": TASKS + AT_ONCE}


@dataclass(frozen=True)
class Story:
    """A call. ground: what stands and stays; before: what is done until the call has its occasion; after: the object
    as it is to be then, None for gone.
    """

    act: Act
    before: Sequence[Act]
    after: Resource | None
    identity: Identity
    ground: Sequence[Resource] = estate.GROUND
    power: Power = Power.ON


SERVER = estate.server(disks=estate.disks(system=100, data=50), restart_priority="high", anti_affinity="web")
BESIDE = estate.server("app-2", host=12, anti_affinity="web")
GROWN = estate.disks(system=150, data=50, log=20)
POLICY = estate.policy({"telemetry": "telemetry", "billing": "billing"})
WIDER = estate.policy({"telemetry": "every reading", "alarms": "alarms"})
STORAGE = StorageClassResource.model_validate(
    {"name": "raid6", "groups": {"raid6-a": {"cluster": "tokyo-1", "disks": 8, "disk_gb": 1000}}}
)
LARGER = estate.tenant("hill", vlan=101, cidr="10.64.1.0/24", quota={"cpu": 48, "memory_gib": 192, "storage_gb": 6000})
SMALLER = estate.cluster(hosts=3, reserved_percent=25)


def _server(act: Act, *before: Act, power: Power = Power.OFF, **after: object) -> Story:
    wanted = None if isinstance(act, Delete) else SERVER.model_copy(update=after)
    ground = (*estate.GROUND, BESIDE)
    return Story(act, (Build(SERVER), *before), wanted, SERVER.identity, ground=ground, power=power)


def _other(resource: Resource, wanted: Resource, *ground: Resource) -> Mapping[str, Story]:
    """From the object that stands to how it is wanted."""
    kind, identity = resource.kind.value, resource.identity
    return {
        f"create {kind}": Story(Build(resource), (), resource, identity, ground),
        f"settle {kind}": Story(Settle(wanted), (Build(resource),), wanted, identity, ground),
        f"delete {kind}": Story(Delete(), (Build(resource),), None, identity, ground),
    }


STORIES: Mapping[str, Story] = {
    "create server": Story(Build(SERVER), (), SERVER, SERVER.identity, (*estate.GROUND, BESIDE)),
    "shut down": _server(ShutDownGuest()),
    "resize": _server(
        Reconfigure(cpu=4, memory_gib=16, address=IPAddress("10.64.1.77")),
        ShutDownGuest(),
        cpu=4, memory_gib=16, address=IPAddress("10.64.1.77"),
    ),
    "grow and add": _server(
        Reconfigure(grow={"system": 150}, add=estate.disks(log=20), owe_restart=True), ShutDownGuest(), disks=GROWN
    ),
    "erase disk": _server(EraseDisk("data"), ShutDownGuest(), disks=estate.disks(system=100)),
    "availability": _server(
        SetAvailability(RestartPriority.LOW, None), power=Power.ON,
        restart_priority=RestartPriority.LOW, anti_affinity=None,
    ),
    "power on": _server(PowerOn(), ShutDownGuest(), power=Power.ON),
    "delete server": _server(Delete(), ShutDownGuest()),
    **_other(estate.HILL, LARGER, estate.CLUSTER, estate.STORAGE, estate.APPS),
    **_other(POLICY, WIDER, *estate.GROUND),
    **_other(estate.STORAGE, STORAGE, estate.CLUSTER),
    **_other(estate.CLUSTER, SMALLER),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_call_that_was_cut_off_is_ended_by_the_same_call(story: Story, tmp_path: Path) -> None:
    """FAQ-13, FAQ-15"""
    with harness_in(tmp_path) as harness:
        world = World(harness, story)
        wanted = world.uncut()
        for when, methods in CUTS.items():
            for skip in itertools.count():
                times = None if when == "call" else 1
                fault = Fault(methods=methods, fault="HostCommunication", skip=skip, when=when, times=times)
                if not world.cut(fault, wanted):
                    assert skip or when == "task", "the call changed nothing"
                    break


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_the_first_call_ever_makes_the_attributes(when: How, tmp_path: Path) -> None:
    """Once for a vCenter, so each cut takes one of its own."""
    story = Story(Build(estate.HILL), (Build(estate.CLUSTER),), estate.HILL, estate.HILL.identity, ())
    for skip in itertools.count():
        folder = tmp_path / str(skip)
        folder.mkdir()
        with harness_in(folder) as harness:
            fault = Fault(methods=("AddCustomFieldDef",), fault="HostCommunication", skip=skip, when=when)
            harness.vcenter.fail(fault)
            for resource in (estate.CLUSTER, estate.HILL):
                with using(harness) as backend, suppress(BackendError):
                    backend.create(resource)
                with using(harness) as backend:
                    backend.create(resource)
            with using(harness) as backend:
                as_wanted(backend, story)
            if not harness.vcenter.met():
                break
    assert skip > 3


@contextmanager
def using(harness: VsphereHarness) -> Iterator[Backend]:
    """One process, which leaves no session behind."""
    backend = harness.backend()
    try:
        yield backend
    finally:
        backend.close()
        assert harness.vcenter.user not in harness.vcenter.sessions()


def carry_out(backend: Backend, identity: Identity, act: Act) -> Erasure | None:
    if isinstance(act, Delete):
        return backend.delete(identity)
    backend.perform(act.resource.identity if isinstance(act, Build) else identity, act)
    return None


class World:
    """A story on a vCenter, told again and again from its beginning."""

    def __init__(self, harness: VsphereHarness, story: Story) -> None:
        self.harness, self.story = harness, story
        self.beside: Observation = {}
        with using(harness) as backend:
            for resource in story.ground:
                backend.create(resource)

    def uncut(self) -> Counter[str]:
        """What stands at the end."""
        self.begin()
        with using(self.harness) as backend:
            self.beside = self.others(backend)
            carry_out(backend, self.story.identity, self.story.act)
            as_wanted(backend, self.story)
            assert self.others(backend) == self.beside
        called = set(self.harness.vcenter.calls())
        assert called <= READS | {*TASKS, *AT_ONCE}, "which of the two is it?"
        return whole.taken(self.harness)

    def begin(self) -> None:
        """From whatever stands to where the call has its occasion."""
        with using(self.harness) as backend:
            if self.story.identity.kind is Kind.VM:
                if backend.find(self.story.identity):
                    self.harness.remove(self.story.identity)
            else:
                backend.delete(self.story.identity)
            for act in self.story.before:
                carry_out(backend, self.story.identity, act)

    def cut(self, fault: Fault, wanted: Counter[str]) -> bool:
        """Whether the call met the fault."""
        self.begin()
        harness, vcenter, story = self.harness, self.harness.vcenter, self.story
        told: list[Erasure | None] = []
        files, began = set(vcenter.disks()), len(vcenter.journal())
        vcenter.fail(fault)
        error: BackendError | None = None
        with using(harness) as backend:
            try:
                told.append(carry_out(backend, story.identity, story.act))
            except BackendError as raised:
                error = raised
        met = vcenter.met() > 0
        vcenter.clear_faults()
        place = f"{fault.when}, after {fault.skip}: {error}"
        if error is None:
            assert not met or fault.when != "call", place
            self.ended(wanted, place)
        else:
            assert met, place
        with using(harness) as backend:
            told.append(carry_out(backend, story.identity, story.act))
        self.ended(wanted, place)
        happened = vcenter.journal()[began:]
        assert unkind(happened, vcenter.user, files - set(vcenter.disks())) == [], place
        if isinstance(story.act, Delete) and story.identity == SERVER.identity:
            erasures = [each for each in told if each]
            assert [dict(each.disks) for each in erasures] == [{"system": 100, "data": 50}], place
        return met

    def ended(self, wanted: Counter[str], place: str) -> None:
        with using(self.harness) as backend:
            as_wanted(backend, self.story)
            assert self.others(backend) == self.beside, place
        now = whole.taken(self.harness)
        assert {"too much": now - wanted, "missing": wanted - now} == {"too much": {}, "missing": {}}, place

    def others(self, backend: Backend) -> Observation:
        """All of ours that the call is not about."""
        seen = {**backend.observe("hill"), **backend.observe(PLATFORM)}
        return {identity: each for identity, each in seen.items() if identity != self.story.identity}


def as_wanted(backend: Backend, story: Story) -> None:
    found: Observed | None = backend.find(story.identity)
    assert backend.observe(story.identity.tenant).get(story.identity) == found
    assert (found.resource if found else None) == story.after
    if isinstance(found, ObservedVm):
        assert isinstance(story.after, VmResource)
        assert (found.built, found.power, found.foreign_disks) == (True, story.power, ())


def unkind(happened: Sequence[Entry], user: str, gone: set[str]) -> list[str]:
    """What the library must never do: pull a plug, stop or start twice, let go of a disk that is not full of zeros,
    start a server on a disk that is.
    """
    ours = [entry for entry in happened if entry.user == user]
    made = {file for entry in ours if entry.event == "disk-added" for file in re.findall(r"\[.*\.vmdk", entry.detail)}
    events = Counter((entry.event, entry.path) for entry in ours)
    wrong = [f"{event} {path}" for (event, path), _ in events.items() if event == "powered-off"]
    wrong += [
        f"{event} {path} {count} times"
        for (event, path), count in events.items()
        if count > 1 and event in ("cloned", "powered-on", "guest-shut-down", "cpu-memory-changed", "destroyed")
    ]
    zeroed = {entry.detail: entry.seq for entry in ours if entry.event == "disk-zero-filled"}
    started = {entry.path: entry.seq for entry in ours if entry.event == "powered-on"}
    wrong += [f"{file} went as it was" for file in gone if file not in zeroed]
    wrong += [
        f"{entry.path} was started on {entry.detail}"
        for entry in ours
        if entry.event == "disk-zero-filled" and started.get(entry.path, 0) > entry.seq
    ]
    return wrong + [f"{file} was made and is no more" for file in made & gone]
