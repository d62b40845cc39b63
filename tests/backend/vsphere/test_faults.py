"""Every fault that a vCenter can answer is an error of ours: of the right kind, in both languages, without a secret."""

from __future__ import annotations

import http.client
import ssl
from xml.parsers.expat import ExpatError

import pytest
from pyVmomi import VmomiSupport, vim, vmodl

from wpf_infra.backend.vsphere.faults import translated
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused, Transient, Unsupported
from wpf_infra.language import Language, same

WORD = "korrekt-pferd"
WHERE = "hill/vm/app-1"
MACHINE = vim.VirtualMachine("vm-42")
FOLDER = vim.Folder("group-v3")


def _told(fault: Exception) -> BackendError:
    error = translated(fault, WHERE, hidden=WORD)
    english, japanese = error.sentence(Language.ENGLISH), error.sentence(Language.JAPANESE)
    assert english.startswith(f"{WHERE}: ")
    assert japanese.startswith(f"{WHERE}: ")
    assert japanese != english
    for said in (english, japanese):
        assert "\n" not in said
        assert "\x1b" not in said
        assert WORD not in said
        assert " → " in said
    assert error.exit_code == 3
    return error


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (vmodl.fault.ManagedObjectNotFound(obj=MACHINE), NotFound, "does not have it any more"),
        (vim.fault.NotFound(), NotFound, "does not have it any more"),
        (vim.fault.FileNotFound(file="[raid6-1] app-1/app-1.vmdk"), NotFound, "[raid6-1] app-1/app-1.vmdk"),
        (vim.fault.InvalidDeviceOperation(msg="no"), Refused, "does not allow that (InvalidDeviceOperation: no)"),
        (vim.fault.DuplicateName(name="app-1", object=MACHINE), Conflict, "something named app-1 is there"),
        (vim.fault.AlreadyExists(name="wpf-vlan-1108"), Conflict, "something named wpf-vlan-1108 is there"),
        (vim.fault.FileAlreadyExists(file="[raid6-1] a.vmdk"), Conflict, "a file [raid6-1] a.vmdk already"),
        (vim.fault.NoDiskSpace(datastore="raid6-1"), Conflict, "no space is left on datastore raid6-1"),
        (vim.fault.InsufficientResourcesFault(msg="none left"), Conflict, "InsufficientResourcesFault: none left"),
        (vim.fault.InsufficientMemoryResourcesFault(msg="none"), Conflict, "InsufficientMemoryResourcesFault: none"),
        (vim.fault.InsufficientFailoverResourcesFault(), Conflict, "InsufficientFailoverResourcesFault"),
        (vim.fault.NotEnoughCpus(), Conflict, "NotEnoughCpus"),
        (vim.fault.NotEnoughLogicalCpus(), Conflict, "NotEnoughLogicalCpus"),
        (vim.fault.NoCompatibleHost(), Conflict, "NoCompatibleHost"),
        (vim.fault.RuleViolation(), Conflict, "RuleViolation"),
        (vim.fault.ResourceInUse(name="wpf-vlan-1108"), Conflict, "it is in use: wpf-vlan-1108"),
        (vmodl.fault.HostCommunication(), Transient, "does not reach the host (HostCommunication)"),
        (vmodl.fault.HostNotConnected(), Transient, "does not reach the host (HostNotConnected)"),
        (vim.fault.TaskInProgress(task=vim.Task("task-1")), Transient, "something else is being done"),
        (vim.fault.ConcurrentAccess(), Transient, "something else is being done to it (ConcurrentAccess)"),
        (vim.fault.FileLocked(file="x"), Transient, "something else is being done to it (FileLocked)"),
        (vim.fault.Timedout(), Transient, "it took too long (Timedout)"),
        (vim.fault.NotAuthenticated(object=MACHINE), Transient, "the session with the vCenter has ended"),
        (vmodl.fault.SessionNotFound(), Transient, "the session with the vCenter has ended"),
        (vmodl.fault.RequestCanceled(), Transient, "somebody cancelled the task"),
        (
            vim.fault.NoPermission(object=MACHINE, privilegeId="VirtualMachine.Config.Memory"),
            Refused,
            "it needs VirtualMachine.Config.Memory on VirtualMachine:vm-42",
        ),
        (
            vim.fault.NoPermission(
                missingPrivileges=[
                    vim.fault.NoPermission.EntityPrivileges(
                        entity=FOLDER, privilegeIds=["Folder.Create", "System.Read"]
                    )
                ]
            ),
            Refused,
            "it needs Folder.Create on Folder:group-v3, System.Read on Folder:group-v3",
        ),
        (vim.fault.NoPermission(), Refused, "it needs ? on ?"),
        (
            vim.fault.InvalidPowerState(existingState="poweredOn", requestedState="poweredOff"),
            Refused,
            "its power state does not allow that (poweredOn)",
        ),
        (vim.fault.InvalidState(msg="a snapshot"), Refused, "its state does not allow that (InvalidState: a snapshot)"),
        (vim.fault.InvalidHostConnectionState(), Refused, "InvalidHostConnectionState"),
        (vim.fault.RestrictedVersion(msg="no licence"), Refused, "RestrictedVersion: no licence"),
        (vim.fault.MethodDisabled(source="backup"), Refused, "MethodDisabled"),
        (vmodl.fault.NotEnoughLicenses(), Refused, "NotEnoughLicenses"),
        (vim.fault.LicenseExpired(licenseKey="x"), Refused, "LicenseExpired"),
        (vmodl.fault.NotSupported(), Unsupported, "has no way to do that (NotSupported"),
        (vmodl.fault.MethodNotFound(receiver=MACHINE, method="Shrink"), Unsupported, "MethodNotFound"),
        (vmodl.fault.NotImplemented(), Unsupported, "NotImplemented"),
        (vim.fault.InvalidLogin(), BackendError, "wrong user or password"),
        (vim.fault.PasswordExpired(), BackendError, "has expired"),
        (vmodl.fault.InvalidArgument(invalidProperty="spec.cidr"), BackendError, "the value of spec.cidr"),
        (vim.fault.InvalidName(name="a/b", msg="a bad name"), BackendError, "answered InvalidName: a bad name"),
        (vmodl.fault.SystemError(msg="general error"), BackendError, "answered SystemError: general error"),
        (vmodl.MethodFault(), BackendError, "answered MethodFault"),
        (ConnectionResetError(104, "Connection reset by peer"), Transient, "was cut ([Errno 104] Connection reset"),
        (http.client.RemoteDisconnected("Remote end closed connection"), Transient, "Remote end closed connection"),
        (http.client.HTTPException("503 Service Unavailable"), Transient, "503 Service Unavailable"),
        (http.client.IncompleteRead(b"<"), Transient, "was cut"),
        (ExpatError("no element found: line 1, column 0"), Transient, "no element found"),
        (ssl.SSLEOFError(8, "EOF occurred"), Transient, "EOF occurred"),
        (ConnectionAbortedError(), Transient, "was cut (ConnectionAbortedError)"),
        (TimeoutError("timed out"), Transient, "was cut (timed out)"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_a_fault_is_an_error_of_ours(fault: Exception, kind: type[BackendError], words: str) -> None:
    error = _told(fault)
    assert type(error) is kind
    assert words in error.what.en


@pytest.mark.parametrize(
    "fault",
    [
        vmodl.fault.SystemError(msg=f"login of wpf with {WORD} failed\nat line 1\x1b[2J"),
        vim.fault.DuplicateName(name=WORD, object=MACHINE),
        vim.fault.InsufficientResourcesFault(msg=WORD),
        vim.fault.NoPermission(object=MACHINE, privilegeId=WORD),
        vmodl.fault.InvalidArgument(invalidProperty=WORD, msg=WORD),
        ConnectionError(f"http://wpf:{WORD}@vcenter"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_strangers_words_are_one_line_without_the_password(fault: Exception) -> None:
    assert "[secret]" in _told(fault).what.en


def test_a_long_story_is_cut_short() -> None:
    assert len(_told(vmodl.fault.SystemError(msg="no " * 4000)).what.en) < 400


def test_an_error_of_ours_is_itself() -> None:
    error = Conflict(same("taken"), remedy=same("free it"))
    assert translated(error, WHERE) is error


def test_every_fault_of_the_api_has_a_sentence() -> None:
    """Whatever the class, and with nothing in it: a server may leave out what its reference promises."""
    names = [name for name in VmomiSupport._dataDefMap if name.startswith(("vim.fault.", "vmodl.fault."))]
    faults = [kind for kind in map(VmomiSupport.GetVmodlType, names) if issubclass(kind, vmodl.MethodFault)]
    assert len(faults) > 500
    for fault in faults:
        _told(fault())
