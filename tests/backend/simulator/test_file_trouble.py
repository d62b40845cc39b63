"""Whatever is wrong with the file: one sentence with its path and a way out, and the file as it was."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.backend.simulator import worlds
from tests.backend.simulator.processes import Create, sentence_as_nobody
from wpf_infra.backend.ledger.schema import APPLICATION_ID
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.damage import as_backend_error
from wpf_infra.backend.simulator.file import WorldFile
from wpf_infra.errors import BackendError, Refused, Transient, Unsupported
from wpf_infra.language import Language
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.plan.step import PowerOn

CALLS: dict[str, Callable[[Simulator], object]] = {
    "identity": lambda simulator: simulator.identity(),
    "observe": lambda simulator: simulator.observe("hill"),
    "find": lambda simulator: simulator.find(worlds.vm("app-1")),
    "create": lambda simulator: simulator.create(worlds.cluster()),
    "perform": lambda simulator: simulator.perform(worlds.vm("app-1"), PowerOn()),
    "delete": lambda simulator: simulator.delete(worlds.vm("app-1")),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def complaint(path: Path, call: Callable[[Simulator], object], kind: type[BackendError]) -> BackendError:
    """The error that the call ends in; it names the file, and says what to do in both languages."""
    simulator = Simulator(path, patience_s=0.2)
    with pytest.raises(kind) as caught:
        call(simulator)
    simulator.close()
    error = caught.value
    assert error.where == str(path)
    assert error.exit_code == 3
    for language in Language:
        sentence = error.sentence(language)
        assert str(path) in sentence and "→" in sentence and "sqlite3" not in sentence and "\n" not in sentence
    return error


@pytest.mark.parametrize("name", ["identity", "observe", "find", "delete"])
def test_looking_makes_nothing(tmp_path: Path, name: str) -> None:
    simulator = Simulator(tmp_path / "folder" / "simulator.db")
    assert not CALLS[name](simulator)
    simulator.close()
    assert list(tmp_path.iterdir()) == []


def test_the_first_create_makes_folder_and_file(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "simulator.db"
    simulator = Simulator(path)
    simulator.create(worlds.cluster())
    assert (simulator.identity() or "").startswith("simulator:")
    simulator.close()
    assert path.is_file()


def test_what_was_refused_at_first_leaves_a_world_without_anything(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path / "simulator.db")
    with pytest.raises(BackendError, match="no cluster east"):
        simulator.create(worlds.tenant("hill", 1))
    assert simulator.observe("hill") == {}
    simulator.close()


@every_call
@pytest.mark.parametrize(
    "content", [b"not a database, but some text\n" * 400, b"\x00" * 8192, b"x"], ids=["text", "zeros", "x"]
)
def test_somebody_elses_file(tmp_path: Path, call: Callable[[Simulator], object], content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert "left untouched" in complaint(path, call, Refused).what.en
    assert path.read_bytes() == content
    assert sorted(tmp_path.iterdir()) == [path]


@every_call
def test_somebody_elses_database(tmp_path: Path, call: Callable[[Simulator], object]) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE invoice (number INTEGER)")
    before = path.read_bytes()
    assert "left untouched" in complaint(path, call, Refused).what.en
    assert path.read_bytes() == before


@every_call
@pytest.mark.parametrize(("version", "word"), [(999, "newer"), (0, "older")])
def test_another_version(tmp_path: Path, call: Callable[[Simulator], object], version: int, word: str) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    assert word in complaint(path, call, Unsupported).what.en
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)


@every_call
def test_a_damaged_file(tmp_path: Path, call: Callable[[Simulator], object]) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    whole = path.read_bytes()
    broken = whole[:4096] + b"\xff" * (len(whole) - 4096)
    path.write_bytes(broken)
    error = complaint(path, call, BackendError)
    assert "damaged" in error.what.en
    assert "`make distclean` and `make up`" in error.remedy.en and "`make distclean` と `make up`" in error.remedy.ja
    assert path.read_bytes() == broken


@every_call
def test_a_file_cut_short(tmp_path: Path, call: Callable[[Simulator], object]) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    assert "damaged" in complaint(path, call, BackendError).what.en


def test_a_file_with_its_tables_missing(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE journal")
        connection.execute("DROP TABLE fault")
    assert "cannot be used" in complaint(path, CALLS["observe"], BackendError).what.en


@every_call
def test_a_folder(tmp_path: Path, call: Callable[[Simulator], object]) -> None:
    path = tmp_path / "simulator.db"
    path.mkdir()
    assert "not a file" in complaint(path, call, BackendError).what.en


@every_call
def test_a_pipe_that_nobody_writes_to(tmp_path: Path, call: Callable[[Simulator], object]) -> None:
    path = tmp_path / "simulator.db"
    os.mkfifo(path)
    assert "not a file" in complaint(path, call, BackendError).what.en


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("")
    path = tmp_path / "folder" / "simulator.db"
    assert "cannot be reached" in complaint(path, CALLS["create"], BackendError).what.en


def test_an_empty_file_is_taken_for_no_world_yet(tmp_path: Path) -> None:
    """What a process leaves that is killed between making the file and its tables."""
    path = tmp_path / "simulator.db"
    path.touch()
    simulator = Simulator(path)
    assert simulator.identity() is None
    assert simulator.observe("hill") == {}
    assert path.read_bytes() == b""
    simulator.create(worlds.cluster())
    assert simulator.identity()
    simulator.close()


@pytest.mark.parametrize("name", ["create", "perform"])
def test_a_file_that_another_process_keeps_locked(tmp_path: Path, name: str) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert "locked by another process" in complaint(path, CALLS[name], Transient).what.en
        reader = Simulator(path, patience_s=0.2)
        assert reader.identity()
        assert Identity("hill", Kind.TENANT, "hill") in reader.observe("hill")
        reader.close()


def test_a_lock_that_is_given_back_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, lambda: holder.execute("ROLLBACK"))
        release.start()
        simulator = Simulator(path)
        simulator.create(worlds.server("app-1", 1))
        simulator.close()
        release.join()


def test_a_full_disk(tmp_path: Path) -> None:
    """SQLite's own page limit is the honest stand-in: the same error, from the same place."""
    path = tmp_path / "simulator.db"
    simulator = worlds.lay(path, worlds.cluster(cpu=500, memory_gib=500))
    built = 0
    file: WorldFile = simulator._file
    with file.write() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Transient) as caught:
        for number in range(200):
            simulator.create(worlds.server(f"app-{number}", number + 1, cpu=1, memory_gib=1, disks={"system": 1}))
            built += 1
    assert "the disk is full" in caught.value.what.en
    assert 0 < built < 200
    with file.write() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    worlds.sound(path)
    simulator.create(worlds.server(f"app-{built}", built + 1, cpu=1, memory_gib=1, disks={"system": 1}))
    simulator.close()


