"""Python and YAML are one model: whatever the schema admits is written as data and read back the same."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings

from tests.samples import to_yaml
from tests.tenant_strategies import tenants
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model import Tenant


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tenants)
def test_model_to_yaml_to_model_is_identity(tenant: Tenant) -> None:
    text = to_yaml(tenant.data())
    assert Tenant.model_validate(decode(text.encode(), "f.yaml").data) == tenant


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tenants)
def test_model_to_json_to_model_is_identity_and_has_one_form(tenant: Tenant) -> None:
    text = json.dumps(tenant.data())
    again = Tenant.model_validate(json.loads(text))
    assert again == tenant
    assert json.dumps(again.data()) == text
