"""The worlds that questions are asked of: the project's files as they stand, or those of a revision.

Here: from files to a world, and refusing what no answer could rest on. Not here: asking (`wpf_infra.network`), reading
(`wpf_infra.loading`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Language, Text, visible
from wpf_infra.loading.catalogue import STACKS, Loaded, load
from wpf_infra.loading.revision import load_revision
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.network.reach.world import World
from wpf_infra.policy import judge

WORKING_TREE = Text(en="the working tree", ja="作業ツリー")
HEAD = "HEAD"
_BEARING = re.compile(
    r"[^.]+(\.(network|allowances|endpoints|gateways|services|service_ports|space)(\..*)?|\.lines\.[^.]+\.cidr"
    r"|\.vms\.[^.]+\.address)?"
)
"""Paths of what filters are made from; what is wrong elsewhere changes no answer."""


class DeclarationsRefused(Unreadable):
    """What is declared cannot be compiled as it stands. errors: each of them, where several say why; revision: where
    it is committed so, and nobody can correct it there.
    """

    def __init__(self, errors: Iterable[WpfError], revision: str | None = None) -> None:
        self.errors = tuple(errors if revision is None else map(_committed, errors))
        count = len(self.errors)
        super().__init__(
            Text(
                en=f"no answer can rest on what is declared: {count} {'error' if count == 1 else 'errors'}",
                ja=f"宣言にエラーが {count} 件あるため、答えを出せません",
            ),
            remedy=_CORRECT if revision is None else _ANOTHER,
            where=None if revision is None else visible(revision),
        )

    def sentences(self, language: Language) -> tuple[str, ...]:
        return (*(error.sentence(language) for error in self.errors), self.sentence(language))

    def __str__(self) -> str:
        return "\n".join(self.sentences(Language.ENGLISH))


_CORRECT = Text(en="correct it; `wpf check` shows all", ja="直してください（`wpf check` で全体を確かめられます）")
_ANOTHER = Text(
    en=f"name a revision that loads: `git log -- {STACKS}` lists them",
    ja=f"読み込めるリビジョンを指定してください（`git log -- {STACKS}` で一覧できます）",
)
_LATER = Text(
    en="it is committed, so only a later commit can correct it",
    ja="コミット済みのため、直すには新しいコミットが必要です",
)


def _committed(error: WpfError) -> Unreadable:
    return Unreadable(error.what, remedy=_LATER, where=error.where, row=error.row)


@dataclass(frozen=True, slots=True)
class Revisions:
    """What is compared. old: a revision; new: another, None for the working tree."""

    old: str
    new: str | None = None

    @property
    def names(self) -> tuple[Text, Text]:
        return _name(self.old), _name(self.new)


def read_revisions(text: str) -> Revisions:
    """`REF` against the working tree, or `OLD..NEW`; a side that is left out is HEAD, as in git."""
    if "..." in text:
        raise Unreadable(
            Text(en=f"`{visible(text)}` has three dots", ja=f"`{visible(text)}` は点が3つあります"),
            remedy=Text(
                en="write OLD..NEW; for what a branch changed since it began, OLD is `git merge-base main BRANCH`",
                ja="OLD..NEW と書いてください。分岐点との比較では OLD は `git merge-base main ブランチ` です",
            ),
            where="--diff",
        )
    old, between, new = text.partition("..")
    return Revisions(old or HEAD, (new or HEAD) if between else None)


def standing_world(root: Path, now: datetime) -> World:
    """Of the files as they stand. Raises DeclarationsRefused with every error that bears on who reaches whom."""
    return _world(load(root), now)


def worlds_of(root: Path, revisions: Revisions, now: datetime) -> tuple[World, World]:
    """Before and after. What was is not judged by today's rules: nobody can mend it any more."""
    before = _world(load_revision(root, revisions.old), None, revisions.old)
    if revisions.new is None:
        return before, standing_world(root, now)
    return before, _world(load_revision(root, revisions.new), now, revisions.new)


def _world(loaded: Loaded, now: datetime | None, revision: str | None = None) -> World:
    errors = [*loaded.unreadable, *(_as_error(each) for each in _bearing(loaded, now))]
    if errors:
        raise DeclarationsRefused(errors, revision)
    assert loaded.catalogue is not None, "without a platform something is unreadable or refused"
    try:
        return World.of(loaded.catalogue)
    except WpfError as error:
        if revision is None:
            raise
        where = f"{visible(revision)}: {error.where}" if error.where else None
        found = Unreadable(error.what, remedy=error.remedy, where=where, row=error.row)
        raise DeclarationsRefused([found], revision) from None


def _bearing(loaded: Loaded, now: datetime | None) -> Iterator[Finding]:
    """The schema's refusals, wherever: part of the file is unread. Of the rules' errors those about the network."""
    yield from loaded.findings
    if loaded.catalogue is not None and now is not None and not loaded.findings:
        for finding in judge(loaded.catalogue, now):
            if finding.severity is Severity.ERROR and _BEARING.fullmatch(finding.path):
                yield finding


def _as_error(finding: Finding) -> Unreadable:
    where = f"{finding.position}: {finding.path}" if finding.position else finding.path
    return Unreadable(finding.summary, remedy=finding.remedy, where=where, row=finding.row)


def _name(revision: str | None) -> Text:
    return WORKING_TREE if revision is None else Text(en=visible(revision), ja=visible(revision))
