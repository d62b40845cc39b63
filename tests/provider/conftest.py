"""A provider for each test, in a project folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provider.rig import Rig, running


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, as the working directory: a provider is started in it. English is spoken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.delenv("WPF_NOW", raising=False)
    return tmp_path


@pytest.fixture
def fresh(project: Path) -> Iterator[Rig]:
    """Started, not configured; no simulator's file."""
    with running(project) as rig:
        yield rig


@pytest.fixture
def rig(fresh: Rig) -> Rig:
    """Configured; no simulator's file."""
    fresh.configure()
    return fresh


@pytest.fixture
def grounded(rig: Rig) -> Rig:
    """Configured; clusters, storage and tenants stand."""
    rig.lay_ground()
    return rig
