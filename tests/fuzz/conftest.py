"""How long the fuzzing goes on: briefly in a test run, for as many examples as `WPF_FUZZ` says in `make fuzz`."""

from __future__ import annotations

from tests.fuzz.wrong_input import EXAMPLES


def pytest_report_header() -> list[str]:
    return [
        f"fuzzing: {EXAMPLES} examples a reader, random ones" if EXAMPLES else "fuzzing: briefly, the same each time"
    ]
