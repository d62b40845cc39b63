"""A world that moves: drift, import, several runs at once, a provider that is killed, another backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.engine.estate import UTILITY, VENDOR, Estate, server
from wpf_infra.backend.simulator.faults import FaultKind
from wpf_infra.model.identity import Identity, Kind

Events = Callable[[], list[tuple[str, str]]]


def test_drift_behind_the_engines_back_is_shown_and_put_right_by_a_plain_up(estate: Estate, events: Events) -> None:
    with estate.world() as world:
        world.resize(Identity(UTILITY, Kind.VM, "app-1"), memory_gib=4)
    began = len(events())
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith("stop: app-1 memory_gib 4 → 8") and line.endswith(" FAQ-16")
    estate.up(UTILITY).good()
    assert [event for event, _ in events()[began:]] == ["guest-shut-down", "resized", "powered-on"]
    assert estate.is_settled(UTILITY)


def test_a_server_that_vanished_is_said_and_built_again(estate: Estate) -> None:
    with estate.world() as world:
        world.remove(Identity(UTILITY, Kind.VM, "app-1"))
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith("online: app-1 is gone from the backend")
    estate.up(UTILITY).good()
    assert (UTILITY, "app-1") in estate.servers()
    assert estate.is_settled(UTILITY)


def test_refresh_reads_every_kind_and_keeps_agreements(estate: Estate) -> None:
    before = estate.state(VENDOR)
    estate.pulumi("refresh", "--yes", "--stack", VENDOR).good()
    assert _inputs(estate.state(VENDOR)) == _inputs(before)
    estate.pulumi("refresh", "--yes", "--stack", "platform").good()
    assert estate.is_settled(VENDOR) and estate.is_settled("platform")


def test_what_a_line_and_a_server_of_the_platform_make_follow(estate: Estate) -> None:
    """FAQ-22, FAQ-35: a line nobody, an allowance with the platform's server its stack; services stand already."""
    line = {"kind": "fixed", "ordered": "2026-04-01", "wanted": "2026-11-01", "delivered": "2026-10-30"}
    inspection = {"from": "app-1", "to": "platform/ntp-1", "ports": ["icmp"], "reason": "inspection"}
    estate.edit(UTILITY, lambda tenant: tenant.update(lines={"plant": {**line, "cidr": "10.160.1.0/28"}}))
    estate.edit(UTILITY, lambda tenant: tenant["allowances"].update(inspection=inspection))
    begins, joins = estate.preview(UTILITY).good().disturbances()
    assert joins.startswith(f"online: {UTILITY} line plant joins") and joins.endswith(" FAQ-35")
    assert begins.startswith(f"online: {UTILITY} {UTILITY}/inspection begins")
    assert "the stack platform has to follow" in begins
    (follows,) = estate.preview("platform").good().disturbances()
    assert follows.startswith(f"online: platform {UTILITY}/inspection begins")
    for stack in (UTILITY, "platform"):
        estate.up(stack, "--skip-preview").good()
    assert all(estate.is_settled(stack) for stack in (UTILITY, "platform", VENDOR))


def test_a_vendors_power_is_its_own_and_no_drift(estate: Estate) -> None:
    """FAQ-14"""
    estate.power(VENDOR, "collector", on=False)
    assert estate.is_settled(VENDOR)


def test_every_kind_is_imported_and_then_settled(estate: Estate) -> None:
    """A lost state: everything is read back, nothing is disturbed."""
    rows = [
        ("wpf:tenancy:Tenant", UTILITY, f"{UTILITY}/tenant/{UTILITY}"),
        ("wpf:network:FirewallPolicy", UTILITY, f"{UTILITY}/firewall/{UTILITY}"),
        ("wpf:compute:VirtualMachine", "app-1", f"{UTILITY}/vm/app-1"),
        ("wpf:compute:VirtualMachine", "app-2", f"{UTILITY}/vm/app-2"),
    ]
    listed = {"resources": [{"type": kind, "name": name, "id": id} for kind, name, id in rows]}
    (estate.root / "import.json").write_text(json.dumps(listed))
    began = estate.happened()
    estate.pulumi("stack", "rm", "--force", "--yes", "--preserve-config", UTILITY).good()
    estate.pulumi("stack", "init", UTILITY).good()
    flags = ("--file", "import.json", "--generate-code=false", "--protect=false", "--yes", "--stack", UTILITY)
    estate.pulumi("import", *flags).good()
    estate.up(UTILITY).good()
    assert estate.happened() == began
    assert estate.is_settled(UTILITY)


def test_a_lost_state_is_found_again_without_import(estate: Estate) -> None:
    """A create finds its object again instead of making a second one."""
    began = estate.happened()
    estate.pulumi("stack", "rm", "--force", "--yes", "--preserve-config", UTILITY).good()
    estate.pulumi("stack", "init", UTILITY).good()
    estate.up(UTILITY).good()
    assert estate.happened() == began
    assert estate.is_settled(UTILITY)


