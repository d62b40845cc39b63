"""The JSON Schema (draft 2020-12) of what is written in a file: for completion, hover texts and red lines in an editor.

Here: the model's schema in the form that editors use best, and what a platform's menu adds to it. Not here: any field
(they stand in the model, with their descriptions), and the schema of the engine's resources (`wpf_infra.provider`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wpf_infra.model.platform import Platform

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMES = ("properties", "patternProperties", "$defs")
"""Keywords under which keys are names, not keywords."""
_NO_KEYWORDS = ("title", "discriminator", "$schema", "$id")
"""Titles that only repeat a field's name; a word of another dialect; what stands at the root alone."""
_KEYWORDS = {"ge": "minimum", "le": "maximum"}
"""What the model's library calls a bound that it finds behind a conversion."""


def json_schema(made: Mapping[str, Any], name: str, title: str) -> dict[str, Any]:
    """The schema of one kind of file. made: by the model's library; name: for `$id`; title: what the file is.

    What needs two fields to be judged (one of two keys, an order of dates) it does not know: it accepts whatever the
    model accepts, and refuses most of what the model refuses.
    """
    definitions = made.get("$defs", {})
    return {
        "$schema": DIALECT,
        "$id": f"urn:wpf-infra:schema:{name}:1",
        "title": title,
        **_tidy({key: value for key, value in made.items() if key != "$defs"}),
        "$defs": {each: {"title": each, **_tidy(definition)} for each, definition in definitions.items()},
    }


def with_menu(schema: dict[str, Any], platform: Platform) -> dict[str, Any]:
    """The schema with what this platform offers as examples, which editors complete; the rules refuse anything else."""
    menu = platform.menu
    offers: Mapping[tuple[str, str], Iterable[int | str]] = {
        ("", "cluster"): platform.clusters,
        ("Disk", "size_gb"): menu.disk_gb,
        ("Disk", "storage_class"): platform.storage_classes,
        ("VirtualMachine", "os"): menu.os,
        ("VirtualMachine", "cpu"): menu.cpu,
        ("VirtualMachine", "memory_gib"): menu.memory_gib,
    }
    for (definition, field), offered in offers.items():
        if (place := _properties(schema, definition).get(field)) is not None:
            place["examples"] = sorted(offered)
    software = _properties(schema, "VirtualMachine").get("software")
    if software is not None:
        (terms,) = software["patternProperties"].values()
        software["properties"] = dict.fromkeys(sorted(menu.software), terms)
    return schema


def _properties(schema: Mapping[str, Any], definition: str) -> dict[str, Any]:
    """The fields of a definition, of the root for an empty name; none where it is not in this schema."""
    of = schema["$defs"].get(definition, {}) if definition else schema
    found: dict[str, Any] = of.get("properties", {})
    return found


def _tidy(schema: Mapping[str, Any]) -> dict[str, Any]:
    """One schema object, and those in it, without what editors stumble over; keyed things take no other key."""
    tidied = {
        _KEYWORDS.get(key, key): _value(key, value)
        for key, value in schema.items()
        if key not in _NO_KEYWORDS and (key, value) != ("default", None)
    }
    if "description" in tidied:
        tidied["description"] = " ".join(tidied["description"].split())
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    return tidied


def _value(key: str, value: Any) -> Any:
    if key in _NAMES:
        return {name: _tidy(each) for name, each in value.items()}
    if key in ("default", "const", "enum", "examples"):
        return value
    if isinstance(value, dict):
        return _tidy(value)
    if isinstance(value, list):
        return [_tidy(each) if isinstance(each, dict) else each for each in value]
    return value
