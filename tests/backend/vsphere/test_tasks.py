"""One loop waits for everything: its rhythm, who is told what, and what it costs the vCenter.

The loop alone is asked with a look of the test's own; what a vCenter makes of it stands below.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pyVmomi import vim

from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.properties import Properties
from wpf_infra.backend.vsphere.tasks import Watch, pause_s
from wpf_infra.errors import BackendError, Conflict, NotFound, Transient
from wpf_infra.language import same

CUT = Transient(same("the connection was cut"), remedy=same("again"))


def _always(_: object) -> bool:
    return True


def _never(_: object) -> bool:
    return False


class Things:
    """What can be looked at: values by name; every look is counted, and may go wrong."""

    def __init__(self) -> None:
        self.values: dict[str, Properties] = {}
        self.looks: list[Mapping[Any, Collection[str]]] = []
        self.errors: list[Exception] = []

    def __call__(self, wanted: Mapping[Any, Collection[str]]) -> Mapping[Any, Properties]:
        self.looks.append(wanted)
        if self.errors:
            raise self.errors.pop(0)
        return {name: self.values[name] for name in wanted if name in self.values}


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def watch(things: Things) -> Iterator[Watch]:
    watch = Watch(things)
    yield watch
    watch.close()


def test_the_rhythm_is_quick_for_the_young_and_slow_for_the_old() -> None:
    assert pause_s(-1.0) == pause_s(0.0) == 0.02
    assert pause_s(1.0) == 0.25
    assert pause_s(3600.0) == 0.5
    assert pause_s(0.0, took_s=0.3) == 0.3
    assert pause_s(0.0, took_s=9.0) == 0.5


def test_nobody_waits_and_nothing_is_asked(watch: Watch, things: Things) -> None:
    time.sleep(0.1)
    assert things.looks == []
    assert not [thread for thread in threading.enumerate() if thread.name == "vsphere-watch"]


def test_whoever_waits_for_the_same_thing_asks_together(watch: Watch, things: Things) -> None:
    things.values["vm"] = {"power": "on", "name": "app-1"}
    first = watch.begin("vm", ["power"], lambda seen: seen["power"] == "on")
    second = watch.begin("vm", ["name"], lambda seen: seen["name"] == "app-1")
    assert watch.result(first) == watch.result(second) == things.values["vm"]
    assert things.looks == [{"vm": {"power", "name"}}]


def test_what_is_gone_is_told_as_nothing(watch: Watch) -> None:
    assert watch.result(watch.begin("vm", ["power"], _always)) is None


def test_patience_ends_and_the_loop_forgets(watch: Watch, things: Things) -> None:
    things.values["vm"] = {}
    with pytest.raises(TimeoutError):
        watch.result(watch.begin("vm", ["power"], _never), patience_s=0.05)
    time.sleep(0.1)
    asked = len(things.looks)
    time.sleep(0.2)
    assert len(things.looks) == asked


def test_who_asks_wrongly_spoils_it_for_nobody(watch: Watch, things: Things) -> None:
    things.values["vm"] = {"power": "on"}
    wrong = watch.begin("vm", ["power"], lambda seen: bool(seen["no such path"]))
    right = watch.begin("vm", ["power"], _always)
    assert watch.result(right) == {"power": "on"}
    with pytest.raises(KeyError):
        watch.result(wrong)


def test_a_passing_fault_is_sat_out(watch: Watch, things: Things) -> None:
    things.values["vm"] = {"power": "on"}
    things.errors = [CUT, CUT, CUT]
    assert watch.result(watch.begin("vm", ["power"], _always)) == {"power": "on"}
    assert len(things.looks) == 4


@pytest.mark.parametrize(
    "error",
    [BackendError(same("wrong password"), remedy=same("look")), RuntimeError("a fault of our own")],
    ids=lambda each: type(each).__name__,
)
def test_a_lasting_fault_is_everybodys_at_once(watch: Watch, things: Things, error: Exception) -> None:
    things.values = {"a": {}, "b": {}}
    waits = [watch.begin(name, ["power"], _never) for name in things.values]
    things.errors = [error]
    for wait in waits:
        with pytest.raises(type(error)) as caught:
            watch.result(wait, patience_s=5)
        assert caught.value is error
    things.values["a"] = {"power": "on"}
    assert watch.result(watch.begin("a", ["power"], _always))  # and the loop goes on


def test_the_end_is_told_to_whoever_waits(watch: Watch, things: Things) -> None:
    things.values["vm"] = {}
    wait = watch.begin("vm", ["power"], _never)
    watch.close()
    for told in (lambda: watch.result(wait), lambda: watch.begin("vm", ["power"], _always)):
        with pytest.raises(BackendError, match="the run has ended"):
            told()


# What a vCenter makes of it.


def _machine(connection: Connection) -> Any:
    """A server of the test's own, left off."""
    return connection.run(_cloning(connection, "app-1"), where="hill/vm/app-1")


