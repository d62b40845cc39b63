"""Ends: overwritten, then gone; never under a running server, never somebody else's, never twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from tests.vcsim.server import Fault
from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.ledger.removal import METHOD
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.power import power_on, shut_down_guest
from wpf_infra.backend.vsphere.removal import delete, erase_disk
from wpf_infra.errors import BackendError, Refused

SERVER = estate.server(disks=estate.disks(system=100, data=300), anti_affinity="app", restart_priority="high")
MATE = estate.server("app-2", host=12, anti_affinity="app")


@pytest.fixture
def server(site: Site) -> MachineSeen:
    site.build(SERVER)
    shut_down_guest(site.connection, site.seen(SERVER.identity))
    return site.seen(SERVER.identity)


def end(site: Site, server: MachineSeen) -> Erasure | None:
    return delete(site.connection, server, availability=site.availability, cluster=site.cluster, quarters=site.quarters)


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
