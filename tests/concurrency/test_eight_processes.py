"""Eight processes on one simulator, one registry and one issuer: nothing is lost, doubled or over-committed.

Rounds of random calls, with everything looked at between them, as a stateful test does; a seed is a whole history.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.backend.made import made
from tests.backend.simulator import worlds
from tests.concurrency.history import last_writes
from tests.concurrency.wanderer import (
    ACTOR,
    EIGHT,
    FLEETING,
    Done,
    Erasing,
    Issuing,
    Wandering,
    lay,
    opened,
    together,
    user_id,
)
from wpf_infra.backend.ledger.journal import Event
from wpf_infra.backend.ledger.removal import METHOD
from wpf_infra.backend.registry import trail
from wpf_infra.backend.registry.tables import USER_ID
from wpf_infra.backend.simulator.hand import World
from wpf_infra.backend.whole import DONE, Whole
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.resource import AuthorityIssued, CertificateIssued, LineResource, UserRollResource

_ROUNDS, _STEPS = 3, 25
_FUZZ = int(os.environ.get("WPF_FUZZ", "0"))
_SEEDS = range(max(2, _FUZZ // 1000))
_MEMORY = Path("/dev/shm")
"""Where many processes need not wait for one disk."""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("WPF_NOW", raising=False)
    monkeypatch.setenv("WPF_ACTOR", ACTOR)
    made_here = Path(tempfile.mkdtemp(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
    yield made_here
    shutil.rmtree(made_here)


@pytest.mark.parametrize("seed", _SEEDS)
def test_no_update_is_lost_and_nothing_is_over_committed(folder: Path, seed: int) -> None:
    lay(folder)
    began = len(_trail(folder))
    log: list[Done] = []
    for number in range(_ROUNDS):
        seeds = [(seed * _ROUNDS + number) * EIGHT + own for own in range(EIGHT)]
        log += together(folder, [Wandering(each, own, _STEPS) for own, each in enumerate(seeds)])
        worlds.sound(folder / "simulator.db")
        whole = opened(folder)
        _check_nothing_lost(whole, log)
        _check_addresses(whole)
        _check_users(whole, log)
        whole.close()
    _check_trail(_trail(folder)[began:], log)
    _check_not_vacuous(log)


def _check_nothing_lost(whole: Whole, log: Sequence[Done]) -> None:
    """What was acknowledged is seen, unless what may have come later is."""
    for (identity, name), values in last_writes(log).items():
        stands = _seen(whole.find(identity), name)
        assert stands in values, f"{identity} {name}: {stands} stands, the last that was written is one of {values}"


_READ: dict[str, Callable[[ObservedVm], object]] = {
    "cpu": lambda seen: seen.resource.cpu,
    "address": lambda seen: str(seen.resource.address),
    "apart": lambda seen: seen.resource.anti_affinity,
    "priority": lambda seen: seen.resource.restart_priority,
    "power": lambda seen: seen.power,
}


def _seen(found: Observed | None, name: str) -> object:
    if name == "there":
        return found is not None
    assert found is not None
    if isinstance(found, ObservedVm):
        if name.startswith("disk "):
            disk = found.resource.disks.get(name.removeprefix("disk "))
            return disk.size_gb if disk else None
        return _READ[name](found)
    assert isinstance(found.resource, LineResource | UserRollResource)
    return getattr(found.resource, name)


def _check_addresses(whole: Whole) -> None:
    for tenant in worlds.TENANTS:
        seen = [each.resource for each in whole.observe(tenant).values() if isinstance(each, ObservedVm)]
        addresses = Counter(each.address for each in seen)
        assert set(addresses.values()) <= {1}, addresses


def _check_users(whole: Whole, log: Sequence[Done]) -> None:
    """FAQ-11: an ID is one user's for ever; who is made anew after the end has another."""
    issued = {done.issued: done.identity for done in log if done.issued is not None}
    for done in log:
        assert done.issued is None or issued[done.issued] == done.identity, f"{done.issued} was issued twice"
    for identity in {done.identity for done in log if done.identity.kind is Kind.USER}:
        _check_life(identity, [done for done in log if done.identity == identity])
    standing = [each for each in whole.observe("hill").values() if each.resource.kind is Kind.USER]
    assert len({user_id(each) for each in standing}) == len(standing)


