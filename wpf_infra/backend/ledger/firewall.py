"""A tenant's firewall policy: its resolved allowances, as they were declared (FAQ 22).

Here: building, settling and taking away. Not here: rules compiled from them (`wpf_infra.network`).
"""

from __future__ import annotations

from sqlite3 import Connection

from wpf_infra.backend.ledger import room
from wpf_infra.backend.ledger.inventory import in_the_way
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance


def build_firewall(connection: Connection, resource: FirewallResource) -> None:
    """Raises NotFound without its tenant."""
    room.cluster_of(connection, resource.identity)
    connection.execute("INSERT INTO firewall (tenant) VALUES (?)", (resource.tenant,))
    for name, allowance in resource.allowances.items():
        put(connection, resource.tenant, name, allowance)
    record(connection, Actor.LIBRARY, resource.identity, Event.CREATED)


def settle_firewall(connection: Connection, standing: FirewallResource, wanted: FirewallResource) -> None:
    """Touches the allowances that differ, and no other."""
    for name in standing.allowances.keys() - wanted.allowances.keys():
        drop(connection, wanted.tenant, name)
    for name, allowance in wanted.allowances.items():
        if standing.allowances.get(name) != allowance:
            put(connection, wanted.tenant, name, allowance)
    record(connection, Actor.LIBRARY, wanted.identity, Event.SETTLED)


def remove_firewall(connection: Connection, identity: Identity) -> None:
    """Raises Refused while servers stand in its tenant: none is ever without the policy it was built under."""
    if names := room.server_names(connection, identity.tenant):
        raise in_the_way(identity, names)
    connection.execute("DELETE FROM allowance WHERE tenant = ?", (identity.tenant,))
    connection.execute("DELETE FROM firewall WHERE tenant = ?", (identity.tenant,))
    record(connection, Actor.LIBRARY, identity, Event.DELETED)


def put(connection: Connection, tenant: str, name: str, allowance: ResolvedAllowance) -> None:
    connection.execute(
        "REPLACE INTO allowance (tenant, name, direction, peer, source, destination, ports, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            tenant,
            name,
            allowance.direction,
            allowance.peer,
            str(allowance.source),
            str(allowance.destination),
            ",".join(map(str, allowance.ports)),
            allowance.reason,
        ),
    )


def drop(connection: Connection, tenant: str, name: str) -> None:
    connection.execute("DELETE FROM allowance WHERE tenant = ? AND name = ?", (tenant, name))
