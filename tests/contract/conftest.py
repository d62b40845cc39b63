"""The suite's asserts explain themselves, as a test module's do."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    *(
        f"tests.contract.{part}"
        for part in ("observing", "building", "stepping", "ending", "owning", "rehearsing", "sharing", "estate")
    )
)
