"""Destroying what others destroy too: what is gone is gone, and what stands was not destroyed (vim.ManagedEntity)."""

from __future__ import annotations

import pytest

from tests.backend.vsphere.rack import Process, When
from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.vsphere.destruction import destroy
from wpf_infra.errors import BackendError


def test_what_is_gone_already_is_destroyed(library: Process) -> None:
    above = library.ground().server_folder
    assert above is not None
    folder = library.connection.call(lambda: above.ref.CreateFolder(name="wpf"), where="test")
    for _ in range(2):
        destroy(library.connection, folder, folder.Destroy_Task, where="test")
    assert library.ground().root_folder is None


def test_an_answer_that_was_lost_is_no_failure(library: Process, racked: VCenter) -> None:
    above = library.ground().server_folder
    assert above is not None
    folder = library.connection.call(lambda: above.ref.CreateFolder(name="wpf"), where="test")
    racked.fail(Fault(methods=("Destroy_Task",), fault="HostCommunication", when="drop-reply"))
    destroy(library.connection, folder, folder.Destroy_Task, where="test")


@pytest.mark.parametrize("when", ["call", "task"])
def test_what_still_stands_is_a_failure(library: Process, racked: VCenter, when: When) -> None:
    above = library.ground().server_folder
    assert above is not None
    folder = library.connection.call(lambda: above.ref.CreateFolder(name="wpf"), where="test")
    racked.fail(Fault(methods=("Destroy_Task",), fault="HostCommunication", when=when))
    with pytest.raises(BackendError):
        destroy(library.connection, folder, folder.Destroy_Task, where="test")
    assert library.ground().root_folder is not None
