"""What every test stands on: properties that fail alike today and tomorrow, on a fast and on a busy machine, and tests
that are skipped for want of something at home only.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

# The contract's suite explains its asserts as a test module does; registered here, before anything imports it.
pytest.register_assert_rewrite(
    *(
        f"tests.contract.{part}"
        for part in ("observing", "building", "stepping", "ending", "owning", "rehearsing", "sharing", "estate")
    )
)

settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


@pytest.fixture
def requires() -> Callable[[bool, str], None]:
    """Called with whether something is there, and what it is: where it is not the test is skipped, and fails where CI
    says that everything has to be there (`WPF_REQUIRE_SERVICES`).
    """

    def require(there: bool, what: str) -> None:
        if not there:
            (pytest.fail if os.environ.get("WPF_REQUIRE_SERVICES") == "1" else pytest.skip)(f"no {what} here")

    return require
