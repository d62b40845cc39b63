"""Situations that a server's plan may meet, for hypothesis: what stands, what was recorded, what is declared, the day.

Here: strategies over a small menu, so that things coincide often. Not here: what must hold in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.plan.interpreter import seen
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.model.vm import Power, RestartPriority
from wpf_infra.plan import diff
from wpf_infra.plan.disturbance import Plan

TODAY = date(2026, 11, 24)
_SIZES = (100, 300, 500)
_NAMES = ("system", "data", "logs")


@dataclass(frozen=True)
class Situation:
    observed: ObservedVm
    recorded: VmResource | None
    desired: VmResource

    def plan(self) -> Plan:
        return diff(self.observed, self.desired, self.recorded, TODAY)


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


@st.composite
def servers(draw: st.DrawFn, owner: OwnerKind) -> VmResource:
    """A declaration; all of one owner are of one server."""
    return VmResource.model_validate(
        {
            "tenant": "hill",
            "owner": owner,
            "name": "app-1",
            "cluster": draw(st.sampled_from(("east", "east", "east", "west"))),
            "os": draw(st.sampled_from(("rhel-9", "rhel-9", "rhel-9", "rhel-8"))),
            "cpu": draw(st.sampled_from((2, 4))),
            "memory_gib": draw(st.sampled_from((8, 16))),
            "address": draw(st.sampled_from(("10.64.1.11", "10.64.1.12"))),
            "restart_priority": draw(st.sampled_from(RestartPriority)),
            "anti_affinity": draw(st.sampled_from((None, "app"))),
            "disks": draw(_DISKS),
            "consent": draw(_CONSENTS),
            "retire": draw(st.none() | _RETIREMENTS),
        }
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Anything may differ from anything; mostly little does."""
    owner = draw(st.sampled_from(OwnerKind))
    desired = draw(servers(owner))
    recorded = _mixed(draw, desired, draw(servers(owner)))
    observed = _mixed(draw, desired, draw(servers(owner)))
    return Situation(
        ObservedVm(
            seen(observed),
            power=draw(st.sampled_from(Power)),
            built=draw(st.sampled_from((True, True, True, False))),
            restart_owed=draw(st.sampled_from((False, False, False, True))),
        ),
        recorded=draw(st.sampled_from((recorded, recorded, recorded, None))),
        desired=desired,
    )


def _mixed(draw: st.DrawFn, mostly: VmResource, other: VmResource) -> VmResource:
    """`mostly`, with a few fields of `other`."""
    fields = draw(st.sets(st.sampled_from(sorted(set(VmResource.model_fields) - {"tenant", "owner", "name"}))))
    return mostly.model_copy(update={name: getattr(other, name) for name in fields})
