"""Which backend a stack is carried by, from its configuration.

Here: reading the choice, and opening what was chosen (imported only then). Not here: any backend.
"""

from __future__ import annotations

import getpass
import json
import os
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wpf_infra.backend.contract import Backend
from wpf_infra.backend.vsphere.settings import PASSWORD_VARIABLE, VsphereSettings, vsphere_settings
from wpf_infra.calendar import NOW_VARIABLE, TOKYO, instant
from wpf_infra.errors import Unreadable, Unsupported
from wpf_infra.language import Text, visible

if TYPE_CHECKING:
    from wpf_infra.backend.whole import Whole

DEFAULT_PATH = ".wpf/simulator.db"
ACTOR_VARIABLE = "WPF_ACTOR"
REASON_VARIABLE = "WPF_REASON"
"""Who and why, for the audit trail."""


def open_backend(
    config: Mapping[str, Any], root: Path, identity: str | None = None, *, now: Callable[[], datetime] | None = None
) -> Whole:
    """The platform that `config` names: machines, registry and issuer. As `open_machines`; now: the platform's moment,
    where it is not the configuration's. Raises Unreadable.
    """
    from wpf_infra.backend.issuer.issuer import Issuer
    from wpf_infra.backend.issuer.passphrase import VARIABLE
    from wpf_infra.backend.registry.registry import Registry
    from wpf_infra.backend.whole import Whole

    machines = open_machines(config, root, identity)

    def world() -> str | None:
        return identity or machines.identity()

    moment, beside = now or clock(config), _beside(config, root)
    registry = Registry(registry_url(config, root), world=world, now=moment)
    issuer = Issuer(beside / "issuer", world=world, now=moment, passphrase=os.environ.get(VARIABLE))
    return Whole(
        machines,
        registry,
        issuer,
        actor=os.environ.get(ACTOR_VARIABLE) or _user(),
        reason=os.environ.get(REASON_VARIABLE),
    )


def registry_url(config: Mapping[str, Any], root: Path) -> str:
    """SQLAlchemy's; a file beside the simulator's where none is configured."""
    url = config.get("registry")
    return str(url) if url else f"sqlite:///{_beside(config, root) / 'registry.db'}"


def clock(config: Mapping[str, Any]) -> Callable[[], datetime]:
    """The platform's moment: as `WPF_NOW` or `wpf:now` pins it, else the clock's, in Asia/Tokyo. Raises Unreadable."""
    pinned = os.environ.get(NOW_VARIABLE) or config.get("now")
    moment = instant(str(pinned), "wpf:now") if pinned else None
    return lambda: moment or datetime.now(TOKYO)


def _beside(config: Mapping[str, Any], root: Path) -> Path:
    """The folder of what a platform keeps beside its machines."""
    return (root / (DEFAULT_PATH if _chosen(config) == "vsphere" else simulator_path(config))).parent


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as nobody it knows
        return str(os.getuid())


def open_machines(config: Mapping[str, Any], root: Path, identity: str | None = None) -> Backend:
    """The backend of the machines that `config` names. config: keys without their namespace (`backend`, `simulator`,
    `vsphere`), the objects as JSON strings (the engine's way) or as they are (Pulumi.yaml's); root: the folder of
    Pulumi.yaml; identity: the name for life of one that is yet to be made. Nothing is opened yet. Raises Unreadable.
    """
    if _chosen(config) == "vsphere":
        settings = _vsphere(config, root)
        from wpf_infra.backend.vsphere.backend import Vsphere

        return Vsphere(settings)
    path = simulator_path(config)
    from wpf_infra.backend.simulator.backend import Simulator

    return Simulator(root / path, identity=identity)


def _vsphere(config: Mapping[str, Any], root: Path) -> VsphereSettings:
    return vsphere_settings(config.get("vsphere"), root, os.environ.get(PASSWORD_VARIABLE))


def new_identity() -> str:
    """A name for life for a backend that is yet to be made. Only a simulator ever is: a vCenter has a name, or does not
    answer.
    """
    return f"simulator:{uuid.uuid4()}"


def location(config: Mapping[str, Any]) -> str:
    """Where the backend is, as a stack records it: `simulator:.wpf/simulator.db`, `vsphere:HOST/DATACENTER`. Holds no
    secret. Raises Unreadable.
    """
    if _chosen(config) == "vsphere":
        return _vsphere(config, Path()).location
    return f"simulator:{simulator_path(config)}"


def simulator_path(config: Mapping[str, Any]) -> str:
    """The simulator's file, relative to the project or absolute. Raises Unreadable, Unsupported for another backend."""
    if _chosen(config) != "simulator":
        raise Unsupported(
            Text(
                en="this project's backend is a vCenter: there is no simulator",
                ja="このプロジェクトのバックエンドはvCenterです。シミュレータはありません",
            ),
            where="wpf:backend",
            remedy=_USE_SIMULATOR,
        )
    return _path(config.get("simulator", {}))


def _chosen(config: Mapping[str, Any]) -> str:
    chosen = config.get("backend", "simulator")
    if chosen not in ("simulator", "vsphere"):
        raise Unreadable(
            Text(
                en=f"there is no backend {chosen!r}: it is `simulator` or `vsphere`",
                ja=f"バックエンド {chosen!r} はありません。`simulator` か `vsphere` です",
            ),
            where="wpf:backend",
            remedy=_USE_SIMULATOR,
        )
    return str(chosen)


def _path(options: object) -> str:
    if isinstance(options, str):
        try:
            options = json.loads(options)
        except (ValueError, RecursionError):
            options = None
    if not isinstance(options, dict):
        raise _not_understood(Text(en="this is not an object", ja="オブジェクトではありません"))
    if unknown := sorted(map(str, options.keys() - {"path"})):
        names = visible(", ".join(unknown))
        raise _not_understood(Text(en=f"unknown key {names}", ja=f"未知のキー {names} があります"))
    path = options.get("path", DEFAULT_PATH)
    if not isinstance(path, str) or not path.strip() or "\0" in path:
        raise _not_understood(Text(en="path is not a file's path", ja="path がファイルのパスではありません"))
    return path


def _not_understood(what: Text) -> Unreadable:
    return Unreadable(
        what,
        where="wpf:simulator",
        remedy=Text(
            en=f"`pulumi config set --path wpf:simulator.path {DEFAULT_PATH}`, or leave it out",
            ja=f"`pulumi config set --path wpf:simulator.path {DEFAULT_PATH}` とするか、設定を削除してください",
        ),
    )


_USE_SIMULATOR = Text(
    en="`pulumi config set wpf:backend simulator`, or `pulumi config rm wpf:backend`",
    ja="`pulumi config set wpf:backend simulator` または `pulumi config rm wpf:backend` を実行してください",
)
