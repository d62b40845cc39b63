"""Waiting for a vCenter: one loop for any number of tasks and of properties that are to become something.

Here: the loop, its rhythm and those who wait for it. Not here: starting tasks, sessions (`connection`), and what a
property means. A filter or a collector for each who waits would cost the server more than the work (one bulk read
for all does not), and threads that ask one by one would queue behind each other.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere.faults import AGAIN, translated
from wpf_infra.backend.vsphere.properties import Properties
from wpf_infra.errors import BackendError, Transient
from wpf_infra.language import Text

Look = Callable[[Mapping[Any, Collection[str]]], Mapping[Any, Properties]]
"""Reads these paths of these objects; what is gone is left out. Raises BackendError."""

_FIRST_S = 0.02
_LAST_S = 0.5
_SHARE = 0.25  # of what the youngest has waited: nobody hears of an end much later than it came
_TROUBLE_S = 8.0
_TASK = ("info.state", "info.error", "info.result")
_OVER = (vim.TaskInfo.State.success, vim.TaskInfo.State.error)


def pause_s(youngest_s: float, took_s: float = 0.0) -> float:
    """How long to wait before looking again. youngest_s: what who came last had waited at the last look; took_s: what
    that look took, so that a slow server is not asked all the time.
    """
    return min(_LAST_S, max(_FIRST_S, _SHARE * youngest_s, took_s))


@dataclass(eq=False, slots=True)
class Wait:
    """One who waits: told the values that satisfied, None when the object is gone, or an error."""

    entity: Any
    paths: Collection[str]
    satisfied: Callable[[Properties], bool]
    since: float = field(default_factory=time.monotonic)
    told: threading.Event = field(default_factory=threading.Event)
    values: Properties | None = None
    error: Exception | None = None

    def looked_at(self, values: Properties | None) -> bool:
        """Whether the wait is over."""
        try:
            over = values is None or self.satisfied(values)
        except Exception as error:  # the asker's own, and its to see: the loop serves others too
            self.error, over = error, True
        if over:
            self.values = values
            self.told.set()
        return over

    def fail(self, error: Exception) -> None:
        self.error = error
        self.told.set()


class Watch:
    """The loop. Its thread begins with the first who waits, sleeps while nobody does, and ends with `close`."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._changed = threading.Condition()
        self._waits: list[Wait] = []
        self._thread: threading.Thread | None = None
        self._closed = False
        self._looked = 0.0
        self._took = 0.0
        self._trouble_since: float | None = None

    def begin(self, entity: Any, paths: Collection[str], satisfied: Callable[[Properties], bool]) -> Wait:
        """Someone waits from now on; `result` blocks for it. Raises BackendError when the loop is closed."""
        wait = Wait(entity, paths, satisfied)
        with self._changed:
            if self._closed:
                raise _ended()
            if not self._waits:
                self._looked, self._took = wait.since, 0.0
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="vsphere-watch", daemon=True)
                self._thread.start()
            self._waits.append(wait)
            self._changed.notify()
        return wait

    def result(self, wait: Wait, *, patience_s: float | None = None) -> Properties | None:
        """The values that satisfied; None when the object is gone. Raises TimeoutError when the patience ends, and
        BackendError when the vCenter cannot be asked.
        """
        if not wait.told.wait(patience_s):
            self._leave({wait})
            raise TimeoutError
        if wait.error is not None:
            raise wait.error
        return wait.values

    def close(self) -> None:
        """Whoever still waits is told that the run has ended."""
        with self._changed:
            self._closed = True
            waits, self._waits = self._waits, []
            self._changed.notify()
        for wait in waits:
            wait.fail(_ended())
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_LAST_S)

    def _run(self) -> None:
        while waits := self._due():
            wanted: dict[Any, set[str]] = defaultdict(set)
            for wait in waits:
                wanted[wait.entity].update(wait.paths)
            began = time.monotonic()
            try:
                seen = self._look(wanted)
            except Exception as error:
                self._troubled(waits, error)
            else:
                self._trouble_since = None
                self._leave({wait for wait in waits if wait.looked_at(seen.get(wait.entity))})
            self._looked = time.monotonic()
            self._took = self._looked - began

    def _due(self) -> list[Wait]:
        """All who wait, when it is time to look; empty when the loop is closed."""
        with self._changed:
            while not self._closed:
                if not self._waits:
                    self._changed.wait()
                    continue
                pause = pause_s(self._looked - self._waits[-1].since, self._took)
                early_s = self._looked + pause - time.monotonic()
                if early_s <= 0:
                    return list(self._waits)
                self._changed.wait(early_s)
            return []

    def _troubled(self, waits: list[Wait], error: Exception) -> None:
        """A look that failed: a passing fault is sat out for a while, anything else is everybody's at once."""
        now = time.monotonic()
        self._trouble_since = self._trouble_since or now
        if isinstance(error, Transient) and now - self._trouble_since < _TROUBLE_S:
            return
        self._trouble_since = None
        self._leave(set(waits))
        for wait in waits:
            wait.fail(error)

    def _leave(self, waits: set[Wait]) -> None:
        with self._changed:
            self._waits = [wait for wait in self._waits if wait not in waits]


def follow(watch: Watch, task: vim.Task) -> Wait:
    """Someone waits for a task's end; `finish` blocks for it."""
    return watch.begin(task, _TASK, lambda seen: seen.get("info.state") in _OVER)


def finish(watch: Watch, wait: Wait, where: str, *, hidden: str = "") -> Any:
    """The result of a task that is followed. Raises its error as one of ours; where: what that names."""
    values = watch.result(wait)
    if values is None:
        raise Transient(
            Text(
                en="the vCenter has forgotten a task of ours before we saw its end",
                ja="タスクの結果を確認する前に、vCenterの記録から消えました",
            ),
            where=where,
            remedy=AGAIN,
        )
    if values["info.state"] == vim.TaskInfo.State.error:
        fault = values["info.error"]
        raise translated(fault, where, hidden=hidden) from fault
    return values.get("info.result")


def _ended() -> BackendError:
    return BackendError(Text(en="the run has ended", ja="実行は終了しました"), where="wpf:vsphere", remedy=AGAIN)
