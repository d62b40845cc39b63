"""Two worlds compared: exactly what became otherwise, over the whole header space, and the proof of a change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.network.small_worlds import Oracle, astray_changes, changes
from tests.samples import GONE, catalogue
from wpf_infra.model import Catalogue
from wpf_infra.network.flow.flow_set import EVERYTHING, NOTHING, FlowSet
from wpf_infra.network.reach.difference import Change, Proof, compare, prove
from wpf_infra.network.reach.question import read_question
from wpf_infra.network.reach.world import World


def whole(found: Iterable[Change]) -> FlowSet:
    """All of the changes, of which each has a witness of its own and none has another's flows."""
    told = NOTHING
    for change in found:
        assert change.witness in change.flows
        assert not change.flows & told
        told |= change.flows
    return told


def world(*given_: dict[str, Any]) -> World:
    return World.of(catalogue({key: value for each in given_ for key, value in each.items()}))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Catalogue, Catalogue]:
    """Two catalogues that share much: of the second some of the first's."""
    before, other = draw(changes() | astray_changes()), draw(changes() | astray_changes())
    taken = draw(st.sets(st.sampled_from(sorted(other)), max_size=4))
    after = {**before, **{key: other[key] for key in sorted(taken)}}
    extra = draw(st.sampled_from(EXTRA))
    declared = (catalogue(before), catalogue({**after, **extra}))
    assume(Oracle(declared[1]).is_sound)
    return declared if draw(st.booleans()) else (declared[1], declared[0])


EXTRA: tuple[dict[str, Any], ...] = (
    {},
    {"minami-suido.lines.car.cidr": "10.176.9.0/28"},
    {"platform.network.cidr": "10.32.0.0/25"},
    {"platform.service_ports": {"ntp": ["udp/1123"]}},
    {"minami-suido.lines.car": GONE},
)


@settings(max_examples=60)
@given(pairs())
def test_a_difference_is_that_of_the_whole_sets(declared: tuple[Catalogue, Catalogue]) -> None:
    before, after = map(World.of, declared)
    old, new = (
        (each.intended(EVERYTHING) & each.permitted(EVERYTHING), each.residual(EVERYTHING)) for each in (before, after)
    )
    found = compare(before, after)
    assert whole(found.gained) == new[0] - old[0]
    assert whole(found.lost) == old[0] - new[0]
    assert whole(found.residual_gained) == new[1] - old[1]
    assert whole(found.residual_lost) == old[1] - new[1]
    assert bool(found) is (old != new)


@settings(max_examples=25)
@given(pairs())
def test_what_is_gained_one_way_is_lost_the_other(declared: tuple[Catalogue, Catalogue]) -> None:
    before, after = map(World.of, declared)
    there, back = compare(before, after), compare(after, before)
    assert (there.gained, there.residual_gained) == (back.lost, back.residual_lost)
    assert (there.lost, there.residual_lost) == (back.gained, back.residual_gained)
    assert not compare(before, before)


TELEMETRY = "minami-suido.allowances.telemetry"
RDP = {
    "minami-suido.allowances.rdp": {
        "from": "kawa-systems/collector-2",
        "to": "app-2",
        "ports": ["tcp/3389"],
        "reason": "x",
    }
}


