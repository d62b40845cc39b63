"""A folder of forms: which there are, and in which order they become tenants.

Here: what a form names of the others, so that a utility comes after its vendor; pure but for listing the folder. Not
here: enrolling any of them (`enrolment`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.loading.file import shown
from wpf_infra.onboarding.form_file import SUFFIXES, Form

_HIDDEN = (".", "~$")
"""Hidden files, and the lock that a spreadsheet program leaves beside an open workbook."""


def form_files(folder: Path, root: Path) -> tuple[Path, ...]:
    """The forms in a folder, by name. Raises Unreadable for no folder, and for one without any."""
    try:
        found = sorted(each for each in folder.iterdir() if not each.name.startswith(_HIDDEN))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unreadable(
            Text(en=f"the folder cannot be read ({reason})", ja=f"フォルダを読めません（{reason}）"),
            remedy=Text(en="name a folder of forms", ja="申込書のフォルダを指定してください"),
            where=shown(folder, root),
        ) from None
    forms = tuple(path for path in found if path.suffix.lower() in SUFFIXES and not path.is_dir())
    if not forms:
        raise Unreadable(
            Text(en="there is no form in this folder", ja="このフォルダに申込書がありません"),
            remedy=Text(en="put .yaml or .xlsx forms there", ja="申込書（.yaml・.xlsx）を置いてください"),
            where=shown(folder, root),
        )
    return forms


def in_order(forms: Sequence[Form]) -> Iterator[tuple[Form, ...]]:
    """By name, but each after those it names; forms that name each other in a ring come together. A second form for a
    tenant comes last, on its own.
    """
    first: dict[str, Form] = {}
    later = [form for form in forms if first.setdefault(form.owner, form) is not form]
    for group in groups({owner: named_by(form.data) for owner, form in first.items()}):
        yield tuple(first[owner] for owner in group)
    yield from ((form,) for form in later)


def groups(names: Mapping[str, Set[str]]) -> Iterator[tuple[str, ...]]:
    """The keys, each after those it names; keys in a ring together. In the mapping's order where that is free."""
    done: set[str] = set()
    for start in names:
        while start not in done:
            reached = {each: _reached(each, names, done) for each in _reached(start, names, done)}
            smallest = min(reached.values(), key=lambda group: (len(group), sorted(group)))
            yield tuple(each for each in names if each in smallest)
            done |= smallest


def named_by(data: Any) -> frozenset[str]:
    """The tenants that a form's data names: its vendor, and other tenants at the ends of its allowances."""
    if not isinstance(data, dict):
        return frozenset()
    allowances = data.get("allowances")
    rules = allowances.values() if isinstance(allowances, dict) else ()
    ends = [rule.get(side) for rule in rules if isinstance(rule, dict) for side in ("from", "to")]
    named = {end.partition("/")[0] for end in ends if isinstance(end, str) and "/" in end}
    vendor = data.get("vendor")
    return frozenset({*named, vendor} if isinstance(vendor, str) else named)


def _reached(start: str, names: Mapping[str, Set[str]], done: Set[str]) -> set[str]:
    """The key, what it names, what those name, and so on."""
    reached, waiting = set(), [start]
    while waiting:
        each = waiting.pop()
        if each in names and each not in done and each not in reached:
            reached.add(each)
            waiting.extend(names[each])
    return reached
