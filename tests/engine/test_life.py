"""A tenant's life through the real engine: up, settled, changed; each change disturbs exactly what its preview said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.estate import UTILITY, VENDOR, Estate, server

Events = Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["estate_on_simulator", "estate_on_vcenter"], ids=["simulator", "vcenter"])
def estate(request: pytest.FixtureRequest) -> Estate:
    """The same stories on each backend."""
    estate: Estate = request.getfixturevalue(request.param)
    return estate


@pytest.fixture(params=["empty_on_simulator", "empty_on_vcenter"], ids=["simulator", "vcenter"])
def empty(request: pytest.FixtureRequest) -> Estate:
    empty: Estate = request.getfixturevalue(request.param)
    return empty


def test_up_from_empty_then_every_preview_is_empty(empty: Estate) -> None:
    for stack in ("platform", UTILITY, VENDOR):
        assert " created" in empty.up(stack).good().said
    for stack in ("platform", UTILITY, VENDOR):
        again = empty.preview(stack, "--expect-no-changes").good()
        assert again.disturbances() == []
        assert "warning" not in again.said
    assert {("powered-on", f"{UTILITY}/vm/app-1"), ("powered-on", f"{VENDOR}/vm/collector")} <= set(empty.happened())


def test_a_preview_of_a_stack_that_is_not_there_writes_nothing(empty: Estate) -> None:
    empty.preview("platform").good()
    assert not (empty.root / ".wpf" / "simulator.db").exists()


def test_more_memory_stops_and_starts_that_server_alone(estate: Estate, events: Events) -> None:
    """FAQ-16"""
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"].update(memory_gib=16, cpu=4))
    (cpu, memory) = estate.preview(UTILITY).good().disturbances()
    assert cpu.startswith("stop: app-1 cpu 2 → 4: ") and cpu.endswith(" FAQ-16")
    assert memory.startswith("stop: app-1 memory_gib 8 → 16: ") and memory.endswith(" FAQ-16")
    assert events() == []
    estate.up(UTILITY).good()
    who = f"{UTILITY}/vm/app-1"
    assert events() == [("guest-shut-down", who), ("resized", who), ("powered-on", who)]
    assert estate.is_settled(UTILITY)


def test_a_disk_grows_in_place(estate: Estate, events: Events) -> None:
    """FAQ-15"""
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-2"]["disks"]["system"].update(size_gb=300))
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith("stop: app-2 disks.system.size_gb 100 → 300") and line.endswith(" FAQ-15")
    estate.up(UTILITY).good()
    assert {who for _, who in events()} == {f"{UTILITY}/vm/app-2"}
    assert estate.is_settled(UTILITY)


def test_a_disk_is_added(estate: Estate, events: Events) -> None:
    """FAQ-15"""
    disk = {"size_gb": 300, "storage_class": "raid6"}
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-2"]["disks"].update(data=disk))
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith("stop: app-2 disks.data") and line.endswith(" FAQ-15")
    estate.up(UTILITY).good()
    assert {who for _, who in events()} == {f"{UTILITY}/vm/app-2"}
    assert estate.is_settled(UTILITY)


def test_a_new_server_disturbs_nobody(estate: Estate, events: Events) -> None:
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-3": server("10.64.1.13")}))
    assert estate.preview(UTILITY).good().disturbances() == []
    estate.up(UTILITY).good()
    assert {who for _, who in events()} == {f"{UTILITY}/vm/app-3"}
    assert estate.is_settled(UTILITY)


def test_an_allowance_names_the_stack_that_has_to_follow(estate: Estate, events: Events) -> None:
    """FAQ-22"""
    rule = {"from": "app-2", "to": f"{VENDOR}/collector", "ports": ["tcp/8883"], "reason": "telemetry"}
    estate.edit(UTILITY, lambda tenant: tenant["allowances"].update(second=rule))
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith(f"online: {UTILITY} {UTILITY}/second begins") and line.endswith(" FAQ-22")
    assert f"the stack {VENDOR} has to follow" in line
    estate.up(UTILITY).good()
    assert not estate.is_settled(VENDOR)
    estate.up(VENDOR).good()
    assert estate.is_settled(UTILITY) and estate.is_settled(VENDOR)
    assert not [event for event, _ in events() if event.startswith(("powered", "guest"))]


def test_a_vendors_running_server_waits_and_nothing_of_the_stack_is_applied(estate: Estate, events: Events) -> None:
    """FAQ-15, FAQ-16"""

    def grow_and_add(tenant: dict) -> None:  # type: ignore[type-arg]
        tenant["vms"]["collector"]["memory_gib"] = 16
        tenant["vms"]["fresh"] = server("10.96.1.20")

    estate.edit(VENDOR, grow_and_add)
    waiting = estate.preview(VENDOR).bad()
    (line,) = waiting.disturbances()
    assert line.startswith("waiting: collector memory_gib 8 → 16") and line.endswith(" FAQ-16")
    assert "1. Shut the server down yourselves. We start it after the change." in waiting.lines
    assert "waiting: collector" in estate.up(VENDOR).bad().said
    assert "waiting: collector" in estate.up(VENDOR, "--skip-preview").bad().said
    assert events() == []


def test_a_vendors_running_server_goes_with_consent(estate: Estate, events: Events) -> None:
    """FAQ-15, FAQ-16"""
    consent = {"by": "Kato", "on": "2026-11-20"}
    estate.edit(VENDOR, lambda tenant: tenant["vms"]["collector"].update(memory_gib=16, consent=consent))
    lines = estate.preview(VENDOR).good().disturbances()
    assert [line.partition(":")[0] for line in lines] == ["none", "stop"]
    estate.up(VENDOR).good()
    who = f"{VENDOR}/vm/collector"
    assert events() == [("guest-shut-down", who), ("resized", who), ("powered-on", who)]
    assert estate.is_settled(VENDOR)


def test_a_vendors_stopped_server_is_changed_and_started_by_the_platform(estate: Estate, events: Events) -> None:
    """FAQ-16"""
    estate.power(VENDOR, "collector", on=False)
    estate.edit(VENDOR, lambda tenant: tenant["vms"]["collector"].update(memory_gib=16))
    (line,) = estate.preview(VENDOR).good().disturbances()
    assert line.startswith("online: collector memory_gib 8 → 16")
    estate.up(VENDOR).good()
    assert events()[-1] == ("powered-on", f"{VENDOR}/vm/collector")
    assert estate.is_settled(VENDOR)
