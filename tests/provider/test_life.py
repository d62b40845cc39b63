"""A server's and a policy's life, call by call: previews write nothing, what is said is logged on the resource."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tests.contract.estate import CLUSTER, GROUND, HILL, policy, seen, server
from tests.provider.rig import Failed, Rig, urn
from wpf_infra.backend.simulator.faults import FaultKind
from wpf_infra.model.availability import Power
from wpf_infra.model.disk import Disk
from wpf_infra.model.resource import Resource
from wpf_infra.provider.value import UNKNOWN, Secret

VM, FIREWALL, TENANT = "wpf:compute:VirtualMachine", "wpf:network:FirewallPolicy", "wpf:tenancy:Tenant"
SERVER = server()
ID = "hill/vm/app-1"
EVERY_KIND: tuple[Resource, ...] = (*GROUND, policy({"telemetry": "t"}), SERVER)


def _altered(resource: Resource, **more: Any) -> dict[str, Any]:
    return {**resource.data(), **more}


def test_a_preview_from_empty_does_not_even_make_the_file(rig: Rig) -> None:
    for resource in EVERY_KIND:
        assert rig.create(resource.type_name, resource.data(), preview=True) == ("", resource.data())
    assert not rig.file.parent.exists()
    assert rig.lines() == []


def test_every_kind_is_created_read_settled_and_deleted(rig: Rig) -> None:
    for resource in EVERY_KIND:
        assert rig.create(resource.type_name, resource.data()) == (str(resource.identity), resource.data())
    for resource in EVERY_KIND:
        id = str(resource.identity)
        assert rig.read(resource.type_name, id) == (id, resource.data(), resource.data())
        assert rig.diff(resource.type_name, id, resource.data(), resource.data()).changes == _kinds().DIFF_NONE
    assert rig.lines() == []
    ended = _altered(SERVER, retire={"ordered": "2026-09-20", "ends": "2026-10-31"})
    rig.world.power_off(SERVER.identity)
    for resource in reversed(EVERY_KIND):
        rig.delete(resource.type_name, str(resource.identity), ended if resource is SERVER else resource.data())
    for tenant in ("hill", "apps", "platform"):
        assert rig.simulator.observe(tenant) == {}
    (line,) = rig.lines()
    assert line.startswith("erased: app-1: system 100 GB: ")
    assert line.endswith(" FAQ-13")


def test_a_change_is_said_on_its_resource_with_its_path(grounded: Rig) -> None:
    """FAQ-15, FAQ-16"""
    grounded.create(VM, SERVER.data())
    wanted = _altered(SERVER, cpu=4, disks={"system": {"size_gb": 300, "storage_class": "raid6"}})
    answer = grounded.diff(VM, ID, SERVER.data(), wanted)
    assert answer.changes == _kinds().DIFF_SOME
    assert set(answer.detailedDiff) == {"cpu", "disks.system.size_gb"}
    assert set(answer.diffs) == {"cpu", "disks"}
    assert not answer.replaces
    assert not answer.deleteBeforeReplace
    assert {place for place, _ in grounded.listener.said} == {urn(VM, ID)}
    assert [line.partition(" ")[0] for line in grounded.lines()] == ["stop:", "stop:"]
    assert grounded.listener.loud == grounded.lines()
    assert grounded.events(SERVER.identity) == ["created", "powered-on"]


def test_a_copy_made_by_hand_is_noted_on_its_tenant_and_is_no_change(grounded: Rig) -> None:
    grounded.create(VM, SERVER.data())
    grounded.world.copy(SERVER.identity, "app-1-test")
    answer = grounded.diff("wpf:tenancy:Tenant", str(HILL.identity), HILL.data(), HILL.data())
    assert answer.changes == _kinds().DIFF_NONE
    (line,) = grounded.lines()
    assert line.startswith(f"note: app-1-test in hill is a copy of {SERVER.identity}")
    assert grounded.listener.loud == []


def test_a_path_through_a_key_with_a_slash(grounded: Rig) -> None:
    """FAQ-22"""
    before, after = policy({"telemetry": "t"}), policy({"telemetry": "t", "second": "s"})
    grounded.create(FIREWALL, before.data())
    answer = grounded.diff(FIREWALL, "hill/firewall/hill", before.data(), after.data())
    assert set(answer.detailedDiff) == {'allowances["hill/second"]'}
    assert set(answer.diffs) == {"allowances"}
    (line,) = grounded.lines()
    assert "the stack apps has to follow" in line
    assert grounded.listener.loud == []


def test_an_update_does_what_the_diff_said(grounded: Rig) -> None:
    """FAQ-16"""
    grounded.create(VM, SERVER.data())
    wanted = _altered(SERVER, memory_gib=16)
    assert grounded.update(VM, ID, SERVER.data(), wanted, preview=True) == wanted
    assert grounded.events(SERVER.identity) == ["created", "powered-on"]
    assert grounded.update(VM, ID, SERVER.data(), wanted) == wanted
    assert grounded.events(SERVER.identity)[2:] == ["guest-shut-down", "resized", "powered-on"]
    assert grounded.read(VM, ID, wanted) == (ID, wanted, wanted)


def test_what_waits_or_is_refused_is_neither_previewed_nor_applied(grounded: Rig) -> None:
    """FAQ-15, FAQ-20"""
    vendors = server("collector", of="apps")
    id = "apps/vm/collector"
    grounded.create(VM, vendors.data())
    for wanted, said in (
        (_altered(vendors, cpu=4), r"(?m)^waiting: collector cpu 2 → 4.* FAQ-16$"),
        (_altered(vendors, os="rhel-8"), r"^refused: collector os rhel-9 → rhel-8.* FAQ-20$"),
    ):
        with pytest.raises(Failed, match=said):
            grounded.diff(VM, id, vendors.data(), wanted)
        with pytest.raises(Failed, match=said):
            grounded.update(VM, id, vendors.data(), wanted)
        with pytest.raises(Failed, match=said):
            grounded.create(VM, wanted, preview=True)
        with pytest.raises(Failed, match=said):
            grounded.create(VM, wanted)
    assert grounded.events(vendors.identity) == ["created", "powered-on"]


def test_all_that_blocks_a_stack_is_judged_before_anything_is_applied(grounded: Rig) -> None:
    """FAQ-15, FAQ-16"""
    vendors, other = server("collector", of="apps"), server("batch", of="apps", host=12)
    for resource in (vendors, other):
        grounded.create(VM, resource.data())
    declared = [_altered(vendors, cpu=4), _altered(other, memory_gib=16), server("new", of="apps", host=13).data()]
    (first, second) = _judged(grounded, *declared)["blocking"]
    assert first.startswith("waiting: collector cpu 2 → 4")
    assert second.startswith("waiting: batch memory_gib 8 → 16")
    assert _judged(grounded, vendors.data()) == {"blocking": [], "impossible": []}


def test_what_fits_alone_and_not_together_is_judged_before_anything_is_applied(grounded: Rig) -> None:
    """FAQ-12"""
    large = [server(f"large-{n}", host=20 + n, cpu=16, memory_gib=64).data() for n in range(12)]
    assert _judged(grounded, large[0]) == {"blocking": [], "impossible": []}
    impossible = _judged(grounded, *large)["impossible"]
    assert impossible
    assert all(line.startswith("refused: large-") and "cannot be done as things stand" in line for line in impossible)
    assert grounded.simulator.find(server("large-0").identity) is None


def _judged(rig: Rig, *servers: dict[str, Any]) -> dict[str, Any]:
    return rig.invoke("wpf:plan:judge", {"objects": [{"type": VM, "inputs": each} for each in servers]})


def test_a_value_that_is_not_known_yet_is_said_and_the_rest_is_planned(grounded: Rig) -> None:
    grounded.create(VM, SERVER.data())
    answer = grounded.diff(VM, ID, SERVER.data(), _altered(SERVER, cpu=4, address=UNKNOWN))
    assert set(answer.detailedDiff) == {"cpu", "address"}
    assert sorted(line.partition(":")[0] for line in grounded.lines()) == ["none", "stop"]
    without_record = grounded.diff(VM, ID, {}, _altered(SERVER, disks={"data": UNKNOWN}))
    assert set(without_record.detailedDiff) == {"disks.data"}


def test_a_create_with_values_that_are_not_known_yet_is_previewed_without_a_word(grounded: Rig) -> None:
    inputs = _altered(SERVER, address=UNKNOWN)
    assert grounded.create(VM, inputs, preview=True) == ("", inputs)
    assert grounded.lines() == []


def test_a_create_finds_its_object_again(grounded: Rig) -> None:
    for _ in range(2):
        assert grounded.create(VM, SERVER.data())[0] == ID
    assert grounded.events(SERVER.identity) == ["created", "powered-on"]


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        (FIREWALL, "apps/firewall/apps"),
        (VM, "apps/vm/app-1"),
        (VM, "hill/vm/app-2"),
    ],
)
def test_another_stacks_object_or_one_of_another_name_is_refused(grounded: Rig, kind: str, id: str) -> None:
    """An import of it would end in its deletion here (FAQ-22)."""
    here = urn(kind, "hill/any/hill" if kind == FIREWALL else ID)
    request = provider_pb2.ReadRequest(id=id, urn=here)
    with pytest.raises(Failed, match=r"does not belong to resource .* FAQ-22$"):
        grounded._call(grounded.stub.Read, request)


def test_an_import_reads_what_stands(grounded: Rig) -> None:
    grounded.create(VM, SERVER.data())
    grounded.world.add_disk(SERVER.identity, "by-hand", Disk(size_gb=50, storage_class="raid6"))
    id, inputs, outputs = grounded.read(VM, ID)
    assert (id, inputs, outputs) == (ID, SERVER.data(), SERVER.data())


def test_a_refresh_keeps_agreements_and_takes_no_foreign_disk_into_the_record(grounded: Rig) -> None:
    """FAQ-13, FAQ-15"""
    retire = {"ordered": "2026-11-01", "ends": "2026-12-31"}
    disk = {"size_gb": 100, "storage_class": "raid6", "retire": retire}
    recorded = _altered(SERVER, disks={"system": disk}, retire=retire, consent={"by": "Kato", "on": "2026-11-20"})
    grounded.create(VM, recorded)
    grounded.world.add_disk(SERVER.identity, "by-hand", Disk(size_gb=50, storage_class="raid6"))
    grounded.world.resize(SERVER.identity, cpu=4)
    _, inputs, outputs = grounded.read(VM, ID, recorded)
    assert inputs == outputs == {**recorded, "cpu": 4}


def test_a_refresh_keeps_a_secret_secret(grounded: Rig) -> None:
    recorded = _altered(SERVER, address=Secret("10.64.1.11"))
    assert grounded.create(VM, recorded) == (ID, recorded)
    assert grounded.read(VM, ID, recorded) == (ID, recorded, recorded)


def test_a_secret_of_a_plan_is_never_said(grounded: Rig) -> None:
    recorded = _altered(SERVER, address=Secret("10.64.1.11"))
    grounded.create(VM, recorded)
    grounded.diff(VM, ID, recorded, _altered(SERVER, address=Secret("10.64.1.77")))
    (line,) = grounded.lines()
    assert line.startswith("stop: app-1 address [secret] → [secret]: ")


def test_what_is_gone_is_read_as_gone_and_said_and_deleted_without_a_word(grounded: Rig) -> None:
    assert grounded.read(VM, ID, SERVER.data()) == ("", {}, {})
    (line,) = grounded.lines()
    assert line.startswith("online: app-1 is gone from the backend")
    grounded.delete(VM, ID, SERVER.data())
    assert grounded.lines() == [line]


def test_a_server_that_is_gone_is_said_and_built_again(grounded: Rig) -> None:
    grounded.diff(VM, ID, SERVER.data(), SERVER.data())
    (line,) = grounded.lines()
    assert line.startswith("online: app-1 is gone from the backend")
    grounded.update(VM, ID, SERVER.data(), SERVER.data())
    assert seen(grounded.simulator, SERVER).power is Power.ON


def test_a_delete_obeys_the_row_by_itself(grounded: Rig) -> None:
    """FAQ-13: the engine's hook may have been left out."""
    grounded.create(VM, SERVER.data())
    due = _altered(SERVER, retire={"ordered": "2026-09-20", "ends": "2026-10-31"})
    for recorded in (SERVER.data(), due):
        with pytest.raises(Failed, match=r"^refused: app-1 .* FAQ-13$"):
            grounded.delete(VM, ID, recorded)
    grounded.world.power_off(SERVER.identity)
    with pytest.raises(Failed, match=r"^refused: app-1 "):
        grounded.delete(VM, ID, SERVER.data())
    grounded.delete(VM, ID, due)
    assert grounded.events(SERVER.identity)[-2:] == ["disk-erased", "deleted"]


