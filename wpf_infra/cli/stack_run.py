"""One stack through the engine: preview, then apply what the preview showed.

Here: calling the engine's command and reading its JSON. Not here: which stacks, in which order, what is printed (`up`).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from wpf_infra.errors import BackendError
from wpf_infra.language import Text, same, spoken
from wpf_infra.plan.disturbance import BLOCKING

_UNCHANGED = frozenset({"same"})
_FOR_PEOPLE = frozenset({"info", "warning"})
_NO_STACK = "no stack named"
_ENGINE = "pulumi"
_PREFIX = "wpf:"
_HELD = ("the stack is currently locked", "unexpected end of JSON input")
"""What the engine says of a lock that a run left behind, whole or half written."""


@dataclass(frozen=True)
class Outcome:
    """What became of a stack. changes: operation to count, without what stayed the same; lines: what the preview said;
    failure: the engine's words when it failed; blocked: it waits or is refused, and nothing was applied.
    """

    stack: str
    seconds: float
    changes: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def blocked(self) -> bool:
        return self.failure is not None and any(f"{word}: " in self.failure for word in BLOCKING)


class StackRun:
    """root: the project's folder; environ: a whole environment with the engine on its PATH; began: told each stack
    when its run begins.
    """

    def __init__(self, root: Path, environ: Mapping[str, str], began: Callable[[str], None] | None = None) -> None:
        self._root = root
        self._environ = environ
        self._began = began
        self._ended = Event()

    def end(self) -> None:
        """Nothing more is started, from whatever thread: what is under way comes to its end, and `bring_up` raises
        CancelledError where it would go on.
        """
        self._ended.set()

    def standing(self) -> frozenset[str]:
        """The stacks that something is recorded of. Raises BackendError where there is no engine, or no answer."""
        done = self._engine("stack", "ls", "--json")
        try:
            return frozenset(each["name"] for each in json.loads(done.stdout) if each.get("resourceCount"))
        except ValueError:
            raise BackendError(
                same(_words(done)),
                remedy=Text(en="mend it, then run again", ja="原因を取り除いて再実行してください"),
                where="pulumi stack ls",
            ) from None

    def config(self, stack: str) -> Mapping[str, str] | None:
        """The stack's configuration of the namespace `wpf`, without the prefix, secrets and all; objects as JSON text.
        None where the engine does not tell it.
        """
        file = self._root / f"Pulumi.{stack}.yaml"
        if not file.is_file() or _PREFIX not in file.read_text(encoding="utf-8", errors="replace"):
            return {}
        done = self._engine("config", "--json", "--show-secrets", "--stack", stack)
        try:
            told = json.loads(done.stdout)
        except ValueError:
            return None
        return {
            name.removeprefix(_PREFIX): str(each["value"])
            for name, each in told.items()
            if name.startswith(_PREFIX) and "value" in each
        }

    def bring_up(self, stack: str) -> Outcome:
        """Preview the stack, and apply it if that shows changes and nothing that blocks. Raises BackendError where
        there is no engine.
        """
        began = monotonic()
        if self._began is not None:
            self._began(stack)
        preview = self._run("preview", stack)
        if preview.failure is not None and _NO_STACK in preview.failure:
            made = self._engine("stack", "init", stack, "--no-select")
            preview = self._run("preview", stack) if made.returncode == 0 else self._failed(stack, made)
        if preview.failure is not None or not preview.changes:
            return Outcome(stack, monotonic() - began, preview.changes, preview.lines, preview.failure)
        applied = self._run("up", stack, "--yes", "--skip-preview")
        return Outcome(stack, monotonic() - began, applied.changes, preview.lines, applied.failure)

    def _run(self, verb: str, stack: str, *flags: str) -> Outcome:
        began = monotonic()
        done = self._engine(verb, "--json", "--stack", stack, *flags)
        diagnostics, changes = _read(done.stdout)
        lines = tuple(each["message"].strip() for each in diagnostics if each["severity"] in _FOR_PEOPLE)
        failure = None
        if done.returncode:
            errors = [each["message"].strip() for each in diagnostics if each["severity"] == "error"]
            failure = _with_hint(stack, "\n".join(dict.fromkeys(errors)) or _words(done))
        return Outcome(stack, monotonic() - began, changes, lines, failure)

    @staticmethod
    def _failed(stack: str, done: subprocess.CompletedProcess[str]) -> Outcome:
        return Outcome(stack, 0.0, failure=_with_hint(stack, _words(done)))

    def _engine(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        if self._ended.is_set():
            raise CancelledError
        try:
            return subprocess.run(
                [_ENGINE, *arguments, "--non-interactive", "--color", "never"],
                cwd=self._root,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError as error:
            if error.filename != _ENGINE:
                raise
            raise _no_engine() from None


def _no_engine() -> BackendError:
    return BackendError(
        Text(
            en=f"the engine's command `{_ENGINE}` is not on the PATH",
            ja=f"エンジンのコマンド `{_ENGINE}` が PATH にありません",
        ),
        remedy=Text(
            en="run `make setup` in a checkout, or install Pulumi 3.231 or newer",
            ja="チェックアウトで `make setup` を実行するか、Pulumi 3.231 以降をインストールしてください",
        ),
    )


def _words(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.strip() or done.stdout.strip()


def _with_hint(stack: str, failure: str) -> str:
    """The engine's words, and behind those about a lock the way out."""
    if not any(words in failure for words in _HELD):
        return failure
    release = f"pulumi cancel --stack {stack} --yes"
    hint = Text(
        en=f"→ if no other run of {stack} is under way, release it: {release}",
        ja=f"→ {stack} が他で実行中でなければ、ロックを解除してください: {release}",
    )
    return f"{failure}\n{hint.in_(spoken())}"


def _read(text: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The engine's diagnostics, and how many resources change by operation.

    A preview answers with one object, an up with an event a line.
    """
    try:
        preview = json.loads(text)
    except ValueError:
        events = [_event(line) for line in text.splitlines()]
        diagnostics = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
        changes: dict[str, int] = next(
            (event["summaryEvent"]["resourceChanges"] for event in events if "summaryEvent" in event), {}
        )
    else:
        diagnostics = preview.get("diagnostics") or []
        changes = preview.get("changeSummary") or {}
    return diagnostics, {name: count for name, count in changes.items() if name not in _UNCHANGED and count}


def _event(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
