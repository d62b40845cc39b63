"""Ends of questions by name, and names of addresses."""

from __future__ import annotations

from typing import Any

import pytest
from netaddr import IPAddress

from tests.samples import catalogue
from wpf_infra.errors import WpfError
from wpf_infra.language import Language
from wpf_infra.network.reach.names import Names
from wpf_infra.network.reach.place import PlaceKind, find_place
from wpf_infra.network.reach.question import read_question

WORLD = catalogue({"platform.endpoints": {"hosts": {"cidr": "10.33.0.0/28"}}})


@pytest.mark.parametrize(
    ("text", "kind", "owner", "networks"),
    [
        ("any", PlaceKind.ANY, None, ["0.0.0.0/0"]),
        ("minami-suido", PlaceKind.TENANT, "minami-suido", ["10.64.1.0/24", "10.176.1.0/28", "10.160.1.0/28"]),
        ("platform", PlaceKind.TENANT, "platform", ["10.32.0.0/24"]),
        ("app-1", PlaceKind.VM, "minami-suido", ["10.64.1.11/32"]),
        ("minami-suido/app-1", PlaceKind.VM, "minami-suido", ["10.64.1.11/32"]),
        ("maintenance", PlaceKind.ENDPOINT, "kawa-systems", ["10.96.1.240/28"]),
        ("north", PlaceKind.LINE, "minami-suido", ["10.160.1.0/28"]),
        ("north-gw", PlaceKind.GATEWAY, "minami-suido", ["10.160.1.5/32"]),
        ("platform/ntp", PlaceKind.SERVICE, "platform", ["10.32.0.11/32", "10.32.0.12/32"]),
        ("smtp", PlaceKind.SERVICE, "platform", ["10.32.0.12/32"]),
        ("platform/ntp-1", PlaceKind.VM, "platform", ["10.32.0.11/32"]),
        ("hosts", PlaceKind.ENDPOINT, "platform", ["10.33.0.0/28"]),
        ("10.64.1.11", PlaceKind.ADDRESS, "minami-suido", ["10.64.1.11/32"]),
        ("10.64.1.9/28", PlaceKind.ADDRESS, "minami-suido", ["10.64.1.0/28"]),
        ("10.160.1.3", PlaceKind.ADDRESS, "minami-suido", ["10.160.1.3/32"]),
        ("10.64.0.0/16", PlaceKind.ADDRESS, None, ["10.64.0.0/16"]),
        ("2001:db8::1", PlaceKind.ADDRESS, None, ["2001:db8::1/128"]),
    ],
)
def test_what_an_end_names(text: str, kind: PlaceKind, owner: str | None, networks: list[str]) -> None:
    place = find_place(WORLD, text)
    assert (place.written, place.kind, place.owner) == (text, kind, owner)
    assert [str(each) for each in place.networks] == networks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minmi-suido", "did you mean `minami-suido`?"),
        ("minami-suido/nort", "did you mean `minami-suido/north`?"),
        ("minmi-suido/app-1", "there is no tenant `minmi-suido` → did you mean `minami-suido`?"),
        ("platform/smpt", "did you mean `platform/smtp`?"),
        ("zzz", "nothing is called `zzz` → name a tenant"),
        ("", "nothing is called ``"),
        ("/", "there is no tenant ``"),
        ("platform/dns", "nothing is called `platform/dns`"),
        ("10.1", "neither an address nor a network"),
        ("10.64.1.300", "neither an address nor a network"),
        ("10.64.1.0/33", "neither an address nor a network"),
        ("a\x1b[2J.b", r"a\x1b[2J.b"),
    ],
)
def test_what_names_nothing_is_said(text: str, said: str) -> None:
    with pytest.raises(WpfError) as refused:
        find_place(WORLD, text)
    assert refused.value.exit_code == 2
    assert said in refused.value.sentence(Language.ENGLISH)
    assert refused.value.sentence(Language.JAPANESE)


@pytest.mark.parametrize(
    ("changes", "text", "candidates"),
    [
        (
            {"kawa-systems.endpoints": {"desk": {"cidr": "10.96.1.240/28"}}, "minami-suido.allowances": {}},
            "desk",
            ["minami-suido/desk (endpoint)", "kawa-systems/desk (endpoint)", "OWNER/NAME"],
        ),
        (
            {"minami-suido.endpoints": {"north": {"cidr": "10.64.1.240/28"}}},
            "minami-suido/north",
            ["minami-suido/north (endpoint)", "minami-suido/north (line)", "different names"],
        ),
    ],
    ids=["two owners", "one owner"],
)
def test_what_may_mean_several_is_refused(changes: dict[str, Any], text: str, candidates: list[str]) -> None:
    with pytest.raises(WpfError) as refused:
        find_place(catalogue(changes), text)
    assert all(each in refused.value.sentence(Language.ENGLISH) for each in candidates)


@pytest.mark.parametrize(
    ("destination", "place", "port"),
    [
        ("app-1", "app-1", None),
        ("app-1:tcp/443", "app-1", "tcp/443"),
        ("app-1:tcp/1-65535", "app-1", "tcp/1-65535"),
        ("10.64.1.0/24:udp/53", "10.64.1.0/24", "udp/53"),
        ("minami-suido/app-1:icmp", "minami-suido/app-1", "icmp"),
        ("2001:db8::1", "2001:db8::1", None),
        ("2001:db8::1:tcp/443", "2001:db8::1", "tcp/443"),
    ],
)
def test_a_question_is_read(destination: str, place: str, port: str | None) -> None:
    question = read_question(WORLD, "any", destination)
    assert question.destination.written == place
    assert (None if question.port is None else str(question.port)) == port


@pytest.mark.parametrize("port", ["443", "tcp", "tcp/0", "tcp/5-4", "tcp/65536", "TCP/443", "sctp/5", "icmp/8", ""])
def test_what_is_no_port_is_said(port: str) -> None:
    with pytest.raises(WpfError, match="tcp/443") as refused:
        read_question(WORLD, "any", f"app-1:{port}")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("10.64.1.11", "minami-suido/app-1"),
        ("10.64.1.77", "minami-suido (10.64.1.77)"),
        ("10.64.1.245", "minami-suido/desk (10.64.1.245)"),
        ("10.160.1.5", "minami-suido/north-gw"),
        ("10.160.1.6", "minami-suido/north (10.160.1.6)"),
        ("10.32.0.11", "platform/ntp-1"),
        ("10.33.0.1", "platform/hosts (10.33.0.1)"),
        ("10.64.2.1", "10.64.2.1"),
        ("0.0.0.0", "0.0.0.0"),
    ],
)
def test_what_an_address_is_called(address: str, name: str) -> None:
    assert Names(WORLD).of(int(IPAddress(address))) == name
