"""Way one: an engine that is on the PATH already.

Here: looking for it and judging it. Not here: links to engines in virtual environments, ours or another checkout's;
they are passed by, since they end with that checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from wpf_infra.language import Text
from wpf_infra.toolchain.engine import LANGUAGE_EXEC, LANGUAGE_HOST, PULUMI, Engine, is_command, version_of
from wpf_infra.toolchain.release import MINIMUM, version_text
from wpf_infra.toolchain.way import WayClosed


def engine_on_path(environ: Mapping[str, str]) -> Engine:
    """The first suitable engine on the PATH; `WayClosed` with what is wrong with those that are there."""
    folders = search_folders(environ)
    refusals: list[Text] = []
    for folder in folders:
        if is_command(folder / PULUMI):
            try:
                return _judged(folder, folders, environ)
            except WayClosed as closed:
                refusals.append(closed.reason)
    if not refusals:
        raise WayClosed(Text(f"no `{PULUMI}` there", f"`{PULUMI}` がありません"))
    raise WayClosed(
        Text("; ".join(refusal.en for refusal in refusals), "、".join(refusal.ja for refusal in refusals)),
    )


def search_folders(environ: Mapping[str, str]) -> list[Path]:
    """The folders of the PATH in order, without virtual environments."""
    folders = [Path(entry) for entry in environ.get("PATH", "").split(os.pathsep) if entry]
    return [folder for folder in folders if folder.is_absolute() and not (folder.parent / "pyvenv.cfg").exists()]


def _judged(folder: Path, folders: list[Path], environ: Mapping[str, str]) -> Engine:
    pulumi = folder / PULUMI
    try:
        version = version_of(pulumi, environ)
    except (OSError, ValueError, subprocess.SubprocessError):
        raise WayClosed(
            Text(f"{pulumi} does not say its version", f"{pulumi} がバージョンを答えません"),
        ) from None
    if version < MINIMUM:
        found, wanted = version_text(version), version_text(MINIMUM)
        raise WayClosed(
            Text(f"{pulumi} is {found}, older than {wanted}", f"{pulumi} は {found} で、{wanted} より古いものです"),
        )
    search = os.pathsep.join(str(place) for place in [folder, *folders])
    companions = {name: shutil.which(name, path=search) for name in (LANGUAGE_HOST, LANGUAGE_EXEC)}
    if absent := ", ".join(name for name, place in companions.items() if place is None):
        raise WayClosed(Text(f"{pulumi} comes without {absent}", f"{pulumi} に {absent} が付属していません"))
    return Engine(pulumi, Path(companions[LANGUAGE_HOST] or ""), Path(companions[LANGUAGE_EXEC] or ""))
