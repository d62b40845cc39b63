"""A rehearsal: plans carried out one after the other in a transaction that is taken back.

Here: what each of them would raise. Not here: taking back the whole; that is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from wpf_infra.backend.contract import Act
from wpf_infra.backend.ledger.calls import play
from wpf_infra.errors import BackendError
from wpf_infra.model.identity import Identity


def rehearse(connection: Connection, plans: Sequence[tuple[Identity, Sequence[Act]]]) -> dict[Identity, BackendError]:
    """The first error of each object. A plan that is refused leaves nothing to the next."""
    refusals: dict[Identity, BackendError] = {}
    for identity, acts in plans:
        connection.execute("SAVEPOINT plan")
        try:
            play(connection, identity, acts)
        except BackendError as error:
            connection.execute("ROLLBACK TO plan")
            refusals.setdefault(identity, error)
        connection.execute("RELEASE plan")
    return refusals
