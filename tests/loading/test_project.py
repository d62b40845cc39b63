"""The project: its folder, and what time it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wpf_infra.calendar import TOKYO, instant
from wpf_infra.errors import Unreadable
from wpf_infra.loading.project import find_project


def lay(root: Path, text: str) -> Path:
    (root / "Pulumi.yaml").write_text(text)
    return root


def test_the_project_is_found_from_any_folder_inside(tmp_path: Path) -> None:
    root = lay(tmp_path, "name: water\n")
    inner = root / "stacks" / "tenants"
    inner.mkdir(parents=True)
    project = find_project(inner)
    assert (project.root, project.name, project.pinned) == (root.resolve(), "water", None)


def test_outside_of_a_project_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"no Pulumi\.yaml here or in any folder above"):
        find_project(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "a: [", "name: x\nconfig:\n  wpf:now: soon\n"])
def test_a_project_file_that_says_nothing_usable_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        find_project(lay(tmp_path, text))


@pytest.mark.parametrize(
    "config",
    [
        "  wpf:now: 2026-11-24T10:00:00+09:00",
        "  wpf:now: {value: '2026-11-24T10:00:00+09:00'}",
        "  wpf:now: {type: string, default: '2026-11-24T01:00:00Z'}",
    ],
)
def test_the_flag_goes_before_the_config_and_that_before_the_clock(tmp_path: Path, config: str) -> None:
    project = find_project(lay(tmp_path, f"name: x\nconfig:\n{config}\n  wpf:simulator: {{path: a.db}}\n"))
    assert project.now() == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert project.now("2027-01-01") == datetime(2027, 1, 1, tzinfo=TOKYO)
    assert project.settings["simulator"] == '{"path": "a.db"}'
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    assert abs(find_project(tmp_path).now() - datetime.now(UTC)).total_seconds() < 60


def test_an_instant_without_an_offset_is_meant_in_tokyo() -> None:
    assert instant("2026-11-24T10:00:00", "x") == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert instant("2026-11-24T10:00:00Z", "x").utcoffset() == datetime(2026, 1, 1, tzinfo=TOKYO).utcoffset()


@pytest.mark.parametrize("text", ["", "tomorrow", "24/11/2026", "0001-01-01T00:00:00+23:59"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="--now"):
        instant(text, "--now")
