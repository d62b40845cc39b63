"""What can still be judged of a declaration that the schema refuses in part.

Here: leaving out the least that makes the rest valid, so that every finding of a file comes at once. Not here: anything
that would be applied; a salvaged declaration is judged and thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import ValidationError

from wpf_infra.model.refusals import refused_places
from wpf_infra.model.value import Value

_V = TypeVar("_V", bound=Value)
_Steps = tuple[str | int, ...]


def salvage(
    data: Any, model: type[_V], error: ValidationError, stand_ins: Mapping[str, Any]
) -> tuple[_V | None, frozenset[str]]:
    """The valid rest of `data` (None when nothing is left to judge) and the dotted paths that were left out.

    Where something is refused it is left out; where something is missing, what it is missing from. stand_ins: for
    required keys at the top that no rule judges, what to judge the rest with.
    """
    data = deepcopy(data)
    removed: set[str] = set()
    while True:
        refused = refused_places(error, model)
        replaced = {str(steps[0]) for steps, _ in refused if steps and steps[0] in stand_ins} - removed
        places = {
            steps[:-1] if missing else steps for steps, missing in refused if not steps or steps[0] not in stand_ins
        }
        if () in places or not isinstance(data, dict):
            return None, frozenset(removed)
        data.update((key, stand_ins[key]) for key in replaced)
        if not _remove(data, sorted(places, key=_removal_order)) and not replaced:
            return None, frozenset(removed)  # no progress: nothing that could be left out was refused
        removed |= replaced | {".".join(str(step) for step in place) for place in places}
        try:
            return model.model_validate(data), frozenset(removed)
        except ValidationError as again:
            error = again


def _removal_order(steps: _Steps) -> tuple[int, tuple[str, ...]]:
    """Deepest first, and of one list the last first, so that no removal moves another."""
    last = steps[-1]
    return -len(steps), (*map(str, steps[:-1]), f"{999_999 - last:06}" if isinstance(last, int) else last)


def _remove(data: Any, places: Sequence[_Steps]) -> bool:
    """Leaves the places out; whether anything went, which every further round relies on."""
    went = [_remove_one(data, place) for place in places]
    return any(went)


def _remove_one(data: Any, place: _Steps) -> bool:
    *around, last = place
    try:
        for step in around:
            data = data[step]
        del data[last]
    except (KeyError, IndexError, TypeError):
        return False  # went with something around it
    return True
