"""One session a process: when it begins, how it is renewed, and that it ends."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pyVmomi import vim

from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.endpoint import USER_AGENT, Endpoint, Patience
from wpf_infra.backend.vsphere.settings import VsphereSettings
from wpf_infra.errors import BackendError, Transient

HURRIED = Patience(connect_s=0.3, answer_s=0.3, leave_s=0.3)


def _clock(connection: Connection) -> object:
    instance = vim.ServiceInstance("ServiceInstance", connection.content.rootFolder._stub)
    return connection.call(instance.CurrentTime, where="clock")


def test_nothing_is_asked_before_the_first_call(settings: VsphereSettings, vcenter: VCenter) -> None:
    vcenter.reset_calls()
    Connection(settings).close()
    assert not vcenter.calls()


def test_a_vcenters_name_costs_no_session(connection: Connection, vcenter: VCenter) -> None:
    name = connection.instance_uuid()
    assert len(name) == 36
    assert connection.instance_uuid() == name
    assert vcenter.sessions() == ()
    connection.close()
    assert vcenter.calls()["Login"] == vcenter.calls()["Logout"] == 0


def test_many_threads_share_one_session(connection: Connection, vcenter: VCenter) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: _clock(connection), range(64)))
    assert vcenter.calls()["Login"] == 1
    assert vcenter.sessions() == (vcenter.user,)


def test_a_session_of_ours_can_be_told(connection: Connection) -> None:
    manager = connection.content.sessionManager
    (ours,) = connection.read_objects([manager], ["sessionList"])[manager]["sessionList"]
    assert ours.userAgent == USER_AGENT == "wpf-infra"


def test_the_servers_version_of_the_api_is_spoken(settings: VsphereSettings) -> None:
    endpoint = Endpoint(settings, Patience())
    assert endpoint.content().about.apiVersion.startswith("8.0.3")
    assert endpoint.version == "vim.version.v8_0_3_0"
    endpoint.hang_up()


def test_an_expired_session_is_renewed_once_for_all(connection: Connection, vcenter: VCenter) -> None:
    _clock(connection)
    for _ in range(3):
        vcenter.expire_sessions()
        vcenter.reset_calls()
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda _: _clock(connection), range(16)))
        assert vcenter.calls()["Login"] == 1
        assert vcenter.sessions() == (vcenter.user,)


def test_a_session_that_ends_again_and_again_is_transient(connection: Connection, vcenter: VCenter) -> None:
    _clock(connection)
    vcenter.fail(Fault(methods=("CurrentTime",), fault="NotAuthenticated", times=2))
    with pytest.raises(Transient, match=r"^clock: the session with the vCenter has ended"):
        _clock(connection)
    _clock(connection)


def test_a_connection_that_is_cut_in_mid_call_is_transient(connection: Connection, vcenter: VCenter) -> None:
    _clock(connection)
    vcenter.fail(Fault(methods=("CurrentTime",), when="drop-reply"))
    with pytest.raises(Transient, match=r"^clock: the connection to the vCenter was cut"):
        _clock(connection)
    _clock(connection)
    assert vcenter.sessions() == (vcenter.user,)


def test_an_answer_that_does_not_come_is_transient(settings: VsphereSettings, vcenter: VCenter) -> None:
    with contextlib.closing(Connection(settings, HURRIED)) as connection:
        _clock(connection)
        vcenter.latency(2000, methods=("CurrentTime",))
        with pytest.raises(Transient, match=r"was cut .*timed out"):
            _clock(connection)


@pytest.fixture
def silence() -> Iterator[str]:
    """The address of something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_a_host_that_says_nothing_is_a_sentence_soon(settings: VsphereSettings, silence: str) -> None:
    began = time.monotonic()
    connection = Connection(replace(settings, host=silence), HURRIED)
    with pytest.raises(BackendError, match=f"{silence} is not reachable: timed out"):
        connection.instance_uuid()
    connection.close()
    assert time.monotonic() - began < 2
    assert Patience().connect_s == 10


def test_the_end_logs_out_and_comes_once(connection: Connection, vcenter: VCenter) -> None:
    _clock(connection)
    connection.close()
    assert vcenter.sessions() == ()
    connection.close()
    assert vcenter.calls()["Logout"] == 1
    with pytest.raises(BackendError, match="the run has ended"):
        connection.call(lambda: None, where="late")
    assert vcenter.sessions() == ()


def test_the_end_of_a_session_that_has_expired(connection: Connection, vcenter: VCenter) -> None:
    _clock(connection)
    vcenter.expire_sessions()
    connection.close()
    assert vcenter.calls()["Login"] == 1


def test_the_end_does_not_wait_for_a_vcenter_that_says_nothing(settings: VsphereSettings, vcenter: VCenter) -> None:
    connection = Connection(settings, HURRIED)
    _clock(connection)
    vcenter.latency(5000, methods=("Logout",))
    began = time.monotonic()
    connection.close()
    assert time.monotonic() - began < 2
    assert Patience().leave_s == 2


def test_a_wrong_password_is_tried_once_alone(settings: VsphereSettings, vcenter: VCenter) -> None:
    """A vCenter locks an account after a few attempts; a run has many calls."""
    connection = Connection(replace(settings, password="korrekt-pferd"))
    for _ in range(5):
        with pytest.raises(BackendError, match="wrong user or password"):
            _clock(connection)
    connection.close()
    assert vcenter.calls()["Login"] == 1
    assert vcenter.sessions() == ()


def test_any_certificate_is_taken_where_the_operator_says_so(settings: VsphereSettings) -> None:
    with contextlib.closing(Connection(replace(settings, ca_file=None, insecure=True))) as connection:
        _clock(connection)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "REQUESTS_CA_BUNDLE"])
def test_the_environment_has_no_say(connection: Connection, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    _clock(connection)


def test_a_process_that_forgets_leaves_no_session(settings: VsphereSettings, vcenter: VCenter) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from wpf_infra.backend.vsphere.connection import Connection\n"
        "from wpf_infra.backend.vsphere.settings import VsphereSettings\n"
        "host, user, datacenter, ca_file = sys.argv[1:]\n"
        "settings = VsphereSettings(host, user, sys.stdin.read(), datacenter, Path(ca_file))\n"
        "print(Connection(settings).datacenter)\n"
        "raise RuntimeError('and out')\n"
    )
    words = [settings.host, settings.user, settings.datacenter, str(settings.ca_file)]
    ran = subprocess.run(
        [sys.executable, "-c", script, *words], input=settings.password, text=True, capture_output=True, check=False
    )
    assert ran.stdout.startswith("'vim.Datacenter:")
    assert ran.returncode == 1
    assert vcenter.calls()["Login"] == vcenter.calls()["Logout"] == 1
    assert vcenter.sessions() == ()


def test_the_system_knows_the_authority_or_nobody_does(settings: VsphereSettings) -> None:
    connection = Connection(replace(settings, ca_file=None))
    with pytest.raises(BackendError, match="is not trusted") as caught:
        connection.instance_uuid()
    connection.close()
    assert isinstance(caught.value.__cause__, ssl.SSLCertVerificationError)
