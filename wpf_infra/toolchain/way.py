"""A way to an engine, or to a Go: what every way is given, and how it says that it leads nowhere.

Here: those two types. Not here: the ways (`on_path`, `installer`, `build`, `golang`) and their order (`acquire`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.language import Text
from wpf_infra.toolchain.progress import Progress


@dataclass(frozen=True, slots=True)
class Traveller:
    """environ: the person's environment. python: an interpreter that has pip and the SDK. progress: where to tell."""

    environ: Mapping[str, str]
    python: Path
    progress: Progress


class WayClosed(Exception):
    """This way leads nowhere on this machine; the next one is tried. Never reaches a user by itself."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
