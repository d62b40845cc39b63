"""The estate that stories start from: applied once a worker, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.vsphere import harness_in
from tests.engine.carrier import OnVcenter
from tests.engine.estate import UTILITY, VENDOR, Estate
from tests.engine.vcenter import ROOM, point_at_vcenter

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
def empty_on_simulator(laid: Estate, tmp_path: Path) -> Estate:
    return laid.copy(tmp_path / "estate")


@pytest.fixture
def empty(empty_on_simulator: Estate) -> Estate:
    return empty_on_simulator


@pytest.fixture
def estate_on_simulator(applied: Estate, tmp_path: Path) -> Estate:
    return applied.copy(tmp_path / "estate")


@pytest.fixture
def estate(estate_on_simulator: Estate) -> Estate:
    return estate_on_simulator


@pytest.fixture
def events(estate: Estate) -> Callable[[], list[tuple[str, str]]]:
    """What the backend has done to servers since the test began, in order: (event, server)."""
    began = len(estate.happened())
    return lambda: estate.happened()[began:]


# The same on a vCenter, which cannot be copied: each test has one of its own.

_VCENTER = "vcenter.invalid"


@pytest.fixture(scope="session")
def laid_for_vcenter(laid: Estate, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """Files and empty stacks that name a vCenter which is yet to come, its password secret."""
    estate = laid.copy(tmp_path_factory.mktemp("laid-for-vcenter") / "estate")
    for stack in ("platform", UTILITY, VENDOR):
        point_at_vcenter(estate, stack, _VCENTER)
    return estate


@pytest.fixture
def empty_on_vcenter(laid_for_vcenter: Estate, tmp_path: Path) -> Iterator[Estate]:
    (tmp_path / "vcenter").mkdir()
    with harness_in(tmp_path / "vcenter", ROOM) as harness:
        estate = laid_for_vcenter.copy(tmp_path / "estate", OnVcenter(harness))
        shutil.copy(harness.vcenter.ca_file, estate.root / "vcenter.pem")
        for file in estate.root.glob("Pulumi.*.yaml"):
            file.write_text(file.read_text().replace(_VCENTER, harness.vcenter.host))
        yield estate


@pytest.fixture
def estate_on_vcenter(empty_on_vcenter: Estate) -> Estate:
    for stack in ("platform", UTILITY, VENDOR):
        empty_on_vcenter.up(stack, "--skip-preview").good()
    return empty_on_vcenter
