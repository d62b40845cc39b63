"""One version, wherever it is said."""

from __future__ import annotations

import tomllib
from pathlib import Path

from wpf_infra.provider.wire import VERSION


def test_the_provider_tells_the_engine_the_packages_version() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
