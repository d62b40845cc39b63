"""What a form leaves out is allocated, what it gives is kept, and what cannot be is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from tests.samples import catalogue
from wpf_infra.model.platform import AddressSpace
from wpf_infra.onboarding.allocation import Completed, complete
from wpf_infra.onboarding.held import Held

SPACE = catalogue().platform.space


def made(data: Any, held: Held = Held(), space: AddressSpace = SPACE) -> Completed:  # noqa: B008 - it is a value
    return complete(data, "hill", space, held)


def said(done: Completed) -> dict[str, str]:
    return {finding.path: finding.summary.en for finding in done.findings}


def test_all_of_it_lowest_first_in_the_forms_order() -> None:
    done = made(
        {
            "kind": "utility",
            "endpoints": {"desk": {}},
            "vms": {"b": {}, "a": {}, "c": {"address": "10.64.0.12"}},
            "lines": {"car": {"kind": "mobile"}, "north": {"kind": "fixed"}, "south": {"kind": "fixed"}},
            "gateways": {"g": {"line": "south"}, "h": {"line": "south"}},
        }
    )
    assert done.findings == ()
    assert done.data == {
        "kind": "utility",
        "network": {"cidr": "10.64.0.0/24", "vlan": 100},
        "endpoints": {"desk": {"cidr": "10.64.0.240/28"}},
        "vms": {"b": {"address": "10.64.0.11"}, "a": {"address": "10.64.0.13"}, "c": {"address": "10.64.0.12"}},
        "lines": {
            "car": {"kind": "mobile", "cidr": "10.176.0.0/28"},
            "north": {"kind": "fixed", "cidr": "10.160.0.0/28"},
            "south": {"kind": "fixed", "cidr": "10.160.0.16/28"},
        },
        "gateways": {
            "g": {"line": "south", "address": "10.160.0.21"},
            "h": {"line": "south", "address": "10.160.0.22"},
        },
    }
    assert done.chosen == {
        "network.cidr", "network.vlan", "endpoints.desk.cidr", "vms.a.address", "vms.b.address", "lines.car.cidr",
        "lines.north.cidr", "lines.south.cidr", "gateways.g.address", "gateways.h.address",
    }  # fmt: skip


def test_the_form_itself_is_not_touched() -> None:
    form: dict[str, Any] = {"kind": "vendor", "vms": {"a": {}}}
    made(form)
    assert form == {"kind": "vendor", "vms": {"a": {}}}


def test_what_is_given_is_kept_and_nothing_is_put_there() -> None:
    done = made(
        {
            "kind": "utility",
            "network": {"cidr": "10.64.5.0/26"},
            "endpoints": {"desk": {"cidr": "10.64.5.8/29"}},
            "vms": {"a": {}, "b": {"address": "10.64.5.16"}, "c": {}},
            "lines": {"n": {"kind": "fixed", "cidr": "10.160.0.0/28"}, "s": {"kind": "fixed"}},
        }
    )
    assert done.data["network"] == {"cidr": "10.64.5.0/26", "vlan": 100}
    assert [vm["address"] for vm in done.data["vms"].values()] == ["10.64.5.17", "10.64.5.16", "10.64.5.18"]
    assert done.data["lines"]["s"]["cidr"] == "10.160.0.16/28"


def test_an_address_that_is_given_decides_on_the_network_around_it() -> None:
    done = made(
        {
            "kind": "utility",
            "vms": {"a": {"address": "10.64.9.11"}, "b": {}},
            "endpoints": {"desk": {"cidr": "10.64.9.240/28"}},
            "lines": {"n": {"kind": "fixed"}},
            "gateways": {"g": {"line": "n", "address": "10.160.3.37"}},
        }
    )
    assert done.findings == ()
    assert done.data["network"]["cidr"] == "10.64.9.0/24"
    assert done.data["vms"]["b"]["address"] == "10.64.9.12"
    assert done.data["lines"]["n"]["cidr"] == "10.160.3.32/28"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "10.96.0.11",
            "10.96.0.11 is given without its network, and 10.96.0.0/24 around it is no network of 10.64.0.0/12",
        ),
        ("10.64.7.11", "10.64.7.11 is given without its network, and 10.64.7.0/24 around it is held by others already"),
    ],
)
def test_an_address_whose_network_cannot_be_had_is_told(address: str, sentence: str) -> None:
    network = IPNetwork("10.64.7.128/25")
    done = made({"kind": "utility", "vms": {"a": {"address": address}}}, Held(((network.first, network.last),)))
    assert said(done)["hill.vms.a.address"].startswith(sentence)
    assert "cidr" not in done.data["network"]


def test_addresses_of_two_networks_are_told() -> None:
    done = made({"kind": "utility", "vms": {"a": {"address": "10.64.7.11"}, "b": {"address": "10.64.8.11"}}})
    assert list(said(done)) == ["hill.vms.a.address"]


def test_exhausted_spaces_are_named() -> None:
    space = AddressSpace.model_validate(
        {
            "utilities": {"cidr": "10.64.0.0/24", "vlan_first": 100, "vlan_last": 100},
            "vendors": {"cidr": "10.96.0.0/12", "vlan_first": 3000, "vlan_last": 3999},
            "fixed_lines": "10.160.0.0/28",
            "mobile_lines": "10.176.0.0/28",
        }
    )
    network = IPNetwork("10.64.0.0/24")
    held = Held(((network.first, network.first),), frozenset({100}))
    lines = {"a": {"kind": "fixed"}, "b": {"kind": "fixed"}, "c": {"kind": "mobile"}, "d": {"kind": "mobile"}}
    assert said(made({"kind": "utility", "lines": lines}, held, space)) == {
        "hill.network.cidr": "no /24 network is free any more in the space of utilities, 10.64.0.0/24",
        "hill.network.vlan": "no VLAN is free any more in the space of utilities, 100-100",
        "hill.lines.b.cidr": "no /28 network is free any more in the space of fixed lines, 10.160.0.0/28",
        "hill.lines.d.cidr": "no /28 network is free any more in the space of mobile lines, 10.176.0.0/28",
    }


def test_a_full_network_is_told_at_the_first_server_that_has_no_place() -> None:
    done = made(
        {
            "kind": "utility",
            "network": {"cidr": "10.64.0.0/28", "vlan": 100},
            "endpoints": {"desk": {}},
            "vms": {name: {} for name in "abcde"},
        }
    )
    assert said(done) == {
        "hill.endpoints.desk.cidr": "no sixteen addresses in a row are free for terminals in 10.64.0.0/28",
        "hill.vms.e.address": "no address is free any more in 10.64.0.0/28 from 10.64.0.11 on",
    }


@pytest.mark.parametrize(("line", "address"), [("/28", "10.160.0.5"), ("/29", "10.160.0.4"), ("/30", "10.160.0.2")])
def test_a_gateway_leaves_the_routers_their_place(line: str, address: str) -> None:
    lines = {"n": {"kind": "fixed", "cidr": f"10.160.0.0{line}"}}
    done = made({"kind": "utility", "lines": lines, "gateways": {"g": {"line": "n"}}})
    assert done.data["gateways"]["g"]["address"] == address


def test_a_gateway_without_its_line_is_told() -> None:
    done = made({"kind": "utility", "gateways": {"g": {"line": "n"}}})
    assert said(done) == {"hill.gateways.g.line": "there is no line `n`, so that no address on it can be allocated"}


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["10.64.0.0/24", "10.64.0.11", "n"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["cidr", "kind", "a"]), inner, max_size=2)
    ),
    max_leaves=5,
)
groups = st.sampled_from(["kind", "network", "endpoints", "vms", "lines", "gateways"])
parts = st.dictionaries(st.sampled_from(["kind", "cidr", "address", "line", "vlan"]), junk, max_size=3)
forms = st.dictionaries(groups, st.dictionaries(st.sampled_from("nab"), parts | junk, max_size=3) | junk, max_size=6)


@given(junk | forms)
@settings(max_examples=300)
def test_whatever_people_write_is_completed_or_left_to_the_schema(data: Any) -> None:
    done = made(data)
    if not isinstance(data, dict):
        assert done.data == data


numbers = st.integers(0, 255)
holders = st.lists(st.tuples(numbers, st.integers(20, 28)), max_size=20).map(
    lambda pairs: tuple((net.first, net.last) for net in (IPNetwork(f"10.64.{n}.0/{p}").cidr for n, p in pairs))
)


@given(holders, st.integers(0, 12), st.sets(st.integers(100, 110)))
@settings(max_examples=100)
def test_nothing_that_is_allocated_was_held_and_nothing_lower_was_free(
    held: tuple[tuple[int, int], ...], servers: int, vlans: set[int]
) -> None:
    done = made({"kind": "utility", "vms": {f"s{n}": {} for n in range(servers)}}, Held(held, frozenset(vlans)))
    network = IPNetwork(done.data["network"]["cidr"])

    def free(candidate: IPNetwork) -> bool:
        return not any(first <= candidate.last and candidate.first <= last for first, last in held)

    assert free(network)
    assert not any(free(each) for each in IPNetwork("10.64.0.0/12").subnet(24) if each.first < network.first)
    assert done.data["network"]["vlan"] == min(set(range(100, 112)) - vlans)
    addresses = [IPAddress(vm["address"]) for vm in done.data["vms"].values()]
    assert [int(address) - network.first for address in addresses] == list(range(11, 11 + servers))
