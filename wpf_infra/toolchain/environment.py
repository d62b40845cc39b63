"""The variables a checkout's engine runs with, and the commands it consists of.

Here: which variables, their values, and whose word counts: a value of the person's own stays. Not here: writing them
into the activate script (`activation`), and running anything.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.toolchain import host_python
from wpf_infra.toolchain.engine import Engine
from wpf_infra.toolchain.state import passphrase_file, state_folder

MARK = "WPF_SET_"
"""Before a variable's name: what a checkout set it to. While both agree the value is a checkout's, not the person's."""

BACKEND = "PULUMI_BACKEND_URL"
PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"  # noqa: S105  # the names of variables
PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE_FILE"  # noqa: S105

DISPLACED_BY: Mapping[str, tuple[str, ...]] = {
    BACKEND: (BACKEND,),
    PASSPHRASE_FILE: (PASSPHRASE_FILE, PASSPHRASE),
    "PULUMI_PYTHON_CMD": ("PULUMI_PYTHON_CMD",),
    "PULUMI_SKIP_UPDATE_CHECK": ("PULUMI_SKIP_UPDATE_CHECK",),
}
"""Each variable a checkout sets, with those of the person's that keep it from being set."""


def checkout_variables(root: Path) -> dict[str, str]:
    """The variables of a checkout, each with this checkout's value. The order is that of the activate script."""
    values = {
        BACKEND: state_folder(root).as_uri(),
        PASSPHRASE_FILE: str(passphrase_file(root)),
        "PULUMI_PYTHON_CMD": str(_bin(root) / host_python.NAME),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    assert values.keys() == DISPLACED_BY.keys()
    return values


def engine_environment(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The whole environment to run `pulumi` in for the checkout at `root`, as its activated shell has it.

    The checkout's `bin` comes first on the PATH: the language host runs the first `python` it finds there.
    """
    root = root.absolute()
    own = _own(environ)
    values = {
        name: value
        for name, value in checkout_variables(root).items()
        if not any(displacer in own for displacer in DISPLACED_BY[name])
    }
    own.pop("PYTHONHOME", None)
    marks = {MARK + name: value for name, value in values.items()}
    return own | values | marks | {
        "VIRTUAL_ENV": str(root / ".venv"),
        "PATH": _with_first(_bin(root), environ.get("PATH", os.defpath)),
    }  # fmt: skip


def engine_commands(root: Path) -> Engine:
    """The engine of the checkout at `root`; `WpfError` where it is not set up."""
    engine = Engine.in_folder(_bin(root.absolute()))
    if missing := ", ".join(engine.missing()):
        raise WpfError(
            Text(f"this checkout is not set up: {missing} missing", f"準備ができていません: {missing} がありません"),
            where=str(_bin(root.absolute())),
            remedy=Text("run `make up`", "`make up` を実行してください"),
        )
    return engine


def brings_passphrase(environ: Mapping[str, str]) -> bool:
    """Whether the person has a passphrase of their own set."""
    return any(name in _own(environ) for name in DISPLACED_BY[PASSPHRASE_FILE])


def _own(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what a checkout has set, this one or another whose shell is active."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(MARK) and environ.get(MARK + name) != value
    }


def _bin(root: Path) -> Path:
    return root / ".venv" / "bin"


def _with_first(folder: Path, path: str) -> str:
    return os.pathsep.join([str(folder), *(entry for entry in path.split(os.pathsep) if entry != str(folder))])
