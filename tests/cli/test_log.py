"""`wpf log`: what was done, erased and told, as people and scripts read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.backend.made import made
from tests.contract.estate import GROUND, server
from wpf_infra.backend.select import open_backend
from wpf_infra.backend.simulator.hand import World
from wpf_infra.cli import main
from wpf_infra.model.identity import Kind


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: wpf\nruntime: python\nconfig:\n  wpf:now: '2026-11-24T10:00:00+09:00'\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.setenv("WPF_ACTOR", "tanaka")
    return tmp_path


@pytest.fixture
def lived(project: Path) -> Path:
    """A server was built and erased, a user counted; one call was cut off."""
    with_reason = {"now": "2026-11-24T10:00:00+09:00"}
    whole = open_backend(with_reason, project, "simulator:1")
    for each in (*GROUND, server(), made(Kind.USER_ROLL).one):
        whole.create(each)
    world = World(project / ".wpf" / "simulator.db")
    world.power_off(server().identity)
    world.close()
    whole.delete(server().identity)
    whole.registry.begin("suzuki", None, server().identity, "create", None, None)
    whole.close()
    return project


def _said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["log", *arguments]) == code
    printed = capsys.readouterr()
    return printed.out if code == 0 else printed.err


def _data(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(_said(capsys, *arguments, "--json"))["records"]
    return records


def test_before_anything_was_done_nothing_is_recorded_and_nothing_made(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _said(capsys) == "nothing is recorded\n"
    assert [each.name for each in project.iterdir()] == ["Pulumi.yaml"]


def test_the_trail_in_a_table(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _said(capsys).splitlines()
    assert lines[1].split() == ["at", "actor", "object", "call", "outcome", "reason"]
    built = next(line for line in lines if "hill/vm/app-1" in line and "create" in line)
    assert built.split() == ["2026-11-24T10:00:00+09:00", "tanaka", "hill/vm/app-1", "create", "done", "-"]
    assert "cut off, or under way" in lines[-2]


def test_the_trail_for_programs(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = _data(capsys, "--tenant", "hill")
    assert {each["object"].partition("/")[0] for each in records} == {"hill"}
    assert records[-1]["outcome"] is None and records[-1]["actor"] == "suzuki"
    (deleted,) = [each for each in records if each["call"] == "delete"]
    assert deleted["before"]["address"] == "10.64.1.11" and deleted["after"] is None


def test_erasures_and_notices(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (erased,) = _data(capsys, "--erasures")
    assert (erased["object"], erased["disks"]) == ("hill/vm/app-1", {"system": 100})
    assert erased["ended"] is not None
    assert "system 100 GB" in _said(capsys, "--erasures")
    (told,) = _data(capsys, "--notices")
    assert (told["kind"], told["party"], told["facts"]["after"]) == ("head-count", "platform", 1)
    assert "hill: 0 → 1 users of the portal" in _said(capsys, "--notices")


def test_from_a_day_on(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _data(capsys, "--since", "2026-11-24")
    assert _data(capsys, "--since", "2026-11-25") == []
    assert "no day" in _said(capsys, "--since", "yesterday", code=2)
