"""The package schema: every kind, every part of one, and no reference that leads nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.plan.golden import samples
from tests.provider.rig import Rig
from wpf_infra.model.resource import ISSUED, RESOURCES, SECRET_OUTPUTS
from wpf_infra.provider.wire import VERSION

_SIMPLE = {"boolean", "integer", "number", "string"}


@pytest.fixture
def schema(fresh: Rig) -> dict[str, Any]:
    """Answered before anything is configured."""
    parsed: dict[str, Any] = json.loads(fresh.schema())
    return parsed


def _types(value: object) -> Iterator[dict[str, Any]]:
    """Every type specification, at any depth."""
    if isinstance(value, dict):
        if "$ref" in value or isinstance(value.get("type"), str):
            yield value
        for item in value.values():
            yield from _types(item)
    elif isinstance(value, list):
        for item in value:
            yield from _types(item)


def test_the_package_names_itself(schema: dict[str, Any]) -> None:
    assert (schema["name"], schema["version"]) == ("wpf", VERSION)
    assert "now" in schema["config"]["variables"]


def test_every_kind_is_a_resource_with_every_field_described(schema: dict[str, Any]) -> None:
    assert set(schema["resources"]) == {model.type_name for model in RESOURCES.values()}
    for model in RESOURCES.values():
        resource = schema["resources"][model.type_name]
        assert set(resource["inputProperties"]) == set(model.model_fields)
        assert set(resource["requiredInputs"]) == {
            name for name, field in model.model_fields.items() if field.is_required()
        }
        issued = ISSUED.get(model.kind)
        outputs = resource["properties"]
        assert {**outputs, **resource["inputProperties"]} == outputs
        assert set(outputs) == set(model.model_fields) | set(issued.model_fields if issued else ())
        secret = {name for name, each in outputs.items() if each.get("secret")}
        assert secret == set(SECRET_OUTPUTS.get(model.kind, ()))


def test_every_reference_resolves_and_every_type_is_one_of_the_engines(schema: dict[str, Any]) -> None:
    found = list(_types({"types": schema["types"], "resources": schema["resources"]}))
    references = {each["$ref"] for each in found if "$ref" in each}
    assert references
    for reference in references:
        assert reference.startswith("#/types/")
        assert reference.removeprefix("#/types/") in schema["types"]
    assert {each["type"] for each in found if "type" in each} <= _SIMPLE | {"object", "array"}
    for each in found:
        if each.get("type") == "array":
            assert "items" in each
        if each.get("type") == "object":
            assert "additionalProperties" in each or "properties" in each


def test_no_type_is_there_that_nothing_refers_to(schema: dict[str, Any]) -> None:
    references = {each["$ref"].removeprefix("#/types/") for each in _types(schema) if "$ref" in each}
    assert references == set(schema["types"])


@pytest.mark.parametrize("resource", samples(), ids=lambda resource: str(resource.identity))
def test_what_the_model_writes_fits_the_schema(schema: dict[str, Any], resource: Any) -> None:
    def fits(value: object, wanted: dict[str, Any]) -> None:
        if "$ref" in wanted:
            wanted = schema["types"][wanted["$ref"].removeprefix("#/types/")]
        match wanted["type"]:
            case "object" if "properties" in wanted:
                assert isinstance(value, dict)
                assert set(wanted["required"]) <= set(value) <= set(wanted["properties"])
                for name, item in value.items():
                    fits(item, wanted["properties"][name])
            case "object":
                assert isinstance(value, dict)
                for item in value.values():
                    fits(item, wanted["additionalProperties"])
            case "array":
                assert isinstance(value, list)
                for item in value:
                    fits(item, wanted["items"])
            case "integer":
                assert isinstance(value, int)
            case "string":
                assert isinstance(value, str)
                assert value in [each["value"] for each in wanted["enum"]] if "enum" in wanted else True
            case other:
                raise AssertionError(other)

    kind = schema["resources"][resource.type_name]
    fits(resource.data(), {"type": "object", "properties": kind["inputProperties"], "required": kind["requiredInputs"]})


def test_the_schema_is_the_same_each_time(fresh: Rig, schema: dict[str, Any]) -> None:
    assert json.loads(fresh.schema()) == schema
