"""Marks: written, read back, changed entry by entry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wpf_infra.backend.vsphere.mark import Marks, Slot, changes, group_of, instance_uuid, rule_name
from wpf_infra.model.identity import Identity, Kind

APP = Identity("hill", Kind.VM, "app-1")
MARKS = Marks(
    identity=APP,
    os="rhel-9",
    address="10.64.1.11",
    anti_affinity="app",
    built=True,
    build="0badcafe",
    restart_owed=True,
    disks={"system": Slot(0, 0, "raid6", "6000C29a-1"), "data": Slot(1, 8, "raid6")},
    erasing=frozenset({"system"}),
    erased=frozenset({"data"}),
)


def test_an_identity_gives_one_uuid_for_ever() -> None:
    """It stands in every server that was built: another one would orphan them all."""
    assert instance_uuid(APP) == "2f208036-b707-5223-abab-6a02d679e12e"
    assert instance_uuid(Identity("hill", Kind.VM, "app-2")) != instance_uuid(APP)


def test_marks_are_read_as_they_were_written() -> None:
    assert Marks.decode(MARKS.encode()) == MARKS
    assert Marks.decode(Marks(APP).encode()) == Marks(APP)


def test_what_the_guest_writes_is_no_address_of_ours() -> None:
    """Whoever is root in a guest may write everything that begins with guestinfo."""
    marks = Marks.decode(MARKS.encode() | {"guestinfo.wpf.address": "10.64.1.99"})
    assert marks == MARKS
    assert MARKS.encode()["guestinfo.wpf.address"] == "10.64.1.11"


def test_a_disks_mark_is_short_and_says_where() -> None:
    assert MARKS.encode()["wpf.disk.system"] == "0:0 raid6 6000C29a-1"
    assert MARKS.encode()["wpf.disk.data"] == "1:8 raid6"


@pytest.mark.parametrize("text", ["", "hill", "hill/vm/", "hill/vm/app-1/x", "hill/tenant/hill", "Hill/vm/app-1"])
def test_what_is_no_servers_identity_is_no_mark(text: str) -> None:
    assert Marks.decode({"wpf.identity": text, "wpf.os": "rhel-9"}) is None


@pytest.mark.parametrize("text", ["", "raid6", "0:0", "0 raid6", "a:b raid6", "0:0 RAID 6 x"])
def test_a_disks_mark_that_cannot_be_read_is_none(text: str) -> None:
    marks = Marks.decode({"wpf.identity": str(APP), "wpf.disk.data": text})
    assert marks is not None
    assert marks.disks == {}


def test_only_what_is_different_is_sent_and_an_empty_value_takes_away() -> None:
    after = replace(
        MARKS,
        restart_owed=False,
        address="10.64.1.12",
        erased=frozenset(),
        disks={"system": MARKS.disks["system"], "log": Slot(0, 1, "raid6")},
    )
    assert changes(MARKS, after) == {
        "wpf.restart-owed": "",
        "wpf.erased.data": "",
        "wpf.disk.data": "",
        "wpf.disk.log": "0:1 raid6",
        "wpf.address": "10.64.1.12",
        "guestinfo.wpf.address": "10.64.1.12",
    }
    assert changes(MARKS, MARKS) == {}


def test_a_clone_loses_the_marks_of_what_it_was_cloned_from() -> None:
    leftover = [
        "wpf.built",
        "wpf.disk.data",
        "wpf.os",
        "guestinfo.wpf.address",
        "guestinfo.hostname",
        "disk.EnableUUID",
    ]
    sent = changes(None, Marks(APP, os="rhel-9"), leftover=leftover)
    assert sent == {
        "wpf.identity": "hill/vm/app-1",
        "wpf.os": "rhel-9",
        "wpf.built": "",
        "wpf.disk.data": "",
        "guestinfo.wpf.address": "",
    }


def test_a_rules_name_says_tenant_and_group() -> None:
    assert group_of(rule_name("hill", "app"), "hill") == "app"
    for foreign in (rule_name("hill-2", "app"), "wpf:hill", "wpf:hill:", "app"):
        assert group_of(foreign, "hill") is None