def test_a_record_that_cannot_be_read_makes_no_erasure_due(grounded: Rig) -> None:
    """FAQ-13"""
    grounded.create(VM, SERVER.data())
    grounded.world.power_off(SERVER.identity)
    for recorded in ({}, {"written": "by another version"}):
        with pytest.raises(Failed, match=r"^refused: app-1 "):
            grounded.delete(VM, ID, recorded)


@pytest.mark.parametrize("id", ["", "app-1", "hill/vm/", "hill/vm/app-1/x", "hill/tenant/hill", "hill/host/x"])
def test_an_id_that_is_none_of_the_kind_is_one_sentence(grounded: Rig, id: str) -> None:
    with pytest.raises(Failed, match=r"is no id of a wpf:compute:VirtualMachine → an id is written tenant/vm/name$"):
        grounded.read(VM, id)


def test_a_tenant_in_use_is_not_taken_away(grounded: Rig) -> None:
    grounded.create(VM, SERVER.data())
    with pytest.raises(Failed, match="still in use by hill/vm/app-1"):
        grounded.delete(TENANT, "hill/tenant/hill", HILL.data())


def test_the_day_is_the_pinned_one_in_tokyo(fresh: Rig) -> None:
    """FAQ-13: due from 00:00 after the end, Japanese time."""
    fresh.lay_ground(SERVER)
    fresh.world.power_off(SERVER.identity)
    due = _altered(SERVER, retire={"ordered": "2026-09-20", "ends": "2026-11-30"})
    fresh.configure(now="2026-11-30T14:59:59Z")
    with pytest.raises(Failed, match="not yet over"):
        fresh.delete(VM, ID, due)
    fresh.configure(now="2026-11-30T15:00:00Z")
    fresh.delete(VM, ID, due)


