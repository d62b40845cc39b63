"""What somebody altered on the backend is put back; what somebody declared otherwise is refused."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.contract import estate
from wpf_infra.calendar import TOKYO
from wpf_infra.model.observation import ObservedTenant
from wpf_infra.model.resource import TenantResource
from wpf_infra.plan import diff
from wpf_infra.plan.disturbance import Disturbance
from wpf_infra.plan.step import Settle

NOW = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
ALTERED = (
    estate.tenant("hill", vlan=102, cidr="10.64.1.0/24"),
    estate.tenant("hill", vlan=101, cidr="10.64.0.0/16"),
)


@pytest.mark.parametrize("altered", ALTERED)
def test_a_network_that_was_altered_by_hand(altered: TenantResource) -> None:
    """FAQ-22"""
    plan = diff(ObservedTenant(altered), estate.HILL, estate.HILL, NOW)
    (change,) = plan.changes
    assert (change.disturbance, change.row) == (Disturbance.ONLINE, 22)
    assert "put back" in change.what.en
    assert plan.steps == (Settle(estate.HILL),)


@pytest.mark.parametrize("recorded", [estate.HILL, None])
@pytest.mark.parametrize("declared", ALTERED)
def test_a_network_that_is_declared_otherwise(declared: TenantResource, recorded: TenantResource | None) -> None:
    """FAQ-22"""
    plan = diff(ObservedTenant(estate.HILL), declared, recorded, NOW)
    (change,) = plan.changes
    assert (change.disturbance, change.row) == (Disturbance.REFUSED, 22)
    assert plan.steps == ()
