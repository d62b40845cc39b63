"""What a rule's example (`policy/examples`) leaves out: its other causes, its edges, both sides of a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.samples import NOW, catalogue
from wpf_infra.language import Language
from wpf_infra.model.finding import Finding
from wpf_infra.policy import RULES, judge

U, V, P = "minami-suido", "kawa-systems", "platform"
VM = {"os": "rhel-9", "cpu": 2, "memory_gib": 8}


def server(address: str, **more: Any) -> dict[str, Any]:
    return {**VM, "address": address, "disks": {"system": {"size_gb": 100, "storage_class": "raid6"}}, **more}


def allowance(source: str, destination: str) -> dict[str, Any]:
    return {"from": source, "to": destination, "ports": ["tcp/443"], "reason": "test"}


def servers(count: int, **more: Any) -> dict[str, Any]:
    return {f"app-{number}": server(f"10.64.1.{10 + number}", **more) for number in range(1, count + 1)}


@dataclass(frozen=True)
class Broken:
    """rule and row, the change that breaks it, where it is found, and words that people need to see."""

    rule: str
    row: int | None
    changes: Mapping[str, Any]
    paths: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Kept:
    rule: str
    changes: Mapping[str, Any]


LINE = {"kind": "fixed", "ordered": "2026-01-05", "wanted": "2026-09-01", "delivered": "2026-08-31"}
QUOTA = {f"{U}.quota": {"cpu": 999, "memory_gib": 9999, "storage_gb": 99999}}
RETIRE = f"{U}.vms.app-1.retire"

BROKEN = (
    Broken("disk-size-menu", 15, {f"{P}.vms.ntp-1.disks.system.size_gb": 50},
           (f"{P}.vms.ntp-1.disks.system.size_gb",), "order 100 GB"),
    Broken("disk-size-menu", 15, {f"{U}.vms.app-1.disks.system.size_gb": 800},
           (f"{U}.vms.app-1.disks.system.size_gb",), "several disks of up to 500 GB"),
    Broken("cluster-exists", 12, {f"{P}.storage_classes.raid6.groups.g1.cluster": "c7"},
           (f"{P}.storage_classes.raid6.groups.g1.cluster",), "no cluster `c7`"),
    Broken("vendor-exists", None, {f"{V}.vendor": U}, (f"{V}.vendor",), "utility tenant"),
    Broken("storage-class-exists", 12, {f"{U}.vms.app-1.disks.system.storage_class": "raid5"},
           (f"{U}.vms.app-1.disks.system.storage_class",), "did you mean `raid6`"),
    Broken("image-exists", 25, {f"{V}.vms.collector-2.from_image": "silver"},
           (f"{V}.vms.collector-2.from_image",), "no image `silver`"),
    Broken("image-exists", 25, {f"{V}.vms.collector-2.os": "rhel-8"},
           (f"{V}.vms.collector-2.from_image",), "the image is of `collector` with rhel-9"),
    Broken("image-exists", 25, {f"{V}.images.golden.of": "collector-2"},
           (f"{V}.vms.collector-2.from_image",), "this very server"),
    Broken("space-sound", None, {f"{P}.space.fixed_lines": "10.176.0.0/12"},
           (f"{P}.space.fixed_lines", f"{P}.space.mobile_lines"), "overlaps"),
    Broken("space-sound", None, {f"{P}.space.mobile_lines": "11.0.0.0/12"},
           (f"{P}.space.mobile_lines",), "not private"),
    Broken("space-sound", None, {f"{P}.space.vendors.vlan_last": 2999},
           (f"{P}.space.vendors.vlan_last",), "lower VLAN first"),
    Broken("platform-network-apart", 21, {f"{P}.network.cidr": "10.64.0.0/24"},
           (f"{P}.network.cidr",), "overlaps the space"),
    Broken("platform-network-apart", 21, {f"{P}.network.cidr": "8.8.8.0/24"}, (f"{P}.network.cidr",), "not private"),
    Broken("networks-apart", 22, {f"{V}.kind": "utility", f"{V}.network.cidr": "10.64.0.0/16"},
           (f"{V}.network.cidr", f"{U}.network.cidr"), "overlaps"),
    Broken("networks-apart", 22, {f"{U}.lines.south": {**LINE, "cidr": "10.160.1.8/29"}},
           (f"{U}.lines.north.cidr", f"{U}.lines.south.cidr"), "overlaps"),
    Broken("network-private", 21, {f"{V}.network.cidr": "8.8.8.0/24"}, (f"{V}.network.cidr",), "free network of 10.96"),
    Broken("vlan-unique", 22, {f"{U}.network.vlan": 3001}, (f"{V}.network.vlan", f"{U}.network.vlan"), "is also"),
    Broken("address-reserved", None, {f"{U}.vms.app-1.address": "10.64.1.0"},
           (f"{U}.vms.app-1.address",), "network address"),
    Broken("address-reserved", None, {f"{U}.gateways.north-gw.address": "10.160.1.15"},
           (f"{U}.gateways.north-gw.address",), "between 10.160.1.1 and 10.160.1.14"),
    Broken("address-unique", None, {f"{U}.vms.app-2.address": "10.64.1.11"},
           (f"{U}.vms.app-1.address", f"{U}.vms.app-2.address"), "also the address of minami-suido.vms.app-"),
    Broken("endpoint-private", 21, {f"{U}.endpoints.desk.cidr": "0.0.0.0/0"}, (f"{U}.endpoints.desk.cidr",), "0/0"),
    Broken("allowance-end-exists", 22, {f"{U}.allowances.x": allowance("kawa-sistems/collector", "app-1")},
           (f"{U}.allowances.x.from",), "did you mean `kawa-systems`"),
    Broken("allowance-end-unambiguous", 22,
           {f"{U}.endpoints.app-2": {"cidr": "10.64.1.224/28"},
            f"{U}.allowances.x": allowance("app-2", f"{V}/collector")},
           (f"{U}.allowances.x.from",), "may mean minami-suido.vms.app-2, minami-suido.endpoints.app-2"),
    Broken("cluster-capacity", 12, {f"{U}.vms": servers(21), **QUOTA}, (f"{P}.clusters.c1",), "largest host gone"),
    Broken("cluster-capacity", 12, {f"{U}.vms": servers(21, memory_gib=2), **QUOTA}, (f"{P}.clusters.c1",),
           "most of it: minami-suido 42 vCPU, kawa-systems 4 vCPU, platform 4 vCPU"),
    Broken("cluster-capacity", 12, {f"{U}.vms": servers(5, memory_gib=40), **QUOTA}, (f"{P}.clusters.c1",),
           "most of it: minami-suido 200 GiB, kawa-systems 16 GiB, platform 16 GiB"),
    Broken("cluster-capacity", 12,
           {f"{U}.vms": servers(4, memory_gib=40), **QUOTA},
           (f"{P}.clusters.c1",), "finds no room, though the sums fit"),
    Broken("cluster-capacity", 12, {f"{U}.vms": servers(25), f"{U}.cluster": "c2", **QUOTA},
           (f"{P}.clusters.c2",), "with 25 % kept"),
    Broken("storage-capacity", 12,
           {f"{P}.storage_classes.raid6.groups": {
               "g2": {"cluster": "c2", "disks": 6, "disk_gb": 500},
               **{f"s{number}": {"cluster": "c1", "disks": 4, "disk_gb": 60} for number in range(9)}},
            f"{U}.vms.app-1.disks.system.size_gb": 300},
           (f"{P}.storage_classes.raid6",), "no RAID group has room for minami-suido.vms.app-1.disks.system"),
    Broken("quota", None, {f"{U}.quota.cpu": 3}, (f"{U}.quota.cpu",), "1 more than the quota of 3"),
    Broken("quota", None, {f"{U}.quota.memory_gib": 10}, (f"{U}.quota.memory_gib",), "raised to 16"),
    Broken("quota", None, {f"{P}.quota.cpu": 3}, (f"{P}.quota.cpu",), "quota of 3"),
    Broken("power-is-vendors", 14, {f"{V}.vms.collector.power_reason": "x"},
           (f"{V}.vms.collector.power_reason",), "leave `power_reason` out"),
    Broken("retire-in-time", 13,
           {f"{U}.vms.app-1.disks.system.retire": {"ordered": "2027-03-01", "ends": "2027-03-31"}},
           (f"{U}.vms.app-1.disks.system.retire",), "2027-02-28"),
)  # fmt: skip

KEPT = (
    Kept("space-sound", {f"{P}.space.mobile_lines": "10.192.0.0/12", f"{U}.lines.car.cidr": "10.192.1.0/28"}),
    Kept("platform-network-apart", {f"{P}.network": {"cidr": "172.16.0.0/24", "vlan": 99},
                                    f"{P}.vms": {"ntp-1": server("172.16.0.1"), "ntp-2": server("172.16.0.2")}}),
    Kept("network-in-space", {f"{U}.network.cidr": "10.64.0.0/20"}),
    Kept("vlan-in-space", {f"{U}.network.vlan": 2999, f"{V}.network.vlan": 3999}),
    Kept("address-in-network", {f"{U}.vms.app-1.address": "10.64.1.254"}),
    Kept("address-reserved", {f"{U}.vms.app-1.address": "10.64.1.1"}),
    Kept("line-in-space", {f"{U}.lines.car.cidr": "10.191.255.240/28"}),
    Kept("gateway-on-line", {f"{U}.gateways.north-gw.address": "10.160.1.14"}),
    Kept("allowance-own-tenant", {f"{U}.allowances.x": allowance("car", f"{V}/collector")}),
    Kept("allowance-end-exists", {f"{V}.allowances.x": allowance(f"{U}/north-gw", "collector")}),
    Kept("allowance-end-unambiguous", {f"{U}.endpoints.app-2": {"cidr": "10.64.1.224/28"}}),
    Kept("allowance-private", {f"{U}.allowances.x": allowance("desk", "platform/ntp-1")}),
    Kept("cluster-capacity", {f"{U}.vms": servers(16), **QUOTA}),
    Kept("cluster-capacity", {f"{U}.vms": servers(24), f"{U}.cluster": "c2", **QUOTA}),
    Kept("storage-capacity", {f"{U}.vms.app-1.disks.system.size_gb": 500, f"{U}.vms.app-2.disks.system.size_gb": 500}),
    Kept("quota", {f"{U}.quota": {"cpu": 4, "memory_gib": 16, "storage_gb": 200}}),
    Kept("power-is-vendors", {f"{U}.vms.app-1.power": "off", f"{U}.vms.app-1.power_reason": "test"}),
    Kept("retire-in-time", {RETIRE: {"ordered": "2026-10-30", "ends": "2026-11-30"}}),
    Kept("retire-in-time", {RETIRE: {"ordered": "2027-02-28", "ends": "2027-03-31"}}),
    Kept("retire-in-time", {RETIRE: {"ordered": "2026-11-29", "ends": "2026-11-30",
                                     "agreed": {"by": "x", "on": "2026-11-20", "reason": "y"}}}),
    Kept("retire-overdue", {RETIRE: {"ordered": "2026-09-01", "ends": "2026-11-24"}}),
)  # fmt: skip


def told(changes: Mapping[str, Any]) -> list[tuple[str, int | None, str]]:
    return [(finding.rule, finding.row, finding.path) for finding in judge(catalogue(changes), NOW)]


def of_rule(rule: str, changes: Mapping[str, Any]) -> tuple[Finding, ...]:
    return tuple(finding for finding in judge(catalogue(changes), NOW) if finding.rule == rule)


def test_the_small_world_breaks_no_rule() -> None:
    assert judge(catalogue(), NOW) == ()


@pytest.mark.parametrize("address", ["8.8.8.8", "100.64.0.1", "203.0.113.1"])
@pytest.mark.parametrize("inwards", [True, False])
def test_no_allowance_reaches_a_public_address(address: str, inwards: bool) -> None:
    """FAQ-21"""
    ends = (f"{U}/app-2", "collector") if inwards else ("collector", f"{U}/app-2")
    changes = {f"{U}.vms.app-2.address": address, f"{V}.allowances.x": allowance(*ends)}
    (finding,) = of_rule("allowance-private", changes)
    assert (finding.row, finding.path) == (21, f"{V}.allowances.x.{'from' if inwards else 'to'}")


@pytest.mark.parametrize("cidr", ["8.8.8.0/28", "0.0.0.0/0", "100.64.0.0/16", "203.0.113.0/24"])
def test_one_public_range_of_terminals_is_one_finding(cidr: str) -> None:
    """FAQ-21"""
    changes = {f"{U}.endpoints.desk.cidr": cidr, f"{V}.allowances.x": allowance("collector-2", f"{U}/desk")}
    assert told(changes) == [("endpoint-private", 21, f"{U}.endpoints.desk.cidr")]


@pytest.mark.parametrize(
    ("path", "cidr", "rule", "row"),
    [
        (f"{U}.network.cidr", "0.0.0.0/0", "network-private", 21),
        (f"{U}.network.cidr", "8.8.8.0/24", "network-private", 21),
        (f"{U}.network.cidr", "10.0.0.0/8", "network-in-space", None),
        (f"{U}.network.cidr", "10.96.1.0/24", "network-in-space", None),
        (f"{U}.network.cidr", "10.32.0.0/24", "network-in-space", None),
        (f"{U}.lines.north.cidr", "0.0.0.0/0", "line-in-space", None),
        (f"{U}.lines.north.cidr", "10.64.1.0/24", "line-in-space", None),
        (f"{U}.lines.car.cidr", "10.160.1.8/29", "line-in-space", None),
    ],
)
def test_one_wrong_network_is_one_finding(path: str, cidr: str, rule: str, row: int | None) -> None:
    """FAQ-21, FAQ-22"""
    assert told({path: cidr}) == [(rule, row, path)]


def test_a_network_elsewhere_in_its_space_leaves_its_servers_outside() -> None:
    assert {rule for rule, _, _ in told({f"{U}.network.cidr": "10.64.2.0/24"})} == {
        "address-in-network",
        "endpoint-in-network",
    }


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.rule}-{case.says}")
def test_a_broken_rule_says_where_why_and_what_to_do(case: Broken) -> None:
    """FAQ-12, FAQ-13, FAQ-14, FAQ-15, FAQ-21, FAQ-22, FAQ-25: the row of each case stands beside it."""
    findings = of_rule(case.rule, case.changes)
    assert tuple(finding.path for finding in findings) == case.paths
    severity = next(rule.severity for rule in RULES if rule.id == case.rule)
    for finding in findings:
        assert (finding.row, finding.severity) == (case.row, severity)
        assert case.says in finding.sentence(Language.ENGLISH)
        assert finding.summary.ja != finding.summary.en
        assert finding.remedy.ja != finding.remedy.en


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.rule)
def test_a_kept_rule_is_silent(case: Kept) -> None:
    assert of_rule(case.rule, case.changes) == ()
