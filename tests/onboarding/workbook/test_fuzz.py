"""A spoiled workbook is refused or read, and nothing else happens."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.onboarding.workbook.fuzz_target import read_spoiled, spoiled_workbooks


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoiled_workbooks)
def test_whatever_is_spoiled_reading_ends_in_a_sentence(content: bytes) -> None:
    read_spoiled(content)
