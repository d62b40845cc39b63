"""A rehearsal tells what the real calls then meet, in any world, and leaves no trace in the file."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from netaddr import IPAddress

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import vm
from wpf_infra.backend.contract import Act, Delete
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.file import WorldFile
from wpf_infra.backend.simulator.hand import World
from wpf_infra.errors import BackendError, Conflict, NotFound, Transient
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import Resource, VmResource
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Reconfigure, SetAvailability, Settle, ShutDownGuest

Plan = tuple[Identity, Sequence[Act]]

NUMBERS = st.integers(0, 3)
OF = st.sampled_from(worlds.TENANTS)
CPU = st.sampled_from([1, 4, 8, 12])
SMALL_CPU = st.sampled_from([1, 2, 6])
MEMORY_GIB = st.sampled_from([2, 16, 48])
SIZE_GB = st.sampled_from([100, 300, 500])
GROUP = st.sampled_from([None, "app"])
PRIORITY = st.sampled_from(RestartPriority)
DISK = st.sampled_from(["system", "data"])
HOST = st.sampled_from(["east-1", "east-2", "east-3"])
SERVER = st.builds(
    lambda number, of, address, **more: worlds.server(f"app-{number}", address, of=of, **more),
    NUMBERS,
    OF,
    st.integers(1, 5),
    cpu=CPU,
    memory_gib=MEMORY_GIB,
    disks=st.dictionaries(DISK, SIZE_GB, min_size=1),
    anti_affinity=GROUP,
    restart_priority=PRIORITY,
)
ROOM = {"cpu": 12, "memory_gib": 48}


def reconfigure(cpu: int, memory_gib: int, host: int | None, grow: dict[str, int], add: dict[str, int]) -> Reconfigure:
    return Reconfigure(
        cpu=cpu,
        memory_gib=memory_gib,
        address=IPAddress(f"10.64.1.{host}") if host else None,
        grow=grow,
        add={name: Disk(size_gb=size_gb, storage_class="raid6") for name, size_gb in add.items()},
        owe_restart=True,
    )


SIZES_GB = st.dictionaries(DISK, SIZE_GB, max_size=1)
STEP = st.one_of(
    st.just(ShutDownGuest()),
    st.just(PowerOn()),
    st.just(Delete()),
    st.builds(EraseDisk, DISK),
    st.builds(SetAvailability, PRIORITY, GROUP),
    st.builds(reconfigure, CPU, MEMORY_GIB, st.none() | st.integers(1, 5), SIZES_GB, SIZES_GB),
)
CHANGE = st.builds(
    lambda *change: [ShutDownGuest(), reconfigure(*change), PowerOn()],
    CPU,
    MEMORY_GIB,
    st.none() | st.integers(1, 5),
    st.dictionaries(st.just("system"), SIZE_GB, max_size=1),
    st.dictionaries(st.just("data"), SIZE_GB, max_size=1),
)
RESIDENT = st.builds(vm, st.sampled_from(["app-0", "app-1", "app-2"]))
CHANGE_PLAN = st.tuples(RESIDENT, CHANGE)
END_OF_SERVER_PLAN = st.tuples(RESIDENT, st.just([ShutDownGuest(), Delete()]))
SERVER_PLAN = st.tuples(RESIDENT | st.just(vm("nobody")), st.lists(STEP, max_size=4))
BUILD_PLAN = st.builds(lambda server: (server.identity, [Build(server)]), SERVER)
CLUSTER_PLAN = st.builds(
    lambda hosts: (worlds.cluster().identity, [Settle(worlds.cluster(hosts=hosts, failover_hosts=1, **ROOM))]),
    st.integers(2, 4),
)
STORAGE_PLAN = st.builds(
    lambda groups: (worlds.storage().identity, [Settle(worlds.storage(groups=groups, disks=5, disk_gb=300))]),
    st.integers(1, 2),
)
END_PLAN = st.sampled_from(
    [(one.identity, [Delete()]) for one in (worlds.cluster(), worlds.storage(), worlds.tenant("hill", 1))]
)
PLAN: st.SearchStrategy[Plan] = st.one_of(
    CHANGE_PLAN, SERVER_PLAN, END_OF_SERVER_PLAN, BUILD_PLAN, CLUSTER_PLAN, STORAGE_PLAN, END_PLAN
)


def carry_out(simulator: Simulator, plan: Plan) -> BackendError | None:
    identity, acts = plan
    try:
        for act in acts:
            if isinstance(act, Delete):
                simulator.delete(identity)
            else:
                simulator.perform(identity, act)
    except BackendError as error:
        return error
    return None


def trace(path: Path) -> str:
    """Everything that is in the world's tables, the journal and its counter too."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


@settings(max_examples=150, deadline=None)
@given(
    residents=st.lists(st.tuples(SMALL_CPU, GROUP), min_size=3, max_size=3),
    servers=st.lists(SERVER, max_size=3),
    failed=st.just([]) | st.lists(HOST, max_size=3, unique=True),
    plans=st.lists(PLAN, min_size=3, max_size=8),
)
def test_it_raises_what_the_real_calls_then_raise(
    residents: list[tuple[int, str | None]], servers: list[VmResource], failed: list[str], plans: list[Plan]
) -> None:
    """FAQ-12, FAQ-16"""
    folder = Path(tempfile.mkdtemp())
    path = folder / "simulator.db"
    try:
        with (
            closing(
                worlds.lay(path, worlds.cluster(failover_hosts=1, **ROOM), worlds.storage(disks=5, disk_gb=300))
            ) as simulator,
            closing(World(path)) as world,
        ):
            for number, (cpu, group) in enumerate(residents):
                simulator.create(worlds.server(f"app-{number}", number + 1, cpu=cpu, anti_affinity=group))
            for server in servers:
                carry_out(simulator, (server.identity, [Build(server)]))
            for host in failed:
                world.fail_host(host)
            one_after_the_other(simulator, path, plans)
            worlds.sound(path)
    finally:
        shutil.rmtree(folder)


