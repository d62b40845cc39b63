"""The ports of flows in the words of an allowance: `tcp/443`, `udp/5000-5010`, `icmp`; `← tcp/443` is from that port.

Here: boxes of one pair of ends, said briefly. Not here: the grammar of a declaration (`wpf_infra.model.ports`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from wpf_infra.network.flow.flow_set import NUMBERS, Box

Words: TypeAlias = tuple[str, ...]
ANSWERS = "← "
"""Before a port that is the sender's own: who answers from it may also speak first."""
ANYTHING = "any"
OTHER_PROTOCOLS = "ip"
_LAST_PROTOCOL, _LAST_PORT = 255, 65535
_OTHERS = _LAST_PROTOCOL + 1 - len(NUMBERS)


def port_words(boxes: Iterable[Box]) -> Words:
    """What the boxes hold, whatever their addresses: by protocol, ports in order, the sender's own last."""
    found = tuple(boxes)
    words = [word for name, number in NUMBERS.items() for word in _of_protocol(name, number, found)]
    others = _size(_joined(_others(found)))
    if words == list(NUMBERS) and others == _OTHERS:
        return (ANYTHING,)
    if others:
        words.append(OTHER_PROTOCOLS)
    return tuple(sorted(words, key=lambda word: word.startswith(ANSWERS)))


def answering(words: Words) -> Words:
    """What opens with a reply to such a conversation, said of the answering side."""
    return tuple(word if "/" not in word else f"{ANSWERS}{word}" for word in words)


def _of_protocol(name: str, number: int, boxes: Sequence[Box]) -> list[str]:
    """What is sent from a stretch of ports is told by the fewer: those it comes from, or those it goes to."""
    to: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for box in boxes:
        if box.protocol_first <= number <= box.protocol_last:
            sent_from = (box.source_port_first, box.source_port_last)
            to.setdefault(sent_from, []).append((box.destination_port_first, box.destination_port_last))
    asked: list[tuple[int, int]] = []
    answered: list[tuple[int, int]] = []
    for sent_from, stretches in to.items():
        if _size([sent_from]) < _size(reached := _joined(stretches)):
            answered.append(sent_from)
        else:
            asked.extend(reached)
    asked = _joined(asked)
    if asked == [(0, _LAST_PORT)]:
        return [name]
    return [f"{name}/{_stretch(each)}" for each in asked] + [
        f"{ANSWERS}{name}/{_stretch(each)}" for each in _joined(answered)
    ]


def _size(stretches: Iterable[tuple[int, int]]) -> int:
    return sum(last - first + 1 for first, last in stretches)


def _others(boxes: Iterable[Box]) -> list[tuple[int, int]]:
    """The protocols without a name here that the boxes hold."""
    found: list[tuple[int, int]] = []
    for box in boxes:
        first = box.protocol_first
        for number in (*sorted(NUMBERS.values()), _LAST_PROTOCOL + 1):
            if first <= box.protocol_last and first < number:
                found.append((first, min(box.protocol_last, number - 1)))
            first = max(first, number + 1)
    return found


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers, sorted, without overlaps and without seams."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _stretch(numbers: tuple[int, int]) -> str:
    return str(numbers[0]) if numbers[0] == numbers[1] else f"{numbers[0]}-{numbers[1]}"
