"""Situations that a server's plan may meet, for hypothesis: what stands, what was recorded, what is declared, the day.

Here: strategies over a small menu, so that things coincide often. Not here: what must hold in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.plan.interpreter import seen
from wpf_infra.calendar import TOKYO
from wpf_infra.model.availability import Power
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.plan import diff
from wpf_infra.plan.disturbance import Plan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
_SIZES = (100, 300, 500)
_NAMES = ("system", "data", "logs")


@dataclass(frozen=True)
class Situation:
    observed: ObservedVm
    recorded: VmResource | None
    desired: VmResource

    def plan(self) -> Plan:
        return diff(self.observed, self.desired, self.recorded, NOW)


def _days() -> st.SearchStrategy[str]:
    return st.integers(-40, 40).map(lambda days: (TODAY + timedelta(days=days)).isoformat())


_RETIREMENTS = st.fixed_dictionaries({"ordered": st.just("2026-09-01"), "ends": _days()})
_CONSENTS = st.none() | st.fixed_dictionaries({"by": st.just("Kato"), "on": _days()})
_DISKS = st.dictionaries(
    st.sampled_from(_NAMES),
    st.fixed_dictionaries(
        {
            "size_gb": st.sampled_from(_SIZES),
            "storage_class": st.sampled_from(("raid6", "raid6", "raid6", "other")),
            "retire": st.none() | _RETIREMENTS,
        }
    ),
    min_size=1,
)


_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "cluster": st.sampled_from(("east", "east", "east", "west")),
    "os": st.sampled_from(("rhel-9", "rhel-9", "rhel-9", "rhel-8")),
    "cpu": st.sampled_from((2, 4)),
    "memory_gib": st.sampled_from((8, 16)),
    "address": st.sampled_from(("10.64.1.11", "10.64.1.12")),
    "restart_priority": st.sampled_from(("medium", "high")),
    "anti_affinity": st.sampled_from((None, "app")),
    "disks": _DISKS,
    "from_image": st.sampled_from((None, None, None, "golden")),
    "power": st.sampled_from((None, None, None, "on", "off")),
    "power_reason": st.sampled_from((None, "a pump failed")),
    "consent": _CONSENTS,
    "retire": st.none() | _RETIREMENTS,
}
_SERVERS = st.fixed_dictionaries(_FIELDS)


def servers(owner: OwnerKind) -> st.SearchStrategy[VmResource]:
    """A declaration; all of one owner are of one server."""
    return _SERVERS.map(lambda fields: _server(owner, fields))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Anything may differ from anything; mostly little does."""
    owner = draw(st.sampled_from(OwnerKind))
    desired = draw(_SERVERS)
    recorded = draw(st.sampled_from((True, True, True, False)))
    return Situation(
        ObservedVm(
            seen(_server(owner, _altered(draw, desired))),
            power=draw(st.sampled_from(Power)),
            built=draw(st.sampled_from((True, True, True, False))),
            restart_owed=draw(st.sampled_from((False, False, False, True))),
        ),
        recorded=_server(owner, _altered(draw, desired)) if recorded else None,
        desired=_server(owner, desired),
    )


def _altered(draw: st.DrawFn, fields: Mapping[str, Any]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(_FIELDS)), min_size=1, max_size=5, unique=True))
    return {**fields, **{name: draw(_FIELDS[name]) for name in names}}


def _server(owner: OwnerKind, fields: Mapping[str, Any]) -> VmResource:
    return VmResource.model_validate({"tenant": "hill", "owner": owner, "name": "app-1", **fields})
