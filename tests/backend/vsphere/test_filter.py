"""Rules on a portgroup's filter: there and back, others' rules left as they are, nothing taken for ours that is not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import vim

from tests.contract import estate
from wpf_infra.backend.vsphere.filter import lines, policy, rewritten
from wpf_infra.backend.vsphere.traffic_rule import read
from wpf_infra.model.resource import FirewallResource

PLAIN = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(
    vlan=vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(inherited=False, vlanId=101),
    blocked=vim.BoolPolicy(inherited=False, value=False),
)
TELEMETRY = estate.policy({"telemetry": "telemetry"})


def foreign(description: str = "keep ssh out", **more: Any) -> Any:
    return vim.dvs.TrafficRule(
        description=description,
        action=vim.dvs.TrafficRule.DropAction(),
        direction="both",
        qualifier=[
            vim.dvs.TrafficRule.IpQualifier(
                protocol=vim.IntExpression(value=6),
                destinationIpPort=vim.dvs.TrafficRule.SingleIpPort(portNumber=22),
            )
        ],
        **more,
    )


def applied(wanted: FirewallResource, on: Any = PLAIN) -> Any:
    """The settings after the policy was written on them; it has to change something."""
    changed = rewritten(on, lines(wanted))
    assert changed is not None
    return changed


def rules_of(port_config: Any) -> list[Any]:
    """In the order in which they hold."""
    (config,) = port_config.filterPolicy.filterConfig
    return sorted(config.trafficRuleset.rules, key=lambda rule: rule.sequence)


def with_rules(port_config: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    """The settings with rules that somebody changed by hand, as a vCenter hands them out again."""
    changed = copy.deepcopy(port_config)
    (config,) = changed.filterPolicy.filterConfig
    config.trafficRuleset.rules = change(rules_of(changed))
    for number, rule in enumerate(config.trafficRuleset.rules, start=1):
        rule.sequence = number
    return changed


class TestThereAndBack:
    @pytest.mark.parametrize(
        "wanted",
        [
            estate.policy({}),
            TELEMETRY,
            estate.policy({}, lines={"plant": "10.160.1.0/28", "car": "10.176.1.5/32"}),
            estate.policy({}, allowances={"platform.ntp/ntp-1": estate.service()}),
            estate.PLATFORM_POLICY,
            estate.policy({"telemetry": "計測値の送信 → \"収集\" <&> 'x'", "update": "updates"}),
        ],
        ids=["nothing allowed", "one", "lines", "a service", "the platform's", "two, in Japanese"],
    )
    def test_a_policy_is_read_as_it_was_written(self, wanted: FirewallResource) -> None:
        """FAQ-22"""
        settings = applied(wanted)
        assert policy(settings, wanted.tenant) == wanted
        assert rewritten(settings, lines(wanted)) is None

    def test_every_rule_is_one_that_a_distributed_switch_takes(self) -> None:
        """vim.dvs.TrafficRule: one IP or MAC qualifier; DistributedVirtualPort.TrafficFilterConfig: single ports."""
        for rule in rules_of(applied(TELEMETRY)):
            (qualifier,) = rule.qualifier
            assert rule.direction == "both"
            if isinstance(qualifier, vim.dvs.TrafficRule.IpQualifier):
                for port in (qualifier.sourceIpPort, qualifier.destinationIpPort):
                    assert port is None or isinstance(port, vim.dvs.TrafficRule.SingleIpPort)
                assert qualifier.tcpFlags is None

    def test_arp_is_not_spoken_of(self) -> None:
        """Else nobody would find anybody: what drops the rest names IPv4 and IPv6 by their EtherTypes."""
        kind = vim.dvs.TrafficRule.MacQualifier
        last = [rule for rule in rules_of(applied(TELEMETRY)) if isinstance(rule.qualifier[0], kind)]
        families = [rule.qualifier[0].protocol.value for rule in last]
        assert families == [0x0800, 0x86DD]

    def test_nothing_else_of_the_settings_changes(self) -> None:
        """They are sent whole: some servers replace, and do not merge."""
        settings = applied(TELEMETRY)
        assert (settings.vlan, settings.blocked) == (PLAIN.vlan, PLAIN.blocked)
        assert PLAIN.filterPolicy is None

    def test_a_portgroup_without_rules_has_no_policy(self) -> None:
        assert policy(PLAIN, "hill") is None
        assert policy(None, "hill") is None


class TestOthersRules:
    def test_they_stay_first_and_as_they_are(self) -> None:
        theirs = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(
            filterPolicy=vim.dvs.DistributedVirtualPort.FilterPolicy(
                filterConfig=[
                    vim.dvs.DistributedVirtualPort.TrafficFilterConfig(
                        key="7",
                        agentName="dvfilter-generic-vmware",
                        trafficRuleset=vim.dvs.TrafficRuleset(enabled=True, rules=[foreign(key="70", sequence=10)]),
                    )
                ]
            )
        )
        first, *ours = rules_of(applied(TELEMETRY, on=theirs))
        assert (first.key, first.sequence, first.description) == ("70", 10, "keep ssh out")
        assert all(read(rule) is not None for rule in ours)
        assert applied(TELEMETRY, on=theirs).filterPolicy.filterConfig[0].key == "7"

    @pytest.mark.parametrize("place", [0, 3, -1, 99], ids=["before", "among", "before the last", "after"])
    def test_they_keep_their_place_when_ours_change(self, place: int) -> None:
        def hang_in(rules: list[Any]) -> list[Any]:
            rules.insert(place, foreign(key="70"))
            return rules

        def neighbours(settings: Any) -> tuple[list[str], list[str]]:
            rules = [rule.description for rule in rules_of(settings)]
            at = rules.index("keep ssh out")
            return rules[:at], rules[at + 1 :]

        settings = with_rules(applied(TELEMETRY), hang_in)
        assert policy(settings, "hill") == TELEMETRY
        before, after = neighbours(settings)
        wanted = estate.policy({"telemetry": "telemetry", "update": "updates"})
        changed = applied(wanted, on=settings)
        assert policy(changed, "hill") == wanted
        grown_before, grown_after = neighbours(changed)
        assert [each for each in grown_before if "update" not in each] == before
        assert [each for each in grown_after if "update" not in each] == after

    def test_they_stay_when_ours_go(self) -> None:
        settings = with_rules(applied(TELEMETRY), lambda rules: [foreign(key="70"), *rules])
        bare = rewritten(settings, ())
        assert [rule.key for rule in rules_of(bare)] == ["70"]
        assert bare.filterPolicy.filterConfig[0].trafficRuleset.enabled
        assert rewritten(bare, ()) is None

    def test_without_any_the_filter_is_switched_off(self) -> None:
        bare = rewritten(applied(TELEMETRY), ())
        assert rules_of(bare) == []
        assert not bare.filterPolicy.filterConfig[0].trafficRuleset.enabled
        assert rewritten(PLAIN, ()) is None

    @pytest.mark.parametrize(
        "description",
        ["", "wpf", "wpf rule of mine", "wpf {}", 'wpf {"part": "rest", "owner": "me"}', 'wpf {"part": "all"}'],
    )
    def test_a_rule_is_ours_only_with_a_caption_of_ours(self, description: str) -> None:
        assert read(foreign(description)) is None


class TestChangesKeepToTheirAllowance:
    def test_a_new_allowance_leaves_the_others_rules_untouched(self) -> None:
        before = applied(TELEMETRY)
        after = applied(estate.policy({"aaa": "first by name", "telemetry": "telemetry"}), on=before)
        kept = [rule for rule in rules_of(after) if "aaa" not in rule.description]
        assert all(one is other for one, other in zip(kept, rules_of(before), strict=True))

    def test_a_new_line_leaves_the_others_rules_untouched(self) -> None:
        before = applied(TELEMETRY)
        wanted = estate.policy({"telemetry": "telemetry"}, lines={"annex": "10.160.1.16/28", "plant": "10.160.1.0/28"})
        after = applied(wanted, on=before)
        kept = [rule for rule in rules_of(after) if "annex" not in rule.description]
        assert all(one is other for one, other in zip(kept, rules_of(before), strict=True))
        assert policy(after, "hill") == wanted

    def test_ports_in_another_order_are_read_in_that_order(self) -> None:
        """What was declared is what is read, so that a second preview is empty."""
        data = TELEMETRY.data()
        data["allowances"]["hill/telemetry"]["ports"] = ["icmp", "tcp/22", "tcp/443"]
        wanted = FirewallResource.model_validate(data)
        assert policy(applied(wanted, on=applied(TELEMETRY)), "hill") == wanted


_NETWORKS = st.sampled_from(["10.64.1.0/24", "10.64.0.0/23"])
_LINES = st.dictionaries(
    st.sampled_from(["annex", "car", "plant"]), st.sampled_from(["10.160.1.0/28", "10.176.1.5/32"])
)
_ALLOWANCES = st.dictionaries(
    st.sampled_from(["hill/a", "hill/b", "platform.ntp/ntp-1"]),
    st.builds(
        estate.service,
        peer=st.sampled_from(["apps", "platform", None]),
        ports=st.lists(st.sampled_from(["icmp", "tcp/443", "udp/1-3"]), min_size=1, max_size=2, unique=True),
    ),
)
_POLICIES = st.builds(
    lambda network, lines, allowances: estate.policy({}, network=network, lines=lines, allowances=allowances),
    _NETWORKS,
    _LINES,
    _ALLOWANCES,
)


@given(st.lists(_POLICIES, min_size=1, max_size=4), st.integers(0, 30))
def test_whatever_stood_before_a_policy_is_read_as_it_was_written(wanted: list[FirewallResource], place: int) -> None:
    """FAQ-22, FAQ-35: and somebody's own rule between ours stays."""

    def hang_in(rules: list[Any]) -> list[Any]:
        rules.insert(place, foreign(key="70"))
        return rules

    settings = with_rules(applied(wanted[0]), hang_in)
    for each in wanted:
        settings = rewritten(settings, lines(each)) or settings
        assert policy(settings, "hill") == each
        assert [rule.key for rule in rules_of(settings) if read(rule) is None] == ["70"]
        assert rewritten(settings, lines(each)) is None


