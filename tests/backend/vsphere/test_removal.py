"""Ends: overwritten, then gone; never under a running server, never somebody else's, never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pyVmomi import vim

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from tests.vcsim.server import Fault
from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.ledger.removal import METHOD
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.power import power_on, shut_down_guest
from wpf_infra.backend.vsphere.reconfigure import reconfigure
from wpf_infra.backend.vsphere.removal import delete, erase_disk
from wpf_infra.errors import BackendError, Refused
from wpf_infra.plan.step import Reconfigure

SERVER = estate.server(disks=estate.disks(system=100, data=300), anti_affinity="app", restart_priority="high")
MATE = estate.server("app-2", host=12, anti_affinity="app")


@pytest.fixture
def server(site: Site) -> MachineSeen:
    site.build(SERVER)
    shut_down_guest(site.connection, site.seen(SERVER.identity))
    return site.seen(SERVER.identity)


def end(site: Site, server: MachineSeen) -> Erasure | None:
    return delete(site.connection, server, availability=site.availability, cluster=site.cluster, quarters=site.quarters)


def forget(hands: Hands, server: MachineSeen, disk: str) -> None:
    """As if the run that hung the disk on had been cut off right after."""
    assert server.marks is not None
    slot = replace(server.marks.disks[disk], uuid=None)
    hands.reconfigure(server, extraConfig=[vim.option.OptionValue(key=f"wpf.disk.{disk}", value=str(slot))])


def since(site: Site) -> list[str]:
    return site.happened()[3:]


class TestDisk:
    def test_overwritten_and_taken_off_with_its_file(self, site: Site, server: MachineSeen) -> None:
        for _ in range(2):
            erase_disk(site.connection, server, "data")
        assert since(site) == ["disk-zero-filled", "disk-removed"]
        seen = site.seen(SERVER.identity)
        assert seen.marks is not None
        assert (list(seen.disks), list(seen.marks.disks), seen.marks.erased) == (["system"], ["system"], frozenset())

    def test_the_file_is_full_of_zeros_before_it_goes(self, site: Site, server: MachineSeen) -> None:
        site.vcenter.fail(Fault(methods=("ReconfigVM_Task",), fault="HostCommunication", only="removes-device"))
        with pytest.raises(BackendError):
            erase_disk(site.connection, server, "data")
        zeroed = {name: site.vcenter.disks()[disk.file].zeroed for name, disk in server.disks.items()}
        assert zeroed == {"data": True, "system": False}
        erase_disk(site.connection, server, "data")
        assert server.disks["data"].file not in site.vcenter.disks()

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(methods=("ZeroFillVirtualDisk_Task",), fault="HostCommunication", when="task"),
            Fault(methods=("ReconfigVM_Task",), fault="HostCommunication", when="task", skip=2),
            Fault(methods=("ReconfigVM_Task",), when="drop-reply"),
            Fault(methods=("ReconfigVM_Task",), when="drop-reply", skip=1),
            Fault(methods=("ReconfigVM_Task",), when="drop-reply", skip=2),
        ],
        ids=["zero-fill", "removal", "first mark's reply", "last mark's reply", "removal's reply"],
    )
    def test_one_that_was_cut_off_is_finished(self, site: Site, server: MachineSeen, fault: Fault) -> None:
        site.vcenter.fail(fault)
        with pytest.raises(BackendError):
            erase_disk(site.connection, server, "data")
        erase_disk(site.connection, server, "data")
        assert since(site) == ["disk-zero-filled", "disk-removed"]

    def test_one_whose_overwriting_may_have_begun_is_overwritten_anew(self, site: Site, server: MachineSeen) -> None:
        site.vcenter.fail(Fault(methods=("ZeroFillVirtualDisk_Task",), when="drop-reply"))
        with pytest.raises(BackendError):
            erase_disk(site.connection, server, "data")
        seen = site.seen(SERVER.identity)
        assert (list(seen.erased), list(seen.overwritten)) == (["data"], [])
        erase_disk(site.connection, server, "data")
        assert since(site) == ["disk-zero-filled", "disk-zero-filled", "disk-removed"]

    def test_one_whose_overwriting_was_refused_is_as_it_was(self, site: Site, server: MachineSeen) -> None:
        site.vcenter.fail(Fault(methods=("ZeroFillVirtualDisk_Task",), fault="NoPermission"))
        with pytest.raises(Refused, match="may not"):
            erase_disk(site.connection, server, "data")
        assert site.seen(SERVER.identity).marks == server.marks

    def test_never_one_that_is_known_by_its_place_alone(self, site: Site, hands: Hands, server: MachineSeen) -> None:
        forget(hands, server, "data")
        with pytest.raises(Refused, match="data is known by its place alone") as caught:
            erase_disk(site.connection, server, "data")
        assert caught.value.row == 13
        with pytest.raises(Refused, match="data is known by its place alone"):
            end(site, server)
        assert since(site) == []
        power_on(site.connection, server)
        shut_down_guest(site.connection, server)
        erase_disk(site.connection, server, "data")
        assert since(site)[2:] == ["disk-zero-filled", "disk-removed"]

    def test_any_change_of_one_that_is_off_writes_down_whose_disks_it_has(
        self, site: Site, hands: Hands, server: MachineSeen
    ) -> None:
        forget(hands, server, "data")
        assert not site.seen(SERVER.identity).disks["data"].recorded
        reconfigure(site.connection, server, Reconfigure(cpu=4))
        assert site.seen(SERVER.identity).disks["data"].recorded

    def test_never_of_a_running_server(self, site: Site, server: MachineSeen) -> None:
        power_on(site.connection, server)
        with pytest.raises(Refused, match="runs"):
            erase_disk(site.connection, server, "data")
        assert since(site) == ["powered-on"]

    def test_never_another_in_its_place(self, site: Site, hands: Hands, server: MachineSeen) -> None:
        hands.take_off(server, "data")
        hands.hang(server, unit=server.disks["data"].unit or 0)
        erase_disk(site.connection, server, "data")
        assert since(site) == []
        assert list(site.seen(SERVER.identity).foreign) == ["theirs"]

    def test_never_under_a_snapshot(self, site: Site, hands: Hands, server: MachineSeen) -> None:
        ref = hands.own(server.ref)
        hands.does(lambda: ref.CreateSnapshot_Task("before", "", False, False))
        with pytest.raises(Refused, match="snapshot"):
            erase_disk(site.connection, server, "data")
        with pytest.raises(Refused, match="snapshot"):
            end(site, server)
        assert since(site) == []


class TestServer:
    def test_overwritten_and_gone(self, site: Site, server: MachineSeen) -> None:
        assert end(site, server) == Erasure(SERVER.identity, {"system": 100, "data": 300}, METHOD)
        assert since(site) == ["disk-zero-filled", "disk-zero-filled", "destroyed"]
        assert site.find(SERVER.identity) is None
        assert end(site, server) is None

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(methods=("ZeroFillVirtualDisk_Task",), fault="HostCommunication", when="task", skip=1),
            Fault(methods=("ReconfigVM_Task",), when="drop-reply", skip=1),
            Fault(methods=("Destroy_Task",), fault="HostCommunication", when="task"),
        ],
        ids=["zero-fill", "mark's reply", "destroy"],
    )
    def test_one_that_was_cut_off_is_finished_and_told_whole(
        self, site: Site, server: MachineSeen, fault: Fault
    ) -> None:
        site.vcenter.fail(fault)
        with pytest.raises(BackendError):
            end(site, server)
        erasure = end(site, site.seen(SERVER.identity))
        assert erasure is not None
        assert dict(erasure.disks) == {"system": 100, "data": 300}
        assert since(site) == ["disk-zero-filled", "disk-zero-filled", "destroyed"]

    @pytest.mark.parametrize("ms", [0, 300])
    def test_its_end_is_told_though_the_answer_was_lost(self, site: Site, server: MachineSeen, ms: int) -> None:
        site.vcenter.task_duration(ms, methods=("Destroy_Task",))
        site.vcenter.fail(Fault(methods=("Destroy_Task",), when="drop-reply"))
        assert end(site, server) == Erasure(SERVER.identity, {"system": 100, "data": 300}, METHOD)
        assert since(site) == ["disk-zero-filled", "disk-zero-filled", "destroyed"]

    @pytest.mark.parametrize("method", ["ZeroFillVirtualDisk_Task", "ReconfigVM_Task", "Destroy_Task"])
    def test_of_two_processes_at_once_both_succeed(self, site: Site, server: MachineSeen, method: str) -> None:
        """Whatever one of them was at when the other took the server away."""
        other = Site(site.vcenter, site.folder, site.pool, site.portgroup_key)
        own = other.seen(SERVER.identity)
        site.vcenter.fail(Fault(methods=("Destroy_Task",), fault="HostCommunication"))
        with pytest.raises(BackendError):
            end(site, server)
        site.vcenter.task_duration(200, methods=(method,))
        with ThreadPoolExecutor(2) as pool:
            ends = [pool.submit(end, site, server), pool.submit(end, other, own)]
            erasures = [each.result() for each in ends]
        other.connection.close()
        assert any(erasure is not None for erasure in erasures)
        assert site.find(SERVER.identity) is None

    def test_one_that_was_never_built_to_its_end_goes_too(self, site: Site) -> None:
        never = estate.server("app-3", host=13, disks=estate.disks(system=100, data=300))
        site.clone(never)
        erasure = end(site, site.seen(never.identity))
        assert erasure is not None
        assert dict(erasure.disks) == {"system": 100, "data": 300}

    def test_every_file_is_full_of_zeros_before_it_goes(self, site: Site, server: MachineSeen) -> None:
        site.vcenter.fail(Fault(methods=("Destroy_Task",), fault="HostCommunication", when="task"))
        with pytest.raises(BackendError):
            end(site, server)
        assert all(site.vcenter.disks()[disk.file].zeroed for disk in server.disks.values())

    def test_never_while_it_runs_whatever_was_read_before(self, site: Site, server: MachineSeen) -> None:
        power_on(site.connection, server)
        with pytest.raises(Refused, match="runs"):
            end(site, server)
        assert since(site) == ["powered-on"]

    def test_never_with_somebody_elses_disk_whatever_was_read_before(
        self, site: Site, hands: Hands, server: MachineSeen
    ) -> None:
        hands.hang(server)
        with pytest.raises(Refused, match="theirs") as caught:
            end(site, server)
        assert caught.value.row == 13
        assert since(site) == []

    def test_a_copy_made_by_hand_stays(self, site: Site, hands: Hands, server: MachineSeen) -> None:
        copy = hands.copy(server, site.folder, "copy-of-app-1")
        end(site, server)
        assert [machine.ref for machine in site.all()] == [copy]

    def test_its_cluster_forgets_it(self, site: Site, server: MachineSeen) -> None:
        site.build(MATE, host=1)
        assert [rule.name for rule in site.config().rule] == ["wpf:hill:app"]
        end(site, server)
        config: Any = site.config()
        assert not (config.rule or config.dasVmConfig)
        assert site.observed(MATE.identity).resource == MATE
