"""Plans of users, lines, maintenance, monitoring, images and certificates: what is said, and to whom it matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.backend.made import NOW, made
from wpf_infra.language import Language
from wpf_infra.model.identity import Kind
from wpf_infra.model.observation import Observed
from wpf_infra.model.resource import (
    AuthorityIssued,
    CertificateIssued,
    ImageResource,
    Resource,
    UserResource,
)
from wpf_infra.plan import diff
from wpf_infra.plan.deletion import diff_deletion
from wpf_infra.plan.disturbance import Disturbance, Plan
from wpf_infra.plan.step import Build, Settle

ENGLISH = Language.ENGLISH


def _lines(plan: Plan) -> list[str]:
    return list(plan.lines(ENGLISH))


def _altered(resource: Resource, **fields: Any) -> Any:
    return type(resource).model_validate({**resource.data(), **fields})


# Users (FAQ 7, 9, 10).

USER: Any = made(Kind.USER).one


def test_what_people_changed_in_the_portal_is_not_put_back() -> None:
    stands = _altered(USER, phone="+81-3-1111-1111", role="general")
    assert diff(Observed(stands), USER, USER, NOW) == Plan(USER.identity)


def test_only_what_changed_in_the_declaration_is_applied() -> None:
    stands = _altered(USER, phone="+81-3-1111-1111")
    wanted = _altered(USER, otp=True)
    plan = diff(Observed(stands), wanted, USER, NOW)
    assert _lines(plan) == ["online: sato otp is changed as declared FAQ-9"]
    (step,) = plan.steps
    assert isinstance(step, Settle) and isinstance(step.resource, UserResource)
    assert (step.resource.phone, step.resource.otp) == ("+81-3-1111-1111", True)


def test_what_the_portal_has_already_is_only_recorded() -> None:
    wanted = _altered(USER, role="general")
    plan = diff(Observed(wanted), wanted, USER, NOW)
    assert plan.worst is Disturbance.NONE and plan.steps == ()
    assert len(plan.changes) == 1


def test_without_a_record_what_stands_is_taken_over() -> None:
    stands = _altered(USER, role="general")
    assert diff(Observed(stands), USER, None, NOW) == Plan(USER.identity)


def test_a_persons_name_and_number_stand_in_no_line() -> None:
    wanted = _altered(USER, phone="+81-3-2222-2222", email="suzuki@hill.example.jp")
    for language in Language:
        said = " ".join(diff(Observed(USER), wanted, USER, NOW).lines(language))
        assert "2222" not in said and "suzuki" not in said


# Lines (FAQ 26, 32), maintenance (FAQ 2), monitoring (FAQ 17), the number of users (FAQ 10).


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.LINE, ["online: car capacity_gb 7 → 20: counts from 2026-12-01 on FAQ-32"]),
        (Kind.USER_ROLL, ["none: hill users 1 → 2: the operator is told of the number FAQ-10"]),
        (Kind.MAINTENANCE, ["online: firmware starts changes: told are hill FAQ-2"]),
        (Kind.MONITORING, ["online: vm-app-1 alive changes: severity major → minor FAQ-17"]),
    ],
    ids=str,
)
def test_what_changes_is_said_with_whom_it_reaches(kind: Kind, expected: list[str]) -> None:
    pair = made(kind)
    plan = diff(Observed(pair.one), pair.other, pair.one, NOW)
    assert _lines(plan) == expected
    assert plan.steps == (Settle(pair.other),)


def test_a_line_stays_what_was_ordered() -> None:
    line = made(Kind.LINE).one
    plan = diff(Observed(line), _altered(line, line_kind="fixed", capacity_gb=None), line, NOW)
    assert plan.worst is Disturbance.REFUSED and plan.steps == ()


def test_monitors_are_keyed_and_their_order_never_matters() -> None:
    watched = made(Kind.MONITORING).one
    both = {
        "alive": {"kind": "ping", "severity": "major"},
        "web": {"kind": "process", "process": "x", "severity": "minor"},
    }
    more = _altered(watched, monitors=both)
    swapped = _altered(watched, monitors=dict(reversed(both.items())))
    assert diff(Observed(more), swapped, more, NOW).changes == ()
    (change,) = diff(Observed(watched), more, watched, NOW).changes
    assert change.path == "monitors.web"


# Images (FAQ 25).

IMAGE = ImageResource(tenant="apps", name="golden", of="collector", os="rhel-9")


def test_an_image_stays_what_was_captured() -> None:
    plan = diff(Observed(IMAGE), IMAGE.model_copy(update={"of": "other"}), IMAGE, NOW)
    assert plan.worst is Disturbance.REFUSED and plan.steps == ()
    assert diff(Observed(IMAGE), IMAGE, IMAGE, NOW) == Plan(IMAGE.identity)


def test_an_image_that_is_left_out_is_overwritten_and_that_is_said() -> None:
    assert diff_deletion(Observed(IMAGE), IMAGE, NOW.date()).worst is Disturbance.ERASE


# Certificates (FAQ 3).

HOLDER: Any = made(Kind.CERTIFICATE).one


def _certificate(days_left: int) -> Observed:
    ends = NOW + timedelta(days=days_left)
    return Observed(HOLDER, issued=CertificateIssued(certificate="", serial="1", fingerprint="", begins=NOW, ends=ends))


@pytest.mark.parametrize(("days_left", "changes"), [(365, 0), (31, 0), (30, 1), (0, 1), (-400, 1)])
def test_a_certificate_is_renewed_before_its_end(days_left: int, changes: int) -> None:
    plan = diff(_certificate(days_left), HOLDER, HOLDER, NOW)
    assert len(plan.changes) == changes
    assert plan.worst in (Disturbance.NONE, Disturbance.ONLINE)


def test_another_name_is_another_certificate() -> None:
    name = "other.hill.wpf.internal"
    plan = diff(_certificate(365), _altered(HOLDER, common_name=name, dns_names=[name]), HOLDER, NOW)
    assert [change.path for change in plan.changes] == ["common_name", "dns_names"]
    assert all("revoked" in line for line in _lines(plan))


def _authority(ca_days: int = 3000, crl_days: int = 30, root_days: int = 7000) -> Observed:
    issued = AuthorityIssued(
        trust_bundle="",
        crl="",
        root_fingerprint="",
        ends=NOW + timedelta(days=ca_days),
        root_ends=NOW + timedelta(days=root_days),
        crl_until=NOW + timedelta(days=crl_days),
    )
    return Observed(made(Kind.AUTHORITY).one, issued=issued)


@pytest.mark.parametrize(
    ("observed", "paths"),
    [
        (_authority(), []),
        (_authority(ca_days=395), ["issuing_days"]),
        (_authority(crl_days=10), ["crl_days"]),
        (_authority(crl_days=11), []),
    ],
    ids=["fresh", "issuing-ca-ends", "list-ends", "list-is-good"],
)
def test_an_authority_keeps_itself_good(observed: Observed, paths: list[str]) -> None:
    wanted = made(Kind.AUTHORITY).one
    assert [change.path for change in diff(observed, wanted, wanted, NOW).changes] == paths


def test_the_end_of_a_root_is_told_a_year_ahead() -> None:
    wanted = made(Kind.AUTHORITY).one
    assert diff(_authority(root_days=300), wanted, wanted, NOW).notes
    assert not diff(_authority(root_days=400), wanted, wanted, NOW).notes


# All of them.


@pytest.mark.parametrize("kind", [Kind.USER, Kind.USER_ROLL, Kind.LINE, Kind.MONITORING, Kind.MAINTENANCE], ids=str)
def test_what_is_gone_is_made_again_and_what_is_left_out_is_told(kind: Kind) -> None:
    one = made(kind).one
    plan = diff(None, one, one, NOW)
    assert plan.steps == (Build(one),) and len(plan.changes) == 1
    for language in Language:
        (line,) = diff_deletion(Observed(one), one, NOW.date()).lines(language)
        assert one.identity.name in line
