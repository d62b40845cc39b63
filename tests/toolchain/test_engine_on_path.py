"""Way one: which engines on the PATH are good enough, and what is said of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.toolchain import fakes
from wpf_infra.toolchain.engine import Engine
from wpf_infra.toolchain.on_path import engine_on_path
from wpf_infra.toolchain.way import WayClosed


def find(*folders: Path) -> Engine:
    return engine_on_path({"PATH": ":".join(str(folder) for folder in folders)})


@pytest.mark.parametrize("version", ["v3.231.0", "3.259.0", "v3.300.1-alpha.123+dirty", "v4.0.0"])
def test_a_suitable_engine_is_taken_where_it_lies(tmp_path: Path, version: str) -> None:
    fakes.pulumi(tmp_path, version)
    assert find(tmp_path) == Engine.in_folder(tmp_path)


def test_the_language_host_may_lie_elsewhere_on_the_path(tmp_path: Path) -> None:
    fakes.pulumi(tmp_path / "one", "v3.240.0", companions=False)
    fakes.pulumi(tmp_path / "two", "v1.0.0")
    engine = find(tmp_path / "one", tmp_path / "two")
    assert engine.pulumi == tmp_path / "one" / "pulumi"
    assert engine.language_host == tmp_path / "two" / "pulumi-language-python"


def test_an_older_one_first_does_not_hide_a_newer_one(tmp_path: Path) -> None:
    fakes.pulumi(tmp_path / "old", "v3.100.0")
    fakes.pulumi(tmp_path / "new", "v3.240.0")
    assert find(tmp_path / "old", tmp_path / "new") == Engine.in_folder(tmp_path / "new")


def test_too_old(tmp_path: Path) -> None:
    fakes.pulumi(tmp_path, "v3.230.9")
    with pytest.raises(WayClosed, match=r"is 3\.230\.9, older than 3\.231\.0"):
        find(tmp_path)


def test_without_its_language_host(tmp_path: Path) -> None:
    fakes.pulumi(tmp_path, "v3.240.0", companions=False)
    with pytest.raises(WayClosed, match="without pulumi-language-python, pulumi-language-python-exec"):
        find(tmp_path)


@pytest.mark.parametrize("body", ["print('hello')", "import sys; sys.exit(1)"])
def test_a_command_of_that_name_that_says_no_version(tmp_path: Path, body: str) -> None:
    fakes.executable(tmp_path / "pulumi", body)
    with pytest.raises(WayClosed, match="does not say its version"):
        find(tmp_path)


def test_one_in_a_virtual_environment_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    fakes.pulumi(tmp_path / "bin", "v3.259.0")
    with pytest.raises(WayClosed, match="no `pulumi` there"):
        find(tmp_path / "bin")
