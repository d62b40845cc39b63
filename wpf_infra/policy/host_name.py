"""Host names: ids that become labels of one.

Here: what a label may not be, though an id may. Not here: the form of ids, which is the schema's.
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def labels_end_well(context: Context) -> Iterator[Objection]:
    for path, name in _labels(context):
        if name.endswith("-"):
            yield Objection(
                path,
                Text(
                    en=f"`{name}` becomes part of a host name, no part of which ends in a hyphen",
                    ja=f"`{name}` はホスト名の一部になりますが、ホスト名の各部はハイフンで終われません",
                ),
                Text(en=f"call it `{name.rstrip('-')}`", ja=f"`{name.rstrip('-')}` としてください"),
            )


def _labels(context: Context) -> Iterator[tuple[str, str]]:
    """HOLDER.TENANT.DOMAIN: tenants, servers and gateways."""
    for owner, tenant in context.tenants.items():
        yield owner, owner
        for name in tenant.gateways:
            yield f"{owner}.gateways.{name}", name
    for server in context.servers:
        yield server.path, server.name


RULES = (
    Rule(
        "host-name",
        None,
        Severity.WARNING,
        Text(en="an id can stand in a host name", ja="IDがホスト名に使える"),
        labels_end_well,
    ),
)
