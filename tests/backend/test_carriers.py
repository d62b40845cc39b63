"""What every carrier beside the machines promises, each kind: the contract's calls, idempotent, by one world only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.backend.made import NOW, WORLD, Made, made
from wpf_infra.backend.contract import Backend, Delete
from wpf_infra.backend.issuer.issuer import Issuer
from wpf_infra.backend.registry.registry import Registry
from wpf_infra.errors import BackendError, Conflict, NotFound, Refused
from wpf_infra.model.identity import Kind
from wpf_infra.plan import diff
from wpf_infra.plan.step import Build, Settle

REGISTERED = (Kind.USER, Kind.USER_ROLL, Kind.LINE, Kind.MONITORING, Kind.MAINTENANCE)
ISSUED = (Kind.AUTHORITY, Kind.CERTIFICATE)
KINDS = (*REGISTERED, *ISSUED)


def carrier(folder: Path, kind: Kind, *, world: str = WORLD, now: Callable[[], datetime] = lambda: NOW) -> Backend:
    if kind in ISSUED:
        return Issuer(folder / "issuer", world=lambda: world, now=now)
    return Registry(f"sqlite:///{folder / 'registry.db'}", world=lambda: world, now=now)


def file_of(folder: Path, kind: Kind) -> Path:
    return folder / ("issuer/issuer.db" if kind in ISSUED else "registry.db")


def grounded(backend: Backend, kind: Kind) -> Backend:
    """With what the kind stands on."""
    if kind is Kind.CERTIFICATE:
        backend.create(made(Kind.AUTHORITY).one)
    return backend


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    assert isinstance(request.param, Kind)
    return request.param


@pytest.fixture
def pair(kind: Kind) -> Made:
    return made(kind)


@pytest.fixture
def backend(tmp_path: Path, kind: Kind) -> Iterator[Backend]:
    opened = grounded(carrier(tmp_path, kind), kind)
    yield opened
    opened.close()


def test_nothing_is_made_by_looking(tmp_path: Path, kind: Kind, pair: Made) -> None:
    untouched = carrier(tmp_path, kind)
    assert untouched.identity() is None
    assert untouched.find(pair.one.identity) is None
    assert untouched.observe(pair.one.identity.tenant) == {}
    assert untouched.delete(pair.one.identity) is None
    assert list(tmp_path.iterdir()) == []


def test_created_it_is_seen_as_declared_and_nothing_is_left_to_plan(backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    seen = backend.find(pair.one.identity)
    assert seen is not None
    assert seen.resource == pair.one
    assert backend.observe(pair.one.identity.tenant)[pair.one.identity] == seen
    assert diff(seen, pair.one, pair.one, NOW).changes == ()
    assert backend.identity() == WORLD


def test_made_twice_it_is_one_and_the_same(backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    first = backend.find(pair.one.identity)
    backend.perform(pair.one.identity, Build(pair.one))
    assert backend.find(pair.one.identity) == first


def test_a_different_one_of_that_name_is_a_conflict(backend: Backend, pair: Made, kind: Kind) -> None:
    backend.create(pair.one)
    if kind is Kind.USER:
        backend.create(pair.other)  # what the portal has is the portal's (FAQ 7)
    else:
        assert isinstance(
            backend.rehearse([(pair.other.identity, [Build(pair.other)])]).get(pair.one.identity), Conflict | None
        )
        with pytest.raises(Conflict):
            backend.create(pair.other)
    found = backend.find(pair.one.identity)
    assert found is not None and found.resource == pair.one


def test_settled_it_is_the_other_whatever_is_repeated(backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    seen = backend.find(pair.one.identity)
    plan = diff(seen, pair.other, pair.one, NOW)
    assert plan.changes
    assert backend.rehearse([(pair.one.identity, plan.steps)]) == {}
    for step in (*plan.steps, *plan.steps):
        backend.perform(pair.one.identity, step)
    after = backend.find(pair.one.identity)
    assert after is not None and after.resource == pair.other
    assert diff(after, pair.other, pair.other, NOW).changes == ()


def test_what_is_not_there_is_not_settled(backend: Backend, pair: Made, kind: Kind) -> None:
    if kind in REGISTERED:
        (error,) = backend.rehearse([(pair.one.identity, [Settle(pair.one)])]).values()
        assert isinstance(error, NotFound)
    with pytest.raises(NotFound):
        backend.perform(pair.one.identity, Settle(pair.one))


def test_deleted_it_is_gone_and_again_is_success(backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    assert backend.rehearse([(pair.one.identity, [Delete()])]) == {}
    assert backend.delete(pair.one.identity) is None
    assert backend.find(pair.one.identity) is None
    assert backend.delete(pair.one.identity) is None
    backend.create(pair.one)  # and it may come back
    assert backend.find(pair.one.identity) is not None


def test_another_worlds_is_refused(tmp_path: Path, kind: Kind, backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    strange = carrier(tmp_path, kind, world="simulator:another")
    with pytest.raises(Refused, match="another world"):
        strange.find(pair.one.identity)
    strange.close()


def test_a_file_of_somebody_elses_is_left_as_it_is(tmp_path: Path, kind: Kind, pair: Made) -> None:
    file = file_of(tmp_path, kind)
    file.parent.mkdir(exist_ok=True)
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = file.read_bytes()
    opened = carrier(tmp_path, kind)
    with pytest.raises(BackendError, match="this is not the"):
        opened.find(pair.one.identity)
    with pytest.raises(BackendError, match="this is not the"):
        opened.create(pair.one)
    opened.close()
    assert file.read_bytes() == before


def test_bytes_that_are_no_database_are_told_of(tmp_path: Path, kind: Kind, pair: Made) -> None:
    file = file_of(tmp_path, kind)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"not a database, and long enough to be taken for one " * 40)
    opened = carrier(tmp_path, kind)
    with pytest.raises(BackendError):
        opened.find(pair.one.identity)
    opened.close()


def test_a_newer_versions_tables_are_told_of(tmp_path: Path, kind: Kind, backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    backend.close()
    with sqlite3.connect(file_of(tmp_path, kind)) as connection:
        connection.execute("UPDATE about SET version = 99")
    connection.close()
    with pytest.raises(BackendError, match="another version"):
        backend.find(pair.one.identity)


def test_people_of_the_machine_cannot_read_it(tmp_path: Path, kind: Kind, backend: Backend, pair: Made) -> None:
    backend.create(pair.one)
    assert file_of(tmp_path, kind).stat().st_mode & 0o077 == 0


def _create(folder: str, kind: Kind) -> None:
    opened = carrier(Path(folder), kind)
    for _ in range(3):
        opened.create(made(kind).one)
    opened.close()


def test_four_processes_make_one(tmp_path: Path, kind: Kind, pair: Made) -> None:
    if kind is Kind.CERTIFICATE:
        grounded(carrier(tmp_path, kind), kind).close()
    context = get_context("spawn")
    processes = [context.Process(target=_create, args=(str(tmp_path), kind)) for _ in range(4)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(60)
    assert [each.exitcode for each in processes] == [0, 0, 0, 0]
    opened = carrier(tmp_path, kind)
    found = opened.find(pair.one.identity)
    assert found is not None and found.resource == pair.one
    opened.close()
