"""Check: every failure at once, each with its property's path, a reason, a way out and its FAQ row."""

from __future__ import annotations

from typing import Any

from tests.contract.estate import policy, server
from tests.provider.rig import Rig
from wpf_infra.provider.value import UNKNOWN, Secret

VM, FIREWALL, CLUSTER = "wpf:compute:VirtualMachine", "wpf:network:FirewallPolicy", "wpf:platform:HaCluster"


def _server(**more: Any) -> dict[str, Any]:
    return {**server().data(), **more}


def test_sound_inputs_come_back_as_they_are(rig: Rig) -> None:
    for kind, inputs in ((VM, server().data()), (FIREWALL, policy({"telemetry": "t"}).data())):
        assert rig.check(kind, inputs) == (inputs, {})


def test_all_failures_at_once_with_paths_and_rows(rig: Rig) -> None:
    disks = {"system": {"size_gb": "100", "storage_class": "raid6"}, "data": {"storage_class": "raid6"}}
    _, failures = rig.check(VM, _server(cpu=-1, address="10.64.1.300", disks=disks, colour="blue"))
    assert set(failures) == {"cpu", "address", "disks.system.size_gb", "disks.data.size_gb", "colour"}
    assert failures["cpu"].endswith(" FAQ-16")
    assert failures["disks.system.size_gb"].endswith(" FAQ-15")
    assert failures["disks.data.size_gb"].startswith("`size_gb` is missing → add `size_gb`")
    assert all(" → " in reason and "\n" not in reason for reason in failures.values())


def test_a_path_through_a_key_with_a_slash_and_a_list(rig: Rig) -> None:
    """FAQ-22"""
    inputs = policy({"telemetry": "t"}).data()
    inputs["allowances"]["hill/telemetry"]["ports"][1] = "tcp/0"
    _, failures = rig.check(FIREWALL, inputs)
    (path,) = failures
    assert path == 'allowances["hill/telemetry"].ports[1]'
    assert failures[path].endswith(" FAQ-22")


def test_a_rule_over_several_properties_fails_on_what_holds_them(rig: Rig) -> None:
    """FAQ-12"""
    hosts = {"a": {"cpu": 8, "memory_gib": 64}, "b": {"cpu": 8, "memory_gib": 64}}
    _, failures = rig.check(CLUSTER, {"name": "east", "hosts": hosts, "admission_control": {}})
    assert set(failures) == {"admission_control"}
    assert failures["admission_control"].endswith(" FAQ-12")


def test_what_is_not_known_yet_is_not_judged_and_the_rest_is(rig: Rig) -> None:
    inputs = _server(address=UNKNOWN, disks={"system": {"size_gb": UNKNOWN, "storage_class": 7}}, memory_gib="8")
    returned, failures = rig.check(VM, inputs)
    assert returned == inputs
    assert set(failures) == {"memory_gib", "disks.system.storage_class"}


def test_a_whole_part_that_is_not_known_yet_is_not_judged(rig: Rig) -> None:
    assert rig.check(VM, _server(disks=UNKNOWN))[1] == {}
    inputs = policy({"telemetry": "t"}).data()
    inputs["allowances"]["hill/telemetry"]["ports"] = [UNKNOWN]
    assert rig.check(FIREWALL, inputs)[1] == {}


def test_a_secret_is_judged_and_never_shown(rig: Rig) -> None:
    inputs = _server(address=Secret("10.64.1.300"), cpu=Secret(-4711))
    returned, failures = rig.check(VM, inputs)
    assert returned == inputs
    assert set(failures) == {"address", "cpu"}
    assert not [reason for reason in failures.values() if "10.64.1.300" in reason or "4711" in reason]


def test_a_secret_that_is_sound_passes(rig: Rig) -> None:
    assert rig.check(VM, _server(address=Secret("10.64.1.11")))[1] == {}
