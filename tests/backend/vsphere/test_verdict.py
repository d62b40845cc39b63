"""What a portgroup's filter does with a packet: everything that vim's rules can say, ours and others'."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import EUI, IPAddress
from pyVmomi import vim

from wpf_infra.backend.vsphere.verdict import ARP, IPV6, Packet, PortFilter, Verdict, Way

RULE = vim.dvs.TrafficRule
ACCEPT, DROP, LOG = RULE.AcceptAction(), RULE.DropAction(), RULE.LogAction()
TCP, UDP, ICMP = 6, 17, 1


def address(text: str) -> int:
    return int(IPAddress(text))


def packet(source: str = "10.64.1.11", destination: str = "10.96.1.10", **more: Any) -> Packet:
    usual = {"protocol": TCP, "source_port": 50000, "destination_port": 443}
    return Packet(address(source), address(destination), **{**usual, **more})


def rule(action: Any, *qualifiers: Any, direction: Any = "both", **more: Any) -> Any:
    return RULE(action=action, direction=direction, qualifier=list(qualifiers), **more)


def ip(**fields: Any) -> Any:
    return RULE.IpQualifier(**fields)


def mac(**fields: Any) -> Any:
    return RULE.MacQualifier(**fields)


def exactly(number: int, negate: bool = False) -> Any:
    return vim.IntExpression(value=number, negate=negate)


def settings(*rulesets: Any) -> Any:
    configs = [vim.dvs.DistributedVirtualPort.TrafficFilterConfig(trafficRuleset=each) for each in rulesets]
    return vim.dvs.DistributedVirtualPort.Setting(
        filterPolicy=vim.dvs.DistributedVirtualPort.FilterPolicy(filterConfig=configs)
    )


def ruleset(*rules: Any, **more: Any) -> Any:
    return vim.dvs.TrafficRuleset(rules=list(rules), **{"enabled": True, **more})


def verdict(*rules: Any, of: Packet | None = None, way: Way = Way.TO_SERVER) -> Verdict:
    return PortFilter(settings(ruleset(*rules))).verdict(of or packet(), way)


NUMBERS = st.integers(-(2**31), 2**31 - 1)
TEXTS = st.text(max_size=5) | st.sampled_from(["10.64.1.11", "10.64.1.0", "::", "fe80::1%eth0", "1", "10.0.0.0/8", "/"])
EXPRESSIONS = st.none() | st.builds(vim.IntExpression, value=st.none() | NUMBERS, negate=st.booleans())
ADDRESSES = (
    st.none()
    | st.builds(vim.SingleIp, address=TEXTS, negate=st.booleans())
    | st.builds(vim.IpRange, addressPrefix=TEXTS, prefixLength=st.integers(-1, 129))
)
PORTS = (
    st.none()
    | st.builds(RULE.SingleIpPort, portNumber=NUMBERS, negate=st.booleans())
    | st.builds(RULE.IpPortRange, startPortNumber=NUMBERS, endPortNumber=NUMBERS)
)
MACS = (
    st.none()
    | st.builds(vim.SingleMac, address=TEXTS)
    | st.builds(vim.MacRange, address=st.just("00:50:56:00:00:01"), mask=TEXTS)
)
ODD_QUALIFIERS = st.one_of(
    st.builds(
        RULE.IpQualifier,
        sourceAddress=ADDRESSES,
        destinationAddress=ADDRESSES,
        protocol=EXPRESSIONS,
        sourceIpPort=PORTS,
        destinationIpPort=PORTS,
        tcpFlags=EXPRESSIONS,
    ),
    st.builds(RULE.MacQualifier, sourceAddress=MACS, destinationAddress=MACS, protocol=EXPRESSIONS, vlanId=EXPRESSIONS),
    st.builds(RULE.SystemTrafficQualifier),
    st.builds(RULE.Qualifier),
)


def fits(qualifier: Any, of: Packet) -> bool | None:
    """Is the packet dropped by a rule of this qualifier alone? None where that is open."""
    passes = verdict(rule(DROP, qualifier), of=of).passes
    return None if passes is None else not passes


class TestOrder:
    def test_the_first_rule_that_fits_decides_and_is_told(self) -> None:
        other, first, second = rule(DROP, ip(protocol=exactly(UDP))), rule(ACCEPT, ip()), rule(DROP, ip())
        assert verdict(other, first, second) == Verdict(True, first)
        assert verdict(other, second, first) == Verdict(False, second)

    def test_what_no_rule_fits_passes(self) -> None:
        assert verdict(rule(DROP, ip(protocol=exactly(UDP)))) == Verdict(True, None)
        assert verdict() == Verdict(True, None)

    def test_a_rule_holds_by_its_number_not_by_its_place(self) -> None:
        late, early = rule(DROP, ip(), sequence=20), rule(ACCEPT, ip(), sequence=10)
        assert verdict(late, early).rule is early

    def test_rules_without_numbers_hold_as_they_are_listed(self) -> None:
        listed, numbered = rule(DROP, ip()), rule(ACCEPT, ip(), sequence=10)
        assert verdict(listed, numbered).rule is listed


class TestWays:
    @pytest.mark.parametrize(
        ("direction", "dropped"),
        [
            ("both", {Way.TO_SERVER, Way.FROM_SERVER}),
            ("incomingPackets", {Way.TO_SERVER}),
            ("outgoingPackets", {Way.FROM_SERVER}),
        ],
    )
    def test_a_rule_holds_in_its_direction_alone(self, direction: str, dropped: set[Way]) -> None:
        """docs/decisions/0071: coming in and going out are the server's."""
        drop = rule(DROP, ip(), direction=direction)
        assert {way for way in Way if verdict(drop, way=way).passes is False} == dropped

    def test_without_a_direction_it_is_open(self) -> None:
        drop = rule(DROP, ip(), direction=None)
        assert verdict(drop) == Verdict(None, None, (drop,))