def test_two_stacks_at_the_same_time(empty: Estate) -> None:
    empty.up("platform").good()
    with ThreadPoolExecutor(2) as pool:
        for ran in pool.map(empty.up, (UTILITY, VENDOR)):
            ran.good()
    assert empty.is_settled(UTILITY) and empty.is_settled(VENDOR)


@pytest.mark.parametrize("when", [FaultKind.DIE_BEFORE, FaultKind.DIE_BETWEEN_STAGES, FaultKind.DIE_AFTER])
def test_a_provider_killed_while_it_builds_then_one_more_up(estate: Estate, when: FaultKind) -> None:
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-3": server("10.64.1.13")}))
    estate.inject("create", UTILITY, "app-3", when)
    estate.up(UTILITY).bad()
    estate.up(UTILITY).good()
    assert [event for event, who in estate.happened() if who == f"{UTILITY}/vm/app-3"].count("created") == 1
    assert estate.is_settled(UTILITY)


def test_a_provider_killed_after_the_shutdown_does_not_forget_the_start(estate: Estate, events: Events) -> None:
    """FAQ-16: what ran before runs after."""
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"].update(memory_gib=16))
    estate.inject("Reconfigure", UTILITY, "app-1", FaultKind.DIE_AFTER)
    estate.up(UTILITY).bad()
    assert ("powered-on", f"{UTILITY}/vm/app-1") not in events()
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith("online: app-1 power: it was shut down for a change that was cut off")
    estate.up(UTILITY).good()
    assert events()[-1] == ("powered-on", f"{UTILITY}/vm/app-1")
    assert estate.is_settled(UTILITY)


def test_a_half_built_server_is_recorded_and_finished(estate: Estate) -> None:
    """Never an orphan: the engine knows it, the next up brings it to its end."""
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-3": server("10.64.1.13")}))
    estate.inject("create", UTILITY, "app-3", FaultKind.PARTIAL)
    estate.up(UTILITY).bad()
    (recorded,) = (each for each in estate.resources(UTILITY) if each["urn"].endswith("::app-3"))
    assert recorded["id"] == f"{UTILITY}/vm/app-3"
    estate.up(UTILITY).good()
    assert estate.is_settled(UTILITY)


def test_a_stack_pointed_at_another_backend_is_refused(estate: Estate) -> None:
    estate.pulumi("config", "set", "--path", "wpf:simulator.path", "other.db", "--stack", UTILITY).good()
    for ran in (estate.preview(UTILITY).bad(), estate.up(UTILITY, "--skip-preview").bad()):
        assert "this stack was applied to simulator:.wpf/simulator.db" in ran.said
    assert not (estate.root / "other.db").exists()


def test_a_setting_counts_from_the_very_run_on(estate: Estate) -> None:
    """FAQ-13: another day, and an end is due."""
    estate.power(VENDOR, "new-batch", on=False)
    estate.edit(VENDOR, lambda tenant: tenant["vms"].pop("new-batch"))
    estate.preview(VENDOR).bad()
    estate.pulumi("config", "set", "wpf:now", "2026-12-01T09:00:00+09:00", "--stack", VENDOR).good()
    estate.up(VENDOR, "--skip-preview").good()
    assert (VENDOR, "new-batch") not in estate.servers()
    assert estate.is_settled(VENDOR)


@pytest.mark.parametrize("stack", ["platform", UTILITY])
def test_a_world_that_is_gone_is_refused_not_built_twice(estate: Estate, stack: str) -> None:
    """The first stack too, which was applied before there was a world; and refresh does not forget what it held."""
    for file in (estate.root / ".wpf").glob("simulator.db*"):
        file.unlink()
    recorded = estate.resources(stack)
    for ran in (
        estate.preview(stack),
        estate.up(stack, "--skip-preview"),
        estate.pulumi("refresh", "--yes", "-s", stack),
    ):
        assert "is gone: nothing is there" in ran.bad().said
    assert estate.resources(stack) == recorded
    assert not (estate.root / ".wpf" / "simulator.db").exists()


def test_another_tenants_object_is_not_imported(estate: Estate) -> None:
    """FAQ-22: the next up would delete it there."""
    flags = ("--generate-code=false", "--protect=false", "--yes", "--stack", UTILITY)
    ran = estate.pulumi("import", "wpf:network:FirewallPolicy", "theirs", f"{VENDOR}/firewall/{VENDOR}", *flags).bad()
    assert "does not belong to resource theirs" in ran.said


def test_what_cannot_be_done_as_things_stand_is_said_before_anybody_is_stopped(estate: Estate, events: Events) -> None:
    """FAQ-12"""
    with estate.world() as world:
        for host in ("east-1", "east-2", "east-3"):
            world.fail_host(host)
    began = len(events())
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-3": server("10.64.1.13")}))
    ran = estate.preview(UTILITY).bad()
    assert "refused: app-3 cannot be done as things stand" in ran.said
    assert "refused: app-3" in estate.up(UTILITY, "--skip-preview").bad().said
    assert len(events()) == began


def _inputs(state: dict) -> list:  # type: ignore[type-arg]
    return [each.get("inputs") for each in state["deployment"]["resources"] if each["type"].startswith("wpf:")]
