"""Power: asked of the guest, never pulled, and never forgotten who ran."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyVmomi import vim

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from tests.vcsim.server import Fault
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.power import check_shut_down, power_on, shut_down_guest
from wpf_infra.errors import BackendError, NotFound, Refused, Transient

SERVER = estate.server()


@pytest.fixture
def server(site: Site) -> MachineSeen:
    return site.build(SERVER)


def state(site: Site) -> tuple[bool, bool]:
    seen = site.seen(SERVER.identity)
    assert seen.marks is not None
    return seen.running, seen.marks.restart_owed


def test_down_by_its_guest_and_up_again(site: Site, server: MachineSeen) -> None:
    shut_down_guest(site.connection, server)
    assert state(site) == (False, True)
    power_on(site.connection, server)
    assert state(site) == (True, False)
    assert site.happened()[2:] == ["guest-shut-down", "powered-on"]


def test_twice_is_once(site: Site, server: MachineSeen) -> None:
    for _ in range(2):
        shut_down_guest(site.connection, server)
    for _ in range(2):
        power_on(site.connection, server)
    assert site.happened()[2:] == ["guest-shut-down", "powered-on"]


def test_nothing_is_owed_to_one_that_was_off(site: Site, hands: Hands, server: MachineSeen) -> None:
    hands.power(server, on=False)
    shut_down_guest(site.connection, server)
    assert state(site) == (False, False)


def test_the_mark_stands_before_the_guest_is_asked(site: Site, server: MachineSeen) -> None:
    site.vcenter.fail(Fault(methods=("ShutdownGuest",), fault="HostCommunication"))
    with pytest.raises(Transient):
        shut_down_guest(site.connection, server)
    assert state(site) == (True, True)
    power_on(site.connection, server)
    assert state(site) == (True, False)


def test_without_tools_it_is_refused_with_the_way_out(site: Site, server: MachineSeen) -> None:
    site.vcenter.guest("hill/app-1", tools=False)
    with pytest.raises(Refused, match="VMware Tools do not run") as caught:
        shut_down_guest(site.connection, server)
    assert "shut the guest down from within" in caught.value.remedy.en
    assert caught.value.where == "hill/vm/app-1"
    assert state(site) == (True, False)
    with pytest.raises(Refused, match="VMware Tools do not run"):
        check_shut_down(site.seen(SERVER.identity))


def test_one_that_is_owed_already_stays_so_when_the_guest_is_not_asked(site: Site, server: MachineSeen) -> None:
    """It may be shutting down since the first time."""
    site.vcenter.guest("hill/app-1", deaf=True)
    with pytest.raises(Transient):
        shut_down_guest(site.connection, server, patience_s=0.1)
    site.vcenter.fail(Fault(methods=("ShutdownGuest",), fault="NoPermission"))
    with pytest.raises(Refused):
        shut_down_guest(site.connection, server)
    assert state(site) == (True, True)


def test_whose_disks_it_has_is_written_down_before_it_starts(site: Site, hands: Hands, server: MachineSeen) -> None:
    shut_down_guest(site.connection, server)
    hands.reconfigure(server, extraConfig=[vim.option.OptionValue(key="wpf.disk.system", value="0:0 raid6")])
    site.vcenter.fail(Fault(methods=("PowerOnVM_Task",), fault="HostCommunication", when="task"))
    with pytest.raises(BackendError):
        power_on(site.connection, server)
    assert site.seen(SERVER.identity).disks["system"].recorded


def test_a_suspended_one_is_not_asked(server: MachineSeen) -> None:
    check_shut_down(server)
    with pytest.raises(Refused, match="suspended"):
        check_shut_down(replace(server, suspended=True))


def test_a_guest_that_does_not_go_down_is_left_running(site: Site, server: MachineSeen) -> None:
    site.vcenter.guest("hill/app-1", deaf=True)
    with pytest.raises(Transient, match="still runs after 0 s; it was not switched off") as caught:
        shut_down_guest(site.connection, server, patience_s=0.1)
    assert caught.value.where == "hill/vm/app-1"
    assert state(site) == (True, True)
    assert site.happened()[2:] == []


def test_a_start_that_fails_keeps_the_mark(site: Site, server: MachineSeen) -> None:
    shut_down_guest(site.connection, server)
    site.vcenter.fail(Fault(methods=("PowerOnVM_Task",), fault="HostCommunication", when="task"))
    with pytest.raises(BackendError):
        power_on(site.connection, server)
    assert state(site) == (False, True)


def test_a_server_that_is_gone(site: Site, hands: Hands, server: MachineSeen) -> None:
    hands.destroy(server)
    for step in (shut_down_guest, power_on):
        with pytest.raises(NotFound):
            step(site.connection, server)


def test_a_suspended_server_is_resumed_and_owes_nothing(site: Site, hands: Hands, server: MachineSeen) -> None:
    hands.does(lambda: hands.own(server.ref).SuspendVM_Task())
    with pytest.raises(Refused, match="suspended"):
        shut_down_guest(site.connection, server)
    assert state(site) == (True, False)
    assert site.seen(SERVER.identity).suspended
    power_on(site.connection, server)
    assert not site.seen(SERVER.identity).suspended