class TestSets:
    def test_a_set_that_is_switched_off_drops_nothing(self) -> None:
        for off in (ruleset(rule(DROP), enabled=False), ruleset(rule(DROP), enabled=None)):
            assert PortFilter(settings(off)).verdict(packet(), Way.TO_SERVER) == Verdict(True, None)

    def test_no_filter_drops_nothing(self) -> None:
        for bare in (None, vim.dvs.DistributedVirtualPort.Setting(), settings(), settings(None)):
            assert PortFilter(bare).verdict(packet(), Way.FROM_SERVER) == Verdict(True, None)

    def test_what_one_set_lets_pass_meets_the_next(self) -> None:
        drop, accept = rule(DROP), rule(ACCEPT)
        for sets in ([ruleset(accept), ruleset(drop)], [ruleset(drop), ruleset(accept)]):
            assert PortFilter(settings(*sets)).verdict(packet(), Way.TO_SERVER) == Verdict(False, drop)

    def test_the_set_of_lower_precedence_drops_first(self) -> None:
        later, earlier = rule(DROP, sequence=1), rule(DROP, sequence=1)
        sets = (ruleset(later, precedence=20), ruleset(earlier, precedence=10))
        assert PortFilter(settings(*sets)).verdict(packet(), Way.TO_SERVER).rule is earlier

    def test_what_is_open_in_one_set_may_be_dropped_by_the_next(self) -> None:
        unknown, drop = rule(DROP, direction=None), rule(DROP)
        for last, passes in ((rule(ACCEPT), None), (drop, False)):
            found = PortFilter(settings(ruleset(unknown), ruleset(last))).verdict(packet(), Way.TO_SERVER)
            assert found.passes is passes


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "inside"),
        [
            (vim.SingleIp(address="10.64.1.11"), True),
            (vim.SingleIp(address="10.64.1.12"), False),
            (vim.SingleIp(address="10.64.1.11", negate=True), False),
            (vim.IpRange(addressPrefix="10.64.1.0", prefixLength=24), True),
            (vim.IpRange(addressPrefix="10.64.1.12", prefixLength=30), False),
            (vim.IpRange(addressPrefix="10.64.1.8", prefixLength=30), True),
            (vim.IpRange(addressPrefix="10.64.1.0", prefixLength=24, negate=True), False),
            (vim.IpRange(addressPrefix="0.0.0.0", prefixLength=0), True),
            (vim.IpRange(addressPrefix="::", prefixLength=0), False),
            (vim.IpRange(addressPrefix="::", prefixLength=0, negate=True), True),
            (vim.SingleIp(address="somewhere"), None),
            (vim.SingleIp(address="10.0.0.0/8"), None),
            (vim.IpRange(addressPrefix="10.64.1.0", prefixLength=33), None),
            (vim.IpAddress(), None),
            (None, True),
        ],
        ids=[
            *("one", "another", "not one", "its network", "the next", "a part of its", "not its network", "all"),
            *("all of IPv6", "not IPv6", "a name", "a network as one", "a long prefix", "of no kind", "none said"),
        ],
    )
    def test_an_address(self, written: Any, inside: bool | None) -> None:
        assert fits(ip(sourceAddress=written), packet()) is inside
        assert fits(ip(destinationAddress=written), packet("10.96.1.10", "10.64.1.11")) is inside

    def test_ipv6_has_addresses_too(self) -> None:
        there = Packet(address("fd00::1"), address("fd00::2"), ethertype=IPV6)
        assert fits(ip(sourceAddress=vim.IpRange(addressPrefix="fd00::", prefixLength=64)), there) is True
        assert fits(ip(sourceAddress=vim.IpRange(addressPrefix="0.0.0.0", prefixLength=0)), there) is False
        assert fits(ip(), there) is True

    def test_what_is_not_ip_has_none(self) -> None:
        assert fits(ip(), Packet(ethertype=ARP)) is False
        assert fits(ip(sourceAddress=vim.SingleIp(address="10.0.0.1", negate=True)), Packet(ethertype=ARP)) is False


