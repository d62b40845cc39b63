"""What every declared thing is made of: a frozen, closed value whose unknown fields are errors.

Here: the one parent class, and the mark that ties a field to its FAQ row. Not here: any field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic_core import PydanticCustomError

from wpf_infra.language import Text

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Barred:
    """A key people look for and the platform does not offer: the row that says so, and why. way_out: what to do, where
    leaving the key out is not all.
    """

    row: int
    why: Text
    way_out: Text | None = None


class Value(BaseModel):
    """A frozen, closed model: what it does not know it refuses, with the path."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        defer_build=True,  # a process pays for the models it uses
    )

    barred: ClassVar[Mapping[str, Barred]] = {}
    """Keys this value will never have, with the reason; any other unknown key is only unknown."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema with the words under each field, and its FAQ row, as its description."""
        from wpf_infra.model.description import descriptions  # reads source files, for schemas alone

        made = handler.resolve_ref_schema(handler(schema))
        for name, words in descriptions(cls).items():
            info = cls.model_fields[name]
            alias = info.alias or name
            row = next((f" (FAQ-{mark.row})" for mark in info.metadata if isinstance(mark, Faq)), "")
            if alias in made.get("properties", {}):
                made["properties"][alias].setdefault("description", words + row)
        return made

    def data(self) -> dict[str, Any]:
        """The value as plain data (strings, numbers, lists, mappings), absent fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


@dataclass(frozen=True, slots=True)
class Faq:
    """Stands in a field's annotation: the FAQ row that explains why the schema refuses what it refuses."""

    row: int


SORTED = PlainSerializer(sorted, when_used="json")
"""For sets: plain data has one order, whatever the hash of the day."""


_SO = Text(en="write it in that form", ja="その形で書き直してください")


def refusal(text: Text, remedy: Text = _SO, *, row: int | None = None) -> PydanticCustomError:
    """The error a validator raises: what is wrong and what to do, in both languages, kept whole until it is shown.

    row: the FAQ row, where it is another than that of the field.
    """
    context = {"en": text.en, "ja": text.ja, "remedy_en": remedy.en, "remedy_ja": remedy.ja}
    return PydanticCustomError("wpf", "{en}", context if row is None else {**context, "row": row})