def one_after_the_other(simulator: Simulator, path: Path, plans: list[Plan]) -> None:
    """Each alone before it is carried out, and all together as far as the first that is refused."""
    before = trace(path)
    together = simulator.rehearse(plans)
    assert trace(path) == before
    unrefused = True
    for plan in plans:
        before = trace(path)
        told = simulator.rehearse([plan]).get(plan[0])
        assert trace(path) == before
        met = carry_out(simulator, plan)
        assert type(told) is type(met)
        assert str(told) == str(met)
        if unrefused and met is not None:
            unrefused = False
            assert str(together[plan[0]]) == str(met)
    assert unrefused == (not together)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    return path


def test_all_hosts_failed(path: Path) -> None:
    """FAQ-12"""
    with closing(Simulator(path)) as simulator, closing(World(path)) as world:
        simulator.create(worlds.server("app-1", 1))
        for number in range(3):
            world.fail_host(f"east-{number + 1}")
        told = simulator.rehearse([(vm("app-1"), [ShutDownGuest(), Reconfigure(cpu=4), PowerOn()])])
        assert isinstance(told[vm("app-1")], Conflict)
        assert "no host of the cluster is connected" in str(told[vm("app-1")])


def test_it_cannot_be_committed(path: Path) -> None:
    file = WorldFile(path)
    before = trace(path)
    with pytest.raises(BackendError), file.rehearse() as connection:
        assert connection is not None
        connection.execute("DELETE FROM tenant")
        connection.execute("COMMIT")
    assert trace(path) == before
    with file.write() as connection:
        connection.execute("DELETE FROM tenant WHERE name = 'hill'")
    assert trace(path) != before
    file.close()


def test_not_a_byte_of_the_file_is_written(path: Path) -> None:
    def bytes_of() -> dict[str, str]:
        return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in path.parent.iterdir()}

    server = worlds.server("app-1", 1)
    with closing(Simulator(path)) as simulator:
        simulator.create(worlds.server("app-2", 2))
        simulator.rehearse([])
        before = bytes_of()
        for _ in range(20):
            simulator.rehearse([(server.identity, [Build(server), ShutDownGuest(), Delete()])])
        after = bytes_of()
    for name in before.keys() - {f"{path.name}-shm"}:  # -shm: memory that is shared, where locks and readers stand
        assert after[name] == before[name]


def test_no_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "simulator.db"
    server = worlds.server("app-1", 1)
    with closing(Simulator(path)) as simulator:
        assert simulator.rehearse([(server.identity, [Build(server)])]) == {}
        assert list(tmp_path.iterdir()) == []
        worlds.lay(path).close()
        assert simulator.rehearse([(vm("app-9"), [PowerOn()])]).keys() == {vm("app-9")}
    with closing(Simulator(tmp_path / "empty.db")) as simulator:
        (tmp_path / "empty.db").touch()
        assert simulator.rehearse([(server.identity, [Build(server)])]) == {}
        assert (tmp_path / "empty.db").stat().st_size == 0


def test_a_world_that_does_not_exist_tells_nothing_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    simulator = Simulator(path)
    everything: list[Resource] = [
        worlds.cluster(),
        worlds.storage(),
        worlds.tenant("hill", 1),
        worlds.server("app-1", 1),
    ]
    assert simulator.rehearse([(one.identity, [Build(one)]) for one in everything]) == {}
    assert simulator.rehearse([(vm("app-1"), [ShutDownGuest(), Delete()])]) == {}
    assert simulator.identity() is None
    assert not path.exists()
    simulator.close()


def test_a_world_that_is_written_to_is_waited_for_and_no_longer(path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as holder,
        closing(Simulator(path, patience_s=0.1)) as simulator,
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Transient):
            simulator.rehearse([(vm("app-1"), [PowerOn()])])
        holder.execute("ROLLBACK")
        assert isinstance(simulator.rehearse([(vm("app-1"), [PowerOn()])])[vm("app-1")], NotFound)


def test_a_mistake_of_ours_comes_out_as_it_is_and_holds_nobody_up(path: Path) -> None:
    file = WorldFile(path)
    with pytest.raises(ZeroDivisionError), file.rehearse():
        raise ZeroDivisionError
    with file.write() as connection:
        connection.execute("DELETE FROM tenant")
    file.close()


def test_rehearsed_and_built_from_many_threads(path: Path) -> None:
    servers = [worlds.server(f"app-{number}", number + 1) for number in range(16)]
    with closing(Simulator(path)) as simulator:

        def live(server: VmResource) -> None:
            assert simulator.rehearse([(server.identity, [Build(server)])]) == {}
            simulator.create(server)

        threads = [threading.Thread(target=live, args=(server,)) for server in servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {one.identity for one in servers} <= simulator.observe("hill").keys()
    worlds.sound(path)
