"""What a person reads when the vCenter cannot be used: one sentence, the way out, no secret, and no session left."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.vcsim.server import Fault, VCenter
from wpf_infra.backend.select import open_backend
from wpf_infra.errors import BackendError, NotFound
from wpf_infra.language import Language

WRONG = "korrekt-pferd"


def _config(vcenter: VCenter, **changes: Any) -> dict[str, str]:
    options = {
        "host": vcenter.host,
        "user": vcenter.user,
        "password": vcenter.password,
        "datacenter": vcenter.datacenter,
        "ca_file": str(vcenter.ca_file),
        **changes,
    }
    return {"backend": "vsphere", "vsphere": json.dumps(options)}


def _told(vcenter: VCenter, root: Path, **changes: Any) -> BackendError:
    """The error of a first look at the platform; whatever it is, it holds no secret and leaves no session."""
    backend = open_backend(_config(vcenter, **changes), root)
    with pytest.raises(BackendError) as caught:
        backend.observe("platform")
    backend.close()
    error = caught.value
    english, japanese = error.sentence(Language.ENGLISH), error.sentence(Language.JAPANESE)
    assert english != japanese
    assert "\n" not in english + japanese
    for said in (english, japanese, repr(error), repr(error.__cause__)):
        assert vcenter.password not in said
        assert WRONG not in said
    assert " → " in english
    assert error.where is not None and error.where.startswith("wpf:vsphere")
    assert error.exit_code == 3
    assert vcenter.sessions() == ()
    return error


def _nobody() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"


def test_nobody_is_there(vcenter: VCenter, tmp_path: Path) -> None:
    host = _nobody()
    error = _told(vcenter, tmp_path, host=host)
    assert error.what.en == f"{host} is not reachable: Connection refused"
    assert "wpf:vsphere.host" in error.remedy.en


def test_a_name_that_nobody_has(vcenter: VCenter, tmp_path: Path) -> None:
    error = _told(vcenter, tmp_path, host="vcenter.invalid")
    assert error.what.en.startswith("vcenter.invalid:443 is not reachable: no such name")


def test_a_wrong_password(vcenter: VCenter, tmp_path: Path) -> None:
    error = _told(vcenter, tmp_path, password=WRONG)
    assert error.what.en == "wrong user or password"
    assert "--secret wpf:vsphere.password" in error.remedy.en


def test_a_certificate_that_nothing_vouches_for(vcenter: VCenter, tmp_path: Path) -> None:
    error = _told(vcenter, tmp_path, ca_file=None)
    assert error.what.en.startswith(f"the certificate of {vcenter.host} is not trusted: ")
    assert "wpf:vsphere.ca_file" in error.remedy.en


@pytest.mark.parametrize(("name", "why"), [("missing.pem", "No such file or directory"), ("README", "not PEM")])
def test_a_ca_file_that_is_none(vcenter: VCenter, tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "README").write_text("no certificate")
    error = _told(vcenter, tmp_path, ca_file=name)
    assert error.what.en == f"the certificates of {tmp_path / name} cannot be read ({why})"


def test_a_missing_datacenter(vcenter: VCenter, tmp_path: Path) -> None:
    error = _told(vcenter, tmp_path, datacenter="Osaka")
    assert isinstance(error, NotFound)
    assert error.what.en == f"{vcenter.host} has no datacenter 'Osaka'; it has {vcenter.datacenter}"
    assert "wpf:vsphere.datacenter" in error.remedy.en


def test_an_account_that_may_not_look(vcenter: VCenter, tmp_path: Path) -> None:
    vcenter.fail(Fault(methods=("FindByInventoryPath",), fault="NoPermission"))
    error = _told(vcenter, tmp_path)
    assert error.what.en.startswith("wpf:vsphere.user may not do that")


@pytest.fixture
def website() -> Iterator[str]:
    """Something that speaks HTTP, without TLS."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_is_no_vcenter(vcenter: VCenter, tmp_path: Path, website: str, capfd: pytest.CaptureFixture[str]) -> None:
    error = _told(vcenter, tmp_path, host=website)
    assert error.what.en.startswith(f"{website} does not answer as a vCenter does: ")
