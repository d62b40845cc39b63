"""Which backend a configuration names, and what is wrong with one that names none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wpf_infra.backend.select import location, open_backend, simulator_path
from wpf_infra.errors import Unreadable, Unsupported, WpfError


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({}, ".wpf/simulator.db"),
        ({"backend": "simulator"}, ".wpf/simulator.db"),
        ({"simulator": "{}", "now": "2026-11-24", "vsphere": '{"password": "secret"}'}, ".wpf/simulator.db"),
        ({"simulator": '{"path": "worlds/one.db"}'}, "worlds/one.db"),
        ({"simulator": {"path": "worlds/one.db"}}, "worlds/one.db"),
    ],
)
def test_the_simulator_is_the_default_and_stands_in_the_project(
    tmp_path: Path, config: dict[str, Any], path: str
) -> None:
    assert location(config) == f"simulator:{path}"
    backend = open_backend(config, tmp_path)
    assert backend.identity() is None
    backend.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("config", "kind", "words"),
    [
        ({"backend": "vsphere"}, Unreadable, "wpf:vsphere: this is not an object"),
        ({"backend": "vsphere", "vsphere": '{"host": "a"}'}, Unreadable, "wpf:vsphere: user, password, datacenter"),
        ({"backend": ["vsphere"]}, Unreadable, "wpf:backend: there is no backend ['vsphere']"),
        ({"backend": "hyper-v"}, Unreadable, "wpf:backend: there is no backend 'hyper-v'"),
        ({"simulator": "{"}, Unreadable, "wpf:simulator: this is not an object"),
        ({"simulator": "[" * 100_000}, Unreadable, "wpf:simulator: this is not an object"),
        ({"simulator": "[]"}, Unreadable, "wpf:simulator: this is not an object"),
        ({"simulator": "simulator.db"}, Unreadable, "wpf:simulator: this is not an object"),
        ({"simulator": '{"file": "x"}'}, Unreadable, "wpf:simulator: unknown key file"),
        ({"simulator": '{"path": 1}'}, Unreadable, "wpf:simulator: path is not a file's path"),
        ({"simulator": '{"path": " "}'}, Unreadable, "wpf:simulator: path is not a file's path"),
        ({"simulator": '{"path": "a\\u0000b"}'}, Unreadable, "wpf:simulator: path is not a file's path"),
    ],
)
def test_a_configuration_that_names_none(
    tmp_path: Path, config: dict[str, Any], kind: type[WpfError], words: str
) -> None:
    for call in (location, lambda given: open_backend(given, tmp_path)):
        with pytest.raises(kind) as caught:
            call(config)
        assert str(caught.value).startswith(words)
        assert "pulumi config" in str(caught.value)


VCENTER = {"host": "vcenter:8443", "user": "wpf@vsphere.local", "password": "korrekt-pferd", "datacenter": "東京 #1"}


@pytest.mark.parametrize("options", [VCENTER, json.dumps(VCENTER)])
def test_a_vcenter_is_recorded_by_host_and_datacenter(tmp_path: Path, options: object) -> None:
    config = {"backend": "vsphere", "vsphere": options}
    assert location(config) == "vsphere:vcenter:8443/東京 %231"
    backend = open_backend(config, tmp_path)
    assert "korrekt-pferd" not in repr(backend) + str(vars(backend))
    backend.close()


def test_beside_a_vcenter_there_is_no_simulator() -> None:
    with pytest.raises(Unsupported, match="this project's backend is a vCenter"):
        simulator_path({"backend": "vsphere", "vsphere": VCENTER})


def test_a_backend_is_imported_only_when_it_is_opened() -> None:
    script = "import sys, wpf_infra.backend.select; sys.exit('sqlite3' in sys.modules or 'pyVmomi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
