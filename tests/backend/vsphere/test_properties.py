"""Reading in bulk: what comes back, what does not, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pyVmomi import vim

from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.properties import read_objects, read_within
from wpf_infra.errors import NotFound, Refused

VIEW = {"CreateContainerView": 1, "DestroyView": 1}


def _names(found: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    return sorted(str(values["name"]) for values in found.values())


def test_all_of_a_type_in_one_read_and_the_view_is_destroyed(connection: Connection, vcenter: VCenter) -> None:
    datacenter = connection.datacenter
    vcenter.reset_calls()
    found = connection.read(vim.HostSystem, ["name", "hardware.cpuInfo.numCpuThreads"], within=datacenter)
    assert _names(found) == ["esx-1", "esx-2", "esx-3"]
    assert {values["hardware.cpuInfo.numCpuThreads"] for values in found.values()} == {32}
    assert dict(vcenter.calls()) == {**VIEW, "RetrievePropertiesEx": 1}


def test_several_types_in_one_read(connection: Connection, vcenter: VCenter) -> None:
    datacenter = connection.datacenter
    vcenter.reset_calls()
    kinds = {vim.ClusterComputeResource: ["name"], vim.Datastore: ["name", "summary.capacity"]}
    found = connection.read_many(kinds, within=datacenter)
    assert _names(found) == ["raid6-1", "raid6-2", "tokyo-1"]
    assert dict(vcenter.calls()) == {**VIEW, "RetrievePropertiesEx": 1}
    assert {len(values) for each, values in found.items() if isinstance(each, vim.Datastore)} == {2}


def test_pages_are_followed(connection: Connection, vcenter: VCenter) -> None:
    content, datacenter = connection.content, connection.datacenter
    whole = read_within(content, {vim.HostSystem: ["name"], vim.Datastore: ["name"]}, datacenter)
    vcenter.reset_calls()
    paged = read_within(content, {vim.HostSystem: ["name"], vim.Datastore: ["name"]}, datacenter, page=2)
    assert paged == whole
    assert len(paged) == 5
    assert dict(vcenter.calls()) == {**VIEW, "RetrievePropertiesEx": 1, "ContinueRetrievePropertiesEx": 2}
    assert read_objects(content, {each: ["name"] for each in whole}, page=2) == whole


def test_what_is_unset_has_no_key_and_nothing_found_is_nothing(connection: Connection) -> None:
    found = connection.read(vim.VirtualMachine, ["name", "snapshot", "config.template"], within=connection.datacenter)
    assert _names(found) == ["rhel-9", "windows-server-2022"]
    for values in found.values():
        assert values.keys() == {"name", "config.template"}
    assert connection.read(vim.VirtualApp, ["name"], within=connection.datacenter) == {}
    assert connection.read_objects([], ["name"]) == {}


def test_given_objects_of_any_type_and_one_that_is_gone(connection: Connection, vcenter: VCenter) -> None:
    datacenter = connection.datacenter
    vm_folder = connection.read_objects([datacenter], ["vmFolder"])[datacenter]["vmFolder"]
    kept = connection.call(lambda: vm_folder.CreateFolder("kept"), where="kept")
    gone = connection.call(lambda: vm_folder.CreateFolder("gone"), where="gone")
    connection.run(gone.Destroy_Task, where="gone")
    vcenter.reset_calls()
    assert connection.read_objects([datacenter, gone, kept], ["name"]) == {
        datacenter: {"name": "Tokyo"},
        kept: {"name": "kept"},
    }
    assert dict(vcenter.calls()) == {"RetrievePropertiesEx": 1}
    with pytest.raises(NotFound, match=r"^hill/tenant/hill: "):
        connection.read(vim.VirtualMachine, ["name"], within=gone, where="hill/tenant/hill")


def test_what_goes_while_it_is_read_is_read_again(connection: Connection, vcenter: VCenter) -> None:
    """`ManagedObjectNotFound` for one object costs the whole answer: the rest is asked for again."""
    datacenter = connection.datacenter
    vcenter.fail(Fault(methods=("RetrievePropertiesEx",), fault="ManagedObjectNotFound", times=2))
    assert len(connection.read(vim.HostSystem, ["name"], within=datacenter)) == 3
    vcenter.fail(Fault(methods=("RetrievePropertiesEx",), fault="ManagedObjectNotFound", times=3))
    with pytest.raises(NotFound):
        connection.read(vim.HostSystem, ["name"], within=datacenter)


def test_what_we_may_not_read_is_no_absent_value(connection: Connection, vcenter: VCenter) -> None:
    vcenter.fail(Fault(methods=("RetrievePropertiesEx",), fault="NoPermission"))
    with pytest.raises(Refused, match=r"wpf:vsphere\.user may not do that"):
        connection.read(vim.HostSystem, ["name"], within=connection.content.rootFolder)


def test_an_expired_session_is_found_out_by_a_read(connection: Connection, vcenter: VCenter) -> None:
    """An answer to nobody is all `missingSet`, `NotAuthenticated` for each property; that is no empty inventory."""
    datacenter = connection.datacenter
    vcenter.expire_sessions()
    assert connection.read_objects([datacenter], ["name"]) == {datacenter: {"name": "Tokyo"}}
    assert vcenter.sessions() == (vcenter.user,)
