"""Random calls on a whole platform by a process of its own, each written down with its beginning, its end and outcome.

Here: the calls, and starting eight such processes at once. Not here: what must be true afterwards (`history`, tests).
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.backend.made import NOW, made
from tests.backend.simulator import worlds
from wpf_infra.backend.select import open_backend
from wpf_infra.backend.whole import Whole
from wpf_infra.errors import Conflict, NotFound, Refused
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.observation import Observed
from wpf_infra.model.resource import Resource, UserIssued, UserResource
from wpf_infra.plan.step import PowerOn, Reconfigure, SetAvailability, Settle, ShutDownGuest, Step
from wpf_infra.provider.session import patiently

EIGHT = 8
STABLE, FLEETING = ("app-0", "app-1", "app-2"), ("app-4", "app-5", "app-6", "app-7")
"""Servers that are there from first to last, and such as come and go."""
ACTOR = "tester"
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.concurrency.wanderer"])


@dataclass(frozen=True)
class Done:
    """One call. wrote: what it said of the object, by name; error: the class of what it raised; began and ended: of one
    clock for every process; issued: the user's ID, right afterwards.
    """

    identity: Identity
    call: str
    wrote: dict[str, object]
    began: int
    ended: int
    error: str | None = None
    issued: str | None = None


Operation = Callable[[Whole], list[Done]]


def opened(folder: Path) -> Whole:
    return open_backend({"now": NOW.isoformat(), "simulator": {"path": "simulator.db"}}, folder)


def lay(folder: Path) -> None:
    """The ground, and the servers that stay: off."""
    whole = opened(folder)
    whole.create(worlds.cluster(cpu=16, memory_gib=64))
    whole.create(worlds.storage(disk_gb=600))
    for number, name in enumerate(worlds.TENANTS):
        whole.create(worlds.tenant(name, number + 1))
    for number, name in enumerate(STABLE):
        whole.create(worlds.server(name, number + 101))
        whole.perform(worlds.vm(name), ShutDownGuest(owe_restart=False))
    for resource in (line(0), made(Kind.USER_ROLL).one):
        whole.create(resource)
    whole.close()


def line(capacity_gb: int) -> Resource:
    return made(Kind.LINE, wifi_clients=4).one.model_copy(update={"capacity_gb": capacity_gb + 1})


def together(folder: Path, wanderings: Sequence[Operation]) -> list[Done]:
    """All at once, each in a process of its own; everything they did."""
    processes = [
        _FORKING.Process(target=_run, args=(folder, number, each, ACTOR)) for number, each in enumerate(wanderings)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * len(processes), "what happened is on its stderr"
    for process in processes:
        process.close()
    logs = [pickle.loads((folder / f"{number}.log").read_bytes()) for number in range(len(wanderings))]
    return [done for log in logs for done in log]


def _run(folder: Path, number: int, wandering: Operation, actor: str) -> None:
    os.environ["WPF_ACTOR"] = actor  # a fork server may be older than the test, and its environment with it
    os.environ.pop("WPF_NOW", None)
    whole = opened(folder)
    log = wandering(whole)
    whole.close()
    (folder / f"{number}.log").write_bytes(pickle.dumps(log))


@dataclass
class Issuing:
    """Makes what everybody makes, an authority, a certificate and a user; and a certificate of its own."""

    own: int

    def __call__(self, whole: Whole) -> list[Done]:
        shared = (made(kind).one for kind in (Kind.AUTHORITY, Kind.CERTIFICATE, Kind.USER))
        own = made(Kind.CERTIFICATE, name=f"gw-{self.own}").one
        return [_timed(each.identity, "create", {}, functools.partial(whole.create, each)) for each in (*shared, own)]


@dataclass
class Erasing:
    """Builds the one server that all build, and takes it away, again and again."""

    rounds: int

    def __call__(self, whole: Whole) -> list[Done]:
        wanted = worlds.server(FLEETING[0], 5, disks={"data": 100, "system": 100})
        identity, log = wanted.identity, list[Done]()
        for _ in range(self.rounds):
            log.append(_timed(identity, "create", {}, lambda: whole.create(wanted)))
            log.append(_perform(whole, identity, ShutDownGuest(), {}))
            log.append(_timed(identity, "delete", {}, lambda: whole.delete(identity)))
        return log


@dataclass
class Wandering:
    """seed: of all its choices; own: the number of a user that no other process touches."""

    seed: int
    own: int
    steps: int

    def __call__(self, whole: Whole) -> list[Done]:
        chance = random.Random(self.seed)
        log: list[Done] = []
        common, registered = (self._resize, self._come_and_go), (self._user, self._line, self._roll)
        for _ in range(self.steps):
            choose = chance.choice((*common, *common, self._disk, self._apart, self._power, *registered))
            log.append(choose(whole, chance))
        return log

    def _resize(self, whole: Whole, chance: random.Random) -> Done:
        """Size and address at once; addresses are fewer than are wanted."""
        identity = worlds.vm(chance.choice(STABLE))
        host = chance.randrange(101, 106)
        cpu, address = chance.choice((1, 2, 4)), worlds.server("any", host).address
        step = Reconfigure(cpu=cpu, address=address)
        return _perform(whole, identity, step, {"cpu": cpu, "address": str(address)})

    def _disk(self, whole: Whole, chance: random.Random) -> Done:
        identity, name = worlds.vm(chance.choice(STABLE)), f"disk-{self.own}-{chance.randrange(10**6)}"
        step = Reconfigure(add={name: Disk(size_gb=100, storage_class="raid6")})
        return _perform(whole, identity, step, {f"disk {name}": 100})

    def _apart(self, whole: Whole, chance: random.Random) -> Done:
        identity = worlds.vm(chance.choice(STABLE))
        group, priority = chance.choice((None, "app")), chance.choice(list(RestartPriority))
        return _perform(whole, identity, SetAvailability(priority, group), {"apart": group, "priority": priority})

    def _power(self, whole: Whole, chance: random.Random) -> Done:
        """Seldom on: what runs lets nobody resize it."""
        identity = worlds.vm(chance.choice(STABLE))
        if chance.random() < 0.3:
            return _perform(whole, identity, PowerOn(), {"power": Power.ON})
        return _perform(whole, identity, ShutDownGuest(), {"power": Power.OFF})

    def _come_and_go(self, whole: Whole, chance: random.Random) -> Done:
        number = chance.choice(FLEETING)
        identity = worlds.vm(number)
        match chance.randrange(3):
            case 0:
                return _timed(identity, "delete", {"there": False}, lambda: whole.delete(identity))
            case 1:
                return _perform(whole, identity, ShutDownGuest(), {})
        wanted = worlds.server(number, int(number[-1]) + 1, cpu=chance.choice((2, 4)))
        return _timed(identity, "create", {"there": True}, lambda: whole.create(wanted))

    def _user(self, whole: Whole, chance: random.Random) -> Done:
        """One's own: what is issued for it is read back before anybody could have it issued anew."""
        name = f"user-{self.own}-{chance.randrange(2)}"
        resource = made(Kind.USER, name=name).one
        if chance.randrange(3) == 0:
            return _timed(resource.identity, "delete", {"there": False}, lambda: whole.delete(resource.identity))
        done = _timed(resource.identity, "create", {"there": True}, lambda: whole.create(resource))
        found = whole.find(resource.identity)
        assert found is not None
        return Done(**{**vars(done), "issued": user_id(found)})

    def _line(self, whole: Whole, chance: random.Random) -> Done:
        wanted = line(chance.randrange(100))
        return _perform(whole, wanted.identity, Settle(wanted), {"capacity_gb": getattr(wanted, "capacity_gb", None)})

    def _roll(self, whole: Whole, chance: random.Random) -> Done:
        count = chance.randrange(100)
        wanted = made(Kind.USER_ROLL).one.model_copy(update={"count": count})
        return _perform(whole, wanted.identity, Settle(wanted), {"count": count})


def user_id(found: Observed) -> str:
    assert isinstance(found.resource, UserResource)
    assert isinstance(found.issued, UserIssued)
    return found.issued.user_id


def _perform(whole: Whole, identity: Identity, step: Step, wrote: dict[str, object]) -> Done:
    return _timed(identity, type(step).__name__, wrote, lambda: whole.perform(identity, step))


def _timed(identity: Identity, name: str, wrote: dict[str, object], call: Callable[[], object]) -> Done:
    """As runs make it: what is transient is tried again. Any other error than these three ends the process."""
    began, error = time.monotonic_ns(), None
    try:
        patiently(call)
    except (Conflict, Refused, NotFound) as raised:
        error = type(raised).__name__
    return Done(identity, name, wrote, began, time.monotonic_ns(), error)
