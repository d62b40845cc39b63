"""What an editor makes of our schemas: every field explained, all that is right accepted, most of what is wrong not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from tests.samples import GONE, world
from tests.tenant_strategies import tenants
from wpf_infra.loading.rule_examples import SCHEMA, patched, read_examples
from wpf_infra.model import Platform, Tenant
from wpf_infra.model.json_schema import json_schema, with_menu
from wpf_infra.onboarding.form import form_schema

TENANT = json_schema(Tenant.model_json_schema(), "tenant", "A tenant")
PLATFORM = json_schema(Platform.model_json_schema(), "platform", "The platform")
FORM = json_schema(form_schema(), "form", "A form")
EXAMPLES = read_examples()
U = "minami-suido"
APP = f"{U}.vms.app-1"
_BEYOND = {"maintenance-without-target", "two-admission-policies", "retirement-date", "port-range-too-long"}
"""Needs two fields, the days of a month, or a subtraction."""


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Every schema object in a schema."""
    if isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            if key in ("properties", "patternProperties", "$defs"):
                for each in value.values():
                    yield from objects(each)
            else:
                yield from objects(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from objects(each)


@pytest.mark.parametrize("schema", [TENANT, PLATFORM, FORM], ids=["tenant", "platform", "form"])
def test_it_is_a_schema_of_its_dialect_with_every_field_explained(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$id"].startswith("urn:wpf-infra:schema:")
    known = {*Draft202012Validator.META_SCHEMA["properties"], *Draft202012Validator.VALIDATORS, "examples", "default"}
    known |= {"title", "description", "format", "$defs", "$schema", "$id"}
    for each in objects(schema):
        assert set(each) <= known, set(each) - known
        for name, field in each.get("properties", {}).items():
            assert field.get("description", "").strip(), f"{each.get('title')}.{name}"
            assert "\n" not in field["description"]
        if "properties" in each or "patternProperties" in each:
            assert each["additionalProperties"] is False, each.get("title")


def test_a_field_says_its_row() -> None:
    """FAQ-15, FAQ-26"""
    assert TENANT["$defs"]["Disk"]["properties"]["size_gb"]["description"].endswith("(FAQ-15)")
    assert TENANT["$defs"]["FixedLine"]["properties"]["ordered"]["description"].endswith("(FAQ-26)")


def test_the_small_worlds_are_accepted() -> None:
    for data in (world(), EXAMPLES.base):
        for owner, declared in data.items():
            if owner not in ("now", "files"):
                Draft202012Validator(PLATFORM if owner == "platform" else TENANT).validate(declared)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tenants)
def test_whatever_the_model_accepts_is_accepted(tenant: Tenant) -> None:
    data = json.loads(json.dumps(tenant.data()))
    assert [error.message for error in Draft202012Validator(TENANT).iter_errors(data)] == []


@pytest.mark.parametrize("example", EXAMPLES.every_of_topic(SCHEMA), ids=lambda example: example.name)
def test_an_editor_sees_what_the_schema_refuses(example: Any) -> None:
    errors = [
        error.message
        for owner, data in patched(EXAMPLES.base, example.broken).items()
        if owner not in ("now", "files")
        for error in Draft202012Validator(PLATFORM if owner == "platform" else TENANT).iter_errors(data)
    ]
    assert bool(errors) is (example.name not in _BEYOND), errors


WRONG: tuple[tuple[str, Any], ...] = (
    (f"{APP}.cpus", 4),
    (f"{APP}.os", GONE),
    (f"{APP}.cpu", 0),
    (f"{APP}.cpu", "4"),
    (f"{APP}.address", 10),
    (f"{APP}.address", ["10.64.1.11", "10.64.1.12"]),
    (f"{APP}.retire", {"ordered": "1.11.2026", "ends": "2026-12-31"}),
    (f"{U}.vms", {"App_1": world()[U]["vms"]["app-1"]}),
    (f"{U}.vms", {"a-name-of-sixteen": world()[U]["vms"]["app-1"]}),
    (f"{U}.tenant", "platform"),
    (f"{U}.tenant", "Minami"),
    (f"{U}.version", 2),
    (f"{U}.network.cidr", "10.64.1.0"),
    (f"{U}.network.vlan", 4095),
    (f"{U}.notify", ""),
    (f"{U}.notify", "ops"),
    (f"{U}.options", ["sms"]),
    (f"{U}.options", "smtp"),
    (f"{U}.lines.north.kind", "radio"),
    (f"{U}.lines.car.spare_router", True),
    (f"{U}.allowances.telemetry.ports", []),
    (f"{U}.allowances.telemetry.ports", ["443"]),
    (f"{U}.allowances.telemetry.to", "10.96.1.10"),
    (f"{U}.users.sato.name.kana", "さとう"),
    (f"{U}.users.sato.name.romaji", "佐藤"),
    (f"{U}.users.sato.phone", "phone"),
    (f"{U}.users.sato.name.kanji", " "),
)


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_what_is_wrong_is_refused(path: str, value: Any) -> None:
    validator = Draft202012Validator(TENANT)
    assert not validator.is_valid(world({path: value})[U])


def test_a_menu_stands_in_it_as_examples() -> None:
    """FAQ-15, FAQ-16, FAQ-20, FAQ-23: what is on no menu is the rules' to refuse."""
    platform = Platform.model_validate(world()["platform"])
    schema = with_menu(json_schema(Tenant.model_json_schema(), "tenant", "A tenant"), platform)
    Draft202012Validator.check_schema(schema)
    server = schema["$defs"]["VirtualMachine"]["properties"]
    assert schema["$defs"]["Disk"]["properties"]["size_gb"]["examples"] == [100, 300, 500]
    assert server["os"]["examples"] == ["rhel-8", "rhel-9", "windows-server-2022"]
    assert list(server["software"]["properties"]) == ["oracle-database", "sqlserver-standard"]
    assert schema["properties"]["cluster"]["examples"] == ["c1", "c2"]
    software = {f"{APP}.software": {"oracle-database": {"licence": "platform"}, "other": {"licence": "vendor"}}}
    Draft202012Validator(schema).validate(world(software)[U])


def test_a_form_may_leave_out_what_is_allocated() -> None:
    form = world({f"{U}.network": GONE, f"{APP}.address": GONE, f"{U}.lines.north.cidr": GONE})[U]
    Draft202012Validator(FORM).validate(form)
    assert not Draft202012Validator(TENANT).is_valid(form)
