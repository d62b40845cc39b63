"""A checkout's virtual environment: the interpreter, the locked packages, the project itself.

Here: making it and keeping it up to date with `requirements.lock` and `pyproject.toml`. Not here: the engine's commands
in its `bin` (`checkout`) and its activate script (`activation`).
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.toolchain.complaint import told_by
from wpf_infra.toolchain.progress import Progress
from wpf_infra.toolchain.stamp import Stamp


@dataclass(frozen=True, slots=True)
class VirtualEnvironment:
    """The one at `root/.venv`. environ: what pip runs with (its index and proxies are the person's)."""

    root: Path
    environ: Mapping[str, str]
    progress: Progress

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def python(self) -> Path:
        return self.bin / "python"

    @property
    def packages(self) -> Path:
        """Where pip puts them; made by the Python that runs this, so its version stands in the path."""
        return self.folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"

    def stamp(self) -> Stamp:
        """The notes about it; they vanish with it."""
        return Stamp(self.folder / "wpf-setup.json")

    def bring_up_to_date(self) -> None:
        """Do what the stamp does not say is done."""
        self._interpreter()
        self._packages()
        self._project()

    def _interpreter(self) -> None:
        wanted = f"{sys.version} {self.root}"
        if self.stamp().says("interpreter", wanted) and self.python.exists():
            return
        version = sys.version.split()[0]
        self.progress.say(
            Text(f"making .venv with Python {version}", f"Python {version} で .venv を作成しています"),
        )
        if self.folder.is_dir():
            self.progress.say(
                Text(
                    "  in place of the one for another Python or folder", "  別の Python や場所用のものを置き換えます"
                ),
            )
            shutil.rmtree(self.folder)
        # Not sys.executable: when the checkout's own environment is active, that one has just been removed.
        base = getattr(sys, "_base_executable", sys.executable)
        self._run(
            [base, "-m", "venv", self.folder],
            what=Text("the virtual environment cannot be made", "仮想環境を作成できません"),
            remedy=Text(
                "on Debian and its kin install python3-venv; then run the same command again",
                "Debian 系では python3-venv を導入し、同じコマンドを再実行してください",
            ),
        )
        self.stamp().note("interpreter", wanted)

    def _packages(self) -> None:
        lock = self.root / "requirements.lock"
        wanted = _digest(lock)
        if self.stamp().says("packages", wanted):
            return
        self.progress.say(Text("installing the locked packages", "固定版のパッケージを導入しています"))
        self._pip(
            ["--only-binary", ":all:", "--require-hashes", "--requirement", lock],
            what=Text("the locked packages cannot be installed", "固定版のパッケージを導入できません"),
        )
        self.stamp().note("packages", wanted)

    def _project(self) -> None:
        wanted = _digest(self.root / "pyproject.toml")
        if self.stamp().says("project", wanted):
            return
        self.progress.say(Text("installing wpf-infra, editable", "wpf-infra を編集可能な形で導入しています"))
        self._pip(
            ["--no-deps", "--no-build-isolation", "--no-index", "--editable", self.root],
            what=Text("this checkout cannot be installed", "このチェックアウトを導入できません"),
        )
        self.stamp().note("project", wanted)

    def _pip(self, arguments: Sequence[str | Path], *, what: Text) -> None:
        command: list[str | Path] = [
            self.python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--retries",
            "2",
        ]
        self._run(
            [*command, *arguments],
            what=what,
            remedy=Text(
                "see to it that pip reaches a package index (its index-url, a proxy) and that the disk has room; then "
                "run the same command again",
                "pip からパッケージインデックスに届くこと (index-url、プロキシ) とディスクの空きを確かめ、"
                "同じコマンドを再実行してください",
            ),
        )

    def _run(self, command: Sequence[str | Path], *, what: Text, remedy: Text) -> None:
        done = subprocess.run(
            command,
            env=dict(self.environ),
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            reason = told_by(done.stdout)
            raise WpfError(Text(f"{what.en}: {reason.en}", f"{what.ja}: {reason.ja}"), remedy=remedy)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
