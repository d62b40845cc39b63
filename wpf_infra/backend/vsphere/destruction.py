"""Destroying an object that others may destroy at the same moment.

Here: the one call, and what its failure means. Not here: whether the object may go (`room`, `portgroup`), and servers
with their disks (`removal`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.errors import BackendError


def destroy(connection: Connection, ref: Any, start: Callable[[], Any], *, where: str) -> None:
    """Run the task. An object that is gone afterwards is destroyed, whoever did it and whatever was answered."""
    try:
        connection.run(start, where=where)
    except BackendError:
        if connection.read_objects([ref], ["name"]):
            raise
