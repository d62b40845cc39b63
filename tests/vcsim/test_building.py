"""The program is built once, by the sources' content; where that cannot be the test ends visibly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.vcsim import building


def test_lies_in_the_cache_under_its_content() -> None:
    program = building.build()
    assert os.access(program, os.X_OK)
    assert program.parent.parent.name == "test-vcenter"
    assert building.build() is program


@pytest.mark.parametrize(("everything", "ends"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, everything: str, ends: type[BaseException]
) -> None:
    """A machine with neither Go nor Python packages: the PATH, the cache and pip lead nowhere."""
    for name, value in {
        "PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "WPF_REQUIRE_SERVICES": everything,
        "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    building.build.cache_clear()
    try:
        with pytest.raises(ends, match="no Go"):
            building.built()
    finally:
        building.build.cache_clear()
