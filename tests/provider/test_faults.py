"""When the backend fails: patience with what passes, one sentence for what does not, and no server left down."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from tests.contract.estate import policy, seen, server
from tests.provider.rig import Failed, Rig
from wpf_infra.backend.simulator.faults import FaultKind
from wpf_infra.model.availability import Power

VM = "wpf:compute:VirtualMachine"
SERVER = server()
ID = "hill/vm/app-1"


def _wanted(**more: Any) -> dict[str, Any]:
    return {**SERVER.data(), **more}


def _one_sentence(failed: Failed) -> None:
    assert "\n" not in failed.said
    assert "Traceback" not in failed.said
    assert " → " in failed.said


@pytest.mark.parametrize("call", ["create", "find"])
def test_a_fault_that_passes_is_not_noticed(grounded: Rig, call: str) -> None:
    grounded.inject(FaultKind.TRANSIENT, call, SERVER.identity, times=2)
    assert grounded.create(VM, SERVER.data())[0] == ID


def test_a_fault_in_the_middle_of_a_change_that_passes_is_not_noticed(grounded: Rig) -> None:
    """FAQ-16"""
    grounded.create(VM, SERVER.data())
    for step in ("ShutDownGuest", "Reconfigure", "PowerOn"):
        grounded.inject(FaultKind.TRANSIENT, step, SERVER.identity)
    grounded.update(VM, ID, SERVER.data(), _wanted(cpu=4))
    assert grounded.events(SERVER.identity)[2:] == ["guest-shut-down", "resized", "powered-on"]


@pytest.mark.parametrize("kind", [FaultKind.REFUSED, FaultKind.CONFLICT])
def test_a_fault_that_stays_is_one_sentence(grounded: Rig, kind: FaultKind) -> None:
    grounded.inject(kind, "create", SERVER.identity, times=None)
    with pytest.raises(Failed, match="an injected fault") as failed:
        grounded.create(VM, SERVER.data())
    _one_sentence(failed.value)
    assert failed.value.half_built is None
    assert grounded.simulator.find(SERVER.identity) is None


@pytest.mark.parametrize("kind", [FaultKind.REFUSED, FaultKind.CONFLICT, FaultKind.TRANSIENT])
def test_a_server_that_was_stopped_for_a_change_that_fails_is_started_again_as_it_was(
    grounded: Rig, kind: FaultKind
) -> None:
    """FAQ-16: what ran before runs after."""
    grounded.create(VM, SERVER.data())
    grounded.inject(kind, "Reconfigure", SERVER.identity, times=None)
    with pytest.raises(Failed, match="an injected fault"):
        grounded.update(VM, ID, SERVER.data(), _wanted(cpu=4))
    found = seen(grounded.simulator, SERVER)
    assert (found.power, found.restart_owed, found.resource.cpu) == (Power.ON, False, 2)


def test_no_room_for_the_change_leaves_the_server_as_it_was(grounded: Rig) -> None:
    """FAQ-12, FAQ-16"""
    grounded.create(VM, SERVER.data())
    with pytest.raises(Failed, match=r"FAQ-12$") as failed:
        grounded.update(VM, ID, SERVER.data(), _wanted(memory_gib=4096))
    _one_sentence(failed.value)
    assert seen(grounded.simulator, SERVER).power is Power.ON


def test_a_start_that_fails_stays_owed_and_is_made_good_by_the_next_run(grounded: Rig) -> None:
    """FAQ-16"""
    grounded.create(VM, SERVER.data())
    grounded.inject(FaultKind.REFUSED, "PowerOn", SERVER.identity, times=2)
    wanted = _wanted(cpu=4)
    with pytest.raises(Failed, match="an injected fault"):
        grounded.update(VM, ID, SERVER.data(), wanted)
    found = seen(grounded.simulator, SERVER)
    assert (found.power, found.restart_owed, found.resource.cpu) == (Power.OFF, True, 4)
    grounded.update(VM, ID, SERVER.data(), wanted)
    assert seen(grounded.simulator, SERVER).power is Power.ON


def test_an_erasure_that_fails_in_between_is_finished_by_the_next_delete(grounded: Rig) -> None:
    """FAQ-13"""
    due = _wanted(retire={"ordered": "2026-09-20", "ends": "2026-10-31"})
    grounded.create(VM, due)
    grounded.world.power_off(SERVER.identity)
    grounded.inject(FaultKind.PARTIAL, "delete", SERVER.identity)
    with pytest.raises(Failed, match="an injected fault"):
        grounded.delete(VM, ID, due)
    grounded.delete(VM, ID, due)
    assert grounded.simulator.find(SERVER.identity) is None
    assert grounded.events(SERVER.identity).count("disk-erased") == 1


def test_a_server_without_its_tenant_is_one_sentence(rig: Rig) -> None:
    with pytest.raises(Failed) as failed:
        rig.create(VM, SERVER.data())
    _one_sentence(failed.value)
    assert failed.value.half_built is None


def test_a_file_that_is_no_simulators_is_one_sentence_and_untouched(rig: Rig) -> None:
    rig.file.parent.mkdir()
    rig.file.write_bytes(b"somebody's letters" * 100)
    with pytest.raises(Failed) as failed:
        rig.diff(VM, ID, SERVER.data(), SERVER.data())
    _one_sentence(failed.value)
    assert rig.file.read_bytes() == b"somebody's letters" * 100


def test_a_type_that_is_none_of_ours_is_one_sentence(rig: Rig) -> None:
    with pytest.raises(Failed, match=r"there is no type wpf:compute:Toaster") as failed:
        rig.check("wpf:compute:Toaster", {})
    _one_sentence(failed.value)
    with pytest.raises(Failed, match=r"there is no function wpf:plan:guess") as failed:
        rig.invoke("wpf:plan:guess", {})
    _one_sentence(failed.value)


def test_a_call_that_this_provider_has_not_is_told_as_that(rig: Rig) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        rig.stub.Construct(provider_pb2.ConstructRequest(), timeout=30)
    assert failed.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_sentences_are_japanese_where_japanese_is_spoken(fresh: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "ja")
    fresh.configure()
    fresh.lay_ground(SERVER)
    fresh.diff(VM, ID, SERVER.data(), _wanted(cpu=4))
    assert fresh.lines() == ["stop: app-1 cpu 2 → 4: 弊社がサーバをシャットダウンし、変更後に起動します FAQ-16"]
    with pytest.raises(Failed, match="サーバを隣に宣言し"):
        fresh.diff(VM, ID, SERVER.data(), _wanted(os="rhel-8"))
    _, failures = fresh.check(VM, _wanted(cpu="four"))
    assert "整数" in failures["cpu"]


def test_cancel_gives_the_backend_back_and_lets_nothing_begin(grounded: Rig) -> None:
    grounded.create(VM, SERVER.data())
    grounded.let_go()
    grounded.cancel()
    assert not [file.name for file in grounded.file.parent.iterdir() if file.name.endswith("-wal")]
    with pytest.raises(Failed, match="the run was cancelled"):
        grounded.create(policy({}).type_name, policy({}).data())
    assert grounded.simulator.find(policy({}).identity) is None


def test_cancel_before_anything_was_configured_is_no_error(fresh: Rig) -> None:
    assert fresh.stub.Cancel(empty_pb2.Empty(), timeout=30) == empty_pb2.Empty()
    assert not fresh.file.exists()
