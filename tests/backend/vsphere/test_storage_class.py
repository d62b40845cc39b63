"""Datastores taken into management as the groups of a storage class (FAQ-12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backend.vsphere.rack import Process, When, cuts
from tests.contract import estate
from tests.vcsim.server import VCenter
from wpf_infra.backend.vsphere import attributes, inscription
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused
from wpf_infra.model.resource import StorageClassResource


def storage(name: str = "raid6", **groups: dict[str, Any]) -> StorageClassResource:
    """Groups by datastore; what is not said is as in the estate."""
    usual = {"cluster": "tokyo-1", "disks": 8, "disk_gb": 2000}
    given = {group.replace("_", "-"): {**usual, **changes} for group, changes in groups.items()}
    return StorageClassResource.model_validate({"name": name, "groups": given})


TWO = storage(raid6_a={}, raid6_b={"disks": 6, "disk_gb": 1000})


@pytest.mark.parametrize("resource", [estate.STORAGE, TWO, storage(raid6_a={}, raid6_o={"cluster": "osaka-1"})])
def test_a_claimed_class_is_read_as_it_was_declared(library: Process, resource: StorageClassResource) -> None:
    """FAQ-12"""
    library.build(resource)
    assert library.find(resource) == resource


def test_claiming_again_changes_nothing(library: Process, racked: VCenter) -> None:
    library.build(TWO)
    racked.reset_calls()
    library.build(TWO)
    assert "SetField" not in racked.calls()


def test_groups_join_grow_and_leave(library: Process) -> None:
    small = storage(raid6_a={"disks": 6})
    library.build(small)
    for wanted in (estate.STORAGE, TWO, storage(raid6_b={})):
        library.build(wanted)
        assert library.find(small) == wanted
    assert library.ground().datastores["raid6-a"].claim is None


@pytest.mark.parametrize(
    ("resource", "error", "words"),
    [
        (storage(raid6_z={}), NotFound, "datastore raid6-z"),
        (storage(raid6_a={"cluster": "nagoya-1"}), NotFound, "cluster nagoya-1"),
        (storage(raid6_o={}), Refused, "raid6-o is not reached by tokyo-1-1"),
        (storage(raid6_a={}, raid6_b={"disks": 9}), Refused, "12000 GB, less than the 14000 GB"),
    ],
    ids=["no datastore", "no cluster", "not mounted", "too small"],
)
def test_what_the_vcenter_does_not_have_is_refused_before_anything_is_marked(
    library: Process, racked: VCenter, resource: StorageClassResource, error: type[BackendError], words: str
) -> None:
    with pytest.raises(error, match=words):
        library.build(resource)
    assert library.find(resource) is None
    assert "SetField" not in racked.calls()


def test_a_datastore_belongs_to_one_class(library: Process) -> None:
    library.build(estate.STORAGE)
    with pytest.raises(Conflict, match="platform/storage-class/raid6"):
        library.build(storage("fast", raid6_a={}))
    library.build(storage("fast", raid6_b={}))
    assert library.find(estate.STORAGE) == estate.STORAGE


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_a_claim_that_was_cut_off_anywhere_is_not_seen_and_is_finished(
    library: Process, racked: VCenter, when: When
) -> None:
    """A class is no object of its own: half of its groups must not look like a class that is declared otherwise."""
    for attempt in cuts(racked, "SetField", when):
        library.remove(TWO.identity)
        attempt(lambda: library.build(TWO))
        assert library.find(TWO) in (None, TWO)
        library.build(TWO)
        assert library.find(TWO) == TWO


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_a_change_that_was_cut_off_anywhere_is_finished(library: Process, racked: VCenter, when: When) -> None:
    after = storage(raid6_a={"disks": 7}, raid6_o={"cluster": "osaka-1"})
    for attempt in cuts(racked, "SetField", when):
        library.build(TWO)
        attempt(lambda: library.build(after))
        assert library.find(TWO) is not None
        library.build(after)
        assert library.find(TWO) == after
        left = library.ground().datastores["raid6-b"]
        assert (left.claim, left.group, left.built) == (None, None, None)


@pytest.mark.parametrize("when", ["call", "drop-reply"])
def test_a_release_that_was_cut_off_anywhere_is_finished(library: Process, racked: VCenter, when: When) -> None:
    """While anything still keeps a datastore from another class, the class is seen and can be released again."""
    other = storage("fast", raid6_a={}, raid6_b={"disks": 5})
    for attempt in cuts(racked, "SetField", when):
        library.build(TWO)
        attempt(lambda: library.remove(TWO.identity))
        marked = any(one.claim is not None for one in library.ground().datastores.values())
        assert marked == (library.find(TWO) is not None)
        library.remove(TWO.identity)
        stand = library.ground().datastores.values()
        assert {(one.claim, one.group, one.built) for one in stand} == {(None, None, None)}
        library.build(other)
        assert library.find(other) == other
        library.remove(other.identity)


def test_words_without_a_mark_bear_no_witness(library: Process, people: Process) -> None:
    """Neither attribute on it is no agreement of the two: such a class would never be seen."""
    library.build(TWO)
    ground = people.ground()
    for name in ("raid6-a", "raid6-b"):
        words = {inscription.IDENTITY: "", inscription.BUILT: ""}
        attributes.write(people.connection, ground.fields, ground.datastores[name].ref, words, where="people")
    assert not any(one.complete for one in library.ground().datastores.values())
    library.build(TWO)
    assert library.find(TWO) == TWO


def test_a_renamed_datastore_is_a_difference(library: Process, people: Process) -> None:
    library.build(TWO)
    people.run(people.ground().datastores["raid6-a"].ref.Rename_Task, newName="RAID6 A (old)")
    found = library.find(TWO)
    assert isinstance(found, StorageClassResource)
    assert set(found.groups) == {"RAID6 A (old)", "raid6-b"}
    assert found.data()["groups"]["RAID6 A (old)"]["disks"] == 8
    with pytest.raises(NotFound, match="raid6-a"):
        library.build(TWO)


def test_a_release_takes_the_marks_and_nothing_else(library: Process) -> None:
    library.build(TWO)
    library.remove(TWO.identity)
    ground = library.ground()
    assert ground.resource(TWO.identity) is None
    assert {one.claim for one in ground.datastores.values()} == {None}
    assert {one.group for one in ground.datastores.values()} == {None}
    library.remove(TWO.identity)
    library.build(storage("fast", raid6_a={}))
    assert library.find(storage("fast", raid6_a={})) is not None
