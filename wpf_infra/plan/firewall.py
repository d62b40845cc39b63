"""A firewall policy's plan: which conversations begin, change and end (FAQ 22).

Here: network, lines and allowances by key; their order never matters. Not here: rules (`wpf_infra.network`).
"""

from __future__ import annotations

from collections.abc import Iterator

from netaddr import IPNetwork

from wpf_infra.language import Text
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build, Settle

_ROW = 22
_ROW_OF_LINES = 35


def diff_firewall(observed: FirewallResource | None, desired: FirewallResource) -> Plan:
    if observed is None:
        what = Text(
            en="is gone from the backend: its conversations with others are allowed again",
            ja="の通信許可がバックエンドから失われています。外との通信を改めて許可します",
        )
        return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, _ROW),), (Build(desired),))
    changes = tuple(_changes(observed, desired))
    return Plan(desired.identity, changes, (Settle(desired),) if changes else (), tuple(_notes(observed, desired)))


def ended(observed: FirewallResource) -> Change:
    """The whole policy is left out."""
    held = observed.allowances
    follows = _follows(observed.tenant, *held.values())
    keys = ", ".join(sorted(held))
    if not held:
        what = Text(
            en="(firewall policy) is taken away; it allows no conversation",
            ja="通信許可を取り除きます。許可中の通信はありません",
        )
    else:
        what = Text(
            en=f"(firewall policy) is taken away: {keys} no longer allowed{follows.en}",
            ja=f"通信許可を取り除きます。{keys} の通信は許可されなくなります{follows.ja}",
        )
    return Change("", Disturbance.ONLINE, what, _ROW)


def _changes(observed: FirewallResource, desired: FirewallResource) -> Iterator[Change]:
    if observed.network != desired.network:
        yield _network(observed.network, desired.network)
    for name in sorted({*observed.lines, *desired.lines}):
        if (was := observed.lines.get(name)) != (becomes := desired.lines.get(name)):
            yield _line(name, was, becomes)
    for key in sorted({*observed.allowances, *desired.allowances}):
        if (before := observed.allowances.get(key)) != (after := desired.allowances.get(key)):
            yield _change(desired.tenant, key, before, after)


def _network(before: IPNetwork, after: IPNetwork) -> Change:
    what = Text(
        en=f"network {before} → {after}: the servers speak freely inside it",
        ja=f"network {before} → {after}: サーバ同士が自由に通信できる範囲を変えます",
    )
    return Change("network", Disturbance.ONLINE, what, _ROW)


def _line(name: str, before: IPNetwork | None, after: IPNetwork | None) -> Change:
    if before is None:
        what = Text(
            en=f"line {name} joins: {after} and the servers speak freely",
            ja=f"回線 {name} が加わります。{after} とサーバは自由に通信できます",
        )
    elif after is None:
        what = Text(
            en=f"line {name} leaves: {before} and the servers no longer speak freely",
            ja=f"回線 {name} を外します。{before} とサーバの自由な通信はできなくなります",
        )
    else:
        what = Text(
            en=f"line {name} {before} → {after}: {after} and the servers speak freely instead",
            ja=f"回線 {name} {before} → {after}: 代わりに {after} とサーバが自由に通信できます",
        )
    return Change(f"lines.{name}", Disturbance.ONLINE, what, _ROW_OF_LINES)


def _change(owner: str, key: str, before: ResolvedAllowance | None, after: ResolvedAllowance | None) -> Change:
    path = f'allowances["{key}"]'
    follows = _follows(owner, before, after)
    if before is None:
        assert after is not None
        flow = _flow(after)
        what = Text(en=f"{key} begins: {flow.en} is allowed", ja=f"{key} を開始: {flow.ja}を許可します")
    elif after is None:
        flow = _flow(before)
        what = Text(
            en=f"{key} ends: {flow.en} is no longer allowed", ja=f"{key} を終了: {flow.ja}は許可されなくなります"
        )
    elif before.model_copy(update={"reason": after.reason}) == after:
        what = Text(
            en=f"{key} keeps its ports and ends; its reason is now: {after.reason}",
            ja=f"{key} の理由だけを改めます: {after.reason}",
        )
        return Change(path, Disturbance.NONE, Text(en=what.en + follows.en, ja=what.ja + follows.ja), _ROW)
    else:
        old, new = _flow(before), _flow(after)
        what = Text(
            en=f"{key} changes: {new.en} is allowed instead of {old.en}",
            ja=f"{key} を変更: {old.ja}に代えて、{new.ja}を許可します",
        )
    return Change(path, Disturbance.ONLINE, Text(en=what.en + follows.en, ja=what.ja + follows.ja), _ROW)


def _follows(owner: str, *allowances: ResolvedAllowance | None) -> Text:
    """The other side has a policy of its own, in its own stack. A service has no other side that follows: the
    platform's is open to its tenants' whole space.
    """
    peers = sorted({each.peer for each in allowances if each is not None and each.peer is not None} - {owner})
    if not peers:
        return Text(en="", ja="")
    listed = ", ".join(peers)
    return Text(
        en=f"; the stack{'s' if len(peers) > 1 else ''} {listed} {'have' if len(peers) > 1 else 'has'} to follow",
        ja=f"（スタック {listed} にも適用が必要です）",
    )


def _notes(observed: FirewallResource, desired: FirewallResource) -> Iterator[Text]:
    """The platform's servers stand in the policy of every tenant that has their service, by name."""
    if desired.tenant == PLATFORM and _services(observed) != _services(desired):
        yield Text(
            en="tenants' policies name the servers of a service: where one begins, ends or moves, the tenants' stacks "
            "have to follow (`wpf up --all`)",
            ja="テナントの通信許可にはサービスのサーバが記載されています。開始・終了・変更したサービスについては、"
            "テナントのスタックにも適用が必要です（`wpf up --all`）",
        )


def _services(policy: FirewallResource) -> dict[str, ResolvedAllowance]:
    return {key: allowance for key, allowance in policy.allowances.items() if allowance.peer is None}


def _flow(allowance: ResolvedAllowance) -> Text:
    ports = ", ".join(str(port) for port in allowance.ports)
    return Text(
        en=f"{ports} from {allowance.source} to {allowance.destination}",
        ja=f"{allowance.source} から {allowance.destination} への {ports} ",
    )
