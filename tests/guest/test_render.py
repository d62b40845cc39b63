"""What a guest is told: the platform's servers alone, no way out, no secret, nothing that is more than a value."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import catalogue
from wpf_infra.declare.lowering import resources_of
from wpf_infra.errors import Refused
from wpf_infra.guest.render import LONGEST_VALUE, render
from wpf_infra.model.resource import VmResource

_BUNDLE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
GUEST: dict[str, Any] = {
    "domain": "wpf.internal",
    "prefix_length": 24,
    "router": "10.64.1.1",
    "routes": ["10.32.0.0/24", "10.64.0.0/12", "10.96.0.0/12"],
    "ntp": {"ntp-1": "10.32.0.11", "ntp-2": "10.32.0.12"},
    "dns": {"dns-1": "10.32.0.13"},
}
EVERYTHING = {
    **GUEST,
    "smtp": {"smtp-1": "10.32.0.21", "smtp-2": "10.32.0.22"},
    "antivirus": {"av-1": "10.32.0.31"},
    "backup": {"backup-1": "10.32.0.33"},
    "zabbix": {"zabbix-1": "10.32.0.41"},
    "trust": {"apps/gateways": _BUNDLE.replace("MIIB", "MIIC")},
}


def server(guest: dict[str, Any] = GUEST, **more: Any) -> VmResource:
    return VmResource.model_validate(
        {
            "tenant": "hill",
            "owner": "utility",
            "name": "app-1",
            "cluster": "east",
            "os": "rhel-9",
            "cpu": 2,
            "memory_gib": 8,
            "address": "10.64.1.11",
            "disks": {"system": {"size_gb": 100, "storage_class": "raid6"}},
            "guest": guest,
            **more,
        }
    )


SERVERS = {
    "linux": server(),
    "linux-everything": server(EVERYTHING, from_image="golden"),
    "windows": server(EVERYTHING, os="windows-server-2022"),
}


@pytest.fixture(params=SERVERS)
def any_server(request: pytest.FixtureRequest) -> VmResource:
    return SERVERS[request.param]


def test_both_documents_can_be_read(any_server: VmResource) -> None:
    made = render(any_server, _BUNDLE)
    assert made.user_data.startswith("#cloud-config\n")
    assert isinstance(yaml.safe_load(made.user_data), dict)
    meta = json.loads(made.meta_data)
    (network,) = meta["network"]["ethernets"].values()
    assert network["addresses"] == ["10.64.1.11/24"]


def test_there_is_no_way_out(any_server: VmResource) -> None:
    """FAQ-21: routes to the platform's networks, none of them the rest of the world."""
    (network,) = json.loads(render(any_server, _BUNDLE).meta_data)["network"]["ethernets"].values()
    assert "gateway4" not in network
    for route in network["routes"]:
        assert ip_network(route["to"]).is_private
        assert ip_network(route["to"]).prefixlen >= 8
    assert {route["to"] for route in network["routes"]} == set(GUEST["routes"])


def test_time_comes_from_the_platform_and_from_nowhere_else() -> None:
    """FAQ-1"""
    ntp = yaml.safe_load(render(server(), None).user_data)["ntp"]
    assert (ntp["servers"], ntp["pools"]) == (["10.32.0.11", "10.32.0.12"], [])
    windows = render(SERVERS["windows"], None).user_data
    assert 'manualpeerlist:\\"10.32.0.11,0x8 10.32.0.12,0x8\\"' in windows


def test_only_what_was_ordered_is_set_up() -> None:
    plain, all_of_it = (render(SERVERS[name], None).user_data for name in ("linux", "linux-everything"))
    for word in ("zabbix", "postfix", "antivirus", "backup"):
        assert word not in plain
        assert word in all_of_it


def test_the_platforms_authority_and_the_vendors_anchors_are_trusted() -> None:
    """FAQ-3"""
    trusted = yaml.safe_load(render(SERVERS["linux-everything"], _BUNDLE).user_data)["ca_certs"]["trusted"]
    assert [each.splitlines()[1] for each in trusted] == ["MIIB", "MIIC"]
    assert "certutil" in render(SERVERS["windows"], _BUNDLE).user_data


def test_of_a_pem_file_only_its_certificates_are_handed_on() -> None:
    """A vendor that left its key in the file must not find it on every server."""
    key = "-----BEGIN PRIVATE KEY-----\nmarkedKx91\n-----END PRIVATE KEY-----\n"
    made = render(server({**GUEST, "trust": {"apps/careless": key + _BUNDLE}}), None)
    assert "markedKx91" not in made.user_data and "MIIB" in made.user_data


def test_a_copy_is_a_machine_of_its_own() -> None:
    """FAQ-25"""
    one, other = (render(server(name=name, from_image="golden"), None) for name in ("app-1", "app-2"))
    first, second = (json.loads(each.meta_data) for each in (one, other))
    assert first["instance-id"] != second["instance-id"]
    assert first["local-hostname"] == "app-1.hill.wpf.internal"
    document = yaml.safe_load(one.user_data)
    assert document["ssh_deletekeys"] is True
    assert "machine-id" in str(document["bootcmd"])


def test_what_does_not_fit_is_refused() -> None:
    import random

    noise = random.Random(7)
    pem = "".join(
        f"-----BEGIN CERTIFICATE-----\n{noise.randbytes(900).hex()}\n-----END CERTIFICATE-----\n" for _ in range(80)
    )
    with pytest.raises(Refused, match=str(LONGEST_VALUE)):
        render(server({**GUEST, "trust": {"apps/many": pem}}), None)


_ADDRESSES = st.integers(1, 250).map(lambda last: f"10.32.0.{last}")
_SERVERS = st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]{0,13}[a-z0-9]", fullmatch=True), _ADDRESSES, max_size=3)


@given(
    st.fixed_dictionaries(dict.fromkeys(("ntp", "dns", "smtp", "antivirus", "backup", "zabbix"), _SERVERS)),
    st.sampled_from(("rhel-9", "windows-server-2022")),
)
def test_every_address_in_it_is_one_that_was_given(services: dict[str, Any], os: str) -> None:
    made = render(server({**GUEST, **services}, os=os), _BUNDLE)
    given_addresses = {address for each in services.values() for address in each.values()}
    said = set(_addresses(made.user_data))
    assert said <= given_addresses
    assert set(services["ntp"].values()) | set(services["zabbix"].values()) <= said
    assert "PRIVATE KEY" not in made.user_data
    yaml.safe_load(made.user_data)


def _addresses(text: str) -> Iterator[str]:
    import re

    yield from re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text)


@pytest.mark.parametrize("name", ["linux", "linux-everything"])
def test_cloud_init_itself_accepts_what_linux_is_told(
    tmp_path: Path, requires: Callable[[bool, str], None], name: str
) -> None:
    requires(shutil.which("cloud-init") is not None, "cloud-init")
    file = tmp_path / "user-data"
    file.write_text(render(SERVERS[name], _BUNDLE).user_data)
    command = ["cloud-init", "schema", "--config-file", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Valid" in done.stdout + done.stderr


def test_every_declared_server_can_be_told() -> None:
    declared = catalogue()
    for stack in ("platform", *declared.tenants):
        for each in resources_of(declared, stack):
            if isinstance(each, VmResource):
                assert each.guest is not None
                assert f"{each.name}.{each.tenant}." in render(each, None).meta_data or each.os.startswith("windows")
