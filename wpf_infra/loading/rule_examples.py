"""The examples of rules: what breaks each, and the nearest thing that is right, as small changes of one small world.

Here: reading `policy/examples/*.yaml` and making of each change the catalogue it describes. Not here: judging it
(`wpf_infra.policy`) and showing it (`wpf_infra.cli.rules`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wpf_infra.calendar import instant
from wpf_infra.language import Text
from wpf_infra.loading.positions import Places
from wpf_infra.loading.tenant_file import TenantFile, tenant_from
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform
from wpf_infra.model.refusals import refusals

FOLDER = Path(__file__).parents[1] / "policy" / "examples"
SCHEMA = "schema"
"""The file of what the schema refuses, and the rule its findings carry."""
_BASE = "base"
_Patch = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """topic: its file's stem, the module of its rule; name: the rule's id, in `schema` any name; broken, kept: merge
    patches (RFC 7396) on the base; at: where a finding of the rule sits; also: rules that cannot but speak as well.
    title, row: what is kept, and the FAQ row, said in `schema` alone: elsewhere they are the rule's.
    """

    topic: str
    name: str
    broken: _Patch
    kept: _Patch
    at: str
    row: int | None = None
    title: Text | None = None
    also: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """What the finding's `rule` says."""
        return SCHEMA if self.topic == SCHEMA else self.name


@dataclass(frozen=True, slots=True)
class Staged:
    """A changed world, to be judged. catalogue: None where nothing can be judged; findings: the schema's."""

    catalogue: Catalogue | None
    findings: tuple[Finding, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Examples:
    """base: the world as data; every example, by topic and then as their files order them."""

    base: _Patch
    every: tuple[Example, ...]

    def staged(self, patch: _Patch) -> Staged:
        return _stage(patched(self.base, patch))

    def every_of_topic(self, topic: str) -> tuple[Example, ...]:
        return tuple(example for example in self.every if example.topic == topic)

    def of(self, rule: str) -> tuple[Example, ...]:
        return tuple(example for example in self.every if example.rule == example.name == rule)


def read_examples(folder: Path = FOLDER) -> Examples:
    """Every example in the folder. Raises Unreadable for a file that cannot be decoded."""
    base = _data(folder / f"{_BASE}.yaml")
    topics = sorted(path for path in folder.glob("*.yaml") if path.stem != _BASE)
    return Examples(base, tuple(_example(path.stem, name, of) for path in topics for name, of in _data(path).items()))


def patched(data: Any, patch: Any) -> Any:
    """The data with a merge patch applied (RFC 7396): null takes a key away, anything but a mapping replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(data) if isinstance(data, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


def _data(path: Path) -> dict[str, Any]:
    data = decode(path.read_bytes(), path.name).data
    assert isinstance(data, dict), path
    return data


def _example(topic: str, name: str, fields: Mapping[str, Any]) -> Example:
    title = Text(**fields["title"]) if "title" in fields else None
    return Example(topic, name, **{**fields, "title": title, "also": tuple(fields.get("also", ()))})


@dataclass(slots=True)
class _Stage:
    """What is gathered while the owners of a world are read."""

    tenants: dict[str, TenantFile] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    platform: Platform | None = None


def _stage(world: Mapping[str, Any]) -> Staged:
    stage = _Stage()
    now = instant(str(world["now"]), _BASE)
    for owner, data in world.items():
        if owner == PLATFORM:
            try:
                stage.platform = Platform.model_validate(data)
            except ValidationError as error:
                stage.findings += refusals(error, Platform, PLATFORM)
        elif owner not in ("now", "files"):
            found = tenant_from(data, Path(f"{owner}.yaml"), Places(f"{owner}.yaml", {}))
            stage.tenants[owner] = found
            stage.findings += found.findings
    if stage.platform is None:
        return Staged(None, tuple(stage.findings), now)
    catalogue = Catalogue(
        platform=stage.platform,
        tenants={name: found.tenant for name, found in stage.tenants.items() if found.tenant is not None},
        unjudged=frozenset(
            {path for found in stage.tenants.values() for path in found.left_out}
            | {name for name, found in stage.tenants.items() if found.tenant is None}
        ),
        otherwise={name: found.otherwise for name, found in stage.tenants.items() if found.otherwise is not None},
        anchors=_anchors(stage.tenants, world.get("files", {})),
    )
    return Staged(catalogue, tuple(stage.findings), now)


def _anchors(tenants: Mapping[str, TenantFile], files: Mapping[str, str]) -> dict[str, AnchorFile]:
    return {
        f"{owner}.trust.{name}": _anchor(anchor.pem_file, files)
        for owner, found in tenants.items()
        if found.tenant is not None
        for name, anchor in found.tenant.trust.items()
    }


def _anchor(name: str, files: Mapping[str, str]) -> AnchorFile:
    if name in files:
        return AnchorFile(name, files[name].encode())
    return AnchorFile(name, None, Text(en="there is no such file", ja="ファイルがありません"))
