"""What follows from a registration: IDs for ever, notices once, volumes from the 1st, a trail that only grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from tests.backend.made import NOW, WORLD, made
from wpf_infra.backend.contract import Erasure
from wpf_infra.backend.registry import account, notice, trail, volume
from wpf_infra.backend.registry.registry import Registry
from wpf_infra.backend.registry.tables import TABLES
from wpf_infra.calendar import TOKYO
from wpf_infra.calendar.month import first_of_next_month
from wpf_infra.errors import BackendError, Unreadable
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import LineIssued, UserIssued
from wpf_infra.plan.step import Settle

VM = Identity("hill", Kind.VM, "app-1")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    opened = _open(tmp_path)
    yield opened
    opened.close()


def _open(folder: Path, now: datetime = NOW) -> Registry:
    return Registry(f"sqlite:///{folder / 'registry.db'}", world=lambda: WORLD, now=lambda: now)


def _user_id(registry: Registry, name: str) -> str:
    found = registry.find(Identity("hill", Kind.USER, name))
    assert found is not None and isinstance(found.issued, UserIssued)
    return found.issued.user_id


# Users.


def test_an_id_is_never_issued_again(registry: Registry) -> None:
    """FAQ-10, FAQ-11: delete and add; the same full name twice is nobody's trouble."""
    registry.create(made(Kind.USER).one)
    registry.create(made(Kind.USER, name="sato-2").one)
    first, second = _user_id(registry, "sato"), _user_id(registry, "sato-2")
    registry.delete(Identity("hill", Kind.USER, "sato-2"))
    registry.create(made(Kind.USER, name="sato-2").one)
    assert len({first, second, _user_id(registry, "sato-2")}) == 3


def _register(folder: str, start: int) -> None:
    registry = _open(Path(folder))
    for number in range(start, start + 5):
        registry.create(made(Kind.USER, name=f"user-{number}").one)
    registry.close()


def test_eight_processes_are_issued_different_ids(tmp_path: Path) -> None:
    context = get_context("spawn")
    processes = [context.Process(target=_register, args=(str(tmp_path), 10 * n)) for n in range(8)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(60)
    assert [each.exitcode for each in processes] == [0] * 8
    registry = _open(tmp_path)
    seen = registry.observe("hill").values()
    registry.close()
    assert len({each.issued.user_id for each in seen if isinstance(each.issued, UserIssued)}) == 40


def test_a_password_is_kept_as_a_hash_alone(tmp_path: Path, registry: Registry) -> None:
    """FAQ-8"""
    user = made(Kind.USER).one
    registry.create(user)
    with registry.writing() as connection:
        assert not account.verify(connection, user.identity, "")
        account.set_password(connection, user.identity, "marked-Kx91-secret")
        assert account.verify(connection, user.identity, "marked-Kx91-secret")
        assert not account.verify(connection, user.identity, "marked-Kx91-Secret")
    registry.close()
    assert all(b"marked-Kx91" not in file.read_bytes() for file in tmp_path.iterdir())


# Notices.


def _notices(registry: Registry) -> list[tuple[str, str]]:
    with registry.reading() as connection:
        assert connection is not None
        return [(each.kind, each.party) for _, each in notice.written(connection)]


def test_the_operator_is_told_of_another_number_of_users_once(registry: Registry) -> None:
    """FAQ-10"""
    roll = made(Kind.USER_ROLL)
    for _ in range(2):
        registry.create(roll.one)
    assert _notices(registry) == [("head-count", "platform")]
    for _ in range(2):
        registry.perform(roll.one.identity, Settle(roll.other))
    assert _notices(registry) == [("head-count", "platform")] * 2


def test_nobody_is_told_of_no_users(registry: Registry) -> None:
    registry.create(made(Kind.USER_ROLL, count=0).one)
    assert _notices(registry) == []


def test_who_is_affected_by_a_maintenance_is_told_of_it_of_its_change_and_of_its_end(registry: Registry) -> None:
    """FAQ-2"""
    work = made(Kind.MAINTENANCE)
    for _ in range(2):
        registry.create(work.one)
    assert _notices(registry) == [("maintenance", "hill")]
    for _ in range(2):
        registry.perform(work.one.identity, Settle(work.other))
    assert _notices(registry)[1:] == [("maintenance-changed", "hill")]
    registry.perform(work.one.identity, Settle(work.one))  # back again: told again
    assert _notices(registry)[2:] == [("maintenance-changed", "hill")]
    for _ in range(2):
        registry.delete(work.one.identity)
    assert _notices(registry)[3:] == [("maintenance-withdrawn", "hill")]


def test_what_is_over_is_not_withdrawn(tmp_path: Path, registry: Registry) -> None:
    work = made(Kind.MAINTENANCE).one
    registry.create(work)
    later = _open(tmp_path, datetime(2026, 12, 24, 10, tzinfo=TOKYO))
    later.delete(work.identity)
    assert _notices(later) == [("maintenance", "hill")]
    later.close()


# Lines.


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.lists(st.integers(1, 50), min_size=1, max_size=4))
def test_another_volume_counts_from_the_first_of_the_next_month(today: date, orders: list[int]) -> None:
    """FAQ-32: of several orders in a month the last."""
    line = made(Kind.LINE).one.identity
    with create_engine("sqlite://").begin() as connection:
        TABLES.create_all(connection)
        volume.contract(connection, line, 7, today)
        assert volume.issued(connection, line, today) == LineIssued(effective_gb=7)
        for gb in orders:
            volume.contract(connection, line, gb, today)
        first = first_of_next_month(today)
        assert volume.effective(connection, line, today) == 7
        assert volume.effective(connection, line, first) == orders[-1]
        issued = volume.issued(connection, line, today)
        assert (issued.next_gb, issued.next_from) == ((None, None) if orders[-1] == 7 else (orders[-1], first))


