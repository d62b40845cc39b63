"""One mistake is one finding: what the schema refused is neither taken for unwritten nor hides what is beside it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.samples import GONE, NOW, catalogue, world
from wpf_infra.loading.positions import Places
from wpf_infra.loading.rule_examples import read_examples
from wpf_infra.loading.tenant_file import TenantFile, tenant_from
from wpf_infra.model import Catalogue
from wpf_infra.policy import judge

U, V = "minami-suido", "kawa-systems"
APP, LINE, CAR, GATEWAY = f"{U}.vms.app-1", f"{U}.lines.north", f"{U}.lines.car", f"{U}.gateways.north-gw"
SQL = f"{APP}.software"
EXAMPLES = read_examples()


def found(data: dict[str, Any], owner: str, whole: Catalogue) -> tuple[TenantFile, Catalogue]:
    """The tenant's file, and the whole with it in place of the tenant that is there."""
    file = tenant_from(data, Path(f"{owner}.yaml"), Places(f"{owner}.yaml", {}))
    tenants = {name: tenant for name, tenant in whole.tenants.items() if name != owner}
    if file.tenant is not None:
        tenants[owner] = file.tenant
    unread = file.left_out | (frozenset() if file.tenant is not None else {owner})
    otherwise = {} if file.otherwise is None else {owner: file.otherwise}
    return file, Catalogue(whole.platform, tenants, unjudged=unread, otherwise=otherwise, anchors=whole.anchors)


ALONE: tuple[dict[str, Any], ...] = (
    {SQL: {"sqlserver-standard": {"licence": "vendor", "software_assurance": "yes"}}},
    {SQL: {"sqlserver-standard": {"licence": "vendor", "software_asurance": True}}},
    {SQL: {"other": {"licence": "vendor", "confirmed": "yesterday"}}},
    {SQL: {"sqlserver-standard": {"licence": "ours", "software_assurance": True}}},
    {f"{LINE}.delivered": "Nov 12"},
    {f"{LINE}.delivered": GONE, f"{LINE}.delivred": "2026-08-31"},
    {f"{LINE}.ordered": "2026-08-01", f"{LINE}.agreed": {"by": "sato"}},
    {f"{CAR}.ordered": "2026-08-20", f"{CAR}.agreed": "yes"},
    {f"{CAR}.ordered": "July"},
    {f"{APP}.retire": {"ordered": "2026-11-20", "ends": "2026-11-30", "agreed": {"by": "sato", "on": "2026-11-20"}}},
    {f"{APP}.retire": {"ordered": "November", "ends": "November"}},
    {f"{APP}.retire": {"wrong": 1}},
    {
        f"{GATEWAY}.agent": "yes",
        f"{GATEWAY}.monitoring": {"web": {"kind": "process", "process": "web", "severity": "major"}},
    },
    {f"{APP}.power": "On", f"{APP}.power_reason": "handing over"},
    {f"{APP}.anti_affinity": "App 1"},
    {f"{APP}.cpu": "four"},
    {f"{APP}.memory_gib": GONE},
    {f"{APP}.disks.system.size_gb": "100GB"},
    {f"{U}.network.vlan": "x"},
    {f"{U}.kind": "customer"},
    {f"{U}.vendor": "Kawa Systems"},
)


@pytest.mark.parametrize("changes", ALONE, ids=str)
def test_what_was_refused_is_not_taken_for_unwritten(changes: dict[str, Any]) -> None:
    """FAQ-13, FAQ-18, FAQ-23, FAQ-26, FAQ-30"""
    file, whole = found(world(changes)[U], U, catalogue())
    assert file.findings
    assert file.tenant is not None
    assert [f"{each.rule} {each.path}" for each in judge(whole, NOW)] == []


BESIDE: tuple[tuple[dict[str, Any], str], ...] = (
    ({f"{APP}.cpu": "four", f"{APP}.disks.system.size_gb": 200}, f"disk-size-menu {APP}.disks.system.size_gb"),
    ({f"{APP}.cpu": GONE, f"{APP}.os": "beos"}, f"os-menu {APP}.os"),
    ({f"{U}.notify": ["a", "b"], f"{APP}.cpu": 3}, f"cpu-menu {APP}.cpu"),
    ({f"{U}.kind": "customer", f"{APP}.cpu": 3}, f"cpu-menu {APP}.cpu"),
    ({f"{U}.network.vlan": "x", f"{APP}.address": "10.64.2.11"}, f"address-in-network {APP}.address"),
    ({f"{CAR}.ordered": "July", f"{CAR}.wifi_clients": 17}, f"wifi-clients {CAR}.wifi_clients"),
    ({f"{LINE}.delivered": GONE, f"{LINE}.spare_router": "yes"}, f"fixed-line-overdue {LINE}.wanted"),
    ({f"{U}.quota.cpu": "x", f"{U}.quota.memory_gib": 8, f"{APP}.cpu": 3}, f"cpu-menu {APP}.cpu"),
    ({f"{APP}.cpu": "four", f"{U}.quota.memory_gib": 8}, f"quota {U}.quota.memory_gib"),
)


@pytest.mark.parametrize(("changes", "said"), BESIDE, ids=str)
def test_what_stands_beside_it_is_judged(changes: dict[str, Any], said: str) -> None:
    file, whole = found(world(changes)[U], U, catalogue())
    assert file.findings
    assert [f"{each.rule} {each.path}" for each in judge(whole, NOW)] == [said]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*path, key))


@pytest.mark.parametrize("junk", ["?!", ["?!"], 0.5, None], ids=str)
@pytest.mark.parametrize("owner", ["higashi-suido", "aqua-systems"])
def test_no_single_mistake_of_form_makes_a_rule_speak(owner: str, junk: Any) -> None:
    """Everywhere in the small world of the examples, to which no rule objects."""
    staged = EXAMPLES.staged({})
    assert staged.catalogue is not None
    refused = 0
    for path in places(EXAMPLES.base[owner]):
        data = deepcopy(EXAMPLES.base[owner])
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = deepcopy(junk)
        file, whole = found(data, owner, staged.catalogue)
        if file.findings:
            refused += 1
            assert [f"{each.rule} {each.path}" for each in judge(whole, staged.now)] == [], path
    assert refused > 20
