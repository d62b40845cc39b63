"""What holds for the plans of everything that is no server: tenants, clusters, storage classes, firewall policies."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.golden import samples
from wpf_infra.calendar import TOKYO
from wpf_infra.model.availability import Power
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.resource import (
    ClusterResource,
    FirewallResource,
    Resource,
    StorageClassResource,
    TenantResource,
    VmResource,
)
from wpf_infra.plan import diff
from wpf_infra.plan.disturbance import Disturbance, Plan
from wpf_infra.plan.step import Build, Settle

NOW = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
_NAMES = st.sampled_from(("a", "b", "c", "d"))

_HOSTS = st.fixed_dictionaries({"cpu": st.sampled_from((16, 32)), "memory_gib": st.sampled_from((64, 128))})
_CLUSTERS = st.fixed_dictionaries(
    {
        "name": st.just("east"),
        "hosts": st.dictionaries(_NAMES, _HOSTS, min_size=2),
        "admission_control": st.sampled_from(({"failover_hosts": 1}, {"failover_hosts": 2}, {"reserved_percent": 25})),
    }
).map(ClusterResource.model_validate)
_GROUPS = st.fixed_dictionaries(
    {
        "cluster": st.sampled_from(("east", "west")),
        "disks": st.sampled_from((4, 6)),
        "disk_gb": st.sampled_from((1000, 2000)),
    }
)
_STORAGE_CLASSES = st.fixed_dictionaries(
    {"name": st.just("raid6"), "groups": st.dictionaries(_NAMES, _GROUPS, min_size=1)}
).map(StorageClassResource.model_validate)
_TENANTS = st.fixed_dictionaries(
    {
        "tenant": st.just("hill"),
        "owner": st.sampled_from(("utility", "vendor")),
        "name": st.sampled_from(({"ja": "丘", "en": "Hill"}, {"ja": "岡", "en": "Hill"})),
        "cluster": st.sampled_from(("east", "west")),
        "network": st.sampled_from(({"cidr": "10.64.1.0/24", "vlan": 101}, {"cidr": "10.64.1.0/24", "vlan": 102})),
        "quota": st.fixed_dictionaries(
            {"cpu": st.sampled_from((8, 16)), "memory_gib": st.just(64), "storage_gb": st.just(1000)}
        ),
    }
).map(TenantResource.model_validate)
_ALLOWANCES = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(("in", "out")),
        "peer": st.sampled_from(("apps", "beta", "platform", None)),
        "source": st.sampled_from(("10.64.1.11/32", "10.64.1.12/32")),
        "destination": st.just("10.96.1.10/32"),
        "ports": st.sampled_from((["tcp/443"], ["icmp", "tcp/443"])),
        "reason": st.sampled_from(("telemetry", "maintenance")),
    }
)
_FIREWALLS = st.fixed_dictionaries(
    {
        "tenant": st.just("hill"),
        "network": st.sampled_from(("10.64.1.0/24", "10.64.0.0/23")),
        "lines": st.dictionaries(_NAMES, st.sampled_from(("10.160.1.0/28", "10.176.1.0/28"))),
        "allowances": st.dictionaries(_NAMES.map("hill/{}".format), _ALLOWANCES),
    }
).map(FirewallResource.model_validate)

_STRATEGIES = (_CLUSTERS, _STORAGE_CLASSES, _TENANTS, _FIREWALLS)
RESOURCES_OF_ONE_KIND = st.sampled_from(_STRATEGIES)
PAIRS = RESOURCES_OF_ONE_KIND.flatmap(lambda each: st.tuples(each, each))
_MAPPINGS = ("hosts", "groups", "lines", "allowances")


def _reversed(resource: Resource) -> Resource:
    return resource.model_copy(
        update={name: dict(reversed(getattr(resource, name).items())) for name in _MAPPINGS if hasattr(resource, name)}
    )


@given(RESOURCES_OF_ONE_KIND.flatmap(lambda each: each))
def test_what_stands_as_declared_has_an_empty_plan(declared: Resource) -> None:
    assert diff(Observed(declared), declared, declared, NOW) == Plan(declared.identity)


@given(PAIRS)
def test_what_differs_is_said_and_settled_once_or_refused(pair: tuple[Resource, Resource]) -> None:
    stands, declared = pair
    plan = diff(Observed(stands), declared, stands, NOW)
    assert bool(plan.changes) is (stands != declared)
    assert plan.steps == ((Settle(declared),) if plan.changes and not plan.blocking else ())


@given(PAIRS)
def test_nobodys_server_is_stopped_and_nothing_erased(pair: tuple[Resource, Resource]) -> None:
    plan = diff(Observed(pair[0]), pair[1], pair[0], NOW)
    assert {change.disturbance for change in plan.changes} <= {
        Disturbance.NONE,
        Disturbance.ONLINE,
        Disturbance.REFUSED,
    }


@given(PAIRS)
def test_the_order_of_hosts_groups_and_allowances_never_matters(pair: tuple[Resource, Resource]) -> None:
    stands, declared = pair
    plan = diff(Observed(stands), declared, None, NOW)
    assert diff(Observed(_reversed(stands)), _reversed(declared), None, NOW) == plan


@given(RESOURCES_OF_ONE_KIND.flatmap(lambda each: each))
def test_what_is_gone_is_built(declared: Resource) -> None:
    plan = diff(None, declared, declared, NOW)
    assert plan.steps == (Build(declared),)
    assert plan.worst is Disturbance.ONLINE


def test_a_plan_between_two_kinds_is_a_fault_of_ours() -> None:
    for declared in samples():
        for stands in samples():
            if type(stands) is not type(declared):
                observed = ObservedVm(stands, Power.ON) if isinstance(stands, VmResource) else Observed(stands)
                with pytest.raises(TypeError, match="different kinds"):
                    diff(observed, declared, None, NOW)
