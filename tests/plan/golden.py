"""The golden cases of `tests/golden/plan/*.yaml`: what stands, what was recorded and what is declared → the plan.

`objects.yaml` holds whole declarations, by a name of their own; every other file a list of cases. A case takes one
`object` and says what differs from it: `observed` (or `gone`), `recorded` (or `none`: nothing was), `declared` (or
`left out`). Mappings are merged into the object's, null takes a key away. `live` is what only reality has (`power`,
`built`, `restart_owed`). `en`, `ja`, `notes` (of both languages) and `steps` are the plan, exactly. To add a case,
write it without these: its failure prints them, to be read before they are pasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from netaddr import IPAddress

from wpf_infra.language import Language
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model.availability import Power
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Kind
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.resource import RESOURCES, Resource, VmResource
from wpf_infra.plan import diff
from wpf_infra.plan.deletion import diff_deletion
from wpf_infra.plan.disturbance import Plan
from wpf_infra.plan.step import Build, Settle, Step, TellGuest

FOLDER = Path(__file__).parents[1] / "golden" / "plan"
OBJECTS = FOLDER / "objects.yaml"
NOW = "2026-11-24T10:00:00+09:00"


@dataclass(frozen=True)
class Golden:
    name: str
    object: Mapping[str, Any]
    case: Mapping[str, Any]

    def plan(self) -> Plan:
        now = datetime.fromisoformat(self.case.get("now", NOW))
        recorded = None if self.case.get("recorded") == "none" else self._resource("recorded")
        if self.case.get("declared") == "left out":
            assert recorded is not None
            return diff_deletion(self._observed(), recorded, now.date())
        return diff(self._observed(), self._resource("declared"), recorded, now)

    def expected(self) -> dict[str, list[str]]:
        return {key: self.case.get(key, []) for key in ("en", "ja", "notes", "steps")}

    def _resource(self, side: str) -> Resource:
        whole = merged(self.object, self.case.get(side) or {})
        return RESOURCES[Kind(whole.pop("kind"))].model_validate(whole)

    def _observed(self) -> Observed | None:
        if self.case.get("observed") == "gone":
            return None
        resource = self._resource("observed")
        if not isinstance(resource, VmResource):
            return Observed(resource)
        live = {"power": "on", **self.case.get("live", {})}
        return ObservedVm(resource.as_observed(), **{**live, "power": Power(live["power"])})


def cases() -> Iterator[Golden]:
    objects = decode(OBJECTS.read_bytes(), OBJECTS.name).data
    for file in sorted(set(FOLDER.glob("*.yaml")) - {OBJECTS}):
        for case in decode(file.read_bytes(), file.name).data:
            yield Golden(f"{file.stem}: {case['case']}", objects[case["object"]], case)


def samples() -> tuple[Resource, ...]:
    """The objects that cases start from."""
    objects = decode(OBJECTS.read_bytes(), OBJECTS.name).data
    return tuple(RESOURCES[Kind(each.pop("kind"))].model_validate(each) for each in objects.values())


def said(plan: Plan) -> dict[str, list[str]]:
    """The plan as a case writes it."""
    return {
        "en": list(plan.lines(Language.ENGLISH)),
        "ja": list(plan.lines(Language.JAPANESE)),
        "notes": [note for language in Language for note in plan.note_lines(language)],
        "steps": [_step(step) for step in plan.steps],
    }


def as_yaml(lines: Mapping[str, list[str]]) -> str:
    """To paste into a case."""
    return yaml.safe_dump(dict(lines), allow_unicode=True, sort_keys=False, width=10_000)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(base)
    for key, value in over.items():
        if value is None:
            whole.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(whole.get(key), Mapping):
            whole[key] = merged(whole[key], value)
        else:
            whole[key] = value
    return whole


def _step(step: Step) -> str:
    """`Reconfigure cpu=4 owe_restart`: the fields that say something. What is built or settled is what is declared."""
    if isinstance(step, Build | Settle | TellGuest):
        return type(step).__name__
    parts = [type(step).__name__]
    for each in fields(step):
        value = getattr(step, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if value != default or each.default is MISSING is each.default_factory:
            parts.append(each.name if value is True else f"{each.name}={_short(value)}")
    return " ".join(parts)


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{_short(item)}" for name, item in sorted(value.items()))
    if isinstance(value, Disk):
        return f"{value.size_gb}GB/{value.storage_class}"
    return str(value) if isinstance(value, int | str | IPAddress) else repr(value)
