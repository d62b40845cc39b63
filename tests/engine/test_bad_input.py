"""What people get wrong, through the real engine: one clear sentence, no traceback, nothing changed."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from tests.engine.estate import UTILITY, VENDOR, Estate, server


def test_an_unknown_key_stops_with_file_line_and_column(estate: Estate) -> None:
    before = estate.happened()
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"].update(memry_gib=16))
    ran = estate.preview(UTILITY).bad()
    assert f"stacks/tenants/{UTILITY}.yaml:" in ran.said
    assert "memry_gib" in ran.said and "memory_gib" in ran.said
    estate.up(UTILITY).bad()
    assert estate.happened() == before


def test_all_errors_are_said_at_once_with_their_rows(estate: Estate) -> None:
    """FAQ-15, FAQ-16"""

    def break_two(tenant: dict) -> None:  # type: ignore[type-arg]
        tenant["vms"]["app-1"]["disks"]["system"]["size_gb"] = 200
        tenant["vms"]["app-2"]["cpu"] = 3

    estate.edit(UTILITY, break_two)
    ran = estate.preview(UTILITY).bad()
    assert f"{UTILITY}.vms.app-1.disks.system.size_gb" in ran.said and "FAQ-15" in ran.said
    assert f"{UTILITY}.vms.app-2.cpu" in ran.said and "FAQ-16" in ran.said


def test_another_tenants_unreadable_file_stops_every_stack(estate: Estate) -> None:
    """An unread file may hold allowances of this stack: leaving them out would cut conversations (FAQ-22)."""
    estate.tenant_file(VENDOR).write_text("tenant: [")
    ran = estate.preview(UTILITY).bad()
    assert f"{VENDOR}.yaml" in ran.said


def test_another_tenants_broken_rule_does_not(estate: Estate) -> None:
    """One tenant's mistake is not another's outage."""
    shutil.copy(estate.tenant_file(UTILITY), estate.tenant_file("other"))

    def alone(tenant: dict) -> None:  # type: ignore[type-arg]
        tenant.update(tenant="other", network={"cidr": "10.64.2.0/24", "vlan": 102}, allowances={})
        tenant["vms"] = {"app-1": server("10.64.2.11", cpu=3)}

    estate.edit("other", alone)
    assert estate.is_settled(UTILITY)
    estate.pulumi("stack", "init", "other").good()
    assert "FAQ-16" in estate.preview("other").bad().said


def test_a_stack_without_a_file_says_what_to_do(estate: Estate) -> None:
    estate.pulumi("stack", "init", "nobody").good()
    assert "stacks/tenants/nobody.yaml" in estate.preview("nobody").bad().said


def test_a_tenant_before_the_platform_says_what_is_missing(empty: Estate) -> None:
    ran = empty.up(UTILITY).bad()
    assert "platform" in ran.said


def test_a_corrupt_world_is_said_and_left_as_it_is(estate: Estate) -> None:
    world = estate.root / ".wpf" / "simulator.db"
    for sidecar in ("-wal", "-shm"):
        world.with_name(world.name + sidecar).unlink(missing_ok=True)
    world.write_bytes(b"this is no database, but somebody's letter" * 100)
    before = world.read_bytes()
    ran = estate.preview(UTILITY).bad()
    assert "simulator.db" in ran.said
    assert world.read_bytes() == before


def test_a_locked_world_is_said(estate: Estate) -> None:
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-3": server("10.64.1.13")}))
    lock = sqlite3.connect(estate.root / ".wpf" / "simulator.db")
    lock.execute("BEGIN EXCLUSIVE")
    try:
        ran = estate.up(UTILITY).bad()
    finally:
        lock.close()
    assert "simulator.db" in ran.said
    assert "sqlite3." not in ran.said
    estate.up(UTILITY).good()


def test_a_place_where_no_world_can_be_is_said(empty: Estate) -> None:
    empty.pulumi("config", "set", "--path", "wpf:simulator.path", "Pulumi.yaml/world.db", "--stack", "platform").good()
    assert "Pulumi.yaml/" in empty.up("platform").bad().said


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("wpf:backend", "openstack", "openstack"),
        ("wpf:now", "yesterday", "yesterday"),
        ("wpf:simulator", "[1, 2]", "wpf:simulator"),
    ],
)
def test_a_wrong_setting_is_said_with_its_name(estate: Estate, key: str, value: str, word: str) -> None:
    estate.pulumi("config", "set", key, value, "--stack", UTILITY).good()
    ran = estate.preview(UTILITY).bad()
    assert word in ran.said


def test_a_missing_passphrase_is_the_engines_own_sentence(estate: Estate) -> None:
    del estate.environ["PULUMI_CONFIG_PASSPHRASE"]
    assert "passphrase" in estate.preview(UTILITY).bad().said
