"""An owner's firewall policy: its network, its lines and its resolved allowances, as they were declared (FAQ 22).

Here: building, settling and taking away. Not here: rules compiled from them (`wpf_infra.network`).
"""

from __future__ import annotations

from sqlite3 import Connection

from netaddr import IPNetwork

from wpf_infra.backend.ledger import room
from wpf_infra.backend.ledger.inventory import in_the_way
from wpf_infra.backend.ledger.journal import Actor, Event, record
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance


def build_firewall(connection: Connection, resource: FirewallResource) -> None:
    """Raises NotFound without its tenant."""
    room.cluster_of(connection, resource.identity)
    insert_firewall(connection, resource)
    record(connection, Actor.LIBRARY, resource.identity, Event.CREATED)


def insert_firewall(connection: Connection, resource: FirewallResource) -> None:
    connection.execute("INSERT INTO firewall (tenant, network) VALUES (?, ?)", (resource.tenant, str(resource.network)))
    for name, network in resource.lines.items():
        put_line(connection, resource.tenant, name, network)
    for name, allowance in resource.allowances.items():
        put(connection, resource.tenant, name, allowance)


def settle_firewall(connection: Connection, standing: FirewallResource, wanted: FirewallResource) -> None:
    """Touches the lines and allowances that differ, and no other."""
    if standing.network != wanted.network:
        connection.execute("UPDATE firewall SET network = ? WHERE tenant = ?", (str(wanted.network), wanted.tenant))
    for name in standing.lines.keys() - wanted.lines.keys():
        drop_line(connection, wanted.tenant, name)
    for name, network in wanted.lines.items():
        if standing.lines.get(name) != network:
            put_line(connection, wanted.tenant, name, network)
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
    connection.execute("DELETE FROM line WHERE tenant = ?", (identity.tenant,))
    connection.execute("DELETE FROM firewall WHERE tenant = ?", (identity.tenant,))
    record(connection, Actor.LIBRARY, identity, Event.DELETED)


def put_line(connection: Connection, tenant: str, name: str, network: IPNetwork) -> None:
    connection.execute("REPLACE INTO line (tenant, name, network) VALUES (?, ?, ?)", (tenant, name, str(network)))


def drop_line(connection: Connection, tenant: str, name: str) -> None:
    connection.execute("DELETE FROM line WHERE tenant = ? AND name = ?", (tenant, name))


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
