"""The file behind a trust anchor, as it was found.

Here: its content or why there is none. Not here: reading it (`wpf_infra.loading`) and judging it (`wpf_infra.policy`).
"""

from __future__ import annotations

from dataclasses import dataclass

from wpf_infra.language import Text


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """file: its name in messages; content: its bytes, None when it could not be read; problem: why not."""

    file: str
    content: bytes | None
    problem: Text | None = None
