"""One checkout, set up from top to bottom: environment, engine, state, activate script.

Here: the order of these steps and the stamp that lets a second run skip them. Not here: the steps themselves.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.toolchain.acquire import acquire_engine
from wpf_infra.toolchain.activation import patch_activate
from wpf_infra.toolchain.engine import Engine
from wpf_infra.toolchain.environment import brings_passphrase
from wpf_infra.toolchain.host_python import write_host_python
from wpf_infra.toolchain.lock import held
from wpf_infra.toolchain.progress import Progress
from wpf_infra.toolchain.release import engine_key
from wpf_infra.toolchain.state import local_folder, prepare_state
from wpf_infra.toolchain.venv import VirtualEnvironment
from wpf_infra.toolchain.way import Traveller


def set_up(root: Path, environ: Mapping[str, str], progress: Progress) -> None:
    """Bring the checkout at `root` to where `make up` can start the stacks; costs next to nothing the second time."""
    root = root.absolute()
    _must_be_checkout(root)
    local_folder(root).mkdir(exist_ok=True)
    with held(local_folder(root) / "setup.lock", lambda holder: progress.say(_busy(holder))):
        # First, since it may refuse, and needs nothing that takes long.
        prepare_state(root, passphrase=not brings_passphrase(environ))
        venv = VirtualEnvironment(root, environ, progress)
        venv.bring_up_to_date()
        _link_engine(venv, environ, progress)
        write_host_python(venv.folder, venv.packages)
        patch_activate(venv.bin / "activate", root)


def _link_engine(venv: VirtualEnvironment, environ: Mapping[str, str], progress: Progress) -> None:
    linked = Engine.in_folder(venv.bin)
    if not linked.missing() and venv.stamp().says("engine", _fingerprint(linked)):
        return
    engine = acquire_engine(Traveller(environ, venv.python, progress))
    for link, command in zip(linked.commands(), engine.commands(), strict=True):
        temporary = link.with_name(link.name + ".new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(command)
        temporary.replace(link)
    venv.stamp().note("engine", _fingerprint(linked))


def _fingerprint(engine: Engine) -> str:
    """Pins of this checkout and what the links lead to: another engine behind them is looked at again."""
    stats = [(os.fspath(command.resolve()), command.stat()) for command in engine.commands()]
    return json.dumps([engine_key(), [[path, stat.st_size, stat.st_mtime_ns] for path, stat in stats]])


def _must_be_checkout(root: Path) -> None:
    for name in ("pyproject.toml", "requirements.lock"):
        if not (root / name).is_file():
            raise WpfError(
                Text(f"this is no checkout of wpf-infra: it has no {name}",
                     f"wpf-infra のチェックアウトではありません: {name} がありません"),
                where=str(root),
                remedy=Text("run it in the folder of the Makefile, or name that folder with --root",
                            "Makefile のあるフォルダーで実行するか、--root で指定してください"),
            )  # fmt: skip


def _busy(holder: str) -> Text:
    return Text(
        f"this checkout is being set up by process {holder}; waiting for it",
        f"プロセス {holder} がこのチェックアウトを準備中です。終わるまで待ちます",
    )
