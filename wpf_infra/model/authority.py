"""The platform's certificate authority: for which names it may sign, and for how long (FAQ 3).

Here: its declaration. Not here: keys, which stand in no declaration, and issuing.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wpf_infra.model.scalar import Count, HostName
from wpf_infra.model.value import SORTED, Faq, Value


class CertificateAuthority(Value):
    """An offline root and an issuing CA below it."""

    domains: Annotated[frozenset[HostName], SORTED, Faq(3), Field(min_length=1)]
    """Name constraints: what it signs lies below one of these (`wpf.internal`)."""
    root_days: Annotated[Count, Faq(3)] = 7300
    """How long the offline root is good for."""
    issuing_days: Annotated[Count, Faq(3)] = 3650
    """How long the issuing CA is good for."""
    leaf_days: Annotated[Count, Faq(3)] = 365
    """How long a certificate of a holder is good for."""
    renew_before_days: Annotated[Count, Faq(3)] = 30
    """How long before its end it is renewed."""
    crl_days: Annotated[Count, Faq(3)] = 30
    """How long a revocation list is good for; each run of the platform's stack renews one past two thirds of it."""