def _check_life(identity: Identity, life: Sequence[Done]) -> None:
    """Only one process touches it, so its calls have an order."""
    before: set[str] = set()
    now: str | None = None
    for done in life:
        if done.issued is None:
            before |= {now} if now else set()
            now = None
        else:
            assert done.issued not in before, f"{identity}: {done.issued} is issued again"
            assert now in (None, done.issued), f"{identity}: {now} became {done.issued}"
            now = done.issued


def _trail(folder: Path) -> tuple[trail.Entry, ...]:
    whole = opened(folder)
    with whole.registry.reading() as connection:
        entries = () if connection is None else trail.entries(connection)
    whole.close()
    return entries


def _check_trail(entries: Sequence[trail.Entry], log: Sequence[Done]) -> None:
    """Every call is in it once, with its outcome. A delete of what is not there changes nothing, and is not."""
    assert {entry.actor for entry in entries} == {ACTOR}
    written: defaultdict[tuple[Identity, str], Counter[bool]] = defaultdict(Counter)
    called: defaultdict[tuple[Identity, str], Counter[bool]] = defaultdict(Counter)
    for entry in entries:
        assert entry.outcome is not None, f"{entry.identity} {entry.call} was never ended"
        written[entry.identity, entry.call][entry.outcome == DONE] += 1
    for done in log:
        called[done.identity, done.call][done.error is None] += 1
    assert written.keys() <= called.keys()
    for key, counts in called.items():
        if key[1] == "delete":
            assert written[key][True] <= counts[True], key
        else:
            assert written[key] == counts, key


def _check_not_vacuous(log: Sequence[Done]) -> None:
    met = Counter((done.call, done.error) for done in log)
    for call in ("Reconfigure", "SetAvailability", "ShutDownGuest", "PowerOn", "create", "delete", "Settle"):
        assert met[call, None] > 0, call
    assert met["Reconfigure", "Conflict"] > 0
    assert met["Reconfigure", "Refused"] > 0


def test_what_everybody_makes_is_issued_once(folder: Path) -> None:
    """FAQ-3, FAQ-11"""
    lay(folder)
    log = together(folder, [Issuing(own) for own in range(EIGHT)])
    assert {done.error for done in log} == {None}
    whole = opened(folder)
    authority = whole.find(made(Kind.AUTHORITY).one.identity)
    assert authority is not None
    assert isinstance(authority.issued, AuthorityIssued)
    issued = [each.issued for each in whole.observe("hill").values() if isinstance(each.issued, CertificateIssued)]
    assert len(issued) == EIGHT + 1
    assert len({each.serial for each in issued}) == EIGHT + 1
    with whole.registry.reading() as connection:
        assert connection is not None
        assert connection.execute(select(func.count()).select_from(USER_ID)).scalar_one() == 1
    whole.close()


def test_every_erasure_is_recorded_once(folder: Path) -> None:
    """FAQ-13"""
    lay(folder)
    together(folder, [Erasing(rounds=6)] * EIGHT)
    identity = worlds.vm(FLEETING[0])
    whole, world = opened(folder), World(folder / "simulator.db")
    whole.delete(identity)
    deleted = [entry for entry in world.journal() if (entry.identity, entry.event) == (identity, Event.DELETED)]
    with whole.registry.reading() as connection:
        assert connection is not None
        records = trail.erasures(connection, identity)
    world.close()
    whole.close()
    assert [record for record in records if record.ended is None] == []
    assert len([record for record in records if record.disks and record.method == METHOD]) == len(deleted)
