"""No sequence of operations over-commits anything or breaks anti-affinity, and what is seen is what was done."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import vm
from wpf_infra.backend.ledger.availability import Restarts
from wpf_infra.backend.simulator.hand import World
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import VmResource
from wpf_infra.plan.step import EraseDisk, PowerOn, Reconfigure, SetAvailability, ShutDownGuest, Step

NAMES = st.sampled_from([vm(f"app-{number}", of) for of in worlds.TENANTS for number in range(4)])
HOSTS = st.sampled_from(["east-1", "east-2", "east-3"])
RAID = st.sampled_from(["east-a", "east-b"])
CPU = st.sampled_from([1, 2, 4, 8])
MEMORY_GIB = st.sampled_from([2, 8, 16, 32])
SIZE_GB = st.sampled_from([100, 300, 500])
GROUP = st.sampled_from([None, "app"])
PRIORITY = st.sampled_from(RestartPriority)
DISK = st.sampled_from(["system", "data"])


@dataclass
class Server:
    """What a server ought to be."""

    resource: VmResource
    on: bool
    built: bool = True
    owed: bool = False
    lost: bool = False


class Worlds(RuleBasedStateMachine):
    @initialize()
    def lay(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "simulator.db"
        self.simulator = worlds.lay(
            self.path,
            worlds.cluster(cpu=12, memory_gib=48, failover_hosts=1),
            worlds.storage(disks=5, disk_gb=300),
        )
        self.world = World(self.path)
        self.model: dict[Identity, Server] = {}

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.world.close()
            self.simulator.close()
            shutil.rmtree(self.folder)

    def seen(self, identity: Identity) -> ObservedVm | None:
        seen = self.simulator.find(identity)
        assert seen is None or isinstance(seen, ObservedVm)
        return seen

    @rule(
        identity=NAMES,
        cpu=CPU,
        memory_gib=MEMORY_GIB,
        size_gb=SIZE_GB,
        two=st.booleans(),
        group=GROUP,
        priority=PRIORITY,
    )
    def create(
        self,
        identity: Identity,
        cpu: int,
        memory_gib: int,
        size_gb: int,
        two: bool,
        group: str | None,
        priority: RestartPriority,
    ) -> None:
        wanted = worlds.server(
            identity.name,
            int(identity.name[-1]) + 1,
            of=identity.tenant,
            cpu=cpu,
            memory_gib=memory_gib,
            disks={"system": 100, "data": size_gb} if two else {"system": size_gb},
            anti_affinity=group,
            restart_priority=priority,
        )
        before = self.model.get(identity)
        try:
            self.simulator.create(wanted)
        except (Conflict, Refused):
            if before is None or not before.built:
                self.learn_unfinished(identity)
        else:
            if before is None or not before.built:
                self.model[identity] = Server(wanted, on=True)
            else:
                assert before.resource == wanted

    def learn_unfinished(self, identity: Identity) -> None:
        """A build that failed half-way stands half-way; it has to say so."""
        seen = self.seen(identity)
        if seen is not None:
            assert not seen.built
            before = self.model.get(identity)
            lost = before.lost if before else False
            self.model[identity] = Server(
                seen.resource, seen.power is Power.ON, built=False, owed=seen.restart_owed, lost=lost
            )

    def perform(self, identity: Identity, step: Step) -> bool:
        """Whether the step was done; a refusal has to leave everything as it was."""
        try:
            self.simulator.perform(identity, step)
        except NotFound:
            assert identity not in self.model
            return False
        except (Conflict, Refused):
            return False
        return True

    @rule(identity=NAMES)
    def shut_down(self, identity: Identity) -> None:
        if self.perform(identity, ShutDownGuest()):
            server = self.model[identity]
            server.owed = server.owed or server.on
            server.on = False

    @rule(identity=NAMES)
    def start(self, identity: Identity) -> None:
        if self.perform(identity, PowerOn()):
            server = self.model[identity]
            assert not server.lost or server.on
            server.on, server.owed = True, False

    @rule(identity=NAMES, cpu=CPU, memory_gib=MEMORY_GIB, owe=st.booleans())
    def resize(self, identity: Identity, cpu: int, memory_gib: int, owe: bool) -> None:
        if self.perform(identity, Reconfigure(cpu=cpu, memory_gib=memory_gib, owe_restart=owe)):
            server = self.model[identity]
            if server.on:
                assert (server.resource.cpu, server.resource.memory_gib) == (cpu, memory_gib)
            else:
                server.resource = server.resource.model_copy(update={"cpu": cpu, "memory_gib": memory_gib})
                server.owed = server.owed or owe

    @rule(identity=NAMES, name=DISK, size_gb=SIZE_GB)
    def grow(self, identity: Identity, name: str, size_gb: int) -> None:
        if self.perform(identity, Reconfigure(grow={name: size_gb})):
            self.put_disk(identity, name, size_gb)

    @rule(identity=NAMES, name=DISK, size_gb=SIZE_GB)
    def add(self, identity: Identity, name: str, size_gb: int) -> None:
        if self.perform(identity, Reconfigure(add={name: Disk(size_gb=size_gb, storage_class="raid6")})):
            self.put_disk(identity, name, size_gb)

    def put_disk(self, identity: Identity, name: str, size_gb: int) -> None:
        server = self.model[identity]
        before = server.resource.disks.get(name)
        if server.on:
            assert before is not None and before.size_gb == size_gb
        assert before is None or before.size_gb <= size_gb
        disks = {**server.resource.disks, name: Disk(size_gb=size_gb, storage_class="raid6")}
        server.resource = server.resource.model_copy(update={"disks": disks})

    @rule(identity=NAMES, name=DISK)
    def erase(self, identity: Identity, name: str) -> None:
        if self.perform(identity, EraseDisk(name)):
            server = self.model[identity]
            if name in server.resource.disks:
                assert not server.on
                disks = {key: disk for key, disk in server.resource.disks.items() if key != name}
                assert disks
                server.resource = server.resource.model_copy(update={"disks": disks})
                (picture,) = (one for one in worlds.sound(self.path).servers if one.identity == identity)
                server.lost = bool(picture.lost)

    @rule(identity=NAMES, group=GROUP, priority=PRIORITY)
    def keep_apart(self, identity: Identity, group: str | None, priority: RestartPriority) -> None:
        if self.perform(identity, SetAvailability(priority, group)):
            server = self.model[identity]
            server.resource = server.resource.model_copy(update={"anti_affinity": group, "restart_priority": priority})

    @rule(identity=NAMES)
    def delete(self, identity: Identity) -> None:
        server = self.model.get(identity)
        try:
            erasure = self.simulator.delete(identity)
        except Refused:
            assert server is not None and server.on
        else:
            assert (erasure is None) == (server is None)
            assert server is None or not server.on
            if erasure is not None and server is not None and not server.lost:
                assert dict(erasure.disks) == {name: disk.size_gb for name, disk in server.resource.disks.items()}
            self.model.pop(identity, None)

    @rule(identity=NAMES, on=st.booleans())
    def by_hand(self, identity: Identity, on: bool) -> None:
        try:
            (self.world.power_on if on else self.world.power_off)(identity)
        except (Conflict, Refused, NotFound):
            return
        server = self.model[identity]
        server.owed = server.owed and not (on and not server.on)
        server.on = on

    @rule(host=HOSTS, second=st.booleans())
    def fail_host(self, host: str, second: bool) -> None:
        ran = {identity for identity, server in self.model.items() if server.on}
        standing = {identity for identity in ran if (seen := self.seen(identity)) and seen.host == host}
        restarts = self.world.fail_host(host)
        placed = {one.identity for one in restarts.placed}
        assert placed | set(restarts.left_off) == standing
        self.restarted(restarts)

    @rule(host=HOSTS)
    def repair_host(self, host: str) -> None:
        self.restarted(self.world.repair_host(host))

    def restarted(self, restarts: Restarts) -> None:
        for one in restarts.placed:
            self.model[one.identity].on = True
        for identity in restarts.left_off:
            self.model[identity].on = False

    @rule(host=HOSTS)
    def maintain(self, host: str) -> None:
        try:
            self.world.enter_maintenance(host)
        except Conflict:
            return

    @rule(group=RAID)
    def fail_disk(self, group: str) -> None:
        for identity in self.world.fail_disk(group):
            self.model[identity].on = False
            self.model[identity].lost = True

    @rule(group=RAID)
    def replace_disk(self, group: str) -> None:
        try:
            self.world.replace_disk(group)
        except Conflict:
            return
        self.world.finish_rebuild(group)

    @invariant()
    def the_world_is_sound(self) -> None:
        if hasattr(self, "path"):
            worlds.sound(self.path)

    @invariant()
    def what_is_seen_is_what_was_done(self) -> None:
        if not hasattr(self, "path"):
            return
        seen = {
            identity: one
            for tenant in worlds.TENANTS
            for identity, one in self.simulator.observe(tenant).items()
            if identity.kind is Kind.VM
        }
        assert seen.keys() == self.model.keys()
        for identity, server in self.model.items():
            one = seen[identity]
            assert isinstance(one, ObservedVm)
            assert one.resource == server.resource
            assert (one.power is Power.ON, one.built, one.restart_owed) == (server.on, server.built, server.owed)


TestWorlds = Worlds.TestCase
TestWorlds.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
