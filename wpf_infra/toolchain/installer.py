"""Way two: the installer that the engine's own SDK carries.

Here: running it in a process of its own, and giving it up when nothing arrives. Not here: the SDK itself; it is
imported only in that process (`python -m wpf_infra.toolchain.installer FOLDER VERSION`).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from wpf_infra.language import Text
from wpf_infra.toolchain.cache import Workplace
from wpf_infra.toolchain.child import Child
from wpf_infra.toolchain.complaint import told_by
from wpf_infra.toolchain.engine import Engine
from wpf_infra.toolchain.progress import duration
from wpf_infra.toolchain.release import ENGINE
from wpf_infra.toolchain.way import Traveller, WayClosed

PATIENCE_SECONDS = 10.0
"""How long nothing may arrive. A slow line is no reason to give up; a silent one is."""


def install_engine(traveller: Traveller, work: Workplace, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """The engine's commands into `work.result`; `WayClosed` where the installer fails or falls silent."""
    traveller.progress.say(
        Text(f"trying the SDK's own installer for pulumi {ENGINE.version}",
             f"SDK 付属のインストーラーで pulumi {ENGINE.version} を試します")
    )  # fmt: skip
    arrivals = work.scratch / "installer"
    arrivals.mkdir()
    root = arrivals / "root"
    child = Child(
        [traveller.python, "-m", __name__, root, ENGINE.version],
        log=work.scratch / "installer.log",
        environ={**traveller.environ, "TMPDIR": str(arrivals), "PYTHONPATH": str(Path(__file__).parents[2])},
        folder=work.scratch,
    )
    with child:
        _watch(child, arrivals, traveller, patience_seconds)
        if not child.succeeded():
            raise WayClosed(told_by(child.output()))
    installed = Engine.in_folder(root / "bin")
    if missing := ", ".join(installed.missing()):
        raise WayClosed(Text(f"it brought no {missing}", f"{missing} が含まれていません"))
    for command in installed.commands():
        shutil.move(command, work.result / command.name)


def _watch(child: Child, arrivals: Path, traveller: Traveller, patience_seconds: float) -> None:
    arrived, since, told = 0, 0.0, 0.0
    for elapsed in child.beats(every=min(1.0, patience_seconds / 4)):
        now = _size(arrivals)
        if now > arrived:
            arrived, since = now, elapsed
        elif elapsed - since >= patience_seconds:
            waited = duration(elapsed - since)
            raise WayClosed(
                Text(f"given up: nothing arrived for {waited}", f"{waited} 間何も届かないため、あきらめました")
            )
        if elapsed - told >= 10:
            told = elapsed
            traveller.progress.say(
                Text(
                    f"the installer is at work: {arrived >> 20} MiB so far",
                    f"インストーラーが動作中: {arrived >> 20} MiB",
                )
            )


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def main(folder: str, version: str) -> int:
    """In the process of its own: let the SDK install; one line on stderr when it cannot."""
    try:
        from pulumi.automation import PulumiCommand
        from semver import VersionInfo

        PulumiCommand.install(root=folder, version=VersionInfo.parse(version))
    except Exception as error:  # whatever the SDK raises is this way's reason
        output = getattr(error, "output", None)
        detail = output.decode(errors="replace").strip() if isinstance(output, bytes) else ""
        sys.stderr.write(f"{detail}\n{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
