"""What a column, or a row of the tenant's sheet, holds: its label, its place in the data, its kind, its menu.

Here: the description's own terms. Not here: the columns there are (`sheets`) and the values in them (`value`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from wpf_infra.language import Text
from wpf_infra.model.field_path import follow, row_of_place
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.workbook.choices import Choices


class Kind(Enum):
    """How a cell is read and written."""

    CODE = auto()
    """Ids, addresses, mail, ports: half-width signs, whatever width they were typed in."""
    TEXT = auto()
    """A sentence, kept as it is."""
    READING = auto()
    """Katakana; half-width ones are made full."""
    PHONE = auto()
    NUMBER = auto()
    DATE = auto()
    DATES = auto()
    CODES = auto()
    """Several codes, with commas or spaces between."""
    FLAG = auto()
    CHOICE = auto()
    MEMBER = auto()
    """○ when the set at `path` holds `member`."""


class Needed(StrEnum):
    """What stands over a column; in the sheet's own words."""

    YES = "必須"
    NO = "任意"
    SOMETIMES = "条件付き"
    ALLOCATED = "空欄可"
    """Left empty it is allocated."""


class Menu(Enum):
    """Where a drop-down's words come from, where they are no closed set."""

    OS = auto()
    CPU = auto()
    MEMORY = auto()
    DISK = auto()
    STORAGE = auto()
    SOFTWARE = auto()
    CLUSTER = auto()
    TENANT = auto()
    SERVERS = auto()
    """Names written in this workbook, as are those below."""
    FIXED_AND_MOBILE = auto()
    IMAGES = auto()
    MONITORED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """path: below the row's own, `visits.site_survey`; `{name}` is the row's key, or that of what it belongs to."""

    label: Text
    path: str
    kind: Kind
    note: Text
    needed: Needed = Needed.NO
    choices: Choices | None = None
    menu: Menu | None = None
    member: str | None = None
    faq: int | None = None
    """The FAQ row behind it, where it is not that of the place in the data."""
    width: int = 16

    @property
    def key(self) -> str | None:
        """The name between the braces."""
        return self.path[1:-1] if self.path.startswith("{") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: one thing a row. path: `vms.{server}.disks.{name}`, its keys being columns."""

    title: str
    hint: Text
    path: str
    columns: tuple[Column, ...]
    tags: tuple[str, ...] = ()
    """The kinds there are of it, where its fields depend on one."""

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(self.path.split(".")) if self.path else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the keys in the path, the row's own last."""
        return tuple(step[1:-1] for step in self.steps if step.startswith("{"))

    @property
    def place(self) -> tuple[str, ...]:
        """Where its rows go, `*` for the names on the way: `vms`, `*`, `disks`."""
        return tuple("*" if step.startswith("{") else step for step in self.steps[:-1])

    def key_column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def row(self, column: Column) -> int | None:
        """The FAQ row behind a column, as the model knows it."""
        if column.faq is not None:
            return column.faq
        own = [step.replace("{target}", "vms") for step in self.steps]
        if column.key is not None:
            return row_of_place(follow(Tenant, own[: own.index(column.path) + 1] if column.path in own else own))
        for tag in self.tags or (None,):
            place = follow(Tenant, [*own, *([tag] if tag else []), *column.path.split(".")])
            if place.annotation is not None:
                return row_of_place(place)
        return None


_NAME_NOTE = Text(
    en="A short name in lower-case letters, digits and hyphens.", ja="英小文字・数字・ハイフンの短い名前。"
)


def name_of(en: str, ja: str, note: Text = _NAME_NOTE) -> Column:
    """The column of a row's own key."""
    return Column(label=Text(en=en, ja=ja), path="{name}", kind=Kind.CODE, needed=Needed.YES, note=note)
