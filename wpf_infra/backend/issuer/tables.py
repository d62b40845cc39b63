"""The issuer's tables: CAs, what each has signed, what is revoked.

Here: the schema and its version. Not here: reading and writing. Keys stand in it encrypted (PKCS #8).
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
    Column("inputs", Text, nullable=False),
    Column("serial", String, ForeignKey("signed.serial")),  # the certificate that counts, of a certificate
)

CA = Table(
    "ca",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("role", String, nullable=False),  # root, or issuing: below the root before it
    Column("certificate", Text, nullable=False),
    Column("key", Text),  # NULL once it is destroyed
)

CRL = Table(
    "crl",
    TABLES,
    Column("ca", Integer, ForeignKey("ca.number"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("until", String, nullable=False),
    Column("pem", Text, nullable=False),
)

SIGNED = Table(
    "signed",
    TABLES,
    Column("serial", String, primary_key=True),
    Column("ca", Integer, ForeignKey("ca.number"), nullable=False),
    Column("identity", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("certificate", Text, nullable=False),
)
"""Everything that was ever signed, so that it can be revoked; never changed."""

KEY = Table(
    "key",
    TABLES,
    Column("serial", String, ForeignKey("signed.serial"), primary_key=True),
    Column("key", Text, nullable=False),
)
"""The holders' keys that were made here; destroyed with the certificate."""

REVOKED = Table(
    "revoked",
    TABLES,
    Column("serial", String, ForeignKey("signed.serial"), primary_key=True),
    Column("at", String, nullable=False),
    Column("reason", String, nullable=False),
)

never_changed([SIGNED, REVOKED])
