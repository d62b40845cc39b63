"""The package schema, generated from the model: what editors and other languages' SDKs know of the kinds.

Here: JSON Schema turned into Pulumi's package schema. Not here: any field; they stand in `wpf_infra.model.resource`.
"""

from __future__ import annotations

from typing import Any

from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import ISSUED, RESOURCES, SECRET_OUTPUTS

_PACKAGE = "wpf"
_SIMPLE = ("boolean", "integer", "number", "string")


def package_schema(version: str) -> dict[str, Any]:
    """The whole package: every kind as a resource, every part of one as an object type."""
    types: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    for model in RESOURCES.values():
        schema = model.model_json_schema()
        for name, definition in schema.get("$defs", {}).items():
            types[_type_name(name)] = _enumeration(definition) if "enum" in definition else _object(definition)
        body, issued = _object(schema), _issued(model.kind)
        resources[model.type_name] = {
            "description": body.get("description", ""),
            "inputProperties": body["properties"],
            "requiredInputs": body["required"],
            "properties": {**body["properties"], **issued["properties"]},
            "required": sorted([*body["required"], *issued["required"]]),
        }
    text = {"type": "string"}
    return {
        "name": _PACKAGE,
        "version": version,
        "description": "The water platform: ground, tenants, servers, network, certificates, users, lines, monitoring.",
        "license": "Apache-2.0",
        "config": {"variables": dict.fromkeys(("backend", "simulator", "vsphere", "registry", "zabbix", "now"), text)},
        "provider": {"description": "The backend of a stack."},
        "types": dict(sorted(types.items())),
        "resources": resources,
    }


def _issued(kind: Kind) -> dict[str, Any]:
    """The outputs that are no inputs."""
    if kind not in ISSUED:
        return {"properties": {}, "required": []}
    body = _object(ISSUED[kind].model_json_schema())
    for name in SECRET_OUTPUTS.get(kind, ()):
        body["properties"][name]["secret"] = True
    return body


def _type_name(definition: str) -> str:
    return f"{_PACKAGE}:index:{definition}"


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": schema.get("description", ""),
        "properties": {name: _property(each) for name, each in schema.get("properties", {}).items()},
        "required": sorted(schema.get("required", [])),
    }


def _enumeration(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "string",
        "description": schema.get("description", ""),
        "enum": [{"name": value, "value": value} for value in schema["enum"]],
    }


def _property(schema: dict[str, Any]) -> dict[str, Any]:
    described = {"description": schema["description"]} if "description" in schema else {}
    return {**_type(schema), **described}


def _type(schema: dict[str, Any]) -> dict[str, Any]:
    """One property's type. Optional is not part of it: that is whether the property is required."""
    if "$ref" in schema:
        return {"$ref": f"#/types/{_type_name(schema['$ref'].rpartition('/')[2])}"}
    if "anyOf" in schema:
        (only,) = (each for each in schema["anyOf"] if each.get("type") != "null")
        return _type(only)
    if "oneOf" in schema:
        return {"oneOf": [_type(each) for each in schema["oneOf"]]}
    if "allOf" in schema:
        return _type(schema["allOf"][0])
    if schema.get("type") == "array":
        return {"type": "array", "items": _type(schema["items"])}
    if schema.get("type") == "object":
        (values,) = schema.get("patternProperties", {"": schema.get("additionalProperties")}).values()
        return {"type": "object", "additionalProperties": _type(values)}
    if schema.get("type") in _SIMPLE:
        return {"type": schema["type"]}
    raise TypeError(f"the model uses a schema that the engine has no type for: {schema}")
