"""A stack belongs to one backend for life: its identity is recorded, another one is refused."""

from __future__ import annotations

import json

import grpc
import pytest

from tests.provider.rig import Failed, Rig

IDENTITY = "backend_identity"


def _pointed_at(path: str) -> dict[str, str]:
    return {"simulator": json.dumps({"path": path})}


def test_a_backend_that_does_not_exist_yet_is_recorded_by_its_place_and_not_made(fresh: Rig) -> None:
    checked = fresh.check_config({"backend": "simulator"})
    assert checked == {"backend": "simulator", IDENTITY: "simulator:.wpf/simulator.db"}
    assert not fresh.file.parent.exists()


def test_a_backend_that_exists_is_recorded_by_its_own_identity(fresh: Rig) -> None:
    fresh.lay_ground()
    identity = fresh.simulator.identity()
    assert fresh.check_config({}) == {IDENTITY: f"simulator:.wpf/simulator.db#{identity}"}


def test_the_record_of_a_place_becomes_the_record_of_what_was_made_there(fresh: Rig) -> None:
    before = fresh.check_config({})
    fresh.lay_ground()
    after = fresh.check_config({}, before)
    assert after[IDENTITY].startswith(f"{before[IDENTITY]}#")
    assert fresh.check_config({}, after) == after


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
    fresh.lay_ground()
    recorded = fresh.check_config({})
    fresh.let_go()
    for file in fresh.file.parent.iterdir():
        file.unlink()
    with pytest.raises(Failed, match="this stack was applied to"):
        fresh.check_config({}, recorded)
    fresh.lay_ground()
    with pytest.raises(Failed, match="this stack was applied to"):
        fresh.check_config({}, recorded)


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
