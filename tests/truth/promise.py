"""What was said of a run, held against what happened in it (FAQ 13-16).

Here: one run's preview against the simulator's journal. Not here: running (`estate`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tests.truth.estate import Estate, Preview, Said
from wpf_infra.backend.ledger.journal import Actor, Entry, Event
from wpf_infra.model.availability import Power
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import ObservedVm
from wpf_infra.plan.disturbance import Disturbance

_QUIET = frozenset({Event.MOVED, Event.AVAILABILITY_SET})
"""No running server is stopped by these."""
_STARTS = re.compile(r"\b(starts|started)\b")


def standing(estate: Estate, catalogue: Catalogue) -> Mapping[Identity, ObservedVm]:
    """Every server of everybody."""
    return {
        identity: seen
        for owner in ("platform", *catalogue.tenants)
        for identity, seen in estate.simulator.observe(owner).items()
        if isinstance(seen, ObservedVm)
    }


def check_kept(
    preview: Preview,
    failed: Mapping[Identity, str],
    entries: Sequence[Entry],
    before: Mapping[Identity, ObservedVm],
    after: Mapping[Identity, ObservedVm],
    lost: Mapping[Identity, tuple[str, ...]],
) -> None:
    """The servers that were to be stopped were, and started again; what was to be erased was, and nothing else; nobody
    else was disturbed.
    """
    for identity in failed:
        assert identity.kind in (Kind.STORAGE_CLASS, Kind.CLUSTER, Kind.TENANT), f"{identity}: {failed[identity]}"
        assert preview.said[identity].left_out, f"{identity}: {failed[identity]}"
    for identity in {entry.identity for entry in entries} | preview.said.keys() | before.keys() | after.keys():
        own = [entry for entry in entries if entry.identity == identity and entry.actor is Actor.LIBRARY]
        said = preview.said.get(identity, Said())
        if identity.kind is Kind.VM:
            _check_server(identity, said, own, before.get(identity), after.get(identity))
            to_be_erased = set(_to_be_erased(said, before.get(identity))) - set(lost.get(identity, ()))
            assert sorted(_erased(own)) == sorted(to_be_erased), f"{identity}: {to_be_erased}"
        else:
            _check_other(identity, said, own, failed=identity in failed)
    assert {entry.actor for entry in entries} <= {Actor.LIBRARY, Actor.HA}


def _check_other(identity: Identity, said: Said, own: Sequence[Entry], *, failed: bool) -> None:
    """What has no power switch: told of and quiet."""
    words = {change.disturbance for change in said.changes}
    quiet = {Disturbance.NONE, Disturbance.ONLINE} | ({Disturbance.ERASE} if said.left_out else set())
    assert words <= quiet, f"{identity}: {words}"
    if not own:
        return
    assert not failed, f"{identity}: failed and done all the same"
    assert said != Said(), f"{identity}: nothing was said of it"
    events = {entry.event for entry in own}
    if said.left_out:
        assert events == ({Event.DELETED, Event.DISK_ERASED} if Disturbance.ERASE in words else {Event.DELETED})
    else:
        assert events <= {Event.CREATED, Event.CAPTURED, Event.SETTLED}, f"{identity}: {events}"


def _check_server(
    identity: Identity, said: Said, own: Sequence[Entry], before: ObservedVm | None, after: ObservedVm | None
) -> None:
    words = {change.disturbance for change in said.changes}
    events = [entry.event for entry in own]
    where = f"{identity}: said {said.lines(identity.name)}, happened {[str(event) for event in events]}"
    assert Event.POWERED_OFF not in events, where
    if before is not None:  # who is built only now is nobody's yet, and may be built to be off
        assert events.count(Event.GUEST_SHUT_DOWN) == (Disturbance.STOP in words), where
    _check_power(said, events, before, after, where)
    if said.left_out:
        assert after is None, where
        assert events.count(Event.DELETED) == (before is not None), where
    else:
        assert after is not None or before is None, where
        assert events.count(Event.DELETED) == 0, where
    assert events.count(Event.CREATED) == (before is None and after is not None), where
    if not words - {Disturbance.NONE} and not said.built and not said.left_out:
        assert set(events) <= {Event.MOVED}, where  # off a host that leaves: its cluster says so
    elif Disturbance.STOP not in words and before is not None and before.power is Power.ON:
        assert set(events) <= _QUIET, where


def _check_power(
    said: Said, events: Sequence[Event], before: ObservedVm | None, after: ObservedVm | None, where: str
) -> None:
    """What ran runs, and a start is said."""
    ran = before is not None and before.power is Power.ON
    runs = after is not None and after.power is Power.ON
    stopped = Event.GUEST_SHUT_DOWN in events
    stays_off = any("stays off" in change.what.en for change in said.changes)
    starts = any(_STARTS.search(change.what.en) for change in said.changes) and not stays_off
    if before is None:
        assert said.built or runs is starts, where
    elif stopped:
        assert runs is not stays_off, where
        assert (events[-1] is Event.POWERED_ON) is runs, where
    elif ran:
        assert runs, where
        assert Event.POWERED_ON not in events, where
    elif not said.left_out:
        assert runs is starts is (Event.POWERED_ON in events), where


def _erased(own: Sequence[Entry]) -> list[str]:
    return [str(entry.detail["disk"]) for entry in own if entry.event is Event.DISK_ERASED]


def _to_be_erased(said: Said, before: ObservedVm | None) -> list[str]:
    paths = [change.path for change in said.changes if change.disturbance is Disturbance.ERASE]
    if said.left_out and paths and before is not None:
        return list(before.resource.disks)
    return [path.removeprefix("disks.") for path in paths]
