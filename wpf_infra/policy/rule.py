"""What a rule is.

Here: the shape of a rule and of what it objects to. Not here: any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.policy.context import Context


@dataclass(frozen=True, slots=True)
class Objection:
    """One place a rule is broken at; path: dotted from the tenant (`higashi-suido.vms.app-1.cpu`)."""

    path: str
    summary: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """id: stable, for people to refer to; row: the FAQ row it rests on, None for plain sense; title: one line for the
    documentation; objections: everything in the catalogue that breaks it, in any order.
    """

    id: str
    row: int | None
    severity: Severity
    title: Text
    objections: Callable[[Context], Iterable[Objection]]


def suggestion(name: str, known: Iterable[str], otherwise: Text) -> Text:
    """A remedy for a name that means nothing: the known one it was probably meant to be."""
    close = get_close_matches(name, [each for each in known if each[:1] == name[:1]], n=1)
    return Text(en=f"did you mean `{close[0]}`?", ja=f"`{close[0]}` の誤りではありませんか") if close else otherwise
