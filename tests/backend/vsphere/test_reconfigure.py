"""Reconfiguring: one task for all of a step, from what stands that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from netaddr import IPAddress

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from tests.vcsim.server import Fault
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.power import power_on, shut_down_guest
from wpf_infra.backend.vsphere.reconfigure import reconfigure, set_availability
from wpf_infra.errors import BackendError, NotFound, Refused
from wpf_infra.model.availability import RestartPriority
from wpf_infra.plan.step import Reconfigure, SetAvailability

SERVER = estate.server()
LARGER = Reconfigure(
    cpu=4, memory_gib=16, address=IPAddress("10.64.1.77"), grow={"system": 300}, add=estate.disks(data=500)
)
LARGE = estate.server(cpu=4, memory_gib=16, address="10.64.1.77", disks=estate.disks(system=300, data=500))

Do = Callable[..., None]


@pytest.fixture
def server(site: Site) -> MachineSeen:
    site.build(SERVER)
    shut_down_guest(site.connection, site.seen(SERVER.identity))
    return site.seen(SERVER.identity)


@pytest.fixture
def do(site: Site, server: MachineSeen) -> Do:
    def do(step: Reconfigure, **more: Any) -> None:
        reconfigure(site.connection, server, step, datastores={"data": site.first_datastore}, **more)

    return do


def test_all_in_one_task_and_the_new_disk_written_down(site: Site, do: Do) -> None:
    site.vcenter.reset_calls()
    do(LARGER)
    assert site.vcenter.calls()["ReconfigVM_Task"] == 2
    seen = site.seen(SERVER.identity)
    assert seen.observed is not None
    assert seen.observed.resource == LARGE
    assert all(disk.recorded for disk in seen.disks.values())
    assert set(site.happened()[3:]) == {"cpu-memory-changed", "disk-grown", "disk-added"}


def test_again_does_nothing(site: Site, do: Do) -> None:
    do(LARGER)
    site.vcenter.reset_calls()
    do(LARGER)
    assert site.vcenter.calls()["ReconfigVM_Task"] == 0


@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize("when", ["task", "drop-reply"])
def test_one_that_was_cut_off_is_finished(site: Site, do: Do, skip: int, when: Literal["task", "drop-reply"]) -> None:
    site.vcenter.fail(Fault(methods=("ReconfigVM_Task",), fault="HostCommunication", skip=skip, when=when))
    with pytest.raises(BackendError):
        do(LARGER)
    do(LARGER)
    assert site.observed(SERVER.identity).resource == LARGE
    assert all(disk.recorded for disk in site.seen(SERVER.identity).disks.values())
    assert site.happened().count("disk-added") == 1


def test_one_that_changed_in_between_is_read_again(site: Site, hands: Hands, server: MachineSeen, do: Do) -> None:
    hands.reconfigure(server, annotation="seen by hand")
    site.vcenter.fail(Fault(methods=("ReconfigVM_Task",), fault="ConcurrentAccess", when="task"))
    do(Reconfigure(cpu=4))
    assert site.observed(SERVER.identity).resource.cpu == 4


def test_a_running_server_is_left_alone(site: Site, server: MachineSeen, do: Do) -> None:
    power_on(site.connection, server)
    with pytest.raises(Refused, match="runs") as caught:
        do(LARGER)
    assert caught.value.row == 16
    assert site.observed(SERVER.identity).resource == SERVER
    do(Reconfigure(cpu=2, owe_restart=True))
    assert not site.observed(SERVER.identity).restart_owed


def test_a_disk_that_is_larger_by_now_is_not_shrunk(site: Site, do: Do) -> None:
    do(Reconfigure(grow={"system": 500}))
    with pytest.raises(Refused):
        do(Reconfigure(grow={"system": 300}))


def test_a_start_may_be_owed(site: Site, server: MachineSeen, do: Do) -> None:
    power_on(site.connection, server)
    shut_down_guest(site.connection, server)
    do(Reconfigure(cpu=4, owe_restart=True))
    assert site.observed(SERVER.identity).restart_owed


def test_a_new_disk_keeps_clear_of_a_foreign_one(site: Site, hands: Hands, server: MachineSeen, do: Do) -> None:
    hands.hang(server, unit=1)
    do(Reconfigure(add=estate.disks(data=100)))
    seen = site.seen(SERVER.identity)
    assert seen.disks["data"].unit == 2
    assert list(seen.foreign) == ["theirs"]


def test_no_disk_grows_under_a_snapshot(site: Site, hands: Hands, server: MachineSeen, do: Do) -> None:
    hands.does(lambda: hands.own(server.ref).CreateSnapshot_Task("before", "", False, False))
    site.vcenter.reset_calls()
    with pytest.raises(Refused, match="a snapshot, under which disk system cannot grow") as caught:
        do(LARGER)
    assert (caught.value.row, site.vcenter.calls()["ReconfigVM_Task"]) == (15, 0)
    do(Reconfigure(cpu=4, grow={"system": 100}))
    assert site.observed(SERVER.identity).resource.cpu == 4


def test_it_goes_to_a_host_with_room_first(site: Site, server: MachineSeen, do: Do) -> None:
    other = next(ref for ref in site.hosts if ref != server.host)
    do(Reconfigure(memory_gib=32), host=other)
    assert site.seen(SERVER.identity).host == other


def test_what_is_refused_moves_nothing(site: Site, server: MachineSeen, do: Do) -> None:
    power_on(site.connection, server)
    with pytest.raises(Refused):
        do(LARGER, host=next(ref for ref in site.hosts if ref != server.host))
    assert site.seen(SERVER.identity).host == server.host


def test_availability_is_set_on_a_running_server(site: Site, server: MachineSeen) -> None:
    power_on(site.connection, server)
    for step in (SetAvailability(RestartPriority.HIGHEST, "app"), SetAvailability(RestartPriority.MEDIUM, None)):
        for _ in range(2):
            set_availability(
                site.connection,
                server,
                step,
                availability=site.availability,
                cluster=site.cluster,
                quarters=site.quarters,
            )
        resource = site.observed(SERVER.identity).resource
        assert (resource.restart_priority, resource.anti_affinity) == (step.restart_priority, step.anti_affinity)
    assert not site.config().rule
    assert site.observed(SERVER.identity).power == "on"


def test_a_server_that_is_gone(site: Site, hands: Hands, server: MachineSeen, do: Do) -> None:
    hands.destroy(server)
    with pytest.raises(NotFound):
        do(LARGER)
