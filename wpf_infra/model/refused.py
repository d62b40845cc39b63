"""Which fields the schema refused, for whoever goes on with the rest.

Here: the places, and what is wanted there. Not here: sentences about them (`refusals`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wpf_infra.model.field_path import FieldPath, follow
from wpf_infra.model.value import Value


@dataclass(frozen=True, slots=True)
class Refused:
    """place: of the refusal; around: what that stands in; missing: nothing stands there; meant: the field beside it
    that an unknown key was probably meant to be.
    """

    place: FieldPath
    around: FieldPath
    missing: bool
    meant: FieldPath | None


def refused_fields(error: ValidationError, model: type[Value]) -> tuple[Refused, ...]:
    """Every refusal in `error`, raised by `model`, in the order of `refusals`."""
    return tuple(_refused(details, model) for details in told(error))


def told(error: ValidationError) -> Iterator[ErrorDetails]:
    """What holds too little only because an element of it was refused is not said as well."""
    every = error.errors(include_url=False)
    around = {details["loc"][:depth] for details in every for depth in range(len(details["loc"]))}
    return (details for details in every if details["type"] != "too_short" or details["loc"] not in around)


def probably(name: str, place: FieldPath) -> str | None:
    """The key that was meant by an unknown one."""
    return next(iter(get_close_matches(name, place.siblings, n=1)), None)


def _refused(details: ErrorDetails, model: type[Value]) -> Refused:
    loc = details["loc"]
    place = follow(model, loc)
    meant = None
    if details["type"] == "extra_forbidden" and place.barred is None:
        key = probably(str(place.steps[-1]), place)
        meant = follow(model, (*loc[:-1], key)) if key is not None else None
    return Refused(place, follow(model, loc[:-1]), details["type"] == "missing", meant)