@pytest.mark.parametrize(
    ("room_bytes", "kind", "says"),
    [(20_000, Transient, "the disk is full"), (10**9, BackendError, "SQLITE_IOERR"), (None, BackendError, "cannot be")],
)
def test_a_failed_write_where_there_is_no_room(
    tmp_path: Path, room_bytes: int | None, kind: type[BackendError], says: str
) -> None:
    """What SQLite reports when there is not even room for the memory that its processes share."""
    path = tmp_path / "simulator.db"
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorcode, failed.sqlite_errorname = sqlite3.SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE"
    error = as_backend_error(failed, path, {tmp_path: room_bytes}.__getitem__)
    assert type(error) is kind
    assert says in error.sentence(Language.ENGLISH)


@pytest.mark.parametrize("place", ["existing", "new"])
def test_a_read_only_place(place: str) -> None:
    """Root may write everywhere, so for root the call is made by a process that has become nobody."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "simulator.db"
        if place == "existing":
            worlds.lay(path).close()
        Path(folder).chmod(0o555)
        for file in Path(folder).iterdir():
            file.chmod(0o444)
        said = sentence_as_nobody(path, Create(worlds.cluster(hosts=5)))
    assert said.startswith(f"{path}: ")
    assert "give this user the right to write" in said


def test_the_marks_are_those_of_sqlites_header(tmp_path: Path) -> None:
    """So that `file` and other tools can tell what it is: the application id stands at byte 68."""
    path = tmp_path / "simulator.db"
    worlds.lay(path).close()
    assert int.from_bytes(path.read_bytes()[68:72], "big") == APPLICATION_ID
