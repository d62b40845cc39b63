"""An engine as small as can be: the provider's handlers, one after the other, and a state that is saved after each.

Here: what a run of the real engine asks of a provider, in one thread. Not here: what must hold afterwards (`matrix`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wpf_infra.model.resource import Resource
from wpf_infra.provider.handlers import HalfBuilt, Handler, judge, resource_handlers
from wpf_infra.provider.session import Session

WORLD = "simulator:5a0b0d5e-51d5-4a2e-9c55-3f1e7c0b9a11"
_CONFIG = {"now": "2026-11-24T10:00:00+09:00", "backend_identity": f"simulator:.wpf/simulator.db#{WORLD}"}


@contextmanager
def session(root: Path) -> Iterator[tuple[Session, dict[str, Handler]]]:
    opened = Session(_CONFIG, root)
    try:
        yield opened, dict(resource_handlers(lambda: opened))
    finally:
        opened.close()


class State:
    """What is recorded, on the disk after each change, whole or not at all."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.recorded: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def save(self) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(self.recorded))
        draft.replace(self._file)


def up(root: Path, declared: Sequence[Resource]) -> None:
    """Make and settle what is declared, then take away what is not, last made first."""
    state = State(root / "state.json")
    with session(root) as (opened, handlers):
        verdict = judge(opened, handlers, [(each.type_name, each.data()) for each in declared])
        assert not verdict.blocking and not verdict.impossible, verdict
        for each in declared:
            _one(state, handlers[each.type_name], each)
        wanted = {str(each.identity) for each in declared}
        for id in [id for id in reversed(state.recorded) if id not in wanted]:
            record = state.recorded[id]
            handlers[record["type"]].delete(id, record["inputs"])
            del state.recorded[id]
            state.save()


def _one(state: State, handler: Handler, resource: Resource) -> None:
    id, inputs = str(resource.identity), resource.data()
    try:
        if id not in state.recorded:
            handler.create(inputs)
        elif handler.diff(id, state.recorded[id]["inputs"], inputs).changes:
            handler.update(id, state.recorded[id]["inputs"], inputs)
        elif state.recorded[id]["inputs"] == inputs:
            return
    except HalfBuilt as half:
        state.recorded[id] = {"type": resource.type_name, "inputs": half.inputs}
        state.save()
        raise
    state.recorded[id] = {"type": resource.type_name, "inputs": inputs}
    state.save()


def left_to_do(root: Path, declared: Sequence[Resource]) -> list[str]:
    """What a further preview would say."""
    state = State(root / "state.json")
    with session(root) as (_, handlers):
        lines = [f"{id} is recorded" for id in state.recorded.keys() - {str(each.identity) for each in declared}]
        for each in declared:
            id, inputs = str(each.identity), each.data()
            if id not in state.recorded:
                lines.append(f"{id} is not recorded")
            else:
                plan = handlers[each.type_name].diff(id, state.recorded[id]["inputs"], inputs)
                lines += [f"{id} {change.what.en}" for change in plan.changes]
    return lines