class TestPorts:
    @pytest.mark.parametrize(
        ("written", "fitting"),
        [
            (RULE.SingleIpPort(portNumber=443), {443}),
            (RULE.SingleIpPort(portNumber=443, negate=True), {442, 444, 445}),
            (RULE.IpPortRange(startPortNumber=443, endPortNumber=444), {443, 444}),
            (RULE.IpPortRange(startPortNumber=443, endPortNumber=444, negate=True), {442, 445}),
            (None, {442, 443, 444, 445}),
        ],
        ids=["one", "not one", "range", "not a range", "any"],
    )
    @pytest.mark.parametrize("protocol", [TCP, UDP])
    def test_a_port(self, written: Any, fitting: set[int], protocol: int) -> None:
        tried = range(442, 446)
        towards = ip(destinationIpPort=written)
        answering = ip(sourceIpPort=written)
        assert {port for port in tried if fits(towards, packet(protocol=protocol, destination_port=port))} == fitting
        assert {port for port in tried if fits(answering, packet(protocol=protocol, source_port=port))} == fitting

    def test_what_has_no_ports_fits_none_and_lacks_one_perhaps(self) -> None:
        ping = packet(protocol=ICMP)
        assert fits(ip(destinationIpPort=RULE.SingleIpPort(portNumber=443)), ping) is False
        assert fits(ip(destinationIpPort=RULE.SingleIpPort(portNumber=443, negate=True)), ping) is None
        assert fits(ip(), ping) is True

    @pytest.mark.parametrize("protocol", [ICMP, TCP, UDP])
    def test_a_protocol(self, protocol: int) -> None:
        held = packet(protocol=protocol)
        assert fits(ip(protocol=exactly(TCP)), held) is (protocol == TCP)
        assert fits(ip(protocol=exactly(TCP, negate=True)), held) is (protocol != TCP)
        assert fits(ip(protocol=vim.IntExpression()), held) is None


