"""Where the project is: the folder of Pulumi.yaml.

Here: finding it. Not here: reading it (`project`); the provider only needs to know where relative paths start.
"""

from __future__ import annotations

from pathlib import Path

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text

FILE = "Pulumi.yaml"


def find_root(start: Path) -> Path:
    """The folder of Pulumi.yaml at or above `start`. Raises Unreadable when there is none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise Unreadable(
        Text(
            en=f"no {FILE} here or in any folder above",
            ja=f"このフォルダにも上位のフォルダにも {FILE} がありません",
        ),
        remedy=Text(en="change into the project's folder", ja="プロジェクトのフォルダへ移動してください"),
        where=str(start),
    )
