"""An owner's firewall policy: traffic-filter rules on its portgroup, written in one task (FAQ 22).

Here: building, settling and removing, and the pure check of its size. Not here: rules in vim's words (`filter`),
compiling them (`wpf_infra.network.rules`).
The portgroup is written with the `configVersion` that was read, so that two who change it at once do not undo each
other: the later one reads again. Its `defaultPortConfig` is sent whole, as it was read but for our rules.
The API: vim.dvs.DistributedVirtualPortgroup.reconfigure.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere import filter as traffic_filter
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.ground import Ground
from wpf_infra.backend.vsphere.traffic_rule import Line
from wpf_infra.errors import NotFound, Refused, Transient
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import FirewallResource
from wpf_infra.network.rules import MOST_RULES, number_of_rules

ATTEMPTS = 4
"""How often a portgroup that others change meanwhile is read and written again."""


def build_firewall(connection: Connection, ground: Ground, resource: FirewallResource) -> None:
    """Also settles it. Raises NotFound without a room, and what `check` raises."""
    room = ground.room(resource.tenant)
    if room.folder is None or room.portgroup is None:
        raise NotFound(
            Text(
                en=f"tenant {resource.tenant} has no portgroup for rules to stand on",
                ja=f"テナント {resource.tenant} のポートグループがないため、通信許可を適用できません",
            ),
            where=str(resource.identity),
            remedy=Text(
                en="build the tenant first: run `up` again", ja="先にテナントを作成してください（`up` の再実行）"
            ),
        )
    check(ground, resource)
    _write(connection, room.portgroup.ref, traffic_filter.lines(resource), str(resource.identity))


def check(ground: Ground, resource: FirewallResource) -> None:  # noqa: ARG001 - as every check
    """Raises Refused for more rules than a portgroup is to carry."""
    number = number_of_rules(resource)
    if number > MOST_RULES:
        raise Refused(
            Text(
                en=f"its policy comes to {number} filter rules, and a portgroup carries at most {MOST_RULES}",
                ja=f"通信許可が {number} 規則になり、ポートグループの上限 {MOST_RULES} を超えます",
            ),
            where=str(resource.identity),
            row=22,
            remedy=Text(
                en="every port is two rules: narrow the ranges, or allow a network in place of single servers",
                ja="1ポートにつき2規則です。範囲を狭めるか、個々のサーバをネットワークにまとめてください",
            ),
        )


def remove_firewall(connection: Connection, ground: Ground, identity: Identity) -> None:
    """Takes our rules away and leaves the others'. With the portgroup they are gone too."""
    portgroup = ground.room(identity.tenant).portgroup
    if portgroup is None:
        return
    with suppress(NotFound):
        _write(connection, portgroup.ref, (), str(identity))


def _write(connection: Connection, portgroup: Any, lines: Sequence[Line], where: str) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        spec = _specification(connection, portgroup, lines, where)
        if spec is None:
            return
        try:
            connection.run(functools.partial(portgroup.ReconfigureDVPortgroup_Task, spec=spec), where=where)
        except Transient:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _specification(connection: Connection, portgroup: Any, lines: Sequence[Line], where: str) -> Any | None:
    """What makes these lines stand on the portgroup as it is now; None when they do."""
    found = connection.read_objects([portgroup], ["config.configVersion", "config.defaultPortConfig"])
    if portgroup in found:
        read = found[portgroup]
        changed = traffic_filter.rewritten(read.get("config.defaultPortConfig"), lines)
        if changed is None:
            return None
        return vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
            configVersion=read.get("config.configVersion"), defaultPortConfig=changed
        )
    if not lines:
        return None
    raise NotFound(
        Text(en="its tenant's portgroup is gone", ja="テナントのポートグループがなくなりました"),
        where=where,
        remedy=Text(en="run it again", ja="再実行してください"),
    )
