"""Way three: the engine built from the Go module proxy, exactly as the committed go.mod and go.sum pin it.

Here: fetching the modules, compiling the two programs, taking the script beside them. Not here: which Go (`golang`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.language import Text
from wpf_infra.toolchain.cache import Workplace
from wpf_infra.toolchain.child import Child
from wpf_infra.toolchain.complaint import told_by
from wpf_infra.toolchain.engine import LANGUAGE_EXEC
from wpf_infra.toolchain.golang import Go, find_go
from wpf_infra.toolchain.progress import Progress, duration
from wpf_infra.toolchain.release import ENGINE, LANGUAGE_EXEC_SOURCE, LANGUAGE_HOST, VERSION_VARIABLE, Component
from wpf_infra.toolchain.way import Traveller, WayClosed

_TELL_EVERY_SECONDS = 10.0
_DOWNLOADING = "go: downloading "


def build_engine(traveller: Traveller, work: Workplace) -> None:
    """The engine's commands into `work.result`; `WayClosed` where Go or the modules cannot be had."""
    go = find_go(traveller)
    for component in (LANGUAGE_HOST, ENGINE):
        workshop = Workshop(component, go, work, traveller.progress)
        workshop.compile(packages=workshop.fetch())
        if component is LANGUAGE_HOST:
            script = shutil.copyfile(workshop.module_folder() / LANGUAGE_EXEC_SOURCE, work.result / LANGUAGE_EXEC)
            script.chmod(0o755)
    if go.caches:
        # Ours, and of no use once the programs stand; kept until then, so that a build that was cut off goes on.
        shutil.rmtree(go.caches, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Workshop:
    """One component, built by one Go in one workplace."""

    component: Component
    go: Go
    work: Workplace
    progress: Progress

    def fetch(self) -> int:
        """Download the modules that are needed and not here yet; returns how many packages there are to compile."""
        output = self._go(
            ["list", "-deps", self.component.package],
            told=Text(f"fetching the modules of {self._name()}", f"{self._name()} のモジュールを取得しています"),
            count=lambda output: Text(
                f"{output.count(_DOWNLOADING)} fetched so far", f"{output.count(_DOWNLOADING)} 個まで取得"
            ),
        )
        return sum(1 for line in output.splitlines() if not line.startswith("go: "))

    def compile(self, packages: int) -> None:
        """Compile and link into the result folder."""
        self._go(
            [
                "build", "-v", "-trimpath", "-buildvcs=false",
                "-ldflags", f"-s -w -X {VERSION_VARIABLE}={self.component.version}",
                "-o", str(self.work.result / self.component.command), self.component.package,
            ],
            told=Text(f"compiling {self._name()} ({packages} packages, some minutes on a fresh machine)",
                      f"{self._name()} をコンパイルしています ({packages} パッケージ、初回は数分)"),
            count=lambda output: Text(
                f"{output.count(chr(10))} of at most {packages} packages",
                f"最大 {packages} 個中 {output.count(chr(10))} パッケージ",
            ),
        )  # fmt: skip

    def module_folder(self) -> Path:
        """Where Go keeps the component's module."""
        answer = self._go(["list", "-m", "-f", "{{.Dir}}", self.component.module], told=None, count=None)
        return Path(answer.strip().splitlines()[-1])

    def _name(self) -> str:
        return f"{self.component.command} {self.component.version}"

    def _go(self, arguments: list[str], *, told: Text | None, count: Callable[[str], Text] | None) -> str:
        """Run Go on a copy of the pins (nothing is ever written beside the committed files); returns its output."""
        pins = self.work.scratch / self.component.folder.name
        shutil.copytree(self.component.folder, pins, dirs_exist_ok=True)
        verb, *rest = arguments
        if told:
            self.progress.say(told)
        child = Child(
            [self.go.command, verb, "-mod=readonly", *rest],
            log=self.work.scratch / "go.log",
            environ=self.go.environ,
            folder=pins,
            inherit=(self.work.lock,),
        )
        with child:
            for elapsed in child.beats(every=_TELL_EVERY_SECONDS):
                if told and count:
                    so_far = count(child.output())
                    self.progress.say(
                        Text(f"  {duration(elapsed)}: {so_far.en}", f"  {duration(elapsed)}: {so_far.ja}"),
                    )
            if not child.succeeded():
                raise WayClosed(told_by(child.output()))
        return child.output()