def test_beyond_its_volume_a_line_is_throttled_until_the_month_ends(registry: Registry) -> None:
    """FAQ-31"""
    line = made(Kind.LINE).one
    registry.create(line)
    with registry.writing() as connection:
        volume.use(connection, line.identity, 7, date(2026, 11, 24))
        assert volume.month(connection, line.identity, date(2026, 11, 24)) == volume.Month(7, 7, throttled=False)
        volume.use(connection, line.identity, 1, date(2026, 11, 25))
        assert volume.month(connection, line.identity, date(2026, 11, 30)) == volume.Month(8, 7, throttled=True)
        assert volume.month(connection, line.identity, date(2026, 12, 1)) == volume.Month(0, 7, throttled=False)


# The trail.


def test_the_trail_says_who_did_what_and_how_it_ended(registry: Registry) -> None:
    done = registry.begin("tanaka", "a pump failed", VM, "PowerOn", None, {"reason": "a pump failed"})
    cut_off = registry.begin("tanaka", None, VM, "Reconfigure", {"cpu": 2}, {"cpu": 4})
    registry.end(done, trail.DONE)
    with registry.reading() as connection:
        assert connection is not None
        first, second = trail.entries(connection)
        assert trail.entries(connection, tenant="hill") == (first, second)
        assert trail.entries(connection, tenant="hil") == ()
        assert trail.entries(connection, since="2026-11-25") == ()
    assert (first.number, first.actor, first.reason, first.outcome) == (done, "tanaka", "a pump failed", "done")
    assert (second.number, second.before, second.after, second.outcome) == (cut_off, {"cpu": 2}, {"cpu": 4}, None)


@pytest.mark.parametrize("table", ["user_id", "notice", "erasure", "erasure_end", "trail", "trail_end"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET number = 7"])
def test_what_is_written_down_is_never_changed(tmp_path: Path, registry: Registry, table: str, act: str) -> None:
    registry.create(made(Kind.USER).one)
    registry.create(made(Kind.USER_ROLL).one)
    registry.end(registry.begin("a", None, VM, "c", None, None), trail.DONE)
    registry.end_erasure(registry.begin_erasure(VM, {"system": 100}), Erasure(VM, {"system": 100}, "zeros"))
    registry.close()
    with sqlite3.connect(tmp_path / "registry.db") as connection, pytest.raises(sqlite3.IntegrityError, match="append"):
        connection.execute(act.format(table))
    connection.close()


def test_an_erasure_that_was_cut_off_goes_on_with_its_record(registry: Registry) -> None:
    number = registry.begin_erasure(VM, {"system": 100})
    assert registry.begin_erasure(VM, {"system": 100}) == number
    opened = registry.open_erasure(VM)
    assert opened is not None and opened.ended is None
    registry.end_erasure(number, Erasure(VM, {"system": 100}, "zeros"))
    assert registry.open_erasure(VM) is None
    assert registry.begin_erasure(VM, {"system": 100}) != number


# Trouble.


def test_a_url_that_is_none_is_told_of_without_its_password() -> None:
    with pytest.raises(Unreadable, match="no database URL") as told:
        Registry("marked-Kx91", world=lambda: None, now=lambda: NOW)
    assert "marked" not in str(told.value)


def test_a_server_that_is_not_there_is_told_of_without_its_password() -> None:
    url = "postgresql+nodriver://wpf:marked-Kx91@127.0.0.1:1/wpf"
    with pytest.raises((BackendError, Unreadable)) as told:
        Registry(url, world=lambda: None, now=lambda: NOW).find(VM)
    assert "marked" not in str(told.value)
