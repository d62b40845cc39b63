"""Who declares power, and what a reason is for (FAQ 14)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.judged import told

U, V = "minami-suido.vms.app-1", "kawa-systems.vms.collector"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{U}.power": "on", f"{U}.power_reason": "x"}, []),
        ({f"{U}.power": "off"}, []),
        ({f"{U}.power": "off", f"{U}.power_reason": "x"}, [("power-reason", "warning", f"{U}.power_reason")]),
        ({f"{U}.power_reason": "x"}, [("power-reason", "warning", f"{U}.power_reason")]),
        ({f"{V}.power_reason": "x"}, [("power-is-vendors", "error", f"{V}.power_reason")]),
        (
            {f"{V}.power": "on", f"{V}.power_reason": "x"},
            [("power-is-vendors", "error", f"{V}.power")],
        ),
    ],
)
def test_power_and_its_reason(changes: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """FAQ-14"""
    assert told(changes) == expected
