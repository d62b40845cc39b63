"""In a world that stands still, what a preview says will be disturbed is exactly what the apply disturbs (FAQ 13-16).

Random catalogues live on: people switch servers and alter them by hand, hosts fail, records are lost, days pass, and
something is declared otherwise; then a stack is previewed and applied, on the real simulator, whose journal is what
really happened. `tests.engine` has the same through the real engine, a few times.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest

from tests.samples import NOW
from tests.truth import by_hand
from tests.truth.by_hand import ACTS
from tests.truth.declared import CHANGES, COLD, OWNERS, Pick, catalogue, some_world
from tests.truth.estate import Estate, Preview, Stopped
from tests.truth.promise import check_kept, standing
from wpf_infra.errors import WpfError
from wpf_infra.plan.disturbance import Disturbance
from wpf_infra.provider.handlers import Blocked

_FUZZ = int(os.environ.get("WPF_FUZZ", "0"))
_CHANGES_A_LIFE = 8
_PARTS = 4
"""For as many processes of a test run."""
_CHANGES = -(-(_FUZZ or 520) // _PARTS)
"""In each part: the same in every test run, others each time in `make fuzz`."""
_MEMORY = Path("/dev/shm")
"""A world there costs no waiting for a disk."""
_WORDS = tuple(f"word: {word}" for word in Disturbance)
_CHANGE_NAMES, _ACT_NAMES = sorted(CHANGES), sorted(ACTS)
_EXPECTED = (
    *(f"change: {name}" for name in CHANGES),
    *(f"by hand: {name}" for name in ACTS),
    *("impossible", "goes on", "does not go on", "word: create"),
)


class Life:
    """One catalogue and its world, from one change to the next."""

    def __init__(self, pick: Pick, root: Path, counts: Counter[str]) -> None:
        self._pick = pick
        self._estate = Estate(root)
        self._declared = some_world(pick)
        self._now = NOW
        self._counts = counts
        self.story: list[str] = []

    def close(self) -> None:
        self._estate.close()

    def begin(self) -> None:
        for stack in OWNERS:
            self._run(stack)

    def go_on(self, change: str, act: str | None) -> None:
        """One change, often with another one that disturbs, and what is done by hand before."""
        self.story += by_hand.switch(self._pick, self._estate)
        if act is not None:
            self._counts[f"by hand: {act}"] += 1
            self.story.append(ACTS[act](self._pick, self._estate, self._now))
        self._now += timedelta(days=self._pick((0, 0, 0, 1, 8)))
        before = deepcopy(self._declared)
        stacks = {self._change(change): None}
        self._counts["changes"] += 1
        if self._pick((True, False)):
            stacks[self._change(self._pick(COLD))] = None
        for stack in stacks:
            if not self._run(stack):
                self._declared = before
                by_hand.as_it_stands(self._declared, self._estate)
                self.story.append("the change is taken back")
                return

    def _change(self, name: str) -> str:
        """The stack that is changed; another one may have to follow."""
        stack, said = CHANGES[name](self._pick, self._declared)
        self._counts[f"change: {name}"] += 1
        self.story.append(f"{self._now:%Y-%m-%d} declared: {said}")
        return stack

    def _run(self, stack: str) -> bool:
        """A preview, and an apply if it lets it; is there nothing to say afterwards?"""
        declared, estate = catalogue(self._declared), self._estate
        before, began = standing(estate, declared), len(estate.world.journal())
        preview = estate.preview(declared, stack, self._now)
        self.story += [f"  {stack}: {line}" for line in preview.lines()]
        self._count(preview)
        assert len(estate.world.journal()) == began, "a preview did something"
        if not preview.goes_on:
            self._insist(preview, stack)
            assert len(estate.world.journal()) == began, "what was not to be done was done"
            return False
        lost = estate.lost()
        failed = estate.up(declared, stack, self._now)
        entries = estate.world.journal(began)
        self.story += [f"    {entry.actor} {entry.identity} {entry.event} {dict(entry.detail)}" for entry in entries]
        self.story += [f"    failed: {identity}: {why}" for identity, why in failed.items()]
        check_kept(preview, failed, entries, before, standing(estate, declared), lost)
        again = estate.preview(declared, stack, self._now)
        assert again.goes_on, again.lines()
        assert again.said.keys() == failed.keys(), f"a second preview is not empty: {again.lines()}"
        return True

    def _insist(self, preview: Preview, stack: str) -> None:
        declared = catalogue(self._declared)
        for identity in preview.blocked:
            with pytest.raises((Blocked, WpfError)):
                self._estate.insist(declared, stack, self._now, identity)
        if preview.verdict.blocking or preview.verdict.impossible:
            with pytest.raises(Stopped):
                self._estate.up(declared, stack, self._now)

    def _count(self, preview: Preview) -> None:
        self._counts["goes on" if preview.goes_on else "does not go on"] += 1
        self._counts["impossible"] += bool(preview.verdict.impossible)
        words = {line.partition(":")[0] for line in preview.lines()}
        self._counts.update(f"word: {word}" for word in words)


def _live(seed: int, counts: Counter[str]) -> None:
    """One life, in a world of its own. What goes wrong is told with all that led to it."""
    chance = random.Random(seed)
    root = Path(tempfile.mkdtemp(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
    life = Life(chance.choice, root, counts)
    try:
        life.begin()
        for number in range(_CHANGES_A_LIFE):
            if number % 2:
                life.go_on(chance.choice(_CHANGE_NAMES), chance.choice((None, *_ACT_NAMES)))
            else:  # in turn, so that every one has its turn soon
                turn = (seed * _CHANGES_A_LIFE + number) // 2
                life.go_on(_CHANGE_NAMES[turn % len(CHANGES)], _ACT_NAMES[turn // 2 % len(ACTS)] if turn % 2 else None)
    except Exception as error:
        error.add_note("\n".join([f"the life of seed {seed}:", *life.story]))
        raise
    finally:
        life.close()
        shutil.rmtree(root)


@pytest.mark.parametrize("part", range(_PARTS))
def test_what_is_said_is_what_happens(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WPF_NOW", raising=False)
    first = random.SystemRandom().randrange(2**32) if _FUZZ else part * 10_000
    counts: Counter[str] = Counter()
    seed = first
    while counts["changes"] < _CHANGES:
        _live(seed, counts)
        seed += 1
    never = sorted(name for name in _EXPECTED if counts[name] == 0)
    assert not never, f"in {counts['changes']} changes there was never: {never}"
    few = {word: counts[word] for word in _WORDS if counts[word] < _CHANGES // 50}
    assert not few, f"in {counts['changes']} changes there was too little of: {few}"
