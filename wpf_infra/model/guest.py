"""What a server's guest is told at its first boot, rendered.

Here: the value that backends hand over. Not here: its words (`wpf_infra.guest`), nor what it is made of
(`wpf_infra.model.resource.GuestServices`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuestConfig:
    """meta_data: instance id, host name and network; user_data: everything else. Neither holds a private key."""

    meta_data: str
    user_data: str
