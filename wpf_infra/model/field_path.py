"""Walking the model along a path: which field is meant, and which FAQ row it rests on.

Here: the walk over annotations. Not here: sentences about what was found there (`refusals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from wpf_infra.model.value import Barred, Faq, Value

_KEY = "[key]"
"""How pydantic marks that a mapping's key is meant, not what stands under it."""


@dataclass(frozen=True, slots=True)
class FieldPath:
    """steps: keys and indices as people wrote them; row: the nearest FAQ row around the place; annotation: what is
    wanted there, None where the path leaves the model; siblings: the keys known beside the last one.
    """

    steps: tuple[str | int, ...]
    row: int | None
    annotation: Any
    siblings: tuple[str, ...] = ()
    barred: Barred | None = None


def follow(model: type[Value], loc: Iterable[str | int]) -> FieldPath:
    """The field a pydantic location means; the tags of discriminated unions are no steps of it."""
    place = FieldPath((), None, model)
    for item in loc:
        if item != _KEY:
            place = _step(place, item)
    return place


def field_names(model: type[Value]) -> Mapping[str, FieldInfo]:
    """The fields by the name they have in a file."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _step(place: FieldPath, item: str | int) -> FieldPath:
    wanted, row = _bare(place.annotation, place.row)
    members = _members(wanted)
    if len(members) > 1:
        tagged = next((member for member in members if item in _tags(member)), None)
        if tagged is not None:
            return FieldPath(place.steps, row, tagged)
    steps = (*place.steps, item)
    if isinstance(wanted, type) and issubclass(wanted, Value):
        fields = field_names(wanted)
        by_name = {**wanted.model_fields, **fields}
        info = by_name.get(str(item))
        if info is None:
            return FieldPath(steps, row, None, tuple(fields), wanted.barred.get(str(item)))
        return FieldPath(steps, _row(info.metadata, row), info.annotation, tuple(fields))
    arguments = get_args(wanted)
    if get_origin(wanted) is dict:
        return FieldPath(steps, row, arguments[1])
    return FieldPath(steps, row, arguments[0] if arguments else None)


def _bare(annotation: Any, row: int | None) -> tuple[Any, int | None]:
    """The annotation without `Annotated` and `| None`, and the row said on the way."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *metadata = get_args(annotation)
            row = _row(metadata, row)
        elif origin in (Union, UnionType):
            members = [member for member in get_args(annotation) if member is not NoneType]
            if len(members) != 1:
                return annotation, row
            annotation = members[0]
        else:
            return annotation, row


def bare(annotation: Any) -> Any:
    """The annotation without `Annotated` and `| None`."""
    return _bare(annotation, None)[0]


def may_be_absent(annotation: Any) -> bool:
    """Does it take None, which stands for a key that is not written?"""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return NoneType in get_args(annotation)


def _row(metadata: Iterable[object], otherwise: int | None) -> int | None:
    return next((mark.row for mark in metadata if isinstance(mark, Faq)), otherwise)


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()


def _tags(member: Any) -> tuple[object, ...]:
    """The literal values of a union member's `kind`."""
    if not (isinstance(member, type) and issubclass(member, Value)):
        return ()
    info = member.model_fields.get("kind")
    return get_args(info.annotation) if info is not None and get_origin(info.annotation) is Literal else ()


def row_of_place(place: FieldPath) -> int | None:
    """The row around a place, the annotation it ends in included."""
    wanted, row = _bare(place.annotation, place.row)
    if row is None:
        rows = [_row(member.model_fields["kind"].metadata, None) for member in _members(wanted) if _tags(member)]
        row = next((found for found in rows if found is not None), None)
    return row
