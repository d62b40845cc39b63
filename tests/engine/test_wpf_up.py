"""`wpf up`: the platform first, tenants side by side, one failure stops no other; through the real engine."""

from __future__ import annotations

import json
import subprocess

from tests.engine.estate import BIN, UTILITY, VENDOR, Estate, Ran


def wpf(estate: Estate, *arguments: str) -> Ran:
    done = subprocess.run(
        [BIN / "wpf", *arguments],
        cwd=estate.root,
        env=estate.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


def test_everything_from_nothing_and_again_nothing(empty: Estate) -> None:
    for stack in ("platform", UTILITY, VENDOR):
        empty.pulumi("stack", "rm", "--yes", stack).good()
    first = wpf(empty, "up", "--all").good()
    assert any(line.startswith(f"{UTILITY} ") and " 6 create " in line for line in first.lines), first.said
    assert f"{UTILITY}: 2 of 2 servers run on east-" in first.said
    again = wpf(empty, "up", "--all", "--json").good()
    assert [(each["changes"], each["failure"]) for each in json.loads(again.said)["stacks"]] == [({}, None)] * 3
    assert wpf(empty, "up", UTILITY).good().lines[-1] == "nothing to change"


def test_a_stack_that_waits_fails_alone(estate: Estate) -> None:
    """FAQ-16"""
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"].update(memory_gib=16))
    estate.edit(VENDOR, lambda tenant: tenant["vms"]["collector"].update(memory_gib=16))
    ran = wpf(estate, "up", "--all")
    assert ran.code == 1, ran.said
    assert "waiting: collector" in ran.said and "stop: app-1" in ran.said
    assert estate.is_settled(UTILITY)
    assert "Traceback" not in ran.said


def test_a_backend_failure_is_exit_code_3(estate: Estate) -> None:
    world = estate.root / ".wpf" / "simulator.db"
    for sidecar in ("-wal", "-shm"):
        world.with_name(world.name + sidecar).unlink(missing_ok=True)
    world.write_bytes(b"no database" * 100)
    ran = wpf(estate, "up", UTILITY)
    assert ran.code == 3, ran.said
    assert "simulator.db" in ran.said and "Traceback" not in ran.said


def test_wrong_usage_is_exit_code_2_and_a_rule_error_1(estate: Estate) -> None:
    assert wpf(estate, "up").code == 2
    assert wpf(estate, "up", "nonesuch").code == 2
    assert wpf(estate, "up", "--all", "--now", "tomorrow").code == 2
    estate.edit(UTILITY, lambda tenant: tenant["vms"]["app-1"].update(cpu=3))
    assert wpf(estate, "up", "--all").code == 1
    estate.tenant_file(UTILITY).write_text("a: [")
    assert wpf(estate, "up", "--all").code == 2


def test_now_reaches_the_engine(estate: Estate) -> None:
    """FAQ-13: due the day after its end, whatever the project pins."""
    estate.power(VENDOR, "new-batch", on=False)
    estate.edit(VENDOR, lambda tenant: tenant["vms"].pop("new-batch"))
    assert wpf(estate, "up", VENDOR).code == 1
    ran = wpf(estate, "up", VENDOR, "--now", "2026-12-01T09:00:00+09:00").good()
    assert "erase: new-batch" in ran.said
    assert (VENDOR, "new-batch") not in estate.servers()


def test_a_tenant_that_stands_and_has_no_file_stops_everything(estate: Estate) -> None:
    """FAQ-13, FAQ-22: what it allowed would end in others' rules."""
    estate.tenant_file(UTILITY).rename(estate.root / "mislaid.yaml")
    ran = wpf(estate, "up", "--all")
    assert ran.code == 1, ran.said
    assert UTILITY in ran.said and "FAQ-13" in ran.said
    assert estate.is_settled("platform")
