"""The estate that stories start from: applied once a worker, copied for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.estate import UTILITY, VENDOR, Estate

pytestmark = pytest.mark.engine


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """Files and empty stacks."""
    return Estate.lay(tmp_path_factory.mktemp("laid") / "estate")


@pytest.fixture(scope="session")
def applied(laid: Estate, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """Everything up."""
    estate = laid.copy(tmp_path_factory.mktemp("applied") / "estate")
    for stack in ("platform", UTILITY, VENDOR):
        estate.up(stack, "--skip-preview").good()
    return estate


@pytest.fixture
def empty(laid: Estate, tmp_path: Path) -> Estate:
    return laid.copy(tmp_path / "estate")


@pytest.fixture
def estate(applied: Estate, tmp_path: Path) -> Estate:
    return applied.copy(tmp_path / "estate")


@pytest.fixture
def events(estate: Estate) -> Callable[[], list[tuple[str, str]]]:
    """What the backend has done to servers since the test began, in order: (event, server)."""
    began = len(estate.happened())
    return lambda: estate.happened()[began:]
