"""From a catalogue to resources: each declared thing becomes one, and each finds what it stands on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import GONE, catalogue
from wpf_infra.declare.lowering import resources_of
from wpf_infra.declare.order import in_order
from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import (
    RESOURCES,
    CertificateResource,
    ImageResource,
    LineResource,
    MaintenanceResource,
    MonitoringResource,
    Resource,
    UserRollResource,
    VmResource,
)

UTILITY, VENDOR = "minami-suido", "kawa-systems"
WORK = {
    "title": {"ja": "更新", "en": "firmware"},
    "announced": "2026-11-20",
    "starts": "2026-12-12T22:00+09:00",
    "ends": "2026-12-13T02:00+09:00",
}


def lowered(stack: str, changes: dict[str, Any] | None = None) -> dict[str, Resource]:
    return {str(each.identity): each for each in resources_of(catalogue(changes), stack)}


def _maintenance(targets: dict[str, list[str]]) -> MaintenanceResource:
    made = lowered("platform", {"platform.maintenance": {"work": {**WORK, "targets": targets}}})
    work = made["platform/maintenance/work"]
    assert isinstance(work, MaintenanceResource)
    return work


def test_every_identity_is_there_once_and_valid_as_written() -> None:
    for stack in ("platform", UTILITY, VENDOR):
        made = list(resources_of(catalogue(), stack))
        assert len({each.identity for each in made}) == len(made)
        for each in made:
            assert RESOURCES[each.kind].model_validate(each.data()) == each
            assert each.identity.tenant == stack


@pytest.mark.parametrize(
    ("declared", "identity"),
    [
        ("minami-suido.vms.app-1", "minami-suido/vm/app-1"),
        ("minami-suido.lines.car", "minami-suido/line/car"),
        ("minami-suido.users.sato", "minami-suido/user/sato"),
        ("minami-suido.lines.north", "minami-suido/monitoring/line-north"),
        ("kawa-systems.images.golden", "kawa-systems/image/golden"),
    ],
)
def test_what_is_left_out_is_no_resource_and_nothing_else_is(declared: str, identity: str) -> None:
    stack = identity.partition("/")[0]
    before, after = lowered(stack), lowered(stack, {declared: GONE})
    assert identity in before
    assert identity not in after
    assert before.keys() - after.keys() <= {identity, identity.replace("/monitoring/line-", "/line/")}


def test_a_fixed_line_is_pinged_and_a_mobile_one_is_not() -> None:
    """FAQ-28"""
    made = lowered(UTILITY)
    watched = made["minami-suido/monitoring/line-north"]
    assert isinstance(watched, MonitoringResource)
    assert str(watched.address) == "10.160.1.1"
    assert "minami-suido/monitoring/line-car" not in made
    mobile = made["minami-suido/line/car"]
    assert isinstance(mobile, LineResource) and mobile.capacity_gb == 7


def test_the_vendor_that_serves_a_tenant_is_told_and_the_tenant() -> None:
    """FAQ-4"""
    watched = lowered(UTILITY)["minami-suido/monitoring/line-north"]
    assert isinstance(watched, MonitoringResource)
    assert (watched.vendor_mail, watched.owner_mail) == ("noc@kawa-systems.example.jp", "ops@minami-suido.example.jp")


def test_users_are_counted() -> None:
    """FAQ-10"""
    for stack, count in ((UTILITY, 1), (VENDOR, 0)):
        roll = lowered(stack)[f"{stack}/user-roll/{stack}"]
        assert isinstance(roll, UserRollResource) and roll.count == count


def test_an_image_comes_after_its_server_and_before_its_copies() -> None:
    """FAQ-25, through two generations."""
    changes = {
        "kawa-systems.images.second": {"of": "collector-2"},
        "kawa-systems.vms.a-copy": {
            **catalogue().tenants[VENDOR].vms["collector-2"].data(),
            "address": "10.96.1.12",
            "from_image": "second",
        },
    }
    order = [each.identity.name for _, each in in_order(resources_of(catalogue(changes), VENDOR))]
    places = [order.index(name) for name in ("collector", "golden", "collector-2", "second", "a-copy")]
    assert places == sorted(places)


def test_what_others_stand_on_is_made_first() -> None:
    kinds = [each.kind for _, each in in_order(resources_of(catalogue(), UTILITY))]
    assert kinds.index(Kind.TENANT) < kinds.index(Kind.FIREWALL) < kinds.index(Kind.VM)
    assert kinds[-1] is Kind.MONITORING


def test_a_function_of_the_platform_has_a_certificate_for_its_name() -> None:
    """FAQ-3"""
    changes = {"platform.certificate_authority": {"domains": ["wpf.internal"]}, "platform.services.portal": ["ntp-2"]}
    portal = lowered("platform", changes)["platform/certificate/portal"]
    assert isinstance(portal, CertificateResource)
    assert portal.usage == "server" and portal.path is None
    assert portal.dns_names == ("ntp-2.platform.wpf.internal", "portal.platform.wpf.internal")


@pytest.mark.parametrize(
    ("targets", "affected"),
    [
        ({"clusters": ["c1"]}, {UTILITY, VENDOR}),
        ({"hosts": ["h2"]}, {UTILITY, VENDOR}),
        ({"raid_groups": ["g1"]}, {UTILITY, VENDOR}),
        ({"hosts": ["k1"]}, set()),
        ({"functions": ["ntp"]}, {UTILITY, VENDOR}),
        ({"functions": ["smtp"]}, {UTILITY, VENDOR}),  # the utility has it, and its vendor serves it
        ({"functions": ["backup"]}, set()),
    ],
)
def test_who_is_affected_by_maintenance(targets: dict[str, list[str]], affected: set[str]) -> None:
    """FAQ-2"""
    told = _maintenance(targets).affected
    assert set(told) == affected
    if VENDOR in affected:
        assert told[VENDOR].notify == "noc@kawa-systems.example.jp"


def test_a_guest_finds_what_was_ordered_and_its_own_service_elsewhere() -> None:
    app, ntp = lowered(UTILITY)["minami-suido/vm/app-1"], lowered("platform")["platform/vm/ntp-1"]
    assert isinstance(app, VmResource) and isinstance(ntp, VmResource)
    assert app.guest is not None and ntp.guest is not None
    assert set(app.guest.ntp) == {"ntp-1", "ntp-2"}
    assert set(app.guest.smtp) == {"ntp-2"}
    assert app.guest.antivirus == {}
    assert set(ntp.guest.ntp) == {"ntp-2"}
    assert str(app.guest.router) == "10.64.1.1"


def test_a_copy_keeps_what_it_is_made_of() -> None:
    made = lowered(VENDOR)
    image, copy = made["kawa-systems/image/golden"], made["kawa-systems/vm/collector-2"]
    assert isinstance(image, ImageResource) and isinstance(copy, VmResource)
    assert (image.of, copy.from_image) == ("collector", "golden")
