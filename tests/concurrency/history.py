"""What may be seen after calls that met: the last acknowledged write, or one that no other came wholly after.

Here: pure, on calls that were written down. Not here: making them (`wanderer`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.concurrency.wanderer import Done
from wpf_infra.model.identity import Identity

Register = tuple[Identity, str]


def last_writes(log: Iterable[Done]) -> Mapping[Register, frozenset[object]]:
    """By object and property, every value that may stand at the end. A write is lost where another stands although
    this one began after that had ended.
    """
    writes: defaultdict[Register, list[tuple[int, int, object]]] = defaultdict(list)
    for done in log:
        if done.error is None:
            for name, value in done.wrote.items():
                writes[done.identity, name].append((done.began, done.ended, value))
    return {
        register: frozenset(
            value for _, ended, value in theirs if not any(later_began > ended for later_began, _, _ in theirs)
        )
        for register, theirs in writes.items()
    }
