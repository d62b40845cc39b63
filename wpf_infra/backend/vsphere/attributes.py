"""Custom attributes on a vCenter's objects: defined once for all, read with everything else, written one by one.

Here: their I/O. Not here: what they say (`inscription`), and servers, which carry their marks in their own settings.
A vCenter clears a value by an empty one, so empty is absent. The API: vim.CustomFieldsManager.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.inscription import NAMES
from wpf_infra.errors import Conflict, Unsupported
from wpf_infra.language import Text


def defined(connection: Connection) -> dict[str, int]:
    """Keys of our attributes, by name; those that nobody has defined yet are missing."""
    manager = _manager(connection)
    found = connection.read_objects([manager], ["field"])
    return {field.name: field.key for field in found.get(manager, {}).get("field", ()) if field.name in NAMES}


def write(connection: Connection, fields: Mapping[str, int], ref: Any, words: Mapping[str, str], *, where: str) -> None:
    """Give the object these words, in their order. fields: what is known to be defined; the rest is defined now."""
    manager = _manager(connection)
    keys = fields if words.keys() <= fields.keys() else _define(connection, where)
    for name, word in words.items():
        connection.call(functools.partial(manager.SetField, entity=ref, key=keys[name], value=word), where=where)


def _define(connection: Connection, where: str) -> dict[str, int]:
    """All of ours at once; whoever does the same at the same time does no harm."""
    manager = _manager(connection)
    for name in sorted(NAMES - defined(connection).keys()):
        try:
            connection.call(functools.partial(manager.AddCustomFieldDef, name=name), where=where)
        except Conflict:
            if name not in defined(connection):
                raise
    return defined(connection)


def _manager(connection: Connection) -> Any:
    manager = connection.content.customFieldsManager
    if manager is None:
        raise Unsupported(
            Text(
                en="this server keeps no custom attributes: it is a single ESXi host, no vCenter",
                ja="カスタム属性を扱えません。vCenterではなく単体のESXiホストです",
            ),
            where="wpf:vsphere.host",
            remedy=Text(en="name the vCenter", ja="vCenterを指定してください"),
        )
    return manager
