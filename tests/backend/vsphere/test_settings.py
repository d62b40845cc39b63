"""`wpf:vsphere` as a value, and one sentence with the command to type for everything that is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wpf_infra.backend.vsphere.settings import VsphereSettings, vsphere_settings
from wpf_infra.errors import Unreadable
from wpf_infra.language import Language

WORD = "korrekt-pferd"
GIVEN: dict[str, Any] = {
    "host": "vcenter.example.jp",
    "user": "wpf@vsphere.local",
    "password": WORD,
    "datacenter": "Tokyo",
}
ROOT = Path("/srv/wpf")


def test_the_least_that_is_needed() -> None:
    parsed = vsphere_settings(json.dumps(GIVEN), ROOT)
    assert parsed == VsphereSettings("vcenter.example.jp", "wpf@vsphere.local", WORD, "Tokyo", None, insecure=False)
    assert parsed == vsphere_settings(GIVEN, ROOT)
    assert parsed.address == ("vcenter.example.jp", 443)
    assert parsed.location == "vsphere:vcenter.example.jp/Tokyo"


def test_all_that_can_be_said() -> None:
    given = {**GIVEN, "host": "10.0.0.5:8443", "ca_file": "trust/vcenter.pem", "insecure": True}
    parsed = vsphere_settings(given, ROOT)
    assert parsed.address == ("10.0.0.5", 8443)
    assert parsed.ca_file == ROOT / "trust/vcenter.pem"
    assert parsed.insecure


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"host": "[fd00::5]:443"}, "address", ("fd00::5", 443)),
        ({"host": " vcenter "}, "host", "vcenter"),
        ({"password": 12345}, "password", "12345"),
        ({"password": " leading and trailing "}, "password", " leading and trailing "),
        ({"datacenter": 2026}, "datacenter", "2026"),
        ({"datacenter": "東日本/東京#1"}, "location", "vsphere:vcenter.example.jp/東日本/東京%231"),
        ({"ca_file": "/etc/vcenter.pem"}, "ca_file", Path("/etc/vcenter.pem")),
        ({"ca_file": ""}, "ca_file", None),
        ({"insecure": "true"}, "insecure", True),
        ({"insecure": "false"}, "insecure", False),
    ],
)
def test_what_the_command_makes_of_words(change: dict[str, Any], name: str, value: object) -> None:
    assert getattr(vsphere_settings({**GIVEN, **change}, ROOT), name) == value


@pytest.mark.parametrize(
    ("options", "words", "command"),
    [
        (None, "this is not an object", "wpf:vsphere.datacenter NAME"),
        ("{", "this is not an object", "wpf:vsphere.host"),
        ("[" * 100_000, "this is not an object", "wpf:vsphere.host"),
        ([], "this is not an object", "wpf:vsphere.host"),
        ("vcenter.example.jp", "this is not an object", "wpf:vsphere.host"),
        ({}, "host, user, password, datacenter missing", "--secret wpf:vsphere.password"),
        ({**GIVEN, "password": ""}, "password missing", "`pulumi config set --path --secret wpf:vsphere.password`"),
        ({**GIVEN, "user": None}, "user missing", "`pulumi config set --path wpf:vsphere.user "),
        ({**GIVEN, "pasword": WORD}, "unknown key pasword", "`pulumi config rm --path wpf:vsphere.pasword`"),
        ({**GIVEN, "host": ["a"]}, "host is not a text", "wpf:vsphere.host"),
        ({**GIVEN, "user": True}, "user is not a text", "wpf:vsphere.user"),
        ({**GIVEN, "datacenter": "a\0b"}, "datacenter is not a text", "wpf:vsphere.datacenter"),
        ({**GIVEN, "ca_file": 1.5}, "ca_file is not a text", "wpf:vsphere.ca_file"),
        ({**GIVEN, "host": "https://vcenter/sdk"}, "host 'https://vcenter/sdk' is not a name or", "wpf:vsphere.host"),
        ({**GIVEN, "host": "vcenter:0"}, "host 'vcenter:0' is not a name or", "wpf:vsphere.host"),
        ({**GIVEN, "host": "vcenter:70000"}, "host 'vcenter:70000' is not a name or", "wpf:vsphere.host"),
        ({**GIVEN, "host": "a\x1b[31m"}, r"host 'a\\x1b[31m' is not", "wpf:vsphere.host"),
        ({**GIVEN, "insecure": 1.0}, "insecure is neither", "wpf:vsphere.insecure"),
        ({**GIVEN, "insecure": "yes"}, "insecure is neither", "wpf:vsphere.insecure"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_the_command_to_type(options: object, words: str, command: str) -> None:
    with pytest.raises(Unreadable) as caught:
        vsphere_settings(options, ROOT)
    error = caught.value
    for said in (error.sentence(Language.ENGLISH), error.sentence(Language.JAPANESE)):
        assert said.startswith("wpf:vsphere: ")
        assert command in said
        assert "\n" not in said
        assert WORD not in said
    assert error.what.en.startswith(words)
    assert error.what.ja != error.what.en
    assert error.exit_code == 2


def test_the_password_is_in_no_repr() -> None:
    parsed = vsphere_settings(GIVEN, ROOT)
    assert WORD not in repr(parsed) + str(parsed) + f"{[parsed]}" + parsed.location
