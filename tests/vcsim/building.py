"""The test server's program, built once on a machine and kept in the cache.

Here: what it is built from and with. Not here: running it (`server`).
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wpf_infra.language import Language, Text
from wpf_infra.toolchain.cache import Shelf, Workplace, cache_folder
from wpf_infra.toolchain.golang import Go, find_go
from wpf_infra.toolchain.progress import Progress
from wpf_infra.toolchain.way import Traveller, WayClosed

SOURCE = Path(__file__).parent / "program"
_PROGRAM = "vcsim"
_KEPT_S = 3 * 24 * 3600


def built() -> Path:
    """The program, or the end of the test: skipped at home, failed where CI says that everything has to be there."""
    try:
        return build()
    except WayClosed as closed:
        (pytest.fail if os.environ.get("WPF_REQUIRE_SERVICES") == "1" else pytest.skip)(f"no Go: {closed.reason.en}")


@functools.cache
def build() -> Path:
    """The program; made when it is not in the cache, by one process while all others wait.

    Raises `WayClosed` where there is no Go on this machine and none can be had, or its modules cannot.
    """
    shelf = Shelf(cache_folder(os.environ) / "test-vcenter", whole=lambda place: os.access(place / _PROGRAM, os.X_OK))
    progress = Progress(sys.stderr, Language.ENGLISH)
    go = find_go(Traveller(os.environ, Path(sys.executable), progress))
    place = shelf.entry_or(_key(go), functools.partial(_compile, go, shelf.folder), progress)
    os.utime(place)
    return place / _PROGRAM


def _key(go: Go) -> str:
    """Everything that decides what comes out: the sources, the modules' sums, the compiler."""
    digest = hashlib.sha256(_run(go, ["env", "GOVERSION", "GOARCH", "GOOS"], SOURCE).encode())
    for path in sorted([*SOURCE.glob("*.go"), SOURCE / "go.mod", SOURCE / "go.sum"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def _compile(go: Go, shelf: Path, work: Workplace) -> None:
    _sweep(shelf)
    try:
        _run(go, ["list", "-deps", "."], SOURCE)  # what it downloads is what is compiled
    except AssertionError as failed:
        raise WayClosed(Text(f"its modules cannot be had: {failed}", f"モジュールを取得できません: {failed}")) from None
    _run(
        go, ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", str(work.result / _PROGRAM), "."], SOURCE
    )


def _sweep(shelf: Path) -> None:
    """Remove programs of sources that nobody has tested for days: every change of the sources makes one more."""
    for place in shelf.glob("[0-9a-f]*"):
        if time.time() - place.stat().st_mtime > _KEPT_S:
            shutil.rmtree(place, ignore_errors=True)


def _run(go: Go, words: list[str], folder: Path) -> str:
    done = subprocess.run(
        [go.command, *words], cwd=folder, env=dict(go.environ), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, f"go {words[0]}: {done.stderr}"
    return done.stdout
