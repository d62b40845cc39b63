"""`wpf simulator`: what people see and break, and what a script can rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.worlds import host_of, power_of, server, vm
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.cli import main
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Copy, ObservedTenant, ObservedVm
from wpf_infra.model.resource import FirewallResource
from wpf_infra.plan.step import ShutDownGuest


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which nothing is built."""
    (tmp_path / "Pulumi.yaml").write_text("name: wpf\nruntime: python\n")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    monkeypatch.setenv("WPF_LANG", "en")
    return tmp_path


@pytest.fixture
def simulator(project: Path) -> Iterator[Simulator]:
    simulator = worlds.lay(project / ".wpf" / "simulator.db")
    for number, name in enumerate(["app-1", "app-2", "app-3"]):
        simulator.create(server(name, number + 1, anti_affinity="app" if number < 2 else None))
    yield simulator
    simulator.close()


class Said:
    """Runs verbs and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        assert main(["simulator", *arguments]) == code
        printed = self._capsys.readouterr()
        return printed.out if code == 0 else printed.err

    def data(self, *arguments: str) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self(*arguments, "--json"))
        return parsed


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def test_status_shows_hosts_servers_groups_and_what_happened(simulator: Simulator, said: Said) -> None:
    simulator.perform(vm("app-1"), ShutDownGuest())
    text = said("status")
    assert "  east/east-1  connected  2/16  8/64        0/1      2/2             2/2" in text.splitlines()
    assert "  raid6/east-a  east     200/4000  6/6    survives 2 more" in text.splitlines()
    assert "  hill/app-1  off    east/east-1  2    8           a restart is owed" in text.splitlines()
    assert "guest-shut-down  hill/app-1" in text
    assert text.splitlines()[-1] == simulator.identity()


def test_status_as_data(simulator: Simulator, said: Said) -> None:
    data = said.data("status")
    assert data["identity"] == simulator.identity()
    assert [host["name"] for host in data["hosts"]] == ["east-1", "east-2", "east-3"]
    assert {one["identity"]: one["power"] for one in data["servers"]} == {
        f"hill/vm/app-{number}": "on" for number in (1, 2, 3)
    }
    assert data["journal"][-1]["event"] == "powered-on"
    assert data["groups"][0]["survives"] == 2


def test_status_in_japanese(simulator: Simulator, said: Said) -> None:
    text = said("status", "--lang", "ja")
    assert "ホスト" in text and "正常" in text and "あと2本の故障に耐える" in text


def test_a_failed_host_says_who_moved_where_and_who_stays_off(simulator: Simulator, said: Said) -> None:
    assert said("fail-host", "east-3").splitlines() == ["east-3 failed", "  hill/app-3: restarted, east-3 → east-1"]
    assert said("fail-host", "east/east-2").splitlines() == [
        "east/east-2 failed",
        "  hill/app-2: stays off, no host has room for it",
    ]
    assert said("repair", "east-2").splitlines() == ["east-2 is back", "  hill/app-2: restarted, east-2 → east-2"]
    assert said("fail-host", "east-3").splitlines() == ["east-3 failed", "  no server is disturbed"]


def test_a_failed_host_as_data(simulator: Simulator, said: Said) -> None:
    assert said.data("fail-host", "east-3") == {
        "restarted": [{"server": "hill/app-3", "from": "east-3", "to": "east-1"}],
        "left_off": [],
    }


@pytest.mark.parametrize("verb", ["fail-power-supply", "fail-uplink"])
def test_redundant_parts(simulator: Simulator, said: Said, verb: str) -> None:
    assert "no server is disturbed" in said(verb, "east-3")
    assert "hill/app-3: restarted" in said(verb, "east-3")


def test_maintenance(simulator: Simulator, said: Said) -> None:
    said("maintain", "east-3")
    assert host_of(simulator, vm("app-3")) == "east-1"
    said("repair", "east-3")


def test_disks_of_a_group(simulator: Simulator, said: Said) -> None:
    assert "no data is lost" in said("fail-disk", "east-a", "--count", "2")
    assert "rebuilt" in said("replace-disk", "east-a", "--count", "2")
    assert said.data("fail-disk", "raid6/east-a", "--count", "3") == {"lost": ["hill/app-1", "hill/app-3"]}
    assert "data lost" in said("status")
    assert "was lost with RAID group east-a" in said("power", "on", "hill/app-1", code=3)


def test_power_and_drift_by_hand(simulator: Simulator, said: Said) -> None:
    said("power", "off", "hill/app-1")
    assert power_of(simulator, vm("app-1")) == "off"
    said("power", "on", "hill/app-1")
    assert power_of(simulator, vm("app-1")) == "on"
    said("set", "hill/app-1", "--cpu", "4", "--memory-gib", "16")
    said("grow-disk", "hill/app-1", "system", "300")
    said("add-disk", "hill/app-1", "theirs", "100")
    seen = simulator.find(vm("app-1"))
    assert isinstance(seen, ObservedVm)
    assert (seen.resource.cpu, seen.resource.memory_gib) == (4, 16)
    assert {name: disk.size_gb for name, disk in seen.resource.disks.items()} == {"system": 300}
    assert "foreign disks: theirs" in said("status")
    said("copy", "hill/app-1", "app-1-test")
    room = simulator.find(Identity("hill", Kind.TENANT, "hill"))
    assert isinstance(room, ObservedTenant)
    assert room.copies == (Copy("app-1-test", vm("app-1")),)
    assert "app-1-test" in said("copy", "hill/app-1", "app-1-test", code=3)
    said("remove", "hill/app-1")
    assert simulator.find(vm("app-1")) is None


def test_an_allowance_taken_away(simulator: Simulator, said: Said) -> None:
    simulator.create(FirewallResource.model_validate({"tenant": "hill", "network": "10.64.1.0/24"}))
    assert "hill/telemetry is gone" in said("remove-allowance", "hill", "hill/telemetry")
    assert "there is no such firewall policy" in said("remove-allowance", "lake", "lake/x", code=3)


def test_faults_are_injected_seen_and_cleared(simulator: Simulator, said: Said) -> None:
    said("inject", "transient", "--call", "PowerOn", "--identity", "hill/*", "--times", "0")
    assert said.data("status")["faults"] == [
        {
            "kind": "transient",
            "call": "PowerOn",
            "identity": "hill/*",
            "stage": "*",
            "latency_ms": 0,
            "times": None,
        }
    ]
    assert "∞" in said("status")
    said("clear-faults")
    assert said.data("status")["faults"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["fail-host", "west-1"], 3, "west-1: there is no such host"),
        (["fail-disk", "west-a"], 3, "west-a: there is no such RAID group"),
        (["power", "off", "hill/app-9"], 3, "hill/vm/app-9: there is no such server"),
        (["power", "off", "app-1"], 2, "app-1: this is not TENANT/VM"),
        (["set", "hill/app-1"], 2, "give --cpu or --memory-gib"),
        (["set", "hill/app-1", "--cpu", "99"], 3, "99 CPU"),
        (["grow-disk", "hill/app-1", "data", "300"], 3, "hill/vm/app-1/data: there is no such disk"),
        (["replace-disk", "east-a"], 3, "no disk of group east-a has failed"),
        (["explode"], 2, "explode"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_one_sentence(
    simulator: Simulator, said: Said, arguments: list[str], code: int, words: str
) -> None:
    assert words in said(*arguments, code=code)


@pytest.mark.parametrize("arguments", [["status"], ["fail-host", "east-1"], ["inject", "transient"], ["clear-faults"]])
def test_nothing_is_built_yet(project: Path, said: Said, arguments: list[str]) -> None:
    assert "build one first: `make up`" in said(*arguments, code=3)
    assert not (project / ".wpf").exists()


def test_outside_a_project(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WPF_LANG", "en")
    assert "Pulumi.yaml" in said("status", code=2)


def test_an_instant_is_taken_and_judged_though_nothing_depends_on_it(simulator: Simulator, said: Said) -> None:
    assert said("--now", "2026-12-01T09:00:00+09:00", "status") == said("status")
    assert "--now: `soon` is no instant" in said("--now", "soon", "status", code=2)


def test_a_file_that_is_named(simulator: Simulator, project: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    assert said.data("--file", str(project / ".wpf" / "simulator.db"), "status")["identity"] == simulator.identity()
