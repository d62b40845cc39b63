"""An engine: the three commands that together run a Pulumi program written in Python.

Here: where they lie, whether they are whole, which version they say they are. Not here: ways to get one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.toolchain.release import Version, parse_version

PULUMI = "pulumi"
LANGUAGE_HOST = "pulumi-language-python"
LANGUAGE_EXEC = "pulumi-language-python-exec"


@dataclass(frozen=True, slots=True)
class Engine:
    """`pulumi`, the program it starts for Python, and the script that one starts in turn."""

    pulumi: Path
    language_host: Path
    language_exec: Path

    @classmethod
    def in_folder(cls, folder: Path) -> Engine:
        return cls(folder / PULUMI, folder / LANGUAGE_HOST, folder / LANGUAGE_EXEC)

    def commands(self) -> tuple[Path, Path, Path]:
        return self.pulumi, self.language_host, self.language_exec

    def missing(self) -> list[str]:
        """The names of the commands that are not there or not executable."""
        return [command.name for command in self.commands() if not is_command(command)]


def is_command(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def version_of(pulumi: Path, environ: Mapping[str, str]) -> Version:
    """What `pulumi version` says; `OSError`, `ValueError` or `SubprocessError` where it says nothing of use."""
    answer = subprocess.run(
        [pulumi, "version"],
        env={**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return parse_version(answer.stdout)
