"""A database of ours beside a world: opened, checked, made when it is first written, and transactions on it.

Here: SQLAlchemy, its files and servers, and their errors told as ours. Not here: any table but the one that says whose
it is. A database belongs to one world for life, and to one version of its tables.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from wpf_infra.errors import BackendError, Refused, Transient, Unreadable
from wpf_infra.language import Text

_PATIENCE_S = 10.0
_SMALLEST_DATABASE = 512
_BUSY = ("locked", "deadlock", "could not serialize", "connection refused", "server closed")


class Store:
    """name: what people call it (`the registry`); url: SQLAlchemy's; tables: with `about(metadata)` among them;
    version: of the tables; world: the name for life of the world it is to belong to, None where nobody knows it.
    """

    def __init__(
        self, name: Text, url: str, tables: MetaData, version: int, world: Callable[[], str | None], where: str
    ) -> None:
        self._name = name
        self._tables = tables
        self._about = tables.tables["about"]
        self._version = version
        self._world = world
        self._where = where
        try:
            self._url = make_url(url)
        except ArgumentError as error:
            raise _not_a_url(where) from error
        self._file = (
            Path(self._url.database) if self._url.drivername.startswith("sqlite") and self._url.database else None
        )
        self._place = self._url.render_as_string(hide_password=True) if self._file is None else str(self._file)
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._checked = False

    def world(self) -> str | None:
        """The world it belongs to; None while it is not made."""
        with self.read() as connection:
            return None if connection is None else str(connection.execute(select(self._about.c.world)).scalar_one())

    @contextmanager
    def read(self) -> Iterator[Connection | None]:
        """One consistent view, or None while nothing was ever written. Raises BackendError."""
        with self._told():
            if not self._ready(create=False):
                yield None
                return
            assert self._engine is not None
            with self._engine.connect() as connection:
                yield connection
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, all of it or nothing, alone; makes the tables when there are none. Raises BackendError,
        Transient.
        """
        with self._told():
            self._ready(create=True)
            assert self._engine is not None
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection

    def close(self) -> None:
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
            self._engine, self._checked = None, False

    def _ready(self, *, create: bool) -> bool:
        """Is there a database of ours, checked?"""
        with self._opening:
            if self._checked:
                return True
            if self._file is not None and not self._present(self._file) and not create:
                return False
            if self._engine is None:
                self._engine = self._connect()
            with self._engine.connect() as connection:
                there = set(inspect(connection).get_table_names())
            if not there and not create:
                return False
            if not there:
                self._make()
            elif self._about.name not in there:
                raise self._foreign()
            self._check()
            self._checked = True
            return True

    def _present(self, file: Path) -> bool:
        try:
            found = file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not stat.S_ISREG(found.st_mode) or 0 < found.st_size < _SMALLEST_DATABASE:
            raise self._foreign()
        return found.st_size > 0

    def _connect(self) -> Engine:
        if self._file is None:
            return create_engine(self._url, isolation_level="SERIALIZABLE", hide_parameters=True)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # people's names are in it
        engine = create_engine(self._url, connect_args={"timeout": _PATIENCE_S}, hide_parameters=True)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _make(self) -> None:
        assert self._engine is not None
        if self._file is not None:
            self._use_wal(self._file)
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            if inspect(connection).get_table_names():
                return  # another came first
            self._tables.create_all(connection)
            connection.execute(insert(self._about).values(version=self._version, world=self._world() or ""))

    def _use_wal(self, file: Path) -> None:
        """For as long as the file lives. Where another process is at it, or the file system cannot, the other journal
        is as safe.
        """
        connection = sqlite3.connect(file)
        try:
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()

    def _check(self) -> None:
        assert self._engine is not None
        with self._engine.connect() as connection:
            version, world = connection.execute(select(self._about.c.version, self._about.c.world)).one()
        if version != self._version:
            raise BackendError(
                Text(
                    en=f"{self._name.en} was written by another version (its tables are {version}, ours "
                    f"{self._version})",
                    ja=f"{self._name.ja}は別の版で書かれています（表の版 {version}、この版は {self._version}）",
                ),
                where=self._place,
                remedy=Text(
                    en="use the version that wrote it; nothing was changed",
                    ja="それを書いた版を使ってください（何も変更していません）",
                ),
            )
        ours = self._world()
        if world and ours and world != ours:
            raise Refused(
                Text(
                    en=f"{self._name.en} belongs to another world ({world}), not to {ours}",
                    ja=f"{self._name.ja}は別の環境（{world}）のもので、{ours} のものではありません",
                ),
                where=self._place,
                remedy=Text(
                    en=f"point {self._where} at the one of this world, or bring back the backend that it belongs to",
                    ja=f"{self._where} をこの環境のものに向けるか、元のバックエンドに戻してください",
                ),
            )

    def _foreign(self) -> BackendError:
        return BackendError(
            Text(en=f"this is not {self._name.en}", ja=f"これは{self._name.ja}ではありません"),
            where=self._place,
            remedy=Text(
                en=f"point {self._where} elsewhere; the file was left as it is",
                ja=f"{self._where} を別の場所に向けてください（ファイルは変更していません）",
            ),
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The database's errors in our words; what a caller's block raises of ours passes."""
        try:
            yield
        except IntegrityError as error:
            raise self._taken() from error
        except DBAPIError as error:
            self._tell(error.orig or error, error)
        except (NoSuchModuleError, ImportError) as error:
            raise _no_driver(self._where, self._url.drivername) from error
        except (sqlite3.Error, OSError) as error:
            self._tell(error, error)

    def _tell(self, cause: BaseException, error: BaseException) -> NoReturn:
        said = str(getattr(cause, "strerror", None) or cause).splitlines()[0][:200]
        if any(word in said.lower() for word in _BUSY):
            raise Transient(
                Text(en=f"{self._name.en} is in use just now", ja=f"{self._name.ja}は現在ほかの処理が使用中です"),
                where=self._place,
                remedy=Text(en="run it again in a moment", ja="少し待って再実行してください"),
            ) from error
        raise BackendError(
            Text(en=f"{self._name.en} cannot be used: {said}", ja=f"{self._name.ja}を使用できません: {said}"),
            where=self._place,
            remedy=Text(
                en="look at the disk, the permissions and the server; what was committed is kept",
                ja="ディスク・権限・サーバを確認してください（確定済みの内容は保たれています）",
            ),
        ) from error

    def _taken(self) -> Transient:
        return Transient(
            Text(
                en=f"another process wrote the same to {self._name.en} in this moment",
                ja=f"同時に別の処理が{self._name.ja}へ同じ内容を書き込みました",
            ),
            where=self._place,
            remedy=Text(en="run it again", ja="再実行してください"),
        )


def about(metadata: MetaData) -> Table:
    """The table that says whose the database is."""
    return Table("about", metadata, Column("version", Integer, nullable=False), Column("world", String, nullable=False))


def never_changed(tables: Sequence[Table]) -> None:
    """Rows of these are written once: the database itself refuses to change or to delete one."""
    for table in tables:
        event.listen(table, "after_create", _guard)


def _guard(table: Table, connection: Connection, **_: Any) -> None:
    name = table.name
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"'BEGIN RAISE EXCEPTION ''{name} is append-only''; END'"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} EXECUTE FUNCTION {name}_kept()"
    )


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    """What is committed survives a killed process and a lost power supply."""
    connection.isolation_level = None  # transactions are begun by `_begin`
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _not_a_url(where: str) -> Unreadable:
    return Unreadable(
        Text(en="this is no database URL", ja="データベースのURLではありません"),
        where=where,
        remedy=Text(
            en="write it as sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE: "
            "`pulumi config set --secret wpf:registry` asks for it",
            ja="sqlite:///FILE または postgresql+psycopg://USER:PASSWORD@HOST/DATABASE の形で書いてください"
            "（`pulumi config set --secret wpf:registry` で入力できます）",
        ),
    )


def _no_driver(where: str, driver: str) -> Unreadable:
    return Unreadable(
        Text(en=f"there is no driver for {driver}", ja=f"{driver} のドライバがありません"),
        where=where,
        remedy=Text(
            en="install it beside the library (for PostgreSQL: psycopg), or use sqlite:///FILE",
            ja="ライブラリと同じ環境にインストールする（PostgreSQLはpsycopg）か、sqlite:///FILE を使ってください",
        ),
    )
