"""What is never done, and what is done only when due: through the real engine, in preview already."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.estate import UTILITY, VENDOR, Estate

Events = Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["estate_on_simulator", "estate_on_vcenter"], ids=["simulator", "vcenter"])
def estate(request: pytest.FixtureRequest) -> Estate:
    """The same stories on each backend."""
    estate: Estate = request.getfixturevalue(request.param)
    return estate


def test_a_shrunk_disk_is_refused_with_the_three_steps(estate: Estate, events: Events) -> None:
    """FAQ-15"""
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"]["disks"]["system"].update(size_gb=300))
    estate.up(UTILITY).good()
    before = events()
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"]["disks"]["system"].update(size_gb=100))
    (line,) = estate.preview(UTILITY).bad().disturbances()
    assert line.startswith("refused: app-1 disks.system.size_gb 300 → 100") and line.endswith(" FAQ-15")
    assert all(step in line for step in ("1. ", "2. ", "3. "))
    estate.up(UTILITY).bad()
    assert events() == before


def test_another_os_is_refused_never_replaced(estate: Estate, events: Events) -> None:
    """FAQ-20"""
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"].update(os="rhel-8"))
    ran = estate.preview(UTILITY).bad()
    (line,) = ran.disturbances()
    assert line.startswith("refused: app-1 os rhel-9 → rhel-8") and line.endswith(" FAQ-20")
    assert "replace" not in ran.said
    assert events() == []


@pytest.mark.parametrize(
    ("tenant", "vm", "why"),
    [(UTILITY, "app-1", "declare its end"), (VENDOR, "new-batch", "its end is 2026-11-30")],
)
def test_a_server_left_out_before_its_end_is_refused_in_preview(
    estate: Estate, events: Events, tenant: str, vm: str, why: str
) -> None:
    """FAQ-13"""

    def leave_out(declared: dict) -> None:  # type: ignore[type-arg]
        del declared["vms"][vm]
        declared.pop("allowances", None)

    estate.edit(tenant, leave_out)
    (line,) = (each for each in estate.preview(tenant).bad().disturbances() if each.startswith("refused"))
    assert line.startswith(f"refused: {vm} ") and why in line and line.endswith(" FAQ-13")
    estate.up(tenant).bad()
    estate.up(tenant, "--skip-preview").bad()
    assert not [event for event, _ in events() if event in ("deleted", "disk-erased")]
    assert (tenant, vm) in estate.servers()


def test_a_due_server_that_is_off_is_erased(estate: Estate, events: Events) -> None:
    """FAQ-13"""
    estate.edit(VENDOR, lambda tenant: tenant["vms"].pop("old-batch"))
    running = estate.preview(VENDOR).bad()
    assert "refused: old-batch" in running.said and "running server is never erased" in running.said
    estate.power(VENDOR, "old-batch", on=False)
    (line,) = estate.preview(VENDOR).good().disturbances()
    assert line.startswith("erase: old-batch") and line.endswith(" FAQ-13")
    estate.up(VENDOR).good()
    who = f"{VENDOR}/vm/old-batch"
    assert [event for event, name in events() if name == who][-2:] == ["disk-erased", "deleted"]
    assert (VENDOR, "old-batch") not in estate.servers()
    assert estate.is_settled(VENDOR)


def test_a_left_out_disk_is_refused(estate: Estate) -> None:
    """FAQ-15"""
    disk = {"size_gb": 100, "storage_class": "raid6"}
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"]["disks"].update(data=disk))
    estate.up(UTILITY).good()
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"]["disks"].pop("data"))
    (line,) = estate.preview(UTILITY).bad().disturbances()
    assert line.startswith("refused: app-1 disks.data") and line.endswith(" FAQ-15")


def test_destroy_obeys_the_same_row(estate: Estate, events: Events) -> None:
    """FAQ-13"""
    ran = estate.pulumi("destroy", "--yes", "--run-program", "--stack", UTILITY).bad()
    assert "refused: app-1" in ran.said and "FAQ-13" in ran.said
    without_program = estate.pulumi("destroy", "--yes", "--stack", UTILITY).bad()
    assert "--run-program" in without_program.said
    assert not [event for event, _ in events() if event in ("deleted", "disk-erased")]
