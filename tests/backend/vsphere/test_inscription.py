"""Words on a vCenter's objects, there and back; whatever people write there is read, or reads as absent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract import estate
from wpf_infra.backend.vsphere import inscription
from wpf_infra.model.hardware import Host, RaidGroup


@pytest.mark.parametrize("vlan", [1, 101, 4094])
def test_a_portgroups_name_carries_its_vlan(vlan: int) -> None:
    assert inscription.vlan_of_name(inscription.portgroup_name(vlan)) == vlan


@pytest.mark.parametrize("name", ["wpf-vlan-", "wpf-vlan-x", "wpf-vlan-01010", "wpf-vlan-٠١٠١", "VM Network"])
def test_other_names_carry_none(name: str) -> None:
    assert inscription.vlan_of_name(name) is None


def test_what_is_written_is_read() -> None:
    terms = inscription.RoomTerms.of(estate.HILL)
    assert inscription.RoomTerms.read(terms.words) == terms
    host = Host(cpu=32, memory_gib=128)
    assert inscription.host(inscription.host_words(host)) == host
    group = RaidGroup(cluster="tokyo-1", disks=8, disk_gb=2000)
    assert inscription.group(inscription.group_words(group)) == group


@pytest.mark.parametrize("word", ["", "0", "-1", "007", "1.5", "1e3", "٣", "9" * 10, "9" * 5000])
def test_a_number_that_nobody_of_us_writes_is_none(word: str) -> None:
    assert inscription.host({inscription.CPU: word, inscription.MEMORY_GIB: "128"}) is None
    words = {inscription.CLUSTER: "tokyo-1", inscription.RAID_DISKS: "8", inscription.DISK_GB: word}
    assert inscription.group(words) is None
    quota = {inscription.QUOTA: f"{word} cpu, 128 GiB, 4000 GB"}
    assert inscription.RoomTerms.read({**inscription.RoomTerms.of(estate.HILL).words, **quota}) is None


@given(st.dictionaries(st.sampled_from(sorted(inscription.NAMES)), st.text() | st.from_regex(r"[0-9]+"), max_size=12))
def test_no_word_fails_a_reading(written: dict[str, str]) -> None:
    inscription.identity(written)
    inscription.host(written)
    inscription.group(written)
    inscription.RoomTerms.read(written)
