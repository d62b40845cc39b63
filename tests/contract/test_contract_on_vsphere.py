"""The contract, on vSphere: our test server, over real SOAP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.suite import BackendContract
from tests.contract.vsphere import VsphereHarness, harness_in


class TestVsphere(BackendContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> Iterator[VsphereHarness]:
        with harness_in(tmp_path) as harness:
            yield harness