class TestFrames:
    def test_an_ethertype(self) -> None:
        for held in (packet(), Packet(ethertype=IPV6), Packet(ethertype=ARP)):
            assert fits(mac(protocol=exactly(0x86DD)), held) is (held.ethertype == IPV6)
            assert fits(mac(protocol=exactly(0x86DD, negate=True)), held) is (held.ethertype != IPV6)
        assert fits(mac(), Packet(ethertype=ARP)) is True

    @pytest.mark.parametrize(
        ("written", "inside"),
        [
            (vim.SingleMac(address="00:50:56:00:00:01"), True),
            (vim.SingleMac(address="00:50:56:00:00:02"), False),
            (vim.SingleMac(address="00:50:56:00:00:02", negate=True), True),
            (vim.MacRange(address="00:50:56:ff:ff:ff", mask="ff:ff:ff:00:00:00"), True),
            (vim.MacRange(address="00:50:57:ff:ff:ff", mask="ff:ff:ff:00:00:00"), False),
            (vim.SingleMac(address="nobody"), None),
        ],
        ids=["one", "another", "not another", "its maker's", "another maker's", "nobody's"],
    )
    def test_a_mac_address(self, written: Any, inside: bool | None) -> None:
        known = EUI("00-50-56-00-00-01")
        assert fits(mac(sourceAddress=written), packet(source_mac=known)) is inside
        assert fits(mac(destinationAddress=written), packet(destination_mac=known)) is inside
        assert fits(mac(sourceAddress=written), packet()) is None

    def test_a_vlan_that_the_port_does_not_see_is_open(self) -> None:
        assert fits(mac(vlanId=exactly(101)), packet(vlan=101)) is True
        assert fits(mac(vlanId=exactly(101)), packet(vlan=102)) is False
        assert fits(mac(vlanId=exactly(101)), packet()) is None

    def test_packets_of_servers_are_no_other_system_traffic(self) -> None:
        def kind(value: str | None, negate: bool = False) -> Any:
            return RULE.SystemTrafficQualifier(typeOfSystemTraffic=vim.StringExpression(value=value, negate=negate))

        assert fits(kind("virtualMachine"), packet()) is True
        assert fits(kind("vmotion"), packet()) is False
        assert fits(kind("vmotion", negate=True), packet()) is True
        assert fits(kind(None), packet()) is None
        assert fits(RULE.SystemTrafficQualifier(), packet()) is None


class TestTogether:
    def test_all_qualifiers_of_a_rule_hold(self) -> None:
        both = [ip(protocol=exactly(TCP)), mac(protocol=exactly(0x0800))]
        assert verdict(rule(DROP, *both)).passes is False
        assert verdict(rule(DROP, *both), of=packet(protocol=UDP)).passes is True

    def test_a_rule_without_any_fits_everything(self) -> None:
        assert verdict(rule(DROP), of=Packet(ethertype=ARP)).passes is False


class TestOpen:
    """docs/decisions/0071: what nobody can know from the rules is said to be open, and only where it matters."""

    def test_a_doubt_that_changes_nothing_is_none(self) -> None:
        flags = rule(ACCEPT, ip(tcpFlags=exactly(2)))
        accept, drop = rule(ACCEPT, ip()), rule(DROP, ip())
        assert verdict(flags, accept) == Verdict(True, accept, (flags,))
        assert verdict(flags, drop) == Verdict(None, drop, (flags,))
        assert verdict(flags, drop, of=packet(protocol=UDP)) == Verdict(False, drop)

    def test_an_action_that_neither_accepts_nor_drops_is_open(self) -> None:
        log, drop = rule(LOG, ip(protocol=exactly(TCP))), rule(DROP, ip())
        assert verdict(log, drop) == Verdict(None, drop, (log,))
        assert verdict(log, drop, of=packet(protocol=UDP)) == Verdict(False, drop)

    @given(st.lists(ODD_QUALIFIERS, max_size=3), st.sampled_from([ACCEPT, DROP, LOG, None]), st.sampled_from(list(Way)))
    def test_no_rule_fails_the_reading(self, qualifiers: list[Any], action: Any, way: Way) -> None:
        odd, drop = rule(action, *qualifiers), rule(DROP, ip())
        for held in (packet(), packet(protocol=ICMP), Packet(ethertype=ARP), Packet(ethertype=IPV6)):
            found = verdict(odd, drop, of=held, way=way)
            assert found.rule in (odd, drop, None)
            assert (found.passes is None) <= bool(found.doubted)
