"""The form: which places may be left out, what it has no word for, and its schema."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples import WORLD
from tests.tenant_strategies import tenants
from wpf_infra.model import Tenant
from wpf_infra.onboarding.form import consents, form_schema, left_out


def test_everything_that_is_allocated_may_be_left_out() -> None:
    form = {
        "vms": {"a": {}, "b": {"address": "x"}, "c": None},
        "lines": {"n": {}},
        "gateways": {"g": {}},
        "endpoints": {"e": {}},
    }
    assert [".".join(steps) for steps in left_out(form)] == [
        "network", "network.cidr", "network.vlan", "endpoints.e.cidr", "vms.a.address", "lines.n.cidr",
        "gateways.g.address",
    ]  # fmt: skip
    assert [".".join(steps) for steps in left_out({"network": {"vlan": 1}})] == ["network.cidr"]
    assert list(left_out(WORLD["minami-suido"])) == []
    assert list(left_out(["no", "mapping"])) == list(left_out({"network": 3, "vms": 4})) == []


@given(tenants, st.booleans())
@settings(max_examples=20)
def test_a_whole_tenant_leaves_nothing_out(tenant: Tenant, cut: bool) -> None:
    data = tenant.data()
    assert list(left_out(data)) == []
    for server in data["vms"].values() if cut else ():
        del server["address"]
    assert len(list(left_out(data))) == (len(data["vms"]) if cut else 0)


def test_a_first_application_gives_no_consent() -> None:
    (finding,) = consents({"vms": {"a": {"consent": {}}, "b": {}, "c": 1}}, "hill")
    assert (finding.path, finding.row) == ("hill.vms.a.consent", 15)


def test_the_schema_requires_nothing_that_is_allocated() -> None:
    schema = form_schema()
    assert schema["required"] == ["tenant", "kind", "name", "cluster", "quota", "notify"]
    definitions = schema["$defs"]
    assert definitions["VirtualMachine"]["required"] == ["os", "cpu", "memory_gib", "disks"]
    assert definitions["FixedLine"]["required"] == ["kind", "ordered", "wanted"]
    assert definitions["MobileLine"]["required"] == ["kind", "ordered", "wanted", "capacity_gb"]
    assert definitions["Gateway"]["required"] == ["line"]
    assert "required" not in definitions["Endpoint"] and "required" not in definitions["TenantNetwork"]
    assert "consent" not in definitions["VirtualMachine"]["properties"]
    assert "network" in Tenant.model_json_schema()["required"]
