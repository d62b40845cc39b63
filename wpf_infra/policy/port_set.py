"""Ports as the sets they are: what two lists of them have in common, and what is left of one without the other.

Here: pure arithmetic on `ports`, in one form for every equal set. Not here: who speaks on them (`conversation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wpf_infra.model.ports import Port


def merged(ports: Iterable[Port]) -> tuple[Port, ...]:
    """The same ports with no overlap and no gap that is none, so that equal sets are equal."""
    found: list[Port] = []
    for port in sorted(ports):
        before = found[-1] if found else None
        if before is not None and before.protocol is port.protocol and port.first <= before.last + 1:
            found[-1] = Port(port.protocol, before.first, max(before.last, port.last))
        else:
            found.append(port)
    return tuple(found)


def without(ports: Iterable[Port], others: Iterable[Port]) -> tuple[Port, ...]:
    """What of `ports` is none of `others`, merged."""
    left = list(ports)
    for other in others:
        left = [part for port in left for part in _less(port, other)]
    return merged(left)


def common(ports: Iterable[Port], others: Iterable[Port]) -> tuple[Port, ...]:
    """What is in both, merged."""
    there = tuple(others)
    return merged(
        Port(port.protocol, max(port.first, other.first), min(port.last, other.last))
        for port in ports
        for other in there
        if _meet(port, other)
    )


def listed(ports: Iterable[Port]) -> str:
    """As they are written: `tcp/443, tcp/8883-8884`."""
    return ", ".join(str(port) for port in ports)


def _meet(port: Port, other: Port) -> bool:
    return port.protocol is other.protocol and port.first <= other.last and other.first <= port.last


def _less(port: Port, other: Port) -> Iterator[Port]:
    if not _meet(port, other):
        yield port
        return
    if port.first < other.first:
        yield Port(port.protocol, port.first, other.first - 1)
    if other.last < port.last:
        yield Port(port.protocol, other.last + 1, port.last)
