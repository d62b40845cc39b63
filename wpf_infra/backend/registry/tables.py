"""The registry's tables; nothing in them that PostgreSQL lacks.

Here: the schema and its version. Not here: reading and writing.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text

from wpf_infra.backend.store import about, never_changed

VERSION = 1
TABLES = MetaData()
about(TABLES)

OBJECT = Table(
    "object",
    TABLES,
    Column("identity", String, primary_key=True),
    Column("tenant", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("inputs", Text, nullable=False),  # JSON of the resource
)
"""Every object the registry carries, as it is to be."""

USER_ID = Table(
    "user_id",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("identity", String, nullable=False),
    Column("issued", String, nullable=False),
)
"""Every ID that was ever issued; none is issued twice (FAQ 11)."""

ACCOUNT = Table(
    "account",
    TABLES,
    Column("identity", String, ForeignKey("object.identity"), primary_key=True),
    Column("number", Integer, ForeignKey("user_id.number"), nullable=False, unique=True),
    Column("password", String),  # scrypt$salt$hash; NULL before the first reset
)

VOLUME = Table(
    "volume",
    TABLES,
    Column("identity", String, ForeignKey("object.identity"), primary_key=True),
    Column("first_day", String, primary_key=True),
    Column("gb", Integer, nullable=False),
)
"""A mobile line's contracted volume, by the day from which it counts (FAQ 32)."""

USAGE = Table(
    "usage",
    TABLES,
    Column("identity", String, ForeignKey("object.identity"), primary_key=True),
    Column("month", String, primary_key=True),
    Column("gb", Integer, nullable=False),
)

NOTICE = Table(
    "notice",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("party", String, nullable=False),
    Column("address", String),
    Column("subject", Text, nullable=False),  # JSON {"en", "ja"}
    Column("facts", Text, nullable=False),  # JSON
)
"""What somebody is to be told, each thing once. key: the object, the party, the number among theirs."""

ERASURE = Table(
    "erasure",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("identity", String, nullable=False, index=True),
    Column("disks", Text, nullable=False),  # JSON, name to GB
)
"""Begun before the first byte is overwritten."""

ERASURE_END = Table(
    "erasure_end",
    TABLES,
    Column("number", Integer, ForeignKey("erasure.number"), primary_key=True),
    Column("at", String, nullable=False),
    Column("disks", Text, nullable=False),
    Column("method", Text, nullable=False),
)

TRAIL = Table(
    "trail",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("reason", Text),
    Column("identity", String, nullable=False, index=True),
    Column("call", String, nullable=False),
    Column("before", Text),
    Column("after", Text),
)
"""Written before the call it tells of."""

TRAIL_END = Table(
    "trail_end",
    TABLES,
    Column("number", Integer, ForeignKey("trail.number"), primary_key=True),
    Column("at", String, nullable=False),
    Column("outcome", Text, nullable=False),
)
"""How the call ended; one without a row was cut off."""

never_changed([USER_ID, NOTICE, ERASURE, ERASURE_END, TRAIL, TRAIL_END])
