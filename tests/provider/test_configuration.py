"""A stack belongs to one backend for life: its identity is recorded, another one is refused."""

from __future__ import annotations

import json
import re

import grpc
import pytest

from tests.contract.estate import GROUND, server
from tests.provider.rig import Failed, Rig

IDENTITY = "backend_identity"
SERVER = server()


def _pointed_at(path: str) -> dict[str, str]:
    return {"simulator": json.dumps({"path": path})}


def test_a_backend_that_does_not_exist_yet_gets_its_name_for_life_and_is_not_made(fresh: Rig) -> None:
    checked = fresh.check_config({"backend": "simulator"})
    assert re.fullmatch(r"simulator:\.wpf/simulator\.db#simulator:[0-9a-f-]{36}", checked[IDENTITY])
    assert checked["backend"] == "simulator"
    assert not fresh.file.parent.exists()
    assert fresh.check_config({"backend": "simulator"}, checked) == checked


def test_a_backend_that_exists_is_recorded_by_its_own_identity(fresh: Rig) -> None:
    fresh.lay_ground()
    identity = fresh.simulator.identity()
    assert fresh.check_config({}) == {IDENTITY: f"simulator:.wpf/simulator.db#{identity}"}


def test_what_is_made_answers_to_the_name_it_was_given(fresh: Rig) -> None:
    recorded = fresh.check_config({})
    fresh.configure(**recorded)
    for resource in GROUND:
        fresh.create(resource.type_name, resource.data())
    assert recorded[IDENTITY].endswith(f"#{fresh.simulator.identity()}")
    assert fresh.check_config({}, recorded) == recorded


def test_the_same_world_at_another_place_is_the_same_backend(fresh: Rig) -> None:
    fresh.lay_ground()
    recorded = fresh.check_config({})
    fresh.file.rename(fresh.root / "moved.db")
    assert fresh.check_config(_pointed_at("moved.db"), recorded)[IDENTITY].startswith("simulator:moved.db#")


@pytest.mark.parametrize("made", [True, False])
def test_another_place_is_refused(fresh: Rig, made: bool) -> None:
    if made:
        fresh.lay_ground()
    recorded = fresh.check_config({})
    with pytest.raises(Failed) as failed:
        fresh.check_config(_pointed_at("other.db"), recorded)
    assert failed.value.said.startswith("wpf:backend: this stack was applied to simulator:.wpf/simulator.db")
    assert "is now pointed at simulator:other.db → " in failed.value.said
    assert not (fresh.root / "other.db").exists()


def test_another_world_at_the_same_place_is_refused(fresh: Rig) -> None:
    """In what a program registers, and where there is none (refresh) when the recorded configuration is opened."""
    fresh.lay_ground()
    recorded = fresh.check_config({})
    _lose(fresh)
    fresh.lay_ground()
    for opened in (lambda: fresh.check_config({}, recorded), lambda: fresh.configure(**recorded)):
        with pytest.raises(Failed, match="this stack was applied to"):
            opened()


def test_a_world_that_is_gone_is_refused_to_what_is_recorded(fresh: Rig) -> None:
    """Planned against nothing it would all be built anew; read from nothing it would be forgotten."""
    fresh.lay_ground()
    recorded = fresh.check_config({})
    _lose(fresh)
    fresh.configure(**fresh.check_config({}, recorded))
    id, kind, inputs = str(SERVER.identity), SERVER.type_name, SERVER.data()
    for asked in (
        lambda: fresh.diff(kind, id, inputs, inputs),
        lambda: fresh.read(kind, id, inputs),
        lambda: fresh.update(kind, id, inputs, inputs),
        lambda: fresh.delete(kind, id, inputs),
    ):
        with pytest.raises(Failed, match="is gone: nothing is there"):
            asked()
    assert not fresh.file.exists()


def _lose(rig: Rig) -> None:
    rig.let_go()
    for file in rig.file.parent.iterdir():
        file.unlink()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"backend": "openstack"}, "wpf:backend: there is no backend 'openstack'"),
        ({"simulator": "not json"}, "wpf:simulator: this is not an object"),
        ({"now": "yesterday"}, "wpf:now"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(fresh: Rig, config: dict[str, str], said: str) -> None:
    with pytest.raises(Failed) as failed:
        fresh.configure(**config)
    assert failed.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert failed.value.said.startswith(said)
    assert " → " in failed.value.said
    assert "\n" not in failed.value.said


def test_outside_a_project_the_sentence_says_where_to_go(fresh: Rig) -> None:
    (fresh.root / "Pulumi.yaml").unlink()
    with pytest.raises(Failed, match=r"no Pulumi\.yaml here"):
        fresh.configure()
