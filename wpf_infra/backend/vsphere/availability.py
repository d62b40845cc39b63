"""A server's place in HA and DRS: its restart priority and its anti-affinity rule, which its cluster keeps.

Here: what a cluster is told, as a pure function, and the queue that tells it for any number of servers at once. Not
here: the word on the server itself (`reconfigure`). A cluster is reconfigured by one task at a time: whoever comes
while one runs goes, together with the others who came, into the next. Only rules named `wpf:TENANT:GROUP` and the
overrides of the servers asked for are ever touched (docs/decisions/0045).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Condition
from time import sleep
from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import Memory, Quarters, read_tenant
from wpf_infra.backend.vsphere.mark import group_of, rule_name
from wpf_infra.errors import BackendError, Transient
from wpf_infra.language import Text
from wpf_infra.model.availability import RestartPriority

_CLUSTERS_OWN = "clusterRestartPriority"
_TRIES = 8
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What one server wants of its cluster. quarters: where its tenant's other servers are; medium is the cluster's
    default, so that it wants no override.
    """

    ref: vim.VirtualMachine
    identity: str
    tenant: str
    quarters: Quarters
    priority: RestartPriority
    group: str | None

    @classmethod
    def of(cls, seen: MachineSeen, quarters: Quarters, priority: RestartPriority, group: str | None) -> Wish:
        """Of a server of ours."""
        assert seen.identity is not None
        return cls(seen.ref, str(seen.identity), seen.identity.tenant, quarters, priority, group)

    @classmethod
    def leave(cls, seen: MachineSeen, quarters: Quarters) -> Wish:
        """Of a server that is taken away."""
        return cls.of(seen, quarters, RestartPriority.MEDIUM, None)


Members = Mapping[tuple[str, str], frozenset[Any]]
"""Tenant and group, to the servers that have the word on them."""


def touched(rules: Sequence[Any], wishes: Iterable[Wish]) -> frozenset[tuple[str, str]]:
    """The groups that these wishes concern: those they name, and those whose rule holds them now."""
    groups: set[tuple[str, str]] = set()
    for wish in wishes:
        if wish.group:
            groups.add((wish.tenant, wish.group))
        for rule in rules:
            group = group_of(rule.name, wish.tenant)
            if group and wish.ref in (getattr(rule, "vm", None) or ()):
                groups.add((wish.tenant, group))
    return frozenset(groups)


def cluster_spec(
    overrides: Sequence[Any], rules: Sequence[Any], wishes: Sequence[Wish], members: Members, others: Members
) -> vim.cluster.ConfigSpecEx | None:
    """The difference between what the cluster has and what is wished; None where there is none.

    overrides, rules: as read (`dasVmConfig`, `rule`); members: of the touched groups; others: servers of ours that
    were seen to be in another group or in none.
    """
    standing = {override.key: override for override in overrides}
    das = [spec for wish in wishes if (spec := _override(standing.get(wish.ref), wish)) is not None]
    drs = [
        spec
        for (tenant, group), wanted in sorted(members.items())
        for spec in _rule(
            [rule for rule in rules if rule.name == rule_name(tenant, group)],
            rule_name(tenant, group),
            wanted,
            others.get((tenant, group), frozenset()),
        )
    ]
    return vim.cluster.ConfigSpecEx(dasVmConfigSpec=das, rulesSpec=drs) if das or drs else None


def _override(standing: Any | None, wish: Wish) -> vim.cluster.DasVmConfigSpec | None:
    """An override is never taken away, only told to follow the cluster: somebody may have set more than ours in it."""
    settings = standing.dasSettings if standing else None
    has = (settings.restartPriority if settings else None) or _CLUSTERS_OWN
    wanted = _CLUSTERS_OWN if wish.priority is RestartPriority.MEDIUM else str(wish.priority)
    if has in (wanted, str(wish.priority)):
        return None
    return vim.cluster.DasVmConfigSpec(
        operation="edit" if standing else "add",
        info=vim.cluster.DasVmConfigInfo(key=wish.ref, dasSettings=vim.cluster.DasVmSettings(restartPriority=wanted)),
    )


def _rule(
    standing: Sequence[Any], name: str, members: frozenset[Any], others: frozenset[Any]
) -> Iterable[vim.cluster.RuleSpec]:
    """A rule takes two servers, so it stands from the second on. One too many of that name goes."""
    first, *more = sorted(standing, key=lambda rule: rule.key) or [None]
    for rule in more:
        yield vim.cluster.RuleSpec(operation="remove", removeKey=rule.key)
    has = frozenset(getattr(first, "vm", None) or ())
    wanted = members | (has - others)
    if len(wanted) < 2:
        if first is not None:
            yield vim.cluster.RuleSpec(operation="remove", removeKey=first.key)
        return
    if first is not None and has == wanted and first.enabled and first.mandatory:
        return
    info = vim.cluster.AntiAffinityRuleSpec(
        name=name, enabled=True, mandatory=True, vm=sorted(wanted, key=lambda ref: str(ref))
    )
    if first is not None:
        info.key = first.key
    yield vim.cluster.RuleSpec(operation="edit" if first is not None else "add", info=info)


