"""Accounts of the portal's users: IDs issued once for ever, passwords kept as hashes (FAQ 7, 8, 10, 11).

Here: rows of accounts. Not here: what the portal looks like, nor who may do what (`portal`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, delete, func, insert, select, update

from wpf_infra.backend.registry.tables import ACCOUNT, USER_ID
from wpf_infra.model.identity import Identity

_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}


def shown(number: int) -> str:
    """`U-0000042`"""
    return f"U-{number:07d}"


def issue(connection: Connection, identity: Identity, at: str) -> int:
    """The next ID, of all that were ever issued; the database refuses one that is issued twice."""
    number = (connection.execute(select(func.max(USER_ID.c.number))).scalar() or 0) + 1
    connection.execute(insert(USER_ID).values(number=number, identity=str(identity), issued=at))
    connection.execute(insert(ACCOUNT).values(identity=str(identity), number=number, password=None))
    return number


def number_of(connection: Connection, identity: Identity) -> int | None:
    found = connection.execute(select(ACCOUNT.c.number).where(ACCOUNT.c.identity == str(identity))).scalar()
    return None if found is None else int(found)


def remove(connection: Connection, identity: Identity) -> None:
    """The account goes, its ID stays issued."""
    connection.execute(delete(ACCOUNT).where(ACCOUNT.c.identity == str(identity)))


def set_password(connection: Connection, identity: Identity, password: str) -> None:
    salt = secrets.token_bytes(16)
    kept = f"scrypt${salt.hex()}${_hash(password, salt).hex()}"
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.identity == str(identity)).values(password=kept))


def verify(connection: Connection, identity: Identity, password: str) -> bool:
    kept = connection.execute(select(ACCOUNT.c.password).where(ACCOUNT.c.identity == str(identity))).scalar()
    if kept is None:
        return False
    _, salt, expected = kept.split("$")
    return hmac.compare_digest(_hash(password, bytes.fromhex(salt)), bytes.fromhex(expected))


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, dklen=32, **_SCRYPT)
