"""The whole platform: each kind by its carrier, a record around every change, also around one that is cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.made import made
from tests.contract.estate import GROUND, server
from wpf_infra.backend.contract import Delete
from wpf_infra.backend.registry import trail
from wpf_infra.backend.select import open_backend
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.backend.whole import Whole
from wpf_infra.errors import NotFound, Refused, Transient
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import ImageResource, VmResource
from wpf_infra.plan.step import Build, PowerOn, Reconfigure, ShutDownGuest, TellGuest

WORLD = "simulator:0d9ff4f6-7d1b-4d9c-8f6c-3b3a2f0e9d11"
GUEST = {
    "domain": "wpf.internal",
    "prefix_length": 24,
    "router": "10.64.1.1",
    "routes": ["10.32.0.0/24"],
    "ntp": {"ntp-1": "10.32.0.11"},
    "authority": True,
}
VM = server(guest=GUEST)


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Whole]:
    monkeypatch.setenv("WPF_ACTOR", "tanaka")
    monkeypatch.setenv("WPF_REASON", "change 4711")
    opened = open_backend({"now": "2026-11-24T10:00:00+09:00"}, tmp_path, WORLD)
    for each in (made(Kind.AUTHORITY).one, *GROUND):
        opened.create(each)
    yield opened
    opened.close()


def _entries(whole: Whole, identity: Identity) -> list[trail.Entry]:
    with whole.registry.reading() as connection:
        assert connection is not None
        return [each for each in trail.entries(connection) if each.identity == identity]


def _erasures(whole: Whole) -> tuple[trail.ErasureRecord, ...]:
    with whole.registry.reading() as connection:
        assert connection is not None
        return trail.erasures(connection)


def _stop(tmp_path: Path) -> World:
    world = World(tmp_path / ".wpf" / "simulator.db")
    world.power_off(VM.identity)
    return world


def _guest(whole: Whole, identity: Identity) -> str:
    assert isinstance(whole.machines, Simulator)
    told = whole.machines.guest(identity)
    assert told is not None
    return told.meta_data + told.user_data


def test_everything_of_a_tenant_is_seen_whoever_carries_it(whole: Whole) -> None:
    resources = [VM, made(Kind.USER).one, made(Kind.LINE).one, made(Kind.CERTIFICATE).one]
    for each in resources:
        whole.create(each)
    seen = whole.observe("hill")
    assert {each.identity for each in resources} <= seen.keys()
    for each in resources:
        assert whole.find(each.identity) == seen[each.identity]


def test_a_server_is_told_of_the_platforms_authority_before_it_first_runs(whole: Whole) -> None:
    whole.create(VM)
    assert json.dumps((whole.issuer.trust_bundle() or "").splitlines()[1])[1:-1] in _guest(whole, VM.identity)


def test_no_server_is_built_that_would_trust_nobody(tmp_path: Path) -> None:
    bare = open_backend({}, tmp_path, WORLD)
    for each in GROUND:
        bare.create(each)
    assert isinstance(bare.rehearse([(VM.identity, [Build(VM)])])[VM.identity], NotFound)
    authority = made(Kind.AUTHORITY).one
    assert bare.rehearse([(authority.identity, [Build(authority)]), (VM.identity, [Build(VM)])]) == {}
    with pytest.raises(NotFound, match="platform's stack up first"):
        bare.create(VM)
    assert bare.find(VM.identity) is None
    bare.close()


def test_another_address_is_told_to_the_guest_too(whole: Whole) -> None:
    whole.create(VM)
    moved = VmResource.model_validate({**VM.data(), "address": "10.64.1.99"})
    whole.perform(VM.identity, ShutDownGuest())
    whole.perform(VM.identity, Reconfigure(address=moved.address))
    whole.perform(VM.identity, TellGuest(moved))
    assert "10.64.1.99/24" in _guest(whole, VM.identity)
    whole.perform(VM.identity, PowerOn())
    with pytest.raises(Refused):
        whole.perform(VM.identity, TellGuest(VM))


def test_the_trail_says_who_why_and_what(whole: Whole) -> None:
    whole.create(VM)
    whole.perform(VM.identity, ShutDownGuest())
    whole.perform(VM.identity, Reconfigure(cpu=4))
    whole.perform(VM.identity, PowerOn("a pump failed"))
    entries = _entries(whole, VM.identity)
    assert [each.call for each in entries] == ["create", "ShutDownGuest", "Reconfigure", "PowerOn"]
    assert {each.actor for each in entries} == {"tanaka"}
    assert {each.outcome for each in entries} == {"done"}
    assert [each.reason for each in entries] == ["change 4711"] * 3 + ["a pump failed"]
    assert entries[0].after["address"] == "10.64.1.11"
    assert entries[2].after == {"cpu": 4}


def test_a_change_that_failed_is_in_the_trail_with_what_was_said(tmp_path: Path, whole: Whole) -> None:
    World(tmp_path / ".wpf" / "simulator.db").inject(Fault(FaultKind.TRANSIENT, call="create"))
    with pytest.raises(Transient):
        whole.create(VM)
    whole.create(VM)
    first, second = _entries(whole, VM.identity)
    assert first.outcome is not None and "injected" in first.outcome
    assert second.outcome == "done"


def test_before_and_after_of_what_is_settled(whole: Whole) -> None:
    line = made(Kind.LINE)
    whole.create(line.one)
    from wpf_infra.plan.step import Settle

    whole.perform(line.one.identity, Settle(line.other))
    _, settled = _entries(whole, line.one.identity)
    assert (settled.before["capacity_gb"], settled.after["capacity_gb"]) == (7, 20)


# Erasure.


def test_an_erased_server_leaves_a_record_of_what_was_done(tmp_path: Path, whole: Whole) -> None:
    """FAQ-13"""
    whole.create(VM)
    _stop(tmp_path).close()
    erasure = whole.delete(VM.identity)
    assert erasure is not None
    (record,) = _erasures(whole)
    assert record.identity == VM.identity
    assert (record.disks, record.method) == ({"system": 100}, erasure.method)
    assert record.ended is not None


def test_what_is_refused_begins_no_record(whole: Whole) -> None:
    whole.create(VM)
    with pytest.raises(Refused):
        whole.delete(VM.identity)
    assert _erasures(whole) == ()


def test_an_erasure_whose_end_was_not_written_is_ended_by_the_next_run(tmp_path: Path, whole: Whole) -> None:
    whole.create(VM)
    _stop(tmp_path).close()
    whole.registry.begin_erasure(VM.identity, {"system": 100})
    whole.machines.delete(VM.identity)  # and here the process was killed
    assert whole.delete(VM.identity) is None
    (record,) = _erasures(whole)
    assert record.ended is not None and record.method is not None and "cut off" in record.method
    assert whole.delete(VM.identity) is None
    assert len(_erasures(whole)) == 1


def test_an_image_is_erased_with_a_record_too(whole: Whole) -> None:
    image = ImageResource(tenant="hill", name="golden", of="app-1", os="rhel-9")
    assert isinstance(whole.rehearse([(image.identity, [Build(image)])])[image.identity], NotFound)
    whole.create(VM)
    whole.create(image)
    whole.create(server("app-2", host=12, guest=GUEST, from_image="golden"))
    assert whole.rehearse([(image.identity, [Delete()])]) == {}
    erasure = whole.delete(image.identity)
    assert erasure is not None and erasure.disks == {"system": 100}
    (record,) = _erasures(whole)
    assert (record.identity, record.disks) == (image.identity, {"system": 100})
    assert whole.find(image.identity) is None
