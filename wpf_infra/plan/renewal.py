"""When something with an end is made anew: pure functions of the moment (FAQ 3).

Here: due or not. Not here: making it.
"""

from __future__ import annotations

from datetime import datetime, timedelta


def due(ends: datetime, before_days: int, now: datetime) -> bool:
    """Is a certificate that ends then to be issued anew now? before_days: how long ahead that begins."""
    return now >= ends - timedelta(days=before_days)


def crl_due(until: datetime, crl_days: int, now: datetime) -> bool:
    """Is a revocation list that is good until then to be written anew? It is, past two thirds of its life."""
    return now >= until - timedelta(days=crl_days) / 3
