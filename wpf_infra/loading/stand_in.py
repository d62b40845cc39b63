"""What a value that could not be read may have been: two of the values that the schema would take in its place.

Here: two stand-ins for each kind of field, as unlike as they can be. A rule that says the same with both says
nothing about what could not be read. Not here: where they are put (`salvage`) and how they are judged
(`wpf_infra.policy`).
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from wpf_infra.model.field_path import bare, may_be_absent
from wpf_infra.model.value import Value

ABSENT = object()
"""As a stand-in: the key is left out."""
Pair = tuple[Any, Any]
DATES: Pair = ("2000-01-01", "2100-01-01")
_SOME_WORD = "unknown"


def stand_ins(annotation: Any) -> tuple[Pair, ...]:
    """Pairs of plain data for a field of that type, to be tried in this order; none where nothing harmless is known.

    A required name or address has none: it means another object, or a place that others hold.
    """
    wanted = bare(annotation)
    if may_be_absent(annotation):
        some = _some(wanted)
        return () if some is None else ((ABSENT, some),)
    if not isinstance(wanted, type):
        return ()
    if issubclass(wanted, bool):
        return ((False, True),)
    if issubclass(wanted, int):
        return (1, 10**9), (1, 90)
    if issubclass(wanted, Enum):
        words = [each.value for each in wanted]
        return ((words[0], words[-1]),)
    return (DATES,) if issubclass(wanted, date) else ()


def _some(wanted: Any) -> Any:
    """One value of that type, as plain data."""
    if not isinstance(wanted, type):
        return None
    if issubclass(wanted, Value):
        return {
            info.alias or name: _some(bare(info.annotation))
            for name, info in wanted.model_fields.items()
            if info.is_required()
        }
    if issubclass(wanted, str) and not issubclass(wanted, Enum):
        return _SOME_WORD
    pairs = stand_ins(wanted)
    return pairs[0][0] if pairs else None
