"""Secrets and unknowns survive every call, and no line, failure or error ever holds a secret's value."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.provider.rig import Failed, Rig, running
from tests.provider.vault import TYPE, Vault
from wpf_infra.provider.value import UNKNOWN, Secret
from wpf_infra.provider.wire import decode_struct

WORD = "korrekt-pferd"
INPUTS: dict[str, Any] = {
    "password": Secret(WORD),
    "nested": {"list": [Secret({"deep": WORD}), None, 3, 2.5, True], "空": "水"},
    "address": UNKNOWN,
}
KNOWN = {**INPUTS, "address": Secret("10.64.1.11")}


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def rig(project: Path, vault: Vault) -> Iterator[Rig]:
    with running(project, vault.handlers) as started:
        started.configure()
        yield started


def test_both_survive_check_create_read_and_update(rig: Rig) -> None:
    assert rig.check(TYPE, INPUTS) == (INPUTS, {})
    assert rig.create(TYPE, INPUTS, preview=True) == ("", INPUTS)
    assert rig.create(TYPE, KNOWN) == ("vault-1", KNOWN)
    assert rig.read(TYPE, "vault-1", KNOWN) == ("vault-1", KNOWN, KNOWN)
    changed = {**INPUTS, "password": Secret("another")}
    assert rig.update(TYPE, "vault-1", KNOWN, changed, preview=True) == changed
    known = {**KNOWN, "password": Secret("another")}
    assert rig.update(TYPE, "vault-1", KNOWN, known) == known
    assert rig.read(TYPE, "vault-1") == ("vault-1", known, known)


def test_no_line_holds_the_old_or_the_new_secret(rig: Rig) -> None:
    rig.create(TYPE, KNOWN)
    rig.diff(TYPE, "vault-1", KNOWN, {**KNOWN, "password": Secret("another")})
    rig.delete(TYPE, "vault-1", KNOWN)
    assert rig.lines() == ["online: vault password [secret] → [secret]", "erased [secret]"]


def test_no_failure_of_a_check_holds_it(rig: Rig, vault: Vault) -> None:
    vault.mood = "failure"
    assert rig.check(TYPE, INPUTS)[1] == {"password": "[secret] is too short"}


@pytest.mark.parametrize("mood", ["refused", "blocked", "half-built", "bug"])
def test_no_error_of_any_call_holds_it(rig: Rig, vault: Vault, mood: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    rig.create(TYPE, KNOWN)
    vault.mood = mood
    calls: tuple[Callable[[], object], ...] = (
        lambda: rig.diff(TYPE, "vault-1", KNOWN, INPUTS),
        lambda: rig.create(TYPE, INPUTS, preview=True),
        lambda: rig.create(TYPE, KNOWN),
        lambda: rig.read(TYPE, "vault-1", KNOWN),
        lambda: rig.update(TYPE, "vault-1", KNOWN, KNOWN),
        lambda: rig.delete(TYPE, "vault-1", KNOWN),
    )
    for call in calls:
        with pytest.raises(Failed) as failed:
            call()
        _silent(failed.value.said)
    _silent(caplog.text)
    _silent("\n".join(rig.lines()))


def test_the_judges_answer_does_not_hold_it(rig: Rig, vault: Vault) -> None:
    vault.mood = "blocked"
    said = rig.invoke("wpf:plan:judge", {"objects": [{"type": TYPE, "inputs": KNOWN}]})
    assert said == {"blocking": ["the password [secret] did not open it"], "impossible": []}


def test_what_the_engine_records_of_a_half_built_object_is_still_secret(rig: Rig, vault: Vault) -> None:
    vault.mood = "half-built"
    with pytest.raises(Failed) as failed:
        rig.create(TYPE, KNOWN)
    detail = failed.value.half_built
    assert detail is not None
    assert decode_struct(detail.properties) == decode_struct(detail.inputs) == KNOWN
    _silent(*detail.reasons)


def test_a_fault_of_our_own_is_one_sentence_without_a_traceback(
    rig: Rig, vault: Vault, capfd: pytest.CaptureFixture[str]
) -> None:
    vault.mood = "bug"
    with pytest.raises(Failed) as failed:
        rig.create(TYPE, KNOWN)
    assert failed.value.said == "a fault of wpf-infra's own (RuntimeError); please report it"
    assert "Traceback" not in "".join(capfd.readouterr())


def _silent(*texts: str) -> None:
    for text in texts:
        assert WORD not in text
        assert "10.64.1.11" not in text
        assert "Traceback" not in text
