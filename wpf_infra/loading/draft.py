"""A Python declaration of which the schema refuses a part, as the data it means: refused like its twin in YAML.

Here: going on where an object cannot be made, and the whole as plain data afterwards. Not here: running the file
(`python_file`), and what is done with data that the schema refuses (`tenant_file`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wpf_infra.model.value import Value


@dataclass(frozen=True)
class Refused:
    """line: of the declaration's file, where the object was to be made."""

    error: ValidationError
    line: int | None


@dataclass
class Drafts:
    """What could not be made while the file ran, by the identity of the object that stands for it."""

    path: Path
    refused: dict[int, Refused] = field(default_factory=dict)
    kept: list[Value] = field(default_factory=list)

    def keep(self, draft: Value, given: Mapping[str, Any], error: ValidationError) -> None:
        """The object holds what it was given, so that what is around it can be made, and the file goes on."""
        object.__setattr__(draft, "__dict__", dict(given))
        object.__setattr__(draft, "__pydantic_fields_set__", set(given))
        self.refused[id(draft)] = Refused(error, self._line())
        self.kept.append(draft)  # an identity is nobody else's as long as the object lives

    def data(self, value: object, places: dict[str, tuple[int, int]], path: str = "") -> Any:
        """What was written to make `value`, as plain data. Drafts add their line to `places` where none is known."""
        refused = self.refused.get(id(value))
        if refused is not None and refused.line is not None:
            places.setdefault(path, (refused.line, 1))
        if isinstance(value, Value):
            names = {name: info.alias or name for name, info in type(value).model_fields.items()}
            value = {names.get(name, name): each for name, each in vars(value).items() if _written(value, name)}
        if isinstance(value, dict):
            return {key: self.data(each, places, f"{path}.{key}" if path else str(key)) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [
                self.data(each, places, f"{path}.{index}" if path else str(index)) for index, each in enumerate(value)
            ]
        return value

    def _line(self) -> int | None:
        """The line of the declaration's own file that is being run."""
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
            if frame.f_code.co_filename == str(self.path):
                return frame.f_lineno
        return None


@contextmanager
def drafting(path: Path) -> Iterator[Drafts]:
    """While it lasts, an object of the model that the schema refuses becomes a draft instead of an exception.

    The class itself is told, for no declaration should have to write its constructors otherwise; one declaration runs
    at a time.
    """
    drafts = Drafts(path)
    make = Value.__init__

    def make_or_draft(self: Value, /, **given: Any) -> None:
        try:
            make(self, **given)
        except ValidationError as error:
            drafts.keep(self, given, error)

    Value.__init__ = make_or_draft  # type: ignore[method-assign, assignment]
    try:
        yield drafts
    finally:
        del Value.__init__  # what it inherits is there again


def _written(value: Value, name: str) -> bool:
    return name in value.__pydantic_fields_set__
