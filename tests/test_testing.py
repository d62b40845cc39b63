"""What a team writes in its own tests: each assert holds for what is so, and fails with a flow and its declaration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.samples import lay
from wpf_infra.errors import WpfError
from wpf_infra.network.flow.flow_set import Flow, FlowSet, only
from wpf_infra.network.reach.cause import CauseKind
from wpf_infra.network.reach.question import read_question
from wpf_infra.testing import World, assert_isolated, assert_only, assert_reachable, load

Ends = tuple[str, str]
U, V = "minami-suido", "kawa-systems"
APP, COLLECTOR = f"{U}/app-1", f"{V}/collector"
RDP = (f"{V}/maintenance", f"{APP}:tcp/3389")
PING = (f"{V}/maintenance", f"{APP}:icmp")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.delenv("WPF_NOW", raising=False)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    return load(lay(tmp_path_factory.mktemp("small")))


def refusal(check: Callable[[], None]) -> str:
    with pytest.raises(AssertionError) as caught:
        check()
    return str(caught.value)


def test_reachable_is_declared(small: World) -> None:
    """FAQ-22"""
    assert_reachable(small, APP, f"{COLLECTOR}:tcp/8883-8884")
    assert_reachable(small, f"{U}/north-gw", f"{U}/app-2")
    said = refusal(lambda: assert_reachable(small, APP, f"{COLLECTOR}:tcp/22"))
    assert f"{APP} → {COLLECTOR}:tcp/22 · no: none of it passes" in said
    assert "(10.64.1.11)" in said and "to: collector, ports: [tcp/22]" in said


def test_a_residue_is_not_reachable(small: World) -> None:
    said = refusal(lambda: assert_reachable(small, COLLECTOR, f"{APP}:tcp/22"))
    assert "filters remember nothing" in said and f"{U}.allowances.telemetry" in said


def test_isolated_is_blocked(small: World) -> None:
    assert_isolated(small, f"{V}/collector-2", U)
    said = refusal(lambda: assert_isolated(small, V, f"{U}:tcp/3389"))
    assert f"{V} → {U}:tcp/3389 · some of it passes" in said
    assert f"{U}.allowances.maintenance (maintenance, FAQ-22)" in said
    assert "blocked" not in said


def test_the_answering_sides_residue_may_be_left_aside(small: World) -> None:
    """FAQ-22"""
    assert "← tcp/443" in refusal(lambda: assert_isolated(small, COLLECTOR, U))
    assert_isolated(small, COLLECTOR, U, but_for_answers=True)
    refusal(lambda: assert_isolated(small, V, U, but_for_answers=True))
    unfiltered = refusal(lambda: assert_isolated(small, f"{V}/maintenance", f"{U}/north", but_for_answers=True))
    assert "no filter sees it" in unfiltered


def test_only_what_is_listed(small: World) -> None:
    assert_only(small, V, APP, RDP, PING)
    assert_only(small, f"{V}/collector-2", U)
    said = refusal(lambda: assert_only(small, V, APP, PING))
    assert "declared, and not listed:" in said and f"{V}/maintenance → {APP}: tcp/3389" in said
    assert f"{U}.allowances.maintenance" in said


def test_what_is_listed_has_to_be_declared(small: World) -> None:
    said = refusal(lambda: assert_only(small, V, f"{U}/app-2", (COLLECTOR, f"{U}/app-2:tcp/22")))
    assert "listed, and not declared:" in said and "no: none of it passes" in said
    said = refusal(lambda: assert_only(small, V, APP, RDP, PING, (APP, f"{COLLECTOR}:tcp/443")))
    assert f"listed, and no part of this: {APP} → {COLLECTOR}:tcp/443" in said


def test_services_count_and_the_inside_does_not(small: World) -> None:
    """FAQ-28"""
    agent = ("platform/zabbix", f"{U}:tcp/10050")
    said = refusal(lambda: assert_only(small, "any", APP))
    assert "the service zabbix-polls" in said and "inside" not in said
    assert_only(small, "platform", f"{APP}:tcp/10050", ("platform/zabbix", f"{APP}:tcp/10050"))
    refusal(lambda: assert_only(small, "platform", f"{U}:tcp/10050", agent))  # a mobile line is not monitored


def test_what_no_filter_sees_is_not_only_what_is_listed(small: World) -> None:
    """FAQ-35"""
    said = refusal(lambda: assert_only(small, V, U, RDP, PING))
    assert "passes, and nobody declared it:" in said and f"{V}/maintenance → {U}/north: any" in said
    assert "no filter sees it" in said and "not listed" not in said


def test_what_the_platform_opens_to_whole_spaces_is_not_only_what_is_listed(small: World) -> None:
    """FAQ-22"""
    said = refusal(lambda: assert_only(small, "10.65.0.0/16", "platform/ntp"))
    assert "passes, and nobody declared it:" in said and "speaks of whole address spaces" in said


ENDS = (U, V, "platform", APP, f"{U}/north", f"{V}/maintenance", COLLECTOR, "10.65.0.0/16")
PORTS = ("", ":tcp/443", ":tcp/3389", ":udp/123", ":icmp")


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.sampled_from(ENDS), st.sampled_from(ENDS), st.sampled_from(PORTS), st.sampled_from(((), (RDP,), (RDP, PING))))
def test_only_means_only(small: World, source: str, destination: str, port: str, listed: tuple[Ends, ...]) -> None:
    """It holds just when what is listed is declared there, and what passes besides is inside or looks like an answer:
    said again with one flow at a time.
    """
    asked = read_question(small.catalogue, source, destination + port).flows
    wanted = [read_question(small.catalogue, *ends).flows for ends in listed]
    rest = asked - FlowSet.union(wanted)
    passing = [flow for flow in samples(small, rest) if small.permitted(only(flow))]
    beyond = any(not (inside(small, flow) or small.intended(only(flow).turned())) for flow in passing)
    beyond = beyond or any(not inside(small, flow) for flow in passing if small.intended(only(flow)))
    stray = any(not each.is_subset(asked) for each in wanted)
    try:
        assert_only(small, source, destination + port, *listed)
    except AssertionError:
        assert stray or beyond
    else:
        assert not stray and not beyond


def inside(world: World, flow: Flow) -> bool:
    return any(cause.kind is CauseKind.INSIDE for cause, _ in world.intents(only(flow)))


def samples(world: World, flows: FlowSet) -> list[Flow]:
    """The lowest and highest flow of every box that is judged alike."""
    alike = (world.permitted(flows), world.intended(flows), flows & world.intended(flows.turned()).turned())
    cells = [flows]
    for judged in alike:
        cells = [part for cell in cells for part in (cell & judged, cell - judged) if part]
    return [Flow(*box[side::2]) for cell in cells for box in cell.boxes for side in (0, 1)]


def test_wrong_ends_are_no_failed_assert(small: World) -> None:
    with pytest.raises(WpfError, match="app-1"):
        assert_reachable(small, f"{U}/app1", COLLECTOR)


def test_no_world_is_made_of_what_is_wrong(tmp_path: Path) -> None:
    root = lay(tmp_path, {f"{U}.allowances.telemetry.to": f"{V}/nobody"})
    with pytest.raises(WpfError, match=f"stacks/tenants/{U}.yaml.*telemetry"):
        load(root / "stacks")
    with pytest.raises(WpfError, match=r"no Pulumi\.yaml"):
        load(tmp_path.parent)


def test_the_projects_instant_counts_or_the_one_given(tmp_path: Path) -> None:
    assert load(lay(tmp_path), now="2027-01-01").catalogue.tenants.keys() == {U, V}
    with pytest.raises(WpfError, match="no instant"):
        load(tmp_path, now="soon")
