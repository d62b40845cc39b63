"""What holds for every server's plan, whatever stands, was recorded and is declared (FAQ 13-16)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import assume, event, given
from hypothesis import strategies as st

from tests.plan.interpreter import applied, seen
from tests.plan.situations import NOW, TODAY, Situation, servers, situations
from wpf_infra.language import Language
from wpf_infra.model.availability import Power
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import OwnerKind, VmResource
from wpf_infra.plan import diff
from wpf_infra.plan.deletion import diff_deletion
from wpf_infra.plan.disturbance import Disturbance, Plan
from wpf_infra.plan.step import Build, EraseDisk, PowerOn, Reconfigure, SetAvailability, ShutDownGuest, TellGuest

_ORDER = (SetAvailability, ShutDownGuest, Reconfigure, TellGuest, EraseDisk, Build, PowerOn)


def declared_power(situation: Situation) -> Power | None:
    """What counts of it: in a vendor's tenant nothing (FAQ 14)."""
    vendors = situation.observed.resource.owner is OwnerKind.VENDOR
    return None if vendors else situation.desired.power


def _words(plan: Plan) -> set[Disturbance]:
    return {change.disturbance for change in plan.changes}


@given(st.sampled_from(OwnerKind).flatmap(servers), st.sampled_from(Power))
def test_what_stands_as_declared_has_an_empty_plan(declared: VmResource, power: Power) -> None:
    if declared.owner is not OwnerKind.VENDOR and declared.power is not None:
        power = declared.power
    assert diff(ObservedVm(seen(declared), power), declared, declared, NOW) == Plan(declared.identity)


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_disks_never_matters(situation: Situation, random: Random) -> None:
    def shuffled(vm: VmResource) -> VmResource:
        names = list(vm.disks)
        random.shuffle(names)
        return vm.model_copy(update={"disks": {name: vm.disks[name] for name in names}})

    other = Situation(
        replace(situation.observed, resource=shuffled(situation.observed.resource)),
        shuffled(situation.recorded) if situation.recorded else None,
        shuffled(situation.desired),
    )
    assert other.plan().changes == situation.plan().changes
    assert other.plan().steps == situation.plan().steps


@given(situations())
def test_a_plan_carried_out_leaves_nothing_to_plan(situation: Situation) -> None:
    plan = situation.plan()
    assume(not plan.blocking)
    event("steps" if plan.steps else "no steps")
    after = applied(situation.observed, plan)
    again = diff(after, situation.desired, situation.desired, NOW)
    assert (again.changes, again.steps) == ((), ())


@given(st.sampled_from(OwnerKind).flatmap(servers))
def test_a_server_that_is_gone_is_built_and_then_settled(declared: VmResource) -> None:
    plan = diff(None, declared, declared, NOW)
    assert _words(plan) == {Disturbance.ONLINE}
    assert diff(applied(None, plan), declared, declared, NOW).changes == ()


@given(situations())
def test_what_waits_or_is_refused_has_no_steps(situation: Situation) -> None:
    plan = situation.plan()
    blocks = bool({Disturbance.WAITING, Disturbance.REFUSED} & _words(plan))
    event(f"blocks: {blocks}")
    assert bool(plan.blocking) is blocks
    assert not (blocks and plan.steps)


@given(situations())
def test_steps_come_in_one_order_and_nothing_cold_meets_a_running_server(situation: Situation) -> None:
    """FAQ-16: the server is shut down, changed, started."""
    steps = situation.plan().steps
    places = [_ORDER.index(type(step)) for step in steps]
    if not (steps and isinstance(steps[-1], ShutDownGuest)):  # what was built is to be off, as declared
        assert places == sorted(places)
    cold = any(isinstance(step, Reconfigure | EraseDisk) for step in steps)
    shut_down = any(isinstance(step, ShutDownGuest) for step in steps)
    for_good = declared_power(situation) is Power.OFF
    if not for_good:
        assert shut_down is (cold and situation.observed.power is Power.ON)
    elif cold and situation.observed.power is Power.ON:
        assert shut_down
    if for_good:
        assert not any(isinstance(step, PowerOn) for step in steps)
    elif shut_down:
        assert isinstance(steps[-1], PowerOn)


@given(situations())
def test_a_vendors_running_server_is_stopped_only_with_a_consent_of_this_week(situation: Situation) -> None:
    """FAQ-15, FAQ-16"""
    if any(isinstance(step, ShutDownGuest) for step in situation.plan().steps):
        consent = situation.desired.consent
        if situation.desired.owner is OwnerKind.VENDOR:
            assert consent is not None
            assert 0 <= (TODAY - consent.on).days <= 7


@given(situations())
def test_what_is_said_is_what_is_done(situation: Situation) -> None:
    """The promise: in a world that stands still the disturbances of the preview are those of the apply."""
    plan = situation.plan()
    assume(not plan.blocking)
    words = _words(plan)
    before, after = situation.observed, applied(situation.observed, plan)
    assert after is not None
    stopped = before.power is Power.ON and any(isinstance(step, ShutDownGuest) for step in plan.steps)
    assert (Disturbance.STOP in words) is stopped
    said_erased = {each.path for each in plan.changes if each.disturbance is Disturbance.ERASE}
    assert said_erased == {f"disks.{name}" for name in before.resource.disks.keys() - after.resource.disks.keys()}
    if declared_power(situation) is not None:
        assert after.power is declared_power(situation)
    elif before.power is Power.ON:
        assert after.power is Power.ON
    elif after.power is Power.ON:
        assert any(word in line for line in plan.lines(Language.ENGLISH) for word in ("starts", "started"))
    if plan.steps:
        assert plan.changes


@given(situations())
def test_nothing_is_started_that_was_off_but_what_is_owed_built_or_resized_for_a_vendor(situation: Situation) -> None:
    """FAQ-14, FAQ-16"""
    before, plan = situation.observed, situation.plan()
    assume(before.power is Power.OFF and not plan.blocking)
    after = applied(before, plan)
    assert after is not None
    resized = (before.resource.cpu, before.resource.memory_gib) != (situation.desired.cpu, situation.desired.memory_gib)
    vendors = situation.desired.owner is OwnerKind.VENDOR
    expected = before.restart_owed or not before.built or (resized and vendors)
    if declared_power(situation) is not None:
        expected = declared_power(situation) is Power.ON
    assert after.power is (Power.ON if expected else Power.OFF)


@given(situations())
def test_data_goes_only_when_its_recorded_end_is_past(situation: Situation) -> None:
    """FAQ-13, FAQ-15"""
    for step in situation.plan().steps:
        if isinstance(step, EraseDisk):
            assert step.disk not in situation.desired.disks
            assert situation.recorded is not None
            retire = situation.recorded.disks[step.disk].retire
            assert retire is not None and retire.ends < TODAY


@given(situations())
def test_a_server_left_out_is_erased_only_off_and_due_or_never_built(situation: Situation) -> None:
    """FAQ-13"""
    recorded = situation.recorded
    assume(recorded is not None)
    assert recorded is not None
    plan = diff_deletion(situation.observed, recorded, TODAY)
    due = recorded.retire is not None and recorded.retire.ends < TODAY
    erased = situation.observed.power is Power.OFF and (due or not situation.observed.built)
    assert plan.worst is (Disturbance.ERASE if erased else Disturbance.REFUSED)
    assert plan.steps == ()


@given(situations())
def test_every_line_is_one_line_in_both_languages(situation: Situation) -> None:
    plan = situation.plan()
    for language in Language:
        assert all("\n" not in line for line in plan.lines(language))
        assert len(plan.lines(language)) == len(plan.changes)
