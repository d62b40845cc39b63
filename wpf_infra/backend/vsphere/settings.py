"""`wpf:vsphere`: which vCenter, whose account, which datacenter, and by what its certificate is trusted.

Here: the configuration as a value, and what is wrong with one. Not here: reading the files it names, and the way there
(`connection`). Nothing here ever holds the password where it could be printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, visible

DEFAULT_PORT = 443
WHERE = "wpf:vsphere"
PASSWORD_VARIABLE = "WPF_VSPHERE_PASSWORD"  # noqa: S105 - a name
"""For many stacks on one vCenter: what is no secret stands in Pulumi.yaml, and the password is kept once."""
_NEEDED = ("host", "user", "password", "datacenter")
_KEYS = frozenset({*_NEEDED, "ca_file", "insecure"})
_HOST = re.compile(r"(?P<name>[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_SWITCH = {True: True, False: False, "true": True, "false": False}
_TO_TYPE = {
    "host": "`pulumi config set --path wpf:vsphere.host vcenter.example.jp`",
    "user": "`pulumi config set --path wpf:vsphere.user wpf@vsphere.local`",
    "password": f"`pulumi config set --path --secret wpf:vsphere.password`, or the variable {PASSWORD_VARIABLE}",
    "datacenter": "`pulumi config set --path wpf:vsphere.datacenter NAME`",
    "ca_file": "`pulumi config set --path wpf:vsphere.ca_file FILE.pem`",
    "insecure": "`pulumi config set --path wpf:vsphere.insecure true`",
}


@dataclass(frozen=True, slots=True)
class VsphereSettings:
    """host: `name` or `name:port`; datacenter: its name, or its path through the folders above it; ca_file: PEM, else
    the system's authorities; insecure: any certificate is taken.
    """

    host: str
    user: str
    password: str = field(repr=False)
    datacenter: str
    ca_file: Path | None = None
    insecure: bool = False

    @property
    def address(self) -> tuple[str, int]:
        """The host's name and port, to connect to; IPv6 without its brackets."""
        match = _HOST.fullmatch(self.host)
        assert match is not None, "parsed before"
        return match["name"].strip("[]"), int(match["port"] or DEFAULT_PORT)

    @property
    def location(self) -> str:
        """Where this is, for records and messages: `vsphere:vcenter.example.jp/Tokyo`. A record ends it with a `#`."""
        return f"vsphere:{self.host}/{self.datacenter}".replace("%", "%25").replace("#", "%23")


def vsphere_settings(options: object, root: Path, password: str | None = None) -> VsphereSettings:
    """The settings in `wpf:vsphere`. options: a JSON string (the engine's way) or an object (Pulumi.yaml's); root: the
    project's folder, where a relative `ca_file` starts; password: where the configuration has none. Reads no file.
    Raises Unreadable.
    """
    given = _object(options)
    if password and given.get("password") in (None, ""):
        given = {**given, "password": password}
    if unknown := sorted(visible(str(key)) for key in given.keys() - _KEYS):
        names = ", ".join(unknown)
        keys = ", ".join((*_NEEDED, "ca_file", "insecure"))
        raise Unreadable(
            Text(en=f"unknown key {names}", ja=f"未知のキー {names} があります"),
            where=WHERE,
            remedy=Text(
                en=f"`pulumi config rm --path wpf:vsphere.{unknown[0]}`; its keys are {keys}",
                ja=f"`pulumi config rm --path wpf:vsphere.{unknown[0]}` を実行してください。使えるキーは {keys} です",
            ),
        )
    if missing := [key for key in _NEEDED if given.get(key) in (None, "")]:
        names = ", ".join(missing)
        raise _to_set(Text(en=f"{names} missing", ja=f"{names} がありません"), *missing)
    ca_file = _text(given, "ca_file") if given.get("ca_file") not in (None, "") else None
    return VsphereSettings(
        host=_host(_text(given, "host")),
        user=_text(given, "user"),
        password=_text(given, "password", strip=False),
        datacenter=_text(given, "datacenter"),
        ca_file=root / ca_file if ca_file else None,
        insecure=_insecure(given.get("insecure", False)),
    )


def _object(options: object) -> Mapping[str, Any]:
    if isinstance(options, str):
        try:
            options = json.loads(options)
        except (ValueError, RecursionError):
            options = None
    if not isinstance(options, Mapping):
        raise _to_set(Text(en="this is not an object", ja="オブジェクトではありません"), *_NEEDED)
    return options


def _text(given: Mapping[str, Any], key: str, *, strip: bool = True) -> str:
    """A value as text. The engine's command turns words of digits into numbers; they are words again here."""
    value = given[key]
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    text = text.strip() if strip else text
    if not text or "\0" in text:
        raise _to_set(Text(en=f"{key} is not a text", ja=f"{key} が文字列ではありません"), key)
    return text


def _host(text: str) -> str:
    match = _HOST.fullmatch(text)
    if match is None or not 0 < int(match["port"] or DEFAULT_PORT) < 65536:
        raise _to_set(
            Text(
                en=f"host {visible(text)!r} is not a name or name:port, without https:// and path",
                ja=f"host {visible(text)!r} は「名前」または「名前:ポート」ではありません"
                "（https:// やパスは付けません）",
            ),
            "host",
        )
    return text


def _insecure(value: object) -> bool:
    if isinstance(value, bool | str) and value in _SWITCH:
        return _SWITCH[value]
    raise _to_set(
        Text(en="insecure is neither true nor false", ja="insecure が true でも false でもありません"), "insecure"
    )


def _to_set(what: Text, *keys: str) -> Unreadable:
    commands = [_TO_TYPE[key] for key in keys]
    return Unreadable(
        what, where=WHERE, remedy=Text(en=", ".join(commands), ja=f"{'、'.join(commands)} を実行してください")
    )