_LINE, _REQUEST = 1, 3
"""Where the first rule of the line stands, and of the allowance."""


def _moved(rules: list[Any]) -> list[Any]:
    return [*rules[1:], rules[0]]


def _emptied(rules: list[Any]) -> list[Any]:
    return []


def _opened(rules: list[Any]) -> list[Any]:
    """A rule of ours changed by hand to let everybody in, its description left."""
    rules[_REQUEST].qualifier[0].sourceAddress = None
    return rules


def _copied(rules: list[Any]) -> list[Any]:
    extra = copy.deepcopy(rules[_REQUEST])
    extra.qualifier[0].destinationIpPort.portNumber = 22
    return [extra, *rules]


def _widened(rules: list[Any]) -> list[Any]:
    rules[_LINE].qualifier[0].destinationAddress.prefixLength = 8
    return rules


def _without(place: int) -> Callable[[list[Any]], list[Any]]:
    return lambda rules: [*rules[:place], *rules[place + 1 :]]


def _behind(place: int) -> Callable[[list[Any]], list[Any]]:
    return lambda rules: [*rules[:place], *rules[place + 1 :], rules[place]]


class TestWhatPeopleDidByHand:
    """FAQ-22: an allowance is there when its rules stand exactly, a policy when those of every policy do."""

    @pytest.mark.parametrize(
        "hand",
        [_without(_REQUEST), _opened, _copied, _behind(_REQUEST)],
        ids=["one of its rules gone", "opened", "copied", "moved behind the last"],
    )
    def test_an_allowance_that_was_touched_is_absent_and_is_put_right(
        self, hand: Callable[[list[Any]], list[Any]]
    ) -> None:
        touched = with_rules(applied(TELEMETRY), hand)
        assert policy(touched, "hill") == estate.policy({})
        assert policy(applied(TELEMETRY, on=touched), "hill") == TELEMETRY

    @pytest.mark.parametrize(
        "hand",
        [_without(_LINE), _without(_LINE + 1), _widened, _behind(_LINE)],
        ids=["one of its rules gone", "the other gone", "widened", "moved behind the last"],
    )
    def test_a_line_that_was_touched_is_absent_and_is_put_right(self, hand: Callable[[list[Any]], list[Any]]) -> None:
        """FAQ-35"""
        touched = with_rules(applied(TELEMETRY), hand)
        assert policy(touched, "hill") == estate.policy({"telemetry": "telemetry"}, lines={})
        mended = applied(TELEMETRY, on=touched)
        assert policy(mended, "hill") == TELEMETRY
        untouched = [rule.description for rule in rules_of(mended) if any(rule is one for one in rules_of(touched))]
        assert sum("telemetry" in description for description in untouched) == 8

    @pytest.mark.parametrize(
        "hand",
        [_moved, lambda rules: rules[1:], lambda rules: rules[:-1], lambda rules: rules[:-2], _emptied],
        ids=["inside last", "inside gone", "IPv6 free", "all free", "none left"],
    )
    def test_a_policy_whose_ground_was_touched_is_gone_and_is_built_again(
        self, hand: Callable[[list[Any]], list[Any]]
    ) -> None:
        touched = with_rules(applied(TELEMETRY), hand)
        assert policy(touched, "hill") is None
        assert policy(applied(TELEMETRY, on=touched), "hill") == TELEMETRY

    def test_a_set_that_was_switched_off_is_no_policy(self) -> None:
        settings = with_rules(applied(TELEMETRY), list)
        settings.filterPolicy.filterConfig[0].trafficRuleset.enabled = False
        assert policy(settings, "hill") is None
        assert policy(applied(TELEMETRY, on=settings), "hill") == TELEMETRY

    def test_a_policy_of_another_network_is_seen_as_one_and_its_allowances_rules_stay(self) -> None:
        wider = estate.policy({"telemetry": "telemetry"}, network="10.64.0.0/23")
        settings = applied(wider)
        assert policy(settings, "hill") == wider
        changed = applied(TELEMETRY, on=settings)
        assert policy(changed, "hill") == TELEMETRY
        allowed = [rule for rule in rules_of(settings) if "telemetry" in rule.description]
        assert all(any(rule is other for other in rules_of(changed)) for rule in allowed)

    def test_a_rule_of_ours_that_nobody_wants_any_more_goes(self) -> None:
        assert policy(applied(estate.policy({}), on=applied(TELEMETRY)), "hill") == estate.policy({})
