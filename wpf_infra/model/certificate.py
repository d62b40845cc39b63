"""Certificates the platform issues and anchors the vendor brings (FAQ 3).

Here: their declaration. Not here: issuing (`wpf_infra.pki`, an issue of its own).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from wpf_infra.model.scalar import CommonName, Sentence
from wpf_infra.model.value import Faq, Value


class Path(StrEnum):
    """Which way the TLS connection goes; it decides who issues (FAQ 3)."""

    CLIENT_TO_PLATFORM = "client-to-platform"
    APP_TO_PLATFORM = "app-to-platform"
    GATEWAY_TO_PLATFORM = "gateway-to-platform"
    CLIENT_TO_APP = "client-to-app"
    APP_TO_GATEWAY = "app-to-gateway"

    @property
    def to_platform(self) -> bool:
        """Does it end at a platform function, so that the platform's CA signs for it?"""
        return self in (Path.CLIENT_TO_PLATFORM, Path.APP_TO_PLATFORM, Path.GATEWAY_TO_PLATFORM)


class Certificate(Value):
    path: Annotated[Path, Faq(3)]
    """Which way the connection goes; the platform issues for the ways to itself only."""
    common_name: Annotated[CommonName, Faq(3)]
    """The holder's full host name, inside the platform's name constraints: HOLDER.TENANT.DOMAIN."""


class TrustAnchor(Value):
    """A vendor's own CA or self-signed certificate, distributed to who has to trust it."""

    path: Annotated[Path, Faq(3)]
    """Which way the connection goes; the vendor brings what is trusted on the ways to its own."""
    pem_file: Annotated[Sentence, Faq(3)]
    """Relative to the tenant file's folder, and inside it."""


_DRIVE = re.compile(r"[A-Za-z]:")


def stays_inside(pem_file: str) -> bool:
    """Is it, as it is written, a path below the folder that it is relative to? Where links lead is another matter."""
    return not (
        pem_file.startswith("/")
        or "\\" in pem_file
        or ".." in pem_file.split("/")
        or _DRIVE.match(pem_file) is not None
    )
