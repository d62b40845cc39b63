"""A rule of ours in vim's words: whatever its qualifier says after somebody's hands, it is read without failing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import vim

from tests.backend.vsphere.test_caption import FULL
from wpf_infra.backend.vsphere.traffic_rule import Line, read

_TEXT = st.text(max_size=20) | st.sampled_from(
    ["10.64.1.11", "10.64.1.0", "::", "fe80::1%eth0", "1", "10.0.0.0/8", "/"]
)
_NUMBER = st.integers(-(2**31), 2**31 - 1)
_RULE = vim.dvs.TrafficRule
_ADDRESS = st.builds(vim.SingleIp, address=_TEXT) | st.builds(
    vim.IpRange, addressPrefix=_TEXT, prefixLength=_NUMBER | st.integers(0, 32)
)
_ODD: dict[str, st.SearchStrategy[Any]] = {
    "sourceAddress": st.none() | _ADDRESS,
    "destinationAddress": st.builds(vim.SingleIp, address=_TEXT, negate=st.booleans()),
    "protocol": st.none() | st.builds(vim.IntExpression, value=_NUMBER, negate=st.booleans()),
    "sourceIpPort": st.builds(_RULE.SingleIpPort, portNumber=_NUMBER, negate=st.booleans()),
    "destinationIpPort": st.builds(_RULE.IpPortRange, startPortNumber=_NUMBER, endPortNumber=_NUMBER),
    "tcpFlags": st.builds(vim.IntExpression, value=_NUMBER),
}
_USUAL = {"sourceAddress": vim.SingleIp(address="10.64.1.11"), "destinationAddress": vim.SingleIp(address="10.96.1.10")}
_QUALIFIER = (
    st.fixed_dictionaries({}, optional=_ODD).map(lambda odd: _RULE.IpQualifier(**{**_USUAL, **odd}))
    | st.builds(
        _RULE.MacQualifier,
        sourceAddress=st.none() | st.builds(vim.SingleMac, address=_TEXT),
        protocol=_ODD["protocol"],
        vlanId=st.none() | _ODD["tcpFlags"],
    )
    | st.builds(_RULE.SystemTrafficQualifier)
)


def _said(qualifiers: list[Any], **more: Any) -> Any:
    return vim.dvs.TrafficRule(
        description=FULL.text,
        action=more.pop("action", vim.dvs.TrafficRule.AcceptAction()),
        direction=more.pop("direction", "both"),
        qualifier=qualifiers,
        **more,
    )


@pytest.mark.parametrize(
    "address",
    [
        vim.SingleIp(address="somewhere"),
        vim.SingleIp(address=""),
        vim.SingleIp(address="10.0.0.0/8"),
        vim.IpRange(addressPrefix="10.64.1.0", prefixLength=33),
        vim.IpRange(addressPrefix="", prefixLength=-1),
    ],
    ids=["no address", "empty", "a network", "long prefix", "nothing"],
)
def test_an_address_that_is_none_is_no_line_of_ours(address: Any) -> None:
    """The rule is known as ours, and that it no longer says what we would have written."""
    qualifier = vim.dvs.TrafficRule.IpQualifier(
        sourceAddress=address, destinationAddress=vim.SingleIp(address="10.64.1.11")
    )
    assert read(_said([qualifier])) == Line(FULL, None)


@given(_QUALIFIER)
def test_no_qualifier_fails_a_reading(qualifier: Any) -> None:
    line = read(_said([qualifier]))
    assert line is not None
    assert line.caption == FULL
    hash(line)


@pytest.mark.parametrize(
    "rule",
    [_said([]), _said([vim.dvs.TrafficRule.IpQualifier()] * 2), _said([], action=None), _said([], direction=None)],
    ids=["no qualifier", "two", "no action", "no direction"],
)
def test_a_rule_that_lacks_something_is_read(rule: Any) -> None:
    assert read(rule) == Line(FULL, None)
