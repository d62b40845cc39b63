"""The project: the folder of Pulumi.yaml, its name, and what time it is there.

Here: finding the folder, reading its file. Not here: a stack's own configuration, which only the engine knows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wpf_infra.calendar import NOW_VARIABLE, TOKYO, instant
from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.loading.file import read
from wpf_infra.loading.root import FILE, find_root
from wpf_infra.loading.yaml12 import decode

_PREFIX = "wpf:"


@dataclass(frozen=True, slots=True)
class Project:
    """root: the folder of Pulumi.yaml; name: the engine's project; pinned: config `wpf:now`, when there is one;
    settings: the project's own config of the namespace `wpf`, without the prefix; objects as JSON text, as the engine
    hands them to a provider.
    """

    root: Path
    name: str
    pinned: datetime | None
    settings: Mapping[str, str]

    def now(self, flag: str | None = None) -> datetime:
        """The instant that dates are judged at, in Asia/Tokyo: the flag, else `WPF_NOW`, else config `wpf:now`, else
        the clock.

        Raises Unreadable for a flag that is no instant.
        """
        if flag is not None:
            return instant(flag, "--now")
        if said := os.environ.get(NOW_VARIABLE):
            return instant(said, NOW_VARIABLE)
        return self.pinned or datetime.now(TOKYO)


def find_project(start: Path) -> Project:
    """The project around `start`, found by walking up. Raises Unreadable when there is none or it cannot be read."""
    return read_project(find_root(start))


def read_project(root: Path) -> Project:
    """The project whose Pulumi.yaml stands in `root`. Raises Unreadable."""
    data = decode(read(root / FILE, FILE), FILE).data
    if not isinstance(data, dict):
        raise Unreadable(
            Text(en="the project file is no mapping", ja="プロジェクトファイルがマッピングではありません"),
            remedy=Text(en="restore it, for example from git", ja="gitなどから元に戻してください"),
            where=FILE,
        )
    settings = _settings(data.get("config"))
    now = settings.get("now")
    pinned = None if now is None else instant(str(now), f"{FILE}: wpf:now")
    return Project(root, str(data.get("name", "wpf")), pinned, settings)


def _settings(config: object) -> dict[str, str]:
    """Project config as Pulumi.yaml has it: a bare value, or one under `value` or `default`."""
    settings: dict[str, str] = {}
    for key, value in config.items() if isinstance(config, dict) else ():
        if isinstance(value, dict) and value.keys() & {"value", "default"}:
            value = value.get("value", value.get("default"))
        if str(key).startswith(_PREFIX) and value is not None:
            settings[key.removeprefix(_PREFIX)] = value if isinstance(value, str) else json.dumps(value)
    return settings