def _cloning(connection: Connection, name: str) -> Any:
    found = connection.read_many(
        {vim.VirtualMachine: ["name"], vim.ResourcePool: ["name"]}, within=connection.datacenter
    )
    template = next(each for each in found if isinstance(each, vim.VirtualMachine))
    pool = next(each for each in found if isinstance(each, vim.ResourcePool))
    folder = next(iter(connection.read_objects([connection.datacenter], ["vmFolder"]).values()))["vmFolder"]
    where = vim.vm.RelocateSpec(pool=pool)
    return lambda: template.CloneVM_Task(folder, name, vim.vm.CloneSpec(location=where, powerOn=False, template=False))


def test_a_task_ends_in_its_result(connection: Connection) -> None:
    machine = _machine(connection)
    assert connection.read_objects([machine], ["name"]) == {machine: {"name": "app-1"}}
    assert connection.run(machine.PowerOnVM_Task, where="hill/vm/app-1") is None


def test_a_task_that_fails_is_an_error_of_ours(connection: Connection, vcenter: VCenter) -> None:
    machine = _machine(connection)
    vcenter.fail(Fault(methods=("PowerOnVM_Task",), object=None, fault="InsufficientResourcesFault", when="task"))
    with pytest.raises(Conflict, match=r"^hill/vm/app-1: the cluster has not the resources"):
        connection.run(machine.PowerOnVM_Task, where="hill/vm/app-1")


def test_of_many_tasks_each_ends_before_the_first_error_is_told(connection: Connection) -> None:
    one, other = connection.run_all([(name, _cloning(connection, name)) for name in ("app-1", "app-2")])
    with pytest.raises(Conflict, match=r"^first: something named app-1 is there already"):
        connection.run_all([("first", _cloning(connection, "app-1")), ("second", other.PowerOnVM_Task)])
    state = "runtime.powerState"
    assert connection.read_objects([other], [state])[other][state] == "poweredOn"
    assert connection.run_all([]) == []
    assert one != other


def test_200_tasks_of_a_second_end_together_and_cost_a_few_calls(connection: Connection, vcenter: VCenter) -> None:
    """Each thread with a task of its own, as the engine brings them. A collector for each would cost some 600 calls."""
    machine = _machine(connection)
    vcenter.task_duration(1000, methods=("ReconfigVM_Task",))
    vcenter.reset_calls()
    began = time.monotonic()
    with ThreadPoolExecutor(200) as pool:
        change = vim.vm.ConfigSpec(annotation="a second each")
        ended = [pool.submit(connection.run, lambda: machine.ReconfigVM_Task(change), where="x") for _ in range(200)]
        for each in ended:
            each.result()
    took_s = time.monotonic() - began
    calls = vcenter.calls()
    assert calls["ReconfigVM_Task"] == 200
    assert calls["RetrievePropertiesEx"] < 100
    assert set(calls) == {"ReconfigVM_Task", "RetrievePropertiesEx"}
    assert took_s < 20  # a second or two on a machine of its own; one after the other: 200


def test_a_session_that_expires_in_between_changes_nothing(connection: Connection, vcenter: VCenter) -> None:
    machine = _machine(connection)
    vcenter.task_duration(300, methods=("PowerOnVM_Task",))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(connection.run, machine.PowerOnVM_Task, where="hill/vm/app-1")
        time.sleep(0.1)
        vcenter.expire_sessions()
        running.result()
    assert vcenter.sessions() == (vcenter.user,)


def test_a_property_is_awaited(connection: Connection, vcenter: VCenter) -> None:
    machine = _machine(connection)
    state = "runtime.powerState"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            connection.until, machine, state, lambda value: value == "poweredOn", patience_s=30, where="hill/vm/app-1"
        )
        connection.run(machine.PowerOnVM_Task, where="hill/vm/app-1")
        waiting.result()
    with pytest.raises(Transient, match=r"^hill/vm/app-1: runtime\.powerState was not .* within 0\.1 s"):
        connection.until(machine, state, lambda value: value == "poweredOff", patience_s=0.1, where="hill/vm/app-1")
    connection.run(machine.PowerOffVM_Task, where="hill/vm/app-1")
    connection.run(machine.Destroy_Task, where="hill/vm/app-1")
    with pytest.raises(NotFound, match=r"^hill/vm/app-1: "):
        connection.until(machine, state, _always, patience_s=5, where="hill/vm/app-1")


def test_a_fault_of_the_call_that_starts_a_task(connection: Connection, vcenter: VCenter) -> None:
    machine = _machine(connection)
    vcenter.fail(Fault(methods=("PowerOnVM_Task",), object=None, fault="ConcurrentAccess", when="call"))
    with pytest.raises(Transient, match="ConcurrentAccess"):
        connection.run(machine.PowerOnVM_Task, where="hill/vm/app-1")
