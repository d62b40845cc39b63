"""Power as declared: a start is for business hours, a stop is shown, a vendor's is the vendor's (FAQ 14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.contract.estate import server
from wpf_infra.calendar import TOKYO
from wpf_infra.model.availability import Power
from wpf_infra.model.observation import ObservedVm
from wpf_infra.plan import diff
from wpf_infra.plan.disturbance import Disturbance, Plan
from wpf_infra.plan.step import Build, PowerOn, ShutDownGuest

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
EVENING = TUESDAY.replace(hour=17)
HOLIDAY = datetime(2026, 11, 23, 10, tzinfo=TOKYO)
CLOSED = {"year_end_first": "12-29", "year_end_last": "01-03", "days": ["2026-11-24"]}


def _plan(stands: Power, now: datetime = TUESDAY, **declared: Any) -> Plan:
    wanted = server(**declared)
    return diff(ObservedVm(wanted.as_observed(), stands), wanted, wanted, now)


@pytest.mark.parametrize("now", [TUESDAY, TUESDAY.replace(hour=9), TUESDAY.replace(hour=16, minute=59)])
def test_a_stopped_server_is_started_in_business_hours(now: datetime) -> None:
    plan = _plan(Power.OFF, now, power="on")
    assert plan.worst is Disturbance.ONLINE
    assert plan.steps == (PowerOn(),)


@pytest.mark.parametrize(
    ("now", "declared"),
    [(EVENING, {}), (HOLIDAY, {}), (TUESDAY.replace(hour=8), {}), (TUESDAY, {"closing_days": CLOSED})],
    ids=["evening", "holiday", "morning", "closed"],
)
def test_outside_them_it_is_refused_unless_a_reason_is_given_which_is_recorded(
    now: datetime, declared: dict[str, Any]
) -> None:
    plan = _plan(Power.OFF, now, power="on", **declared)
    assert plan.worst is Disturbance.REFUSED and plan.steps == ()
    with_reason = _plan(Power.OFF, now, power="on", power_reason="a pump failed", **declared)
    assert with_reason.steps == (PowerOn("a pump failed"),)


def test_a_running_server_that_is_to_be_off_is_shut_down_and_that_is_shown() -> None:
    plan = _plan(Power.ON, EVENING, power="off")
    assert plan.worst is Disturbance.STOP
    assert plan.steps == (ShutDownGuest(owe_restart=False),)


@pytest.mark.parametrize("power", Power)
def test_what_is_as_declared_needs_nothing(power: Power) -> None:
    assert _plan(power, HOLIDAY, power=power) == Plan(server().identity)


@pytest.mark.parametrize("power", Power)
def test_without_a_declaration_power_is_nobodys_drift(power: Power) -> None:
    assert _plan(power) == Plan(server().identity)


@pytest.mark.parametrize("power", Power)
def test_a_vendors_power_is_the_vendors_whatever_a_file_says(power: Power) -> None:
    other = "off" if power is Power.ON else "on"
    assert _plan(power, of="apps", power=other).steps == ()


def test_a_new_server_is_built_and_its_first_start_is_no_start_to_ask_about() -> None:
    wanted = server(power="on")
    assert diff(None, wanted, wanted, HOLIDAY).steps == (Build(wanted),)
    off = server(power="off")
    assert diff(None, off, off, HOLIDAY).steps == (Build(off), ShutDownGuest(owe_restart=False))


def test_the_start_that_is_owed_after_a_change_is_no_start_to_ask_about() -> None:
    wanted = server(power="on")
    cut_off = ObservedVm(wanted.as_observed(), Power.OFF, restart_owed=True)
    assert diff(cut_off, wanted, wanted, HOLIDAY).steps == (PowerOn(),)
    off = server(power="off")
    plan = diff(cut_off, off, off, HOLIDAY)
    assert plan.steps == (ShutDownGuest(owe_restart=False),) and plan.worst is Disturbance.NONE


def test_a_change_of_a_server_that_is_to_be_off_starts_nothing() -> None:
    stands, wanted = server(power="off"), server(power="off", cpu=4)
    for power in Power:
        steps = diff(ObservedVm(stands.as_observed(), power), wanted, stands, HOLIDAY).steps
        assert not any(isinstance(step, PowerOn) for step in steps)
