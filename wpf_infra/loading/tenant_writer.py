"""A tenant to the text of its file, as a person would write it; the twin of reading one.

Here: which keys are written, in which order and style, and what is put in quotes. Not here: where the file goes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any
from unicodedata import east_asian_width

import yaml

from wpf_infra.loading.yaml12 import plain
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.value import Value

_WIDEST = 140
"""Columns that a mapping on one line may take."""
_ALWAYS = ("version",)
"""Written although it says what goes without saying."""
_OLD_FLAG = re.compile(r"[yYnN]")
"""Flags to some readers of YAML 1.1, words to others and to us."""
_TEXT = "tag:yaml.org,2002:str"


def tenant_text(tenant: Tenant) -> str:
    """The file's text: keys in the model's order, what goes without saying left out, small mappings on one line.

    The same tenant is the same text, and is read back as the same tenant.
    """
    return data_text(_written(tenant))


def data_text(data: Any) -> str:
    """Plain data in the same style: text, numbers, dates, lists, mappings."""
    return yaml.dump(
        data,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=sys.maxsize,
        default_flow_style=False,
    )


def _written(value: Any) -> Any:
    """Plain data of what has to be said: text, numbers, dates, lists, mappings."""
    if isinstance(value, Value):
        return {
            info.alias or name: _written(field)
            for name, info in type(value).model_fields.items()
            if (field := getattr(value, name)) != info.get_default(call_default_factory=True) or name in _ALWAYS
        }
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(_written(each) for each in value)
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int | date):
        return value
    return str(value)


class _Dumper(yaml.SafeDumper):
    """Knows no aliases, writes what is small on one line, and quotes what any reader might take for no text."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def represent_mapping(self, tag: str, mapping: Any, _flow_style: bool | None = None) -> yaml.MappingNode:
        return super().represent_mapping(tag, mapping, flow_style=_on_one_line(mapping))

    def represent_sequence(self, tag: str, sequence: Any, _flow_style: bool | None = None) -> yaml.SequenceNode:
        return super().represent_sequence(tag, sequence, flow_style=_is_flat(sequence))


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plainly = isinstance(plain(text), str) if text else False
    quoted = None if plainly and not _OLD_FLAG.fullmatch(text) else "'"
    return dumper.represent_scalar(_TEXT, text, style=quoted)


def _day(dumper: yaml.SafeDumper, day: date) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", day.isoformat())


_Dumper.add_representer(str, _text)
_Dumper.add_representer(date, _day)


def _is_flat(values: Any) -> bool:
    return not any(isinstance(each, dict | list) for each in values)


def _on_one_line(mapping: Mapping[str, Any]) -> bool:
    """Nothing but words, numbers and lists of such, and short enough."""
    values = mapping.values()
    return all(_is_flat(each) if isinstance(each, list) else not isinstance(each, dict) for each in values) and (
        sum(_columns(name) + _columns(value) + 4 for name, value in mapping.items()) <= _WIDEST
    )


def _columns(value: Any) -> int:
    """About what it takes on the screen; Japanese signs take two."""
    if isinstance(value, list):
        return sum(_columns(each) + 2 for each in value)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in str(value))
