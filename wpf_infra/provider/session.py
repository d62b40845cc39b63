"""One provider process's session: its backend, its day, its language, and what it has seen.

Here: the one bulk observation a tenant and a run, and patience with transient faults. Not here: any decision.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from wpf_infra.backend.select import clock, open_backend
from wpf_infra.errors import Transient, WpfError
from wpf_infra.language import Language, spoken
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import Observation, Observed
from wpf_infra.provider.configuration import IDENTITY, BackendIdentity, elsewhere, gone

if TYPE_CHECKING:
    from wpf_infra.backend.contract import Backend

T = TypeVar("T")
_PAUSES_S = (0.05, 0.2, 0.8, 2.0)
_PATIENCE_S = 8.0


class Session:
    """config: the stack's `wpf:` configuration, objects as JSON strings, with the identity recorded in it; root: the
    project's folder. Raises Refused when another world stands there.
    """

    def __init__(self, config: Mapping[str, str], root: Path, language: Language | None = None) -> None:
        self.language = language or spoken()
        self.now = clock(config)
        """The platform's moment, in Asia/Tokyo."""
        recorded = config.get(IDENTITY)
        self._expected = BackendIdentity.parse(recorded) if recorded else None
        self._backend: Backend = open_backend(config, root, self._expected.unique if self._expected else None)
        try:
            standing = self._backend.identity()
            if self._expected and standing is not None and standing != self._expected.unique:
                raise elsewhere(self._expected, standing)
        except WpfError:
            self._backend.close()
            raise
        self._is_there = standing is not None
        self._seen: dict[str, Observation] = {}
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    @property
    def backend(self) -> Backend:
        return self._backend

    def require_world(self) -> None:
        """For what is recorded: raises Refused when its world was not there when the run began. Planning its objects
        against nothing would build them all anew, reading them would forget them.
        """
        if self._expected and not self._is_there:
            raise gone(self._expected)

    def seen(self, identity: Identity) -> Observed | None:
        """The object as the run's one bulk read of its tenant saw it."""
        with self._locks[identity.tenant]:
            if identity.tenant not in self._seen:
                self._seen[identity.tenant] = patiently(lambda: self._backend.observe(identity.tenant))
        return self._seen[identity.tenant].get(identity)

    def standing(self, identity: Identity) -> Observed | None:
        """As `seen`, and looked for once more by itself where that shows nothing: what is recorded may have been moved
        to where a tenant's bulk read does not look.
        """
        return self.seen(identity) or self.fresh(identity)

    def fresh(self, identity: Identity) -> Observed | None:
        """The object as it stands this moment."""
        return patiently(lambda: self._backend.find(identity))

    def close(self) -> None:
        self._backend.close()


def patiently(call: Callable[[], T]) -> T:
    """The call's result; a transient fault is tried again a few times, with growing pauses (3 s in all). A call that
    was patient for long itself is not.
    """
    began = time.monotonic()
    for pause_s in _PAUSES_S:
        try:
            return call()
        except Transient:
            if time.monotonic() - began > _PATIENCE_S:
                raise
            time.sleep(pause_s)
    return call()
