"""The provider's session with a vCenter: its secrets stay secret, and however the process ends, it is given back."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from tests.backend.vsphere.conftest import ROOM
from tests.contract.estate import server
from tests.provider.rig import Failed, Listener, Rig
from tests.vcsim.server import VCenter, started
from wpf_infra.provider.value import Secret

SERVER = server()
PROVIDER = "from wpf_infra.provider.server import main; main()"
ENGINE = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {PROVIDER!r}])"


@pytest.fixture
def vcenter(tmp_path: Path) -> Iterator[VCenter]:
    with started(ROOM, tmp_path) as running:
        yield running


def _options(vcenter: VCenter, **changes: object) -> str:
    return json.dumps(
        {
            "host": vcenter.host,
            "user": vcenter.user,
            "password": vcenter.password,
            "datacenter": vcenter.datacenter,
            "ca_file": str(vcenter.ca_file),
            **changes,
        }
    )


def test_the_password_stays_secret_in_what_is_recorded(fresh: Rig, vcenter: VCenter) -> None:
    given = {"backend": "vsphere", "vsphere": Secret(_options(vcenter))}
    recorded = fresh.check_config(given)
    place = f"vsphere:{vcenter.host}/{vcenter.datacenter}#vcenter:"
    assert recorded.pop("backend_identity").startswith(place)
    assert recorded == given
    assert vcenter.sessions() == ()


def test_no_error_and_no_log_holds_it(
    fresh: Rig, vcenter: VCenter, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "korrekt-pferd"
    said: list[str] = []
    judged = {"objects": [{"type": SERVER.type_name, "inputs": SERVER.data()}]}
    for options in (_options(vcenter, datacenter="Osaka"), _options(vcenter, password=wrong), wrong, f'"{wrong}"'):
        config = {"backend": "vsphere", "vsphere": options}
        secret = {"backend": "vsphere", "vsphere": Secret(options)}
        for call in (
            lambda secret=secret: fresh.check_config(secret),
            lambda config=config: fresh.configure(**config),
            lambda: fresh.invoke("wpf:plan:judge", judged),
            lambda: fresh.read(SERVER.type_name, str(SERVER.identity)),
        ):
            try:
                said.append(str(call()))
            except Failed as failed:
                said.append(failed.said)
    heard = "\n".join([*said, *fresh.lines(), caplog.text, *capfd.readouterr()])
    assert "Osaka" in heard
    assert "wrong user or password" in heard
    assert "wpf:vsphere" in heard
    heard = heard.replace(repr(Secret("")), "")
    assert wrong not in heard
    assert vcenter.password not in heard
    assert "Traceback" not in heard


def test_another_vcenter_is_refused(fresh: Rig, vcenter: VCenter, tmp_path: Path) -> None:
    recorded = fresh.check_config({"backend": "vsphere", "vsphere": _options(vcenter)})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with started(ROOM, elsewhere) as other:
        for config in ({"backend": "vsphere", "vsphere": _options(other)}, {}):
            with pytest.raises(Failed, match=r"this stack was applied to vsphere:.* point wpf:backend and wpf:vsphere"):
                fresh.check_config(config, recorded)


def test_cancel_gives_it_back(fresh: Rig, vcenter: VCenter) -> None:
    fresh.configure(backend="vsphere", vsphere=_options(vcenter))
    fresh.read(SERVER.type_name, str(SERVER.identity))
    assert vcenter.sessions() == (vcenter.user,)
    fresh.cancel()
    assert vcenter.sessions() == ()


@contextlib.contextmanager
def _process(script: str, root: Path, vcenter: VCenter) -> Iterator[tuple[subprocess.Popen[str], Rig]]:
    """A provider process with a session. script: what starts it."""
    (root / "Pulumi.yaml").write_text("name: wpf\nruntime: python\n")
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            rig = Rig(root, provider_pb2_grpc.ResourceProviderStub(channel), Listener())
            rig.configure(backend="vsphere", vsphere=_options(vcenter))
            rig.read(SERVER.type_name, str(SERVER.identity))
            assert vcenter.sessions() == (vcenter.user,)
            yield process, rig
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_an_interrupt_gives_it_back_and_ends_the_process(project: Path, vcenter: VCenter) -> None:
    with _process(PROVIDER, project, vcenter) as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert vcenter.sessions() == ()


def test_an_interrupt_waits_two_seconds_for_it_at_most(project: Path, vcenter: VCenter) -> None:
    with _process(PROVIDER, project, vcenter) as (process, _):
        vcenter.latency(20_000, methods=("Logout",))
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 5


def test_cancel_ends_no_process_and_an_interrupt_then_ends_it_at_once(project: Path, vcenter: VCenter) -> None:
    with _process(PROVIDER, project, vcenter) as (process, rig):
        rig.cancel()
        assert vcenter.sessions() == ()
        assert process.poll() is None
        vcenter.latency(20_000)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 1.9


def test_a_killed_engine_leaves_no_session(project: Path, vcenter: VCenter) -> None:
    with _process(ENGINE, project, vcenter) as (process, _):
        process.kill()
        ends_at = time.monotonic() + 15
        while vcenter.sessions() and time.monotonic() < ends_at:
            time.sleep(0.1)
        assert vcenter.sessions() == ()
