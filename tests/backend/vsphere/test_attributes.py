"""Custom attributes: defined once, whoever comes first; an empty value is none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pyVmomi import vim

from tests.backend.vsphere.rack import Process, processes
from tests.vcsim.server import VCenter
from wpf_infra.backend.vsphere import attributes
from wpf_infra.backend.vsphere.inscription import IDENTITY, NAMES


def test_nothing_is_defined_before_it_is_needed(library: Process) -> None:
    assert attributes.defined(library.connection) == {}
    assert library.ground().fields == {}


def test_processes_that_define_at_once_share_the_definitions(racked: VCenter) -> None:
    """vim.CustomFieldsManager.addFieldDefinition faults DuplicateName for those who come second."""
    with processes(racked, 4) as several:
        cluster = several[0].ground().clusters["tokyo-1"].ref

        def write(process: Process) -> None:
            attributes.write(process.connection, {}, cluster, {IDENTITY: "platform/cluster/tokyo-1"}, where="test")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, several))
        manager = several[0].connection.content.customFieldsManager
        defined = several[0].connection.read_objects([manager], ["field"])[manager]["field"]
        assert sorted(field.name for field in defined) == sorted(NAMES)
        assert str(several[0].ground().clusters["tokyo-1"].claim) == "platform/cluster/tokyo-1"


def test_an_empty_word_takes_the_word_away(library: Process) -> None:
    ground = library.ground()
    cluster = ground.clusters["tokyo-1"].ref
    for word in ("platform/cluster/tokyo-1", ""):
        attributes.write(library.connection, ground.fields, cluster, {IDENTITY: word}, where="test")
    assert library.ground().clusters["tokyo-1"].claim is None


def test_others_attributes_are_theirs(library: Process, people: Process) -> None:
    cluster = people.ground().clusters["tokyo-1"].ref
    manager = people.connection.content.customFieldsManager
    assert isinstance(manager, vim.CustomFieldsManager)
    theirs = people.connection.call(lambda: manager.AddCustomFieldDef(name="rack"), where="people")
    people.connection.call(lambda: manager.SetField(entity=cluster, key=theirs.key, value="B-12"), where="people")
    attributes.write(library.connection, {}, cluster, {IDENTITY: "platform/cluster/tokyo-1"}, where="test")
    found = library.connection.read_objects([cluster], ["customValue"])[cluster]["customValue"]
    assert {value.key: value.value for value in found}[theirs.key] == "B-12"
    assert "rack" not in library.ground().fields
