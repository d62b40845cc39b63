"""What can still be judged of a declaration that the schema refuses in part.

Here: stand-ins for what is refused, or leaving out the least that makes the rest valid, so that every finding of
a file comes at once. Not here: anything that would be applied; a salvaged declaration is judged and thrown away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from wpf_infra.loading.stand_in import ABSENT, DATES, Pair, stand_ins
from wpf_infra.model.field_path import FieldPath
from wpf_infra.model.refused import Refused, refused_fields
from wpf_infra.model.value import Value

_V = TypeVar("_V", bound=Value)
_Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Salvaged(Generic[_V]):
    """value: the valid rest, None when nothing is left to judge; otherwise: the same with other values in place of what
    was refused; left_out: dotted paths of what was refused and is not in either.
    """

    value: _V | None
    otherwise: _V | None = None
    left_out: frozenset[str] = frozenset()


def salvage(data: Any, model: type[_V], error: ValidationError, at_the_top: Mapping[str, Any]) -> Salvaged[_V]:
    """The valid rest of `data`, twice, with two stand-ins where something is refused or missing.

    Where there is no stand-in the place is left out; where something is missing, what it is missing from. at_the_top:
    for required keys there that no rule judges, what to judge the rest with.
    """
    if not isinstance(data, dict):
        return Salvaged(None)
    rescue = _Rescue((deepcopy(data), deepcopy(data)), at_the_top)
    while rescue.mend(refused_fields(error, model)):
        try:
            value, otherwise = (model.model_validate(world) for world in rescue.worlds)
        except ValidationError as again:
            error = again
        else:
            return Salvaged(value, otherwise if rescue.in_doubt else None, rescue.left_out())
    return Salvaged(None, None, rescue.left_out())


@dataclass(slots=True)
class _Rescue:
    """worlds: the data, to hold the first and the second stand-ins; tried: how many pairs each place has had."""

    worlds: tuple[dict[str, Any], dict[str, Any]]
    at_the_top: Mapping[str, Any]
    tried: Counter[_Steps] = field(default_factory=Counter)
    gone: set[_Steps] = field(default_factory=set)

    @property
    def in_doubt(self) -> bool:
        return bool(self.tried)

    def left_out(self) -> frozenset[str]:
        return frozenset(".".join(map(str, steps)) for steps in (*self.tried, *self.gone))

    def mend(self, refused: Iterable[Refused]) -> bool:
        """One round; whether it may have helped, which every further round relies on."""
        mended = False
        places: set[_Steps] = set()
        for each in refused:
            top = str(each.place.steps[0]) if each.place.steps else ""
            if top in self.at_the_top:
                mended |= (top,) not in self.gone
                self.gone.add((top,))
                for world in self.worlds:
                    world[top] = deepcopy(self.at_the_top[top])
                continue
            if each.meant is not None and self._is_absent(each.meant.steps):
                self._stand_in(each.meant)
            if self._stand_in(each.place):
                mended = True
            elif not each.missing:
                places.add(each.place.steps)
            elif self._stand_in(each.around):
                mended = True
            else:
                places.add(each.around.steps)
        if () in places:
            return False
        self.gone |= places
        went = [_remove(world, place) for place in sorted(places, key=_removal_order) for world in self.worlds]
        return mended or any(went)

    def _stand_in(self, place: FieldPath) -> bool:
        """Puts the next pair that the field may hold; False when there is none."""
        pairs: tuple[Pair, ...] = ()
        if place.steps and isinstance(place.steps[-1], str):
            pairs = stand_ins(place.annotation)[self.tried[place.steps] :]
        if not pairs:
            return False
        pair = pairs[0]
        if pair == DATES and sum(steps[:-1] == place.steps[:-1] for steps in self.tried) % 2:
            pair = pair[::-1]  # of two dates of one thing either may be the later one
        self.tried[place.steps] += 1
        for world, value in zip(self.worlds, pair, strict=True):
            _put(world, place.steps, value)
        return True

    def _is_absent(self, steps: _Steps) -> bool:
        around = _at(self.worlds[0], steps[:-1])
        return isinstance(around, dict) and steps[-1] not in around


def _removal_order(steps: _Steps) -> tuple[int, tuple[str, ...]]:
    """Deepest first, and of one list the last first, so that no removal moves another."""
    last = steps[-1]
    return -len(steps), (*map(str, steps[:-1]), f"{999_999 - last:06}" if isinstance(last, int) else last)


def _at(data: Any, steps: _Steps) -> Any:
    """What stands there; None where it went with something around it."""
    try:
        for step in steps:
            data = data[step]
    except (KeyError, IndexError, TypeError):
        return None
    return data


def _put(data: Any, steps: _Steps, value: Any) -> None:
    around = _at(data, steps[:-1])
    if not isinstance(around, dict):
        return
    if value is ABSENT:
        around.pop(steps[-1], None)
    else:
        around[steps[-1]] = deepcopy(value)


def _remove(data: Any, steps: _Steps) -> bool:
    """Leaves the place out; whether there was anything."""
    try:
        del _at(data, steps[:-1])[steps[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True
