"""Software on a server, and by whose licence it is there (FAQ 23).

Here: the terms as declared. Not here: the platform's menu (`platform`) and what it demands (`wpf_infra.policy`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from wpf_infra.model.scalar import Date, Flag
from wpf_infra.model.value import Faq, Value


class Licence(StrEnum):
    PLATFORM = "platform"
    VENDOR = "vendor"


class SoftwareTerms(Value):
    licence: Annotated[Licence, Faq(23)]
    """Whose licence it is."""
    software_assurance: Annotated[Flag, Faq(23)] = False
    """SQL Server brought by a vendor carries Software Assurance."""
    confirmed: Annotated[Date | None, Faq(23)] = None
    """The day the vendor confirmed that the licence allows a public cloud."""
