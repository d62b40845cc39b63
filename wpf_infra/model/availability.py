"""Power, and the order in which HA gives it back.

Here: two closed sets. Not here: servers (`vm`) and what HA does (`wpf_infra.backend`).
"""

from __future__ import annotations

from enum import StrEnum


class RestartPriority(StrEnum):
    """The order in which HA restarts servers after a host has failed (vSphere's words)."""

    LOWEST = "lowest"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    HIGHEST = "highest"


class Power(StrEnum):
    ON = "on"
    OFF = "off"