def test_a_cluster_is_changed_without_a_word_of_a_stop(grounded: Rig) -> None:
    wanted = _altered(CLUSTER, admission_control={"failover_hosts": 2})
    grounded.diff(CLUSTER.type_name, str(CLUSTER.identity), CLUSTER.data(), wanted)
    assert [line.partition(":")[0] for line in grounded.lines()] == ["online"]
    assert grounded.update(CLUSTER.type_name, str(CLUSTER.identity), CLUSTER.data(), wanted) == wanted


def test_a_half_built_server_is_answered_with_its_id_and_the_next_create_finishes_it(grounded: Rig) -> None:
    inputs = SERVER.data()
    grounded.inject(FaultKind.PARTIAL, "create", SERVER.identity)
    with pytest.raises(Failed) as failed:
        grounded.create(VM, inputs)
    half_built = failed.value.half_built
    assert half_built is not None
    assert half_built.id == ID
    assert list(half_built.reasons) == [failed.value.said]
    assert not seen(grounded.simulator, SERVER).built
    assert grounded.create(VM, inputs) == (ID, inputs)
    found = seen(grounded.simulator, SERVER)
    assert (found.built, found.power) == (True, Power.ON)
    assert grounded.events(SERVER.identity).count("created") == 1


def _kinds() -> Any:
    return provider_pb2.DiffResponse.DiffChanges