class Availability:
    """One queue for each cluster, for all threads of the process."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        self._connection = connection
        self._memory: Memory = {} if memory is None else memory
        self._queues: defaultdict[Any, _Queue] = defaultdict(_Queue)

    def settle(self, cluster: vim.ClusterComputeResource, wish: Wish) -> None:
        """Returns once the cluster has what is wished. Transient when it stays busy."""
        ticket = _Ticket(wish)
        queue = self._queues[cluster]
        batch = queue.join(ticket)
        if batch:
            try:
                self._answer(cluster, batch)
            except BaseException as error:
                for other in batch:
                    other.error = other.error or error
                raise
            finally:
                queue.leave(batch)
        if ticket.error is not None:
            raise ticket.error

    def _answer(self, cluster: vim.ClusterComputeResource, batch: Sequence[_Ticket]) -> None:
        """All together; where that does not go, each by itself, so that nobody fails for another."""
        try:
            self._settle(cluster, [ticket.wish for ticket in batch])
        except BackendError as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for ticket in batch:
                self._answer(cluster, [ticket])

    def _settle(self, cluster: vim.ClusterComputeResource, wishes: Sequence[Wish]) -> None:
        """Compare, tell, compare again: another process may have told the cluster something older in between."""
        where, pause_s = wishes[0].identity, _FIRST_PAUSE_S
        last: BackendError | None = None
        for _ in range(_TRIES):
            spec = self._difference(cluster, wishes)
            if spec is None:
                return
            try:
                self._connection.run(
                    lambda: cluster.ReconfigureComputeResource_Task(spec, True),  # noqa: B023 - run before it changes
                    where=where,
                )
            except BackendError as error:
                if not isinstance(error, Transient) and last is not None and type(last) is type(error):
                    raise
                last = error
                sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        if last is not None:
            raise last
        raise Transient(
            Text(
                en="others keep changing the cluster's HA and DRS settings",
                ja="クラスタのHA・DRS設定が他の処理により変更され続けています",
            ),
            where=where,
            remedy=Text(
                en="run it again: what stands is left as it is", ja="再実行してください。できたものはそのままです"
            ),
        )

    def _difference(
        self, cluster: vim.ClusterComputeResource, wishes: Sequence[Wish]
    ) -> vim.cluster.ConfigSpecEx | None:
        read = self._connection.read_objects([cluster], ["configurationEx"])
        config = read.get(cluster, {}).get("configurationEx")
        overrides, rules = getattr(config, "dasVmConfig", None) or (), getattr(config, "rule", None) or ()
        groups = touched(rules, wishes)
        members, others = self._members(groups, wishes) if groups else ({}, {})
        return cluster_spec(overrides, rules, wishes, members, others)

    def _members(self, groups: frozenset[tuple[str, str]], wishes: Sequence[Wish]) -> tuple[Members, Members]:
        words: dict[tuple[str, Any], str | None] = {}
        tenants = {tenant for tenant, _ in groups}
        for quarters in {wish.quarters for wish in wishes if wish.tenant in tenants}:
            for machine in read_tenant(self._connection, quarters, self._memory):
                if machine.is_ours and machine.marks:
                    words[machine.marks.identity.tenant, machine.ref] = machine.marks.anti_affinity
        words |= {(wish.tenant, wish.ref): wish.group for wish in wishes}
        return (
            {key: frozenset(ref for (tenant, ref), word in words.items() if (tenant, word) == key) for key in groups},
            {
                key: frozenset(ref for (tenant, ref), word in words.items() if tenant == key[0] and word != key[1])
                for key in groups
            },
        )


@dataclass(eq=False, slots=True)
class _Ticket:
    wish: Wish
    error: BaseException | None = None
    answered: bool = False


class _Queue:
    """Who waits for a cluster, and whether somebody speaks with it now."""

    def __init__(self) -> None:
        self._turn = Condition()
        self._waiting: list[_Ticket] = []
        self._busy = False

    def join(self, ticket: _Ticket) -> Sequence[_Ticket]:
        """Waits; returns all who wait, to whoever is to speak for them, and nothing to those who were spoken for."""
        with self._turn:
            self._waiting.append(ticket)
            self._turn.wait_for(lambda: ticket.answered or not self._busy)
            if ticket.answered:
                return ()
            self._busy, batch = True, self._waiting
            self._waiting = []
            return batch

    def leave(self, batch: Sequence[_Ticket]) -> None:
        with self._turn:
            for ticket in batch:
                ticket.answered = True
            self._busy = False
            self._turn.notify_all()
