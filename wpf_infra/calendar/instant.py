"""Instants: read as people write them, meant in Asia/Tokyo where no offset stands.

Here: reading one. Not here: what day it falls on for a business (`business`).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text

TOKYO = ZoneInfo("Asia/Tokyo")
"""Where every date of the platform is meant."""
NOW_VARIABLE = "WPF_NOW"
"""How `wpf up --now` reaches the engine's program and the provider."""


def instant(text: str, where: str) -> datetime:
    """ISO 8601 with or without offset and time; without an offset it is Asia/Tokyo. Raises Unreadable."""
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.replace(tzinfo=TOKYO) if parsed.tzinfo is None else parsed.astimezone(TOKYO)
    except (ValueError, OverflowError):
        raise Unreadable(
            Text(en=f"`{text}` is no instant", ja=f"`{text}` は日時として読めません"),
            remedy=Text(
                en="write it as 2026-11-24T10:00:00+09:00", ja="2026-11-24T10:00:00+09:00 のように書いてください"
            ),
            where=where,
        ) from None