class TestDifference:
    def test_an_allowance_names_what_it_gains_and_leaves(self) -> None:
        found = compare(world(), world(RDP))
        ((gained,), (left,)) = found.gained, found.residual_gained
        assert gained.cause is not None
        assert gained.cause == left.cause
        assert gained.cause.path == "minami-suido.allowances.rdp"
        assert left.flows == gained.flows.turned()
        assert not (found.lost or found.residual_lost)

    def test_what_was_lost_names_what_meant_it(self) -> None:
        found = compare(world(RDP), world())
        assert [change.cause.path for change in found.lost if change.cause] == ["minami-suido.allowances.rdp"]

    @pytest.mark.parametrize(
        "given_",
        [
            {f"{TELEMETRY}.reason": "another"},
            {"minami-suido.vms.app-1.cpu": 8},
            {
                "minami-suido.allowances.again": {
                    "from": "app-1",
                    "to": "kawa-systems/collector",
                    "ports": ["tcp/443"],
                    "reason": "x",
                }
            },
            {"minami-suido.gateways": GONE},
            {"minami-suido.network.vlan": 999},
        ],
        ids=["reason", "cpu", "said twice", "gateway", "vlan"],
    )
    def test_what_opens_nothing_is_no_difference(self, given_: dict[str, Any]) -> None:
        assert not compare(world(), world(given_))

    def test_terminals_of_a_tenant_lose_their_filter(self) -> None:
        """Whoever declares terminals says that no port of ours is before them, so lines of others reach them."""
        found = compare(world({"minami-suido.endpoints": {}}), world())
        assert {change.cause for change in found.residual_gained} == {None}
        assert whole(found.residual_gained) == World.of(catalogue()).residual(whole(found.residual_gained))

    def test_a_tenant_that_goes_takes_its_filter_along(self) -> None:
        declared = catalogue({"minami-suido.allowances": {}, "minami-suido.vendor": GONE})
        alone = Catalogue(declared.platform, {"minami-suido": declared.tenants["minami-suido"]})
        before, after = World.of(declared), World.of(alone)
        found = compare(before, after)
        assert whole(found.gained) == NOTHING
        assert whole(found.lost) == before.intended(EVERYTHING) - after.intended(EVERYTHING)
        assert whole(found.residual_gained) == after.residual(EVERYTHING) - before.residual(EVERYTHING)


class TestProof:
    def proof(self, source: str, destination: str, *given_: dict[str, Any]) -> Proof:
        after = catalogue({key: value for each in given_ for key, value in each.items()})
        return prove(World.of(catalogue()), World.of(after), read_question(after, source, destination))

    def steps(self, proof: Proof) -> tuple[bool, bool, bool]:
        for step in (proof.not_before, proof.now, proof.nothing_else):
            assert step.holds is not bool(step.changes)
        assert proof.holds is all(step.holds for step in (proof.not_before, proof.now, proof.nothing_else))
        return proof.not_before.holds, proof.now.holds, proof.nothing_else.holds

    def test_a_change_that_does_what_it_says(self) -> None:
        assert self.proof("collector-2", "app-2:tcp/3389", RDP).holds

    def test_what_was_possible_before(self) -> None:
        proof = self.proof("app-1", "collector:tcp/443", RDP)
        assert self.steps(proof) == (False, True, False)
        assert [change.cause.path for change in proof.not_before.changes if change.cause] == [TELEMETRY]

    def test_what_was_left_open_before_was_possible(self) -> None:
        more = {
            "minami-suido.allowances.rdp": {
                "from": "kawa-systems/collector",
                "to": "app-1",
                "ports": ["tcp/22"],
                "reason": "x",
            }
        }
        assert self.steps(self.proof("collector", "app-1:tcp/22", more)) == (False, True, True)

    def test_what_is_not_possible_yet(self) -> None:
        proof = self.proof("collector-2", "app-2:tcp/3389-3390", RDP)
        assert self.steps(proof) == (True, False, True)
        assert [change.witness.destination_port for change in proof.now.changes] == [3390]

    @pytest.mark.parametrize(
        ("beside", "path"),
        [
            ({f"{TELEMETRY}.ports": ["tcp/443"]}, TELEMETRY),
            ({"kawa-systems.options": ["monitoring"]}, "kawa-systems.options"),
        ],
        ids=["lost", "gained"],
    )
    def test_what_changes_beside_it(self, beside: dict[str, Any], path: str) -> None:
        proof = self.proof("collector-2", "app-2:tcp/3389", RDP, beside)
        assert self.steps(proof) == (True, True, False)
        assert path in {change.cause.path for change in proof.nothing_else.changes if change.cause}
