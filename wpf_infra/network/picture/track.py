"""Tracks of a channel: each stretch gets one on which nothing else runs beside it.

Here: choosing tracks. Not here: what runs there (`drawing`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

Stretch = tuple[int, int]


def tracks(stretches: Sequence[Stretch], apart: int) -> tuple[int, ...]:
    """The track of each, from 0; short stretches run inside of long ones. apart: the least gap between two on one
    track.
    """
    taken: list[list[Stretch]] = []
    chosen = [0] * len(stretches)
    for number in sorted(range(len(stretches)), key=lambda each: (_length(stretches[each]), stretches[each], each)):
        first, last = sorted(stretches[number])
        free = (track for track, others in enumerate(taken) if _is_free(others, first - apart, last + apart))
        track = next(free, len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].insert(bisect_left(taken[track], (first, last)), (first, last))
        chosen[number] = track
    return tuple(chosen)


def _length(stretch: Stretch) -> int:
    return abs(stretch[1] - stretch[0])


def _is_free(others: Sequence[Stretch], first: int, last: int) -> bool:
    """others: sorted, apart from each other."""
    place = bisect_left(others, (first, first))
    before = place > 0 and others[place - 1][1] >= first
    after = place < len(others) and others[place][0] <= last
    return not before and not after
