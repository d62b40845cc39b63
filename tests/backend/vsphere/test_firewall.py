"""A policy on its tenant's portgroup: one task, others' rules and settings untouched, nobody's change lost (FAQ-22)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Literal

import pytest
from pyVmomi import vim

from tests.backend.vsphere.rack import Process, processes
from tests.backend.vsphere.test_filter import foreign
from tests.contract import estate
from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.vsphere.firewall import ATTEMPTS, check, remove_firewall
from wpf_infra.errors import NotFound, Refused, Transient
from wpf_infra.model.resource import FirewallResource

POLICY = estate.policy({"telemetry": "telemetry"})
MORE = estate.policy({"telemetry": "a better reason", "update": "updates"})


def portgroup_of(process: Process, tenant: str = "hill") -> Any:
    found = process.ground().room(tenant).portgroup
    assert found is not None
    return found


def rules_of(process: Process) -> list[Any]:
    filters = portgroup_of(process).port_config.filterPolicy.filterConfig
    return list(filters[0].trafficRuleset.rules or ()) if filters else []


def reconfigure(people: Process, change: Callable[[Any], None]) -> None:
    """Change the settings of the tenant's portgroup by hand, with the version that they were read at."""
    portgroup = portgroup_of(people)
    settings = copy.deepcopy(portgroup.port_config)
    change(settings)
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        configVersion=portgroup.config_version, defaultPortConfig=settings
    )
    people.run(portgroup.ref.ReconfigureDVPortgroup_Task, spec=spec)


def blocked(value: bool) -> Callable[[Any], None]:
    def change(settings: Any) -> None:
        settings.blocked = vim.BoolPolicy(inherited=False, value=value)

    return change


@pytest.mark.parametrize("wanted", [estate.policy({}), POLICY, MORE], ids=["nothing allowed", "one", "two"])
def test_a_policy_is_read_as_it_was_declared(library: Process, racked: VCenter, wanted: FirewallResource) -> None:
    """FAQ-22"""
    library.build(estate.HILL)
    assert library.find(wanted) is None
    racked.reset_calls()
    library.build(wanted)
    assert racked.calls()["ReconfigureDVPortgroup_Task"] == 1
    assert library.find(wanted) == wanted
    assert library.find(estate.HILL) == estate.HILL
    library.build(wanted)
    assert racked.calls()["ReconfigureDVPortgroup_Task"] == 1


def test_a_policy_is_settled_and_taken_away(library: Process) -> None:
    """FAQ-22"""
    library.build(estate.HILL, estate.APPS, POLICY, estate.policy({}, of="apps"))
    for wanted in (MORE, estate.policy({}), POLICY):
        library.build(wanted)
        assert library.find(POLICY) == wanted
    library.remove(POLICY.identity)
    assert library.find(POLICY) is None
    assert rules_of(library) == []
    library.remove(POLICY.identity)
    assert library.find(estate.policy({}, of="apps")) == estate.policy({}, of="apps")


def test_it_stands_on_its_tenants_portgroup(library: Process) -> None:
    with pytest.raises(NotFound, match="tenant hill"):
        library.build(POLICY)


def test_rules_have_a_bound(library: Process, racked: VCenter) -> None:
    library.build(estate.HILL)
    data = POLICY.data()
    data["allowances"]["hill/telemetry"]["ports"] = [f"tcp/{64 * n + 1}-{64 * n + 64}" for n in range(16)]
    much = FirewallResource.model_validate(data)
    ground = library.ground()
    racked.reset_calls()
    with pytest.raises(Refused, match=r"2053 filter rules.* 2000.*FAQ-22"):
        check(ground, much)
    assert not racked.calls()
    with pytest.raises(Refused, match=r"2053 filter rules"):
        library.build(much)
    assert "ReconfigureDVPortgroup_Task" not in racked.calls()
    check(ground, POLICY)


def test_several_processes_take_one_policy_away_between_them(racked: VCenter) -> None:
    racked.task_duration(40, methods=["ReconfigureDVPortgroup_Task"])
    with processes(racked, 3) as several:
        several[0].build(estate.HILL, POLICY)
        with ThreadPoolExecutor(3) as pool:
            for _ in pool.map(lambda process: process.remove(POLICY.identity), several):
                pass
        assert several[0].find(POLICY) is None


def test_a_policy_whose_portgroup_went_with_it_is_gone(library: Process, people: Process) -> None:
    """Between the survey and the task: somebody removes the whole room."""
    library.build(estate.HILL, POLICY)
    before = library.ground()
    people.run(portgroup_of(people).ref.Destroy_Task)
    remove_firewall(library.connection, before, POLICY.identity)


def test_one_allowance_more_leaves_the_others_rules_with_their_keys(library: Process) -> None:
    library.build(estate.HILL, POLICY)
    before = {rule.key: rule.description for rule in rules_of(library)}
    assert all(before)
    library.build(estate.policy({"aaa": "first by name", "telemetry": "telemetry"}))
    after = {rule.key: rule.description for rule in rules_of(library)}
    assert before.items() <= after.items()


def test_rules_and_settings_that_people_made_stay(library: Process, people: Process) -> None:
    library.build(estate.HILL, POLICY)

    def hang_in(settings: Any) -> None:
        settings.filterPolicy.filterConfig[0].trafficRuleset.rules.insert(0, foreign(sequence=0))

    reconfigure(people, hang_in)
    reconfigure(people, blocked(True))
    theirs = rules_of(people)[0]
    assert library.find(POLICY) == POLICY
    library.build(MORE)
    assert library.find(POLICY) == MORE
    library.build(estate.tenant("hill", vlan=102, cidr="10.64.1.0/25"))
    assert library.find(POLICY) == MORE
    library.remove(POLICY.identity)
    (left,) = rules_of(library)
    assert (left.description, left.key, left.sequence) == (theirs.description, theirs.key, theirs.sequence)
    assert portgroup_of(library).port_config.blocked.value is True


def test_two_who_write_at_once_do_not_undo_each_other(racked: VCenter) -> None:
    """DVPortgroupConfigSpec.configVersion: a stale one faults ConcurrentAccess; the later reads again."""
    with processes(racked, 2) as (library, people):
        library.build(estate.HILL, POLICY)

        def block() -> None:
            for value in (True, False, True):
                for _ in range(20):
                    with suppress(Transient):
                        reconfigure(people, blocked(value))
                        break

        def allow() -> None:
            for wanted in (MORE, POLICY, MORE):
                library.build(wanted)

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(block), pool.submit(allow)]:
                future.result()
        assert library.find(POLICY) == MORE
        assert portgroup_of(library).port_config.blocked.value is True


@pytest.mark.parametrize("when", ["task", "drop-reply"])
def test_it_is_tried_again_and_not_for_ever(
    library: Process, racked: VCenter, when: Literal["task", "drop-reply"]
) -> None:
    library.build(estate.HILL)
    method = ("ReconfigureDVPortgroup_Task",)
    racked.fail(Fault(methods=method, fault="ConcurrentAccess", when=when, times=ATTEMPTS - 1))
    library.build(POLICY)
    assert library.find(POLICY) == POLICY
    racked.clear_faults()
    racked.fail(Fault(methods=method, fault="ConcurrentAccess", when="task", times=ATTEMPTS))
    with pytest.raises(Transient):
        library.build(MORE)
    assert library.find(POLICY) == POLICY
