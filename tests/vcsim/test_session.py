"""Who is in: SessionManager.Login, sessions that end, calls without any."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client
from tests.vcsim.server import Fault, VCenter


@pytest.mark.parametrize(("user", "password"), [("", "wrong"), ("nobody@vsphere.local", "")])
def test_a_stranger_or_a_wrong_password(vcenter: VCenter, user: str, password: str) -> None:
    """SessionManager.Login: InvalidLogin."""
    with pytest.raises(vim.fault.InvalidLogin):
        Client(vcenter, who=(user or vcenter.user, password or vcenter.password))
    assert vcenter.sessions() == ()


def test_its_certificate_is_of_its_own_authority(vcenter: VCenter) -> None:
    """A client that does not know the authority refuses; one that does knows 127.0.0.1 and localhost."""
    url = f"https://{vcenter.host}/sdk/vimServiceVersions.xml"
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(url, context=ssl.create_default_context())
    known = ssl.create_default_context(cafile=str(vcenter.ca_file))
    for address in (url, url.replace("127.0.0.1", "localhost")):
        with urllib.request.urlopen(address, context=known) as answer:
            assert b"<version>8.0.3.0</version>" in answer.read()


def test_sessions_are_those_that_live(vcenter: VCenter, client: Client, hands: Client) -> None:
    """SessionManager.sessionList."""
    assert vcenter.sessions() == (vcenter.hands_user, vcenter.user)
    hands.content.sessionManager.Logout()
    assert vcenter.sessions() == (vcenter.user,)


def test_a_session_that_ended(vcenter: VCenter, client: Client) -> None:
    """NotAuthenticated: for methods and for property reads alike."""
    vm = client.cloned("app-1")
    folder = client.datacenter.vmFolder
    vcenter.expire_sessions()
    assert vcenter.sessions() == ()
    calls: tuple[Callable[[], object], ...] = (
        lambda: vm.name,
        lambda: vm.PowerOnVM_Task(),
        lambda: folder.CreateFolder("hill"),
        lambda: client.instance.CurrentTime(),
    )
    for call in calls:
        with pytest.raises(vim.fault.NotAuthenticated):
            call()
    assert vcenter.journal()[-1].event == "cloned"
    client.content.sessionManager.Login(vcenter.user, vcenter.password)
    assert vm.name == "app-1"


def test_the_journal_knows_who(vcenter: VCenter, client: Client, hands: Client) -> None:
    """TaskReasonUser.userName and the journal have the session's user."""
    client.cloned("app-1")
    vm = hands.find(vim.VirtualMachine, "app-1")
    task = vm.PowerOnVM_Task()
    hands.wait(task)
    assert task.info.reason.userName == vcenter.hands_user
    assert [(entry.seq, entry.user, entry.event, entry.path) for entry in vcenter.journal()] == [
        (1, vcenter.user, "cloned", "app-1"),
        (2, vcenter.hands_user, "powered-on", "app-1"),
    ]


def test_what_nobody_wrote_is_refused(client: Client) -> None:
    """What the server does not carry out as a vCenter would is NotSupported, not done wrongly."""
    with pytest.raises(vmodl.fault.NotSupported):
        client.cloned("app-1").ResetVM_Task()


def test_a_login_can_be_made_to_fail(vcenter: VCenter) -> None:
    """Faults reach those who are not logged in."""
    vcenter.fail(Fault(methods=("Login",), fault="InvalidLogin"))
    with pytest.raises(vim.fault.InvalidLogin):
        Client(vcenter)
    Client(vcenter).close()
