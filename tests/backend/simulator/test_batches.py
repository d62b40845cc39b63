"""Changes of many threads in one commit: each has its own outcome, and none is lost with another's."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from tests.backend.simulator import worlds
from wpf_infra.backend.ledger import journal
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.backend.simulator.file import WorldFile
from wpf_infra.errors import Conflict, NotFound, Transient
from wpf_infra.language import same

Work = Callable[[Connection], int]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[WorldFile]:
    worlds.lay(tmp_path / "simulator.db").close()
    file = WorldFile(tmp_path / "simulator.db")
    yield file
    file.close()


def note(number: int, *, then: BaseException | None = None) -> Work:
    """Writes the number down, and then fails if it is to."""

    def work(connection: Connection) -> int:
        record(connection, Actor.HAND, worlds.vm("noted"), Event.SETTLED, number=number)
        if then is not None:
            raise then
        return number

    return work


def noted(file: WorldFile) -> set[object]:
    with file.read() as connection:
        assert connection is not None
        return {entry.detail["number"] for entry in journal.read(connection) if entry.identity == worlds.vm("noted")}


def at_once(file: WorldFile, works: list[Work], meanwhile: Callable[[Connection], object] = id) -> list[Future[int]]:
    """All of them wait for the writer before it is free. meanwhile: what the writer does until then."""
    with ThreadPoolExecutor(len(works)) as pool, file.write() as connection:
        futures = [pool.submit(file.commit, work) for work in works]
        while len(file._waiting) < len(works):
            threading.Event().wait(0.001)
        meanwhile(connection)
    return futures


def test_each_gets_its_own_answer(file: WorldFile) -> None:
    futures = at_once(file, [note(number) for number in range(16)])
    assert [future.result() for future in futures] == list(range(16))
    assert noted(file) == set(range(16))


def test_one_that_is_refused_takes_back_itself_alone(file: WorldFile) -> None:
    refusal = Conflict(same("no"), remedy=same("no"))
    works = [note(number, then=refusal if number % 2 else None) for number in range(8)]
    futures = at_once(file, works)
    assert [future.exception() for future in futures] == [None, refusal] * 4
    assert noted(file) == {0, 2, 4, 6}


def test_a_mistake_of_ours_comes_out_as_it_is(file: WorldFile) -> None:
    futures = at_once(file, [note(0), note(1, then=ZeroDivisionError()), note(2)])
    assert isinstance(futures[1].exception(), ZeroDivisionError)
    assert noted(file) == {0, 2}


def test_a_batch_that_does_not_fit_is_tried_one_by_one(file: WorldFile) -> None:
    def bulky(connection: Connection) -> int:
        record(connection, Actor.HAND, worlds.vm("noted"), Event.SETTLED, number=99, padding="x" * 100_000)
        return 99

    def limit(connection: Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    futures = at_once(file, [note(0), bulky, note(1)], limit)
    assert isinstance(futures[1].exception(), Transient)
    assert [futures[0].result(), futures[2].result()] == [0, 1]
    assert noted(file) == {0, 1}


def test_an_interrupted_thread_takes_nobody_with_it(file: WorldFile) -> None:
    interrupted = threading.Event()

    def once(connection: Connection) -> int:
        if not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt
        return note(0)(connection)

    futures = at_once(file, [once, note(1), note(2), note(3)])
    errors = [future.exception() for future in futures]
    assert sum(isinstance(error, KeyboardInterrupt) for error in errors) == 1
    done = {number for number, error in enumerate(errors) if error is None}
    assert noted(file) == done


def test_who_may_not_make_a_world_finds_the_one_made_beside_it(tmp_path: Path) -> None:
    file = WorldFile(tmp_path / "new.db")
    with pytest.raises(NotFound, match="no simulated world"):
        file.commit(note(0))
    assert list(tmp_path.iterdir()) == []
    assert file.commit(note(1), create=True) == 1
    assert file.commit(note(2)) == 2
    assert noted(file) == {1, 2}
    file.close()


def test_a_lock_is_waited_for_once_and_not_once_each(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    file = WorldFile(path, patience_s=0.5)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            futures = [pool.submit(file.commit, note(number)) for number in range(16)]
        assert all(isinstance(future.exception(), Transient) for future in futures)
        assert time.monotonic() - began < 4
    file.close()
